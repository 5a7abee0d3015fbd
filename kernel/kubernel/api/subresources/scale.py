"""Subresources that are more than a part of their object: ``scale`` and ``binding``."""

import msgspec
from lightkube.models import autoscaling_v1 as autoscaling

from kubernel.api.request.bodies import as_mapping, plain_body
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.request.options import check_dry_run
from kubernel.api.verbs.answers import one_shown, stored_record
from kubernel.api.verbs.reads import find
from kubernel.api.verbs.views import shown_one
from kubernel.api.verbs.writes import change, check_revision, patched
from kubernel.objects import codec
from kubernel.objects.errors import StatusError, bad_request, conflict, field_invalid, field_required, invalid
from kubernel.objects.kind import Kind, Scale
from kubernel.objects.models import ApiObject, Plain, core, meta, meta_of
from kubernel.store import Entry
from kubernel.watch import Record

__all__ = ["SCALE", "bind", "get_scale", "patch_scale", "update_scale"]

SCALE: Kind[autoscaling.Scale] = Kind(
    type=autoscaling.Scale,
    group="autoscaling",
    version="v1",
    name="Scale",
    plural="scales",
    singular="scale",
    namespaced=True,
)
"""The kind of the ``scale`` subresource; it is never stored."""


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


def _scale(call: Call) -> Scale:
    scale = call.target.kind.scale
    assert scale is not None, "routes send only kinds that have the subresource"
    return scale


async def _answer(call: Call, stored: Record | Entry) -> Answer:
    record = await shown_one(call.target.kind, stored_record(call.target.kind, stored))
    scale = codec.encode(_scale_of(record.decode(), _scale(call)))
    return one_shown(call, Record(SCALE, record.namespace, record.name, record.revision, scale))


async def get_scale(call: Call) -> Answer:
    """Answer with the object's Scale."""
    return await _answer(call, find(call))


async def update_scale(call: Call) -> Answer:
    """Set the wanted number of replicas from a whole Scale."""
    check_dry_run(call.query)
    wanted, _ = codec.from_plain(SCALE, as_mapping(plain_body(call), "a Scale"))
    return await _set(call, wanted, meta_of(wanted).resourceVersion)


async def patch_scale(call: Call) -> Answer:
    """Set the wanted number of replicas by a patch of the Scale."""
    check_dry_run(call.query)
    current = codec.to_plain(_scale_of((await shown_one(call.target.kind, find(call))).decode(), _scale(call)))
    wanted, _ = codec.from_plain(SCALE, patched(call, current, autoscaling.Scale))
    return await _set(call, wanted, None)


async def _set(call: Call, wanted: autoscaling.Scale, revision: str | None) -> Answer:
    metadata, replicas = meta_of(wanted), (wanted.spec.replicas if wanted.spec else None) or 0
    if metadata.name and metadata.name != call.target.name:
        raise bad_request(
            f"the name of the object ({metadata.name}) does not match the name on the URL ({call.target.name})"
        )
    if replicas < 0:
        error = field_invalid("spec.replicas", replicas, "must be greater than or equal to 0")
        raise invalid("Scale", call.target.name, [error], "autoscaling")

    def make(current: ApiObject) -> ApiObject:
        check_revision(call, revision)
        _scale(call).set_replicas(current, replicas)
        return current

    return await _answer(call, await change(call, make, names_revision=bool(revision)))


class _Binding(msgspec.Struct):
    target: core.ObjectReference | None = None
    metadata: meta.ObjectMeta | None = None


async def bind(call: Call) -> Answer:
    """Assign a waiting pod to a node (``POST …/pods/NAME/binding``)."""
    check_dry_run(call.query)
    name = call.target.name
    try:
        binding = msgspec.convert(as_mapping(plain_body(call), "a Binding"), _Binding)
    except msgspec.ValidationError as error:
        raise bad_request(f'Binding in version "v1" cannot be handled as a Binding: json: {error}') from error
    node = binding.target.name if binding.target else None
    if not node:
        raise invalid("Binding", name, [field_required("target.name")])

    def make(pod: ApiObject) -> ApiObject:
        assert isinstance(pod, core.Pod)
        _check_binding(pod, binding, name)
        _assign(pod, node)
        return pod

    await change(call, make, validates=False)
    success: Plain = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
    return Answer(201, codec.encode_plain(success))


def _check_binding(pod: core.Pod, binding: _Binding, name: str) -> None:
    metadata, problem = meta_of(pod), ""
    if binding.metadata and binding.metadata.uid and binding.metadata.uid != metadata.uid:
        problem = (
            f"Precondition failed: UID in precondition: {binding.metadata.uid}, UID in object meta: {metadata.uid}"
        )
    elif metadata.deletionTimestamp is not None:
        problem = f"pod {name} is being deleted, cannot be assigned to a host"
    elif pod.spec and pod.spec.nodeName:
        problem = f'pod {name} is already assigned to node "{pod.spec.nodeName}"'
    if problem:
        raise _binding_conflict(name, problem)


def _binding_conflict(name: str, why: str) -> StatusError:
    return conflict("pods/binding", name, why=why)


def _assign(pod: core.Pod, node: str) -> None:
    assert pod.spec is not None
    pod.spec.nodeName = node
    if pod.status is None:
        pod.status = core.PodStatus(phase="Pending")
    others = [c for c in pod.status.conditions or [] if c.type != "PodScheduled"]
    scheduled = core.PodCondition(type="PodScheduled", status="True", lastTransitionTime=now())
    pod.status.conditions = [*others, scheduled]
