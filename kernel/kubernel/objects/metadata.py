"""Metadata: what every object says of itself, and what only the server may say of it.

`stamp` gives a new object its identity, `restore` keeps an updated one's, and the ``…_errors`` functions check what
clients may write. The functions are on the path of every write, so they test before they call. Source: apimachinery
``pkg/api/validation/objectmeta.go``, apiserver ``pkg/registry/rest``.
"""

import random
from collections.abc import Iterable
from datetime import datetime

from kubernel.objects.errors import FieldError, field_forbidden, field_invalid, field_required
from kubernel.objects.models import meta
from kubernel.objects.rules.labels import annotation_errors, label_errors, label_key_errors
from kubernel.objects.rules.names import NameRule, generated_name_errors

__all__ = ["change_errors", "drop_empty", "metadata_errors", "new_uid", "restore", "stamp"]

SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
"""Without vowels, so that no suffix is a word; without 0, 1 and 3, which look like letters."""

SUFFIX_LENGTH = 5
GENERATED_MAX = 63
ORPHAN, FOREGROUND = "orphan", "foregroundDeletion"
_FINALIZERS = frozenset({ORPHAN, FOREGROUND})


def new_uid() -> str:
    """Return a random UUID (version 4).

    From the process's own generator: a uid must be unique, not secret, and asking the kernel costs ten times as much.
    """
    h = f"{random.getrandbits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{'89ab'[int(h[16], 16) & 3]}{h[17:20]}-{h[20:]}"


def stamp(metadata: meta.ObjectMeta, now: datetime, *, generation: int | None) -> None:
    """Give a new object its name, uid and creation time, and drop what the client may not say.

    Args:
        metadata: Changed in place.
        now: The time now, in UTC.
        generation: Its first generation; ``None`` for kinds without.
    """
    if not metadata.name and metadata.generateName:
        suffix = "".join(random.choices(SUFFIX_ALPHABET, k=SUFFIX_LENGTH))
        metadata.name = f"{metadata.generateName[: GENERATED_MAX - SUFFIX_LENGTH]}{suffix}"
    metadata.uid = new_uid()
    metadata.creationTimestamp = now.replace(microsecond=0) if now.microsecond else now
    metadata.generation = generation
    metadata.deletionTimestamp = None
    metadata.deletionGracePeriodSeconds = None
    metadata.selfLink = None


def restore(new: meta.ObjectMeta, old: meta.ObjectMeta) -> None:
    """Put back into an updated object what no update may change."""
    new.name = old.name
    new.namespace = old.namespace
    new.uid = old.uid
    new.creationTimestamp = old.creationTimestamp
    new.deletionTimestamp = old.deletionTimestamp
    new.deletionGracePeriodSeconds = old.deletionGracePeriodSeconds
    new.generation = old.generation
    new.selfLink = None


def drop_empty(metadata: meta.ObjectMeta) -> None:
    """Leave out collections that hold nothing, as Kubernetes does (``omitempty``)."""
    metadata.labels = metadata.labels or None
    metadata.annotations = metadata.annotations or None
    metadata.finalizers = metadata.finalizers or None
    metadata.ownerReferences = metadata.ownerReferences or None


def metadata_errors(metadata: meta.ObjectMeta, rule: NameRule) -> Iterable[FieldError]:
    """Check the metadata of a new object, after `stamp`; ``rule`` is its kind's for names."""
    if metadata.generateName:
        for why in generated_name_errors(rule, metadata.generateName):
            yield field_invalid("metadata.generateName", metadata.generateName, why)
    if not metadata.name:
        yield field_required("metadata.name", "name or generateName is required")
    else:
        for why in rule(metadata.name):
            yield field_invalid("metadata.name", metadata.name, why)
    yield from _common_errors(metadata)
    if metadata.finalizers:
        yield from _finalizer_errors(metadata.finalizers)


def change_errors(new: meta.ObjectMeta, old: meta.ObjectMeta) -> Iterable[FieldError]:
    """Check the metadata of an updated object, after `restore`."""
    if old.deletionTimestamp is not None and new.finalizers:
        added = sorted(set(new.finalizers) - set(old.finalizers or ()))
        if added:
            shown = ", ".join(f'"{name}"' for name in added)
            why = (
                "no new finalizers can be added if the object is being deleted, "
                f"found new finalizers []string{{{shown}}}"
            )
            yield field_forbidden("metadata.finalizers", why)
    if new.finalizers and new.finalizers != old.finalizers:
        yield from _finalizer_errors(new.finalizers)
    yield from _common_errors(new)


def _common_errors(metadata: meta.ObjectMeta) -> Iterable[FieldError]:
    if metadata.labels:
        yield from label_errors(metadata.labels, "metadata.labels")
    if metadata.annotations:
        yield from annotation_errors(metadata.annotations, "metadata.annotations")
    if metadata.ownerReferences:
        yield from _owner_errors(metadata.ownerReferences, "metadata.ownerReferences")


def _finalizer_errors(finalizers: list[str]) -> Iterable[FieldError]:
    for name in finalizers:
        for why in label_key_errors(name):
            yield field_invalid("metadata.finalizers", name, why)
    if set(finalizers) >= _FINALIZERS:
        why = f"finalizer {ORPHAN} and {FOREGROUND} cannot be both set"
        yield field_invalid("metadata.finalizers", finalizers, why)


def _owner_errors(owners: list[meta.OwnerReference], path: str) -> Iterable[FieldError]:
    controller = ""
    for i, owner in enumerate(owners):
        yield from _one_owner(owner, f"{path}[{i}]")
        if not owner.controller:
            continue
        name = f"{owner.kind}/{owner.name}"
        if controller:
            why = (
                "Only one reference can have Controller set to true. "
                f'Found "true" in references for {controller} and {name}'
            )
            yield field_invalid(path, owners, why)
        controller = controller or name


def _one_owner(owner: meta.OwnerReference, path: str) -> Iterable[FieldError]:
    if not owner.apiVersion:
        yield field_required(f"{path}.apiVersion", "must not be empty")
    elif owner.apiVersion.count("/") > 1 or owner.apiVersion.endswith("/"):
        yield field_invalid(f"{path}.apiVersion", owner.apiVersion, "must be <group>/<version> or <version>")
    for name in ("kind", "name", "uid"):
        if not getattr(owner, name):
            yield field_required(f"{path}.{name}", "must not be empty")
    if owner.apiVersion == "v1" and owner.kind == "Event":
        yield field_invalid(path, owner, "/v1, Kind=Event is disallowed from being an owner")
