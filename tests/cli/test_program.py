"""The program itself: quick to start, complete in its help, clear in its exit codes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from kubernel.cli.main import root

KUBERNEL = Path(sys.executable).with_name("kubernel")
HEAVY = {"aiohttp", "alembic", "falcon", "gunicorn", "lightkube", "rich", "sqlalchemy", "stevedore"}


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [str(KUBERNEL), *arguments]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=False)


def test_get_imports_nothing_heavy() -> None:
    code = "import sys, kubernel.cli.main, kubernel.cli.commands.get; print(*sys.modules)"

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert not HEAVY & set(loaded)


def test_help_lists_every_command_with_its_summary() -> None:
    text = _run("--help").stdout

    assert all(f"  {name} " in text for name in root.list_commands(root.make_context("kubernel", ["get"])))


@pytest.mark.parametrize("name", ["up", "get", "apply", "delete", "logs", "plugin", "completion"])
def test_every_command_explains_itself(name: str) -> None:
    done = _run(name, "--help")

    assert done.returncode == 0
    assert done.stdout.startswith(f"Usage: kubernel {name}")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    assert "_KUBERNEL_COMPLETE" in _run("completion", shell).stdout


def test_completion_completes_commands() -> None:
    done = _run(_KUBERNEL_COMPLETE="bash_complete", COMP_WORDS="kubernel ap", COMP_CWORD="1")

    assert done.stdout == "plain,apply\n"


def test_without_a_cluster_the_cure_is_named(tmp_path: Path) -> None:
    done = _run("get", "pods", KUBERNEL_DATA=str(tmp_path), KUBECONFIG="")

    assert done.returncode == 1
    assert done.stderr == (
        f"error: there is no cluster at {tmp_path}; start one with `kubernel up`, or name one with --kubeconfig\n"
    )


def test_server_that_is_away_is_named(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.write_text(
        "{current-context: x, contexts: [{name: x, context: {cluster: x}}],"
        " clusters: [{name: x, cluster: {server: 'http://127.0.0.1:9'}}]}"
    )

    done = _run("get", "pods", "--kubeconfig", str(config))

    assert done.returncode == 1
    assert done.stderr.startswith("error: cannot reach http://127.0.0.1:9: connection refused;")


@pytest.mark.parametrize("arguments", [["nonsense"], ["get", "--nonsense"], ["scale", "rc/x"]])
def test_wrong_command_line_is_exit_code_two(arguments: list[str]) -> None:
    assert _run(*arguments).returncode == 2
