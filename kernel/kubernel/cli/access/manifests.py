"""Reading manifests: files, directories and the standard input, as YAML or JSON, one or many objects in each."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from kubernel.cli.access.connection import Plain
from kubernel.cli.errors import Failure

__all__ = ["read_manifests"]

SUFFIXES = frozenset({".yaml", ".yml", ".json"})
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_manifests(sources: Sequence[str], *, recursive: bool = False) -> list[Plain]:
    """Return every object of the sources in their order; ``-`` is the standard input, a List is its items.

    Raises:
        Failure: A source cannot be read or holds something that is not an object.
    """
    found = [document for source in sources for document in _documents(source, recursive=recursive)]
    if not found:
        raise Failure(f"there is no object in {', '.join(sources)}")
    return found


def _documents(source: str, *, recursive: bool) -> Iterator[Plain]:
    for name, text in _texts(source, recursive=recursive):
        try:
            documents = list(yaml.load_all(text, Loader=_Loader))
        except (yaml.YAMLError, ValueError) as error:
            raise Failure(f"{name}: neither YAML nor JSON: {_one_line(error)}") from error
        for document in documents:
            if document is not None:
                yield from _objects(name, document)


def _texts(source: str, *, recursive: bool) -> Iterator[tuple[str, str]]:
    if source == "-":
        yield "standard input", sys.stdin.read()
        return
    path = Path(source)
    paths = [path]
    if path.is_dir():
        inside = path.rglob("*") if recursive else path.glob("*")
        paths = sorted(file for file in inside if file.suffix in SUFFIXES and file.is_file())
    for file in paths:
        try:
            yield str(file), file.read_text()
        except (OSError, UnicodeDecodeError) as error:
            raise Failure(f"{file}: {getattr(error, 'strerror', None) or 'not a text file'}") from error


def _objects(name: str, document: object) -> Iterator[Plain]:
    if not isinstance(document, dict):
        raise Failure(f"{name}: a manifest must be a map with apiVersion and kind")
    if isinstance(document.get("items"), list) and str(document.get("kind", "")).endswith("List"):
        for item in document["items"]:
            yield from _objects(name, item)
        return
    for field in ("apiVersion", "kind"):
        if not isinstance(document.get(field), str):
            raise Failure(f"{name}: {field} is missing or not a string")
    if not isinstance(document.get("metadata") or {}, dict):
        raise Failure(f"{name}: metadata must be a map")
    yield document


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
