"""A namespace's conditions while it goes: what remains, what holds it, what went wrong, in Kubernetes' words.

Source: ``pkg/controller/namespace/deletion/status_condition_utils.go``.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

from kubernel.objects.models import Plain, core

from kubernel_controller_namespace.contents import Remains

__all__ = ["changed_conditions", "conditions_of"]

Said = tuple[str, bool, str, str]


# Type, then reason and message while all is well, then reason and the beginning of the message while it is not.
_WORDS = (
    (
        "NamespaceDeletionDiscoveryFailure",
        ("ResourcesDiscovered", "All resources successfully discovered"),
        ("DiscoveryFailed", "Discovery failed for some groups, "),
    ),
    (
        "NamespaceDeletionGroupVersionParsingFailure",
        ("ParsedGroupVersions", "All legacy kube types successfully parsed"),
        ("GroupVersionParsingFailed", ""),
    ),
    (
        "NamespaceDeletionContentFailure",
        ("ContentDeleted", "All content successfully deleted, may be waiting on finalization"),
        ("ContentDeletionFailed", "Failed to delete all resource types, "),
    ),
    (
        "NamespaceContentRemaining",
        ("ContentRemoved", "All content successfully removed"),
        ("SomeResourcesRemain", "Some resources are remaining: "),
    ),
    (
        "NamespaceFinalizersRemaining",
        ("ContentHasNoFinalizers", "All content-preserving finalizers finished"),
        ("SomeFinalizersRemain", "Some content in the namespace has finalizers remaining: "),
    ),
)


def conditions_of(remains: Remains) -> list[Said]:
    """Return every condition as type, whether it holds, reason and message."""
    failures = "; ".join(sorted(remains.failures))
    left = ", ".join(f"{name} has {number} resource instances" for name, number in sorted(remains.objects.items()))
    held = ", ".join(f"{name} in {number} resource instances" for name, number in sorted(remains.finalizers.items()))
    details = (
        remains.discovery,
        "",  # every version that is served can be read
        f"{len(remains.failures)} remaining: {failures}" if failures else "",
        left,
        held,
    )
    return [
        (of_type, bool(detail), bad[0], f"{bad[1]}{detail}") if detail else (of_type, False, *well)
        for (of_type, well, bad), detail in zip(_WORDS, details, strict=True)
    ]


def changed_conditions(wanted: Iterable[Said], known: Iterable[core.NamespaceCondition]) -> list[Plain]:
    """Return the conditions to write; empty when the namespace says all of it already.

    A condition keeps the moment of its last transition for as long as its status stays.
    """
    before = {condition.type: condition for condition in known}
    moment = datetime.now(UTC).replace(microsecond=0)
    conditions: list[Plain] = []
    is_changed = False
    for of_type, holds, reason, message in wanted:
        status, old = "True" if holds else "False", before.get(of_type)
        is_changed = is_changed or old is None or (old.status, old.reason, old.message) != (status, reason, message)
        since = old.lastTransitionTime if old is not None and old.status == status else None
        conditions.append(
            {
                "type": of_type,
                "status": status,
                "reason": reason,
                "message": message,
                "lastTransitionTime": (since or moment).isoformat().replace("+00:00", "Z"),
            }
        )
    return conditions if is_changed else []
