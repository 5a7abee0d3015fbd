"""Every link of the pages leads somewhere, and every path that they name exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("plugins/*/README.md")]
LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")
PATH = re.compile(r"`((?:kernel|plugins|tests|docs|examples|benchmarks|migrations)/[\w./-]+)`")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_paths_exist(page: Path) -> None:
    text = page.read_text()

    broken = [link for link in LINK.findall(text) if not (page.parent / link).exists()]
    absent = [path for path in PATH.findall(text) if not (ROOT / path).exists()]

    assert (broken, absent) == ([], [])
