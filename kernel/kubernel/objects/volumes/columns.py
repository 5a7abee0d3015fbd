"""Words that the tables of volumes, claims and classes share."""

from collections.abc import Callable
from datetime import datetime

from kubernel.objects.cells import NAME
from kubernel.objects.kind import Column
from kubernel.objects.models import ApiObject, meta

__all__ = ["CLASS_ANNOTATION", "class_name", "default_name", "modes_text"]

CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"
"""Where volumes and claims named their class before they had a field for it; it still counts."""

_SHORT = {"ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"}


def modes_text(modes: list[str] | None) -> str:
    """Return ``RWO,ROX`` for a list of access modes."""
    return ",".join(short for mode, short in _SHORT.items() if mode in (modes or ()))


def class_name(metadata: meta.ObjectMeta | None, named: str | None) -> str:
    """Return the storage class of a volume or a claim."""
    annotations: dict[str, str] = (metadata.annotations if metadata else None) or {}
    return annotations.get(CLASS_ANNOTATION, named or "")


def default_name(*annotations: str) -> Column[ApiObject]:
    """Return the column ``Name`` of a class; the class that holds where none is named says ``(default)``."""
    show: Callable[[ApiObject, datetime], object] = NAME.cell

    def cell(obj: ApiObject, now: datetime) -> str:
        said: dict[str, str] = (obj.metadata.annotations if obj.metadata else None) or {}
        is_default = any(said.get(annotation) == "true" for annotation in annotations)
        return f"{show(obj, now)} (default)" if is_default else str(show(obj, now))

    return Column("Name", cell, format="name", description=NAME.description)
