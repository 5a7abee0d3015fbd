"""The kubectls that the tests run: today's from PyPI, Helm's companion (1.33), and Debian's of 2021 (1.20)."""

from pathlib import Path

import pytest

from tests.e2e.cluster import Cluster, Done
from tests.install_components import UNPACKED

__all__ = ["KUBECTLS", "Kubectl", "every_kubectl"]

KUBECTLS: dict[str, Path] = {
    "1.37": Path("kubectl"),
    "1.33": UNPACKED / "helm" / "kubectl" / "kubectl",
    "1.20": UNPACKED / "kubectl-old" / "usr" / "bin" / "kubectl",
}
_COMPONENTS = {"1.37": (), "1.33": ("npm", "helm"), "1.20": ("kubectl-old",)}


def every_kubectl(*skipped: str) -> pytest.MarkDecorator:
    """Run a test with each kubectl, but for those that do not have what it tries."""
    versions = [
        pytest.param(version, marks=[pytest.mark.component(name) for name in _COMPONENTS[version]])
        for version in KUBECTLS
        if version not in skipped
    ]
    return pytest.mark.parametrize("version", versions)


class Kubectl:
    """One kubectl in one namespace."""

    def __init__(self, cluster: Cluster, namespace: str, version: str) -> None:
        self._cluster = cluster
        self._program = str(KUBECTLS[version])
        self._namespace = namespace

    def __call__(self, *arguments: str, stdin: str = "") -> str:
        """Run a command that must succeed, and return what it printed on both streams."""
        done = self.run(*arguments, stdin=stdin)
        assert done.code == 0, f"kubectl {' '.join(arguments)} ended with {done.code}: {done.err}{done.out}"
        return done.out + done.err

    def run(self, *arguments: str, stdin: str = "") -> Done:
        """Run a command to its end."""
        return self._cluster.run(self._program, "--namespace", self._namespace, *arguments, stdin=stdin)
