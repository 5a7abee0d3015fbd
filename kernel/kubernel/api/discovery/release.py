"""Which Kubernetes release's API this is, for clients that check for version skew."""

import platform
import sys

from kubernel import __version__
from kubernel.objects.models import Plain

__all__ = ["KUBERNETES", "version"]

KUBERNETES = ("1", "37")
"""The Kubernetes release whose API this is (the one that the types are generated from)."""

_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


def version() -> Plain:
    """Return the answer to ``/version``."""
    major, minor = KUBERNETES
    machine = platform.machine()
    return {
        "major": major,
        "minor": minor,
        "emulationMajor": major,
        "emulationMinor": minor,
        "minCompatibilityMajor": major,
        "minCompatibilityMinor": minor,
        "gitVersion": f"v{major}.{minor}.0+kubernel.{__version__}",
        "gitCommit": "",
        "gitTreeState": "clean",
        "buildDate": "1970-01-01T00:00:00Z",
        "goVersion": "",
        "compiler": f"{sys.implementation.name}{platform.python_version()}",
        "platform": f"{sys.platform}/{_ARCHITECTURES.get(machine, machine)}",
    }
