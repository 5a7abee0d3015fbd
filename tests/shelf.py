"""A shelf: distributions that a test makes up, found as if pip had installed them."""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Shelf"]


@dataclass(frozen=True)
class Shelf:
    """A directory on the import path; what lies in it is real: modules, and metadata with entry points."""

    path: Path

    def add(
        self,
        name: str,
        entry_points: Mapping[str, str],
        modules: Mapping[str, str],
        *,
        version: str = "1.0",
        requires: Sequence[str] = (),
    ) -> None:
        """Put a distribution on the shelf.

        Args:
            name: Its name.
            entry_points: ``role:name`` → ``module:attribute``.
            modules: Module's name → its source.
            version: Its version.
            requires: What it requires.
        """
        for module, source in modules.items():
            (self.path / f"{module}.py").write_text(source)
        metadata = self.path / f"{name.replace('-', '_')}-{version}.dist-info"
        metadata.mkdir()
        lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
        (metadata / "METADATA").write_text("\n".join([*lines, *(f"Requires-Dist: {r}" for r in requires)]) + "\n")
        groups: dict[str, list[str]] = {}
        for announced, target in entry_points.items():
            role, _, plugin = announced.partition(":")
            groups.setdefault(f"kubernel.{role}", []).append(f"{plugin} = {target}")
        text = "".join(f"[{group}]\n" + "\n".join(points) + "\n\n" for group, points in groups.items())
        (metadata / "entry_points.txt").write_text(text)

    def remove(self, name: str) -> None:
        """Take a distribution from the shelf; its modules stay importable, as in a process that has them loaded."""
        for metadata in self.path.glob(f"{name.replace('-', '_')}-*.dist-info"):
            shutil.rmtree(metadata)
