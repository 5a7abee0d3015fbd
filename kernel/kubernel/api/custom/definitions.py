"""The served custom kinds: the registry follows the stored definitions, commit by commit.

What is served is a function of what is stored, so nothing else has to be told: when the commit of an established
definition is published, and before its writer is answered, the new kinds are there (decision 0056).
"""

import logging
from collections.abc import Iterable, Sequence

import msgspec

from kubernel.api.custom.conversion import Conversion
from kubernel.objects import codec
from kubernel.objects.custom.definition import Definition
from kubernel.objects.kinds.apiextensions.custom_resource_definition import CUSTOM_RESOURCE_DEFINITION
from kubernel.objects.models import meta_of
from kubernel.objects.registry import AnyKind, Registry
from kubernel.store import Change, Entry
from kubernel.watch import Record

__all__ = ["Definitions"]

_log = logging.getLogger("kubernel.api.custom")
_PREFIX = f"{CUSTOM_RESOURCE_DEFINITION.resource}/"


class Definitions:
    """Keeps the registry's custom kinds in step with the stored definitions."""

    def __init__(self, registry: Registry, conversion: Conversion) -> None:
        self._registry = registry
        self._conversion = conversion
        self._kinds: dict[str, list[AnyKind]] = {}
        self._served: dict[str, bytes] = {}
        self._ending: set[str] = set()

    def load(self, records: Iterable[Record]) -> None:
        """Serve what all stored definitions say, when the server starts."""
        for record in records:
            self._put(record.name, record.data)

    def apply(self, entries: Sequence[Entry]) -> list[str]:
        """Take in one commit.

        Returns:
            The names of the definitions that it is about: it changes them, or objects that they must outlive.
        """
        touched = []
        for entry in entries:
            if self._ending and (resource := entry.key.partition("/")[0]) in self._ending:
                touched.append(resource)  # a definition is called like the resource of its objects
            if entry.key.startswith(_PREFIX):
                name = entry.key.rpartition("/")[2]
                touched.append(name)
                if entry.change is Change.DELETED:
                    self._replace(name, [])
                    self._served.pop(name, None)
                    self._ending.discard(name)
                else:
                    self._put(name, entry.data)
        return touched

    def kinds(self, name: str) -> Sequence[AnyKind]:
        """Return the kinds that a definition serves."""
        return self._kinds.get(name, ())

    def _put(self, name: str, data: bytes) -> None:
        try:
            self._serve(name, codec.decode_stored(CUSTOM_RESOURCE_DEFINITION, data))
        except Exception:  # noqa: BLE001 - one definition that another release stored must not end the log's writer
            _log.exception("definition %s cannot be read and is not served", name)

    def _serve(self, name: str, definition: Definition) -> None:
        if meta_of(definition).deletionTimestamp is not None:
            self._ending.add(name)
        from kubernel.objects.custom.served import kinds_of  # noqa: PLC0415 - brings schemas and CEL: see the kind

        served = _what_counts(definition)
        if self._served.get(name) != served:
            self._served[name] = served
            self._replace(name, kinds_of(definition, self._conversion.of(definition)))

    def _replace(self, name: str, kinds: Sequence[AnyKind]) -> None:
        old = self._kinds.pop(name, [])
        fresh = [kind for kind in kinds if self._is_free(kind, old)]
        if fresh:
            self._kinds[name] = fresh
        if old or fresh:
            self._registry.replace(old, fresh)

    def _is_free(self, kind: AnyKind, old: Sequence[AnyKind]) -> bool:
        """Whether nobody else serves this kind or path: the kernel's own kinds and those of plugins go first."""
        others = (self._registry.at_path(kind.group, kind.version, kind.plural), self._registry.by_gvk(kind.gvk))
        if all(other is None or any(other is known for known in old) for other in others):
            return True
        _log.warning("%s of %s is served by somebody else already", kind.plural, kind.api_version)
        return False


def _what_counts(definition: Definition) -> bytes:
    """Return what of a definition its kinds depend on: a change of anything else leaves them, and their watches, be."""
    status = definition.status
    conditions = {c.type: c.status for c in (status.conditions if status else None) or ()}
    counts = (definition.spec, status and status.acceptedNames, conditions.get("Established"))
    return msgspec.json.encode((*counts, conditions.get("Terminating")))
