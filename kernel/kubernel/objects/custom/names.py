"""Who gets which names: definitions of one group may not share any, and the first one to ask keeps what it has.

A definition asks with ``spec.names``, what it got is ``status.acceptedNames``, and one that did not get everything says
why in its condition ``NamesAccepted``. Source: apiextensions-apiserver ``pkg/controller/status/naming_controller.go``.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.objects.custom.definition import Definition

__all__ = ["Negotiated", "negotiate"]

Names = apiextensions.CustomResourceDefinitionNames


@dataclass(frozen=True, slots=True)
class Negotiated:
    """What a definition got.

    Attributes:
        names: The accepted names; what was refused is as it was before.
        reason, message: Of the condition ``NamesAccepted``.
        is_accepted: Whether it got everything.
    """

    names: Names
    reason: str
    message: str
    is_accepted: bool


def negotiate(definition: Definition, others: Iterable[Definition]) -> Negotiated:
    """Decide on the names of a definition.

    Args:
        definition: Who asks.
        others: Every other definition of its group.
    """
    resources, kinds = _taken(others)
    wanted, had = definition.spec.names, _accepted(definition)
    refused: list[tuple[str, str]] = []

    def take(name: str | None, before: str | None, taken: set[str], reason: str) -> str:
        if name == before or (name or "") not in taken:
            return name or ""
        refused.append((reason, f'"{name}" is already in use'))
        return before or ""

    plural = take(wanted.plural, had.plural, resources, "PluralConflict")
    singular = take(wanted.singular, had.singular, resources, "SingularConflict")
    short_names = had.shortNames
    new = [name for name in wanted.shortNames or () if name not in (had.shortNames or ())]
    if in_use := [f'"{name}" is already in use' for name in new if name in resources]:
        refused.append(("ShortNamesConflict", in_use[0] if len(in_use) == 1 else f"[{', '.join(in_use)}]"))
    else:
        short_names = wanted.shortNames
    kind = take(wanted.kind, had.kind, kinds, "KindConflict")
    list_kind = take(wanted.listKind, had.listKind, kinds, "ListKindConflict")
    names = Names(
        plural=plural,
        singular=singular or None,
        shortNames=short_names,
        kind=kind,
        listKind=list_kind or None,
        categories=wanted.categories,
    )
    reason, message = refused[-1] if refused else ("NoConflicts", "no conflicts found")
    return Negotiated(names, reason, message, is_accepted=not refused)


def _accepted(definition: Definition) -> Names:
    accepted = definition.status.acceptedNames if definition.status else None
    return accepted or Names(kind="", plural="")


def _taken(definitions: Iterable[Definition]) -> tuple[set[str], set[str]]:
    resources: set[str] = set()
    kinds: set[str] = set()
    for definition in definitions:
        names = _accepted(definition)
        resources |= {names.plural, names.singular or "", *(names.shortNames or ())}
        kinds |= {names.kind, names.listKind or ""}
    return resources - {""}, kinds - {""}
