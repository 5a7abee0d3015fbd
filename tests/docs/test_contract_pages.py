"""Every contract and every hook has a page with its exact signatures, and the pages have one shape."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernel.plugin.contracts import ROLES, Role

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "plugins"
SOURCES = ROOT / "kernel" / "kubernel" / "plugin"
CONTRACTS = [role for role in ROLES if role.contract is not None]
SIGNED = ("runtime", "network", "proxy")


def _signatures(source: Path, name: str) -> Iterator[str]:
    (found,) = (n for n in ast.parse(source.read_text()).body if isinstance(n, ast.ClassDef) and n.name == name)
    for node in found.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            prefix = "async def" if isinstance(node, ast.AsyncFunctionDef) else "def"
            assert node.returns is not None
            yield f"{prefix} {node.name}({ast.unparse(node.args)}) -> {ast.unparse(node.returns)}"


@pytest.mark.parametrize("role", CONTRACTS, ids=lambda role: role.name)
def test_page_names_role_group_and_version(role: Role) -> None:
    name, version = role.name, role.api_version
    text = (PAGES / f"{name}.md").read_text()

    assert f"Role `{name}`" in text
    assert f"entry-point group `{role.entry_point_group}`" in text
    assert f"API version {version}" in text
    assert "## What is promised, by whom" in text


@pytest.mark.parametrize("name", SIGNED)
def test_page_has_every_signature_of_the_contract(name: str) -> None:
    text = (PAGES / f"{name}.md").read_text().splitlines()

    missing = [line for line in _signatures(SOURCES / "contracts" / f"{name}.py", name.title()) if line not in text]

    assert missing == []


def test_page_has_every_hook() -> None:
    text = (PAGES / "hooks.md").read_text().replace("\\|", "|")

    hooks = [line.removeprefix("def ") for line in _signatures(SOURCES / "hooks" / "specs.py", "HookSpecs")]

    assert [hook for hook in hooks if f"`{hook}`" not in text] == []


def test_index_links_every_page() -> None:
    index = (PAGES / "README.md").read_text()

    assert [
        page.name for page in PAGES.glob("*.md") if page.name != "README.md" and f"]({page.name})" not in index
    ] == []
