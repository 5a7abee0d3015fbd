"""Field paths as Kubernetes writes them: ``spec.names[0]``, ``metadata.labels[app]``."""

__all__ = ["child", "key", "path_of"]


def child(path: str, name: str) -> str:
    """Return the path of a field of what is at ``path``; the empty path is the object itself."""
    return f"{path}.{name}" if path else name


def key(path: str, name: str) -> str:
    """Return the path of a map's value."""
    return f"{path}[{name}]"


def path_of(steps: list[str | int]) -> str:
    """Return the path that leads through these members and indexes."""
    path = ""
    for step in steps:
        path = f"{path}[{step}]" if isinstance(step, int) else child(path, step)
    return path
