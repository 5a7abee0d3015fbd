"""The subresource ``scale``: the wanted number of replicas of any kind that has one, in one common form.

What is read and written is a ``Scale`` of ``autoscaling/v1``; what changes is the object behind it.
"""

from collections.abc import Callable
from typing import Any

from lightkube.models import autoscaling_v1 as autoscaling

from kubernel.api.http.negotiation import APPLY_PATCH, patch_type
from kubernel.api.request.bodies import read_as
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.write_options import check_write_options
from kubernel.api.verbs.answers import one_shown, stored_record
from kubernel.api.verbs.applying import apply_to_stored, check_shape, config_of
from kubernel.api.verbs.patching import patched, patched_revision
from kubernel.api.verbs.reads import find
from kubernel.api.verbs.views import shown_one
from kubernel.api.verbs.writes import change, check_revision
from kubernel.objects import codec
from kubernel.objects.cells import AGE, NAME
from kubernel.objects.errors import bad_request, conflict, field_invalid, invalid
from kubernel.objects.kind import Column, Kind, Scale
from kubernel.objects.models import ApiObject, Plain, meta, meta_of
from kubernel.store import Entry
from kubernel.watch import Record

__all__ = ["SCALE", "get_scale", "patch_scale", "update_scale"]

SCALE: Kind[autoscaling.Scale] = Kind(
    type=autoscaling.Scale,
    group="autoscaling",
    version="v1",
    name="Scale",
    plural="scales",
    singular="scale",
    namespaced=True,
    columns=(
        NAME,
        Column("Desired", lambda s, _: (s.spec and s.spec.replicas) or 0, type="integer", description="Wanted."),
        Column("Available", lambda s, _: s.status.replicas if s.status else 0, type="integer", description="There."),
        AGE,
    ),
)
"""The kind of what is exchanged; it is never stored. The columns are Kubernetes' own."""


async def get_scale(call: Call) -> Answer:
    """Answer with the object's Scale."""
    return await _answer(call, find(call))


async def update_scale(call: Call) -> Answer:
    """Set the wanted number of replicas from a whole Scale."""
    check_write_options(call, "UpdateOptions")
    find(call)
    wanted = read_as(call, SCALE)
    return await _set(call, lambda _current: wanted, meta_of(wanted).resourceVersion)


async def patch_scale(call: Call) -> Answer:
    """Set the wanted number of replicas by a patch of the Scale."""
    is_apply = patch_type(call.content_type) == APPLY_PATCH
    check_write_options(call, "PatchOptions", is_patch=True, is_apply=is_apply)
    if is_apply:
        return await _apply(call)

    def patch(current: autoscaling.Scale) -> autoscaling.Scale:
        return codec.from_plain(SCALE, patched(call, codec.to_plain(current), autoscaling.Scale))[0]

    return await _set(call, patch, patched_revision(call))


async def _set(call: Call, wanted: Callable[[autoscaling.Scale], autoscaling.Scale], revision: str | None) -> Answer:
    scale = _scale(call)

    def make(current: ApiObject) -> ApiObject:
        check_revision(call, revision)
        scale.set_replicas(current, _checked(call, wanted(_scale_of(current, scale)), meta_of(current)))
        return current

    return await _answer(call, await change(call, make, names_revision=bool(revision)))


async def _apply(call: Call) -> Answer:
    """Apply a Scale: as an apply of the object would that speaks of nothing but the wanted number."""
    applied = config_of(call, SCALE)
    check_shape(call, SCALE, applied)
    wanted, _ = codec.from_plain(SCALE, applied)
    replicas = _checked(call, wanted, meta_of(find(call).decode()))
    config: Plain = {"metadata": {"resourceVersion": meta_of(wanted).resourceVersion or ""}}
    if wanted.spec is not None and wanted.spec.replicas is not None:
        _put(config, _scale(call).path, replicas)
    return await _answer(call, await apply_to_stored(call, config))


def _put(config: Plain, path: tuple[str, ...], value: int) -> None:
    place: Any = config
    for step in path[:-1]:
        place = place.setdefault(step, {})
    place[path[-1]] = value


def _checked(call: Call, wanted: autoscaling.Scale, stored: meta.ObjectMeta) -> int:
    """Return the number that a Scale wants, when it is in order and means this object."""
    metadata, name = meta_of(wanted), call.target.name
    if metadata.name and metadata.name != name:
        raise bad_request(f"the name of the object ({metadata.name}) does not match the name on the URL ({name})")
    if metadata.uid and metadata.uid != stored.uid:
        why = f"Precondition failed: UID in precondition: {metadata.uid}, UID in object meta: {stored.uid}"
        raise conflict(call.target.kind.plural, name, call.target.kind.group, why)
    replicas = (wanted.spec.replicas if wanted.spec else None) or 0
    if replicas < 0:
        error = field_invalid("spec.replicas", replicas, "must be greater than or equal to 0")
        raise invalid("Scale", name, [error], "autoscaling")
    return replicas


def _scale(call: Call) -> Scale:
    scale = call.target.kind.scale
    assert scale is not None, "routes send only kinds that have the subresource"
    return scale


async def _answer(call: Call, stored: Record | Entry) -> Answer:
    record = await shown_one(call.target.kind, stored_record(call.target.kind, stored))
    scale = codec.encode(_scale_of(record.decode(), _scale(call)))
    return one_shown(call, Record(SCALE, record.namespace, record.name, record.revision, scale))


def _scale_of(obj: ApiObject, scale: Scale) -> autoscaling.Scale:
    metadata = meta_of(obj)
    return autoscaling.Scale(
        apiVersion="autoscaling/v1",
        kind="Scale",
        metadata=meta.ObjectMeta(
            name=metadata.name,
            namespace=metadata.namespace,
            uid=metadata.uid,
            resourceVersion=metadata.resourceVersion,
            creationTimestamp=metadata.creationTimestamp,
        ),
        spec=autoscaling.ScaleSpec(replicas=scale.replicas(obj)),
        status=autoscaling.ScaleStatus(replicas=scale.current(obj), selector=scale.selector(obj)),
    )
