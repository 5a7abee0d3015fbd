"""Binding: what a scheduler writes to give a waiting pod its node.

Two ways in, as in Kubernetes: ``POST …/pods/NAME/binding``, and the collection ``POST …/bindings``, where the
binding's own name says which pod is meant.
"""

from dataclasses import replace

from msgspec import structs

from kubernel.api.request.bodies import read_as
from kubernel.api.request.call import Answer, Call, now
from kubernel.api.request.write_options import check_write_options
from kubernel.api.verbs.writes import change
from kubernel.objects import codec
from kubernel.objects.errors import StatusError, bad_request, conflict, field_not_supported, field_required, invalid
from kubernel.objects.kinds.core.binding import BINDING
from kubernel.objects.kinds.core.pod import POD
from kubernel.objects.models import ApiObject, Plain, core, meta_of

__all__ = ["bind", "bind_by_name"]

_SUCCESS: Plain = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


async def bind(call: Call) -> Answer:
    """Assign the pod of the path to a node."""
    binding, name = read_as(call, BINDING), call.target.name
    if meta_of(binding).name not in (None, "", name):
        raise bad_request("name in URL does not match name in Binding object")
    return await _bind(call, binding)


async def bind_by_name(call: Call) -> Answer:
    """Assign the pod that the binding names to a node."""
    binding = read_as(call, BINDING)
    name = meta_of(binding).name or ""
    if not name:
        raise invalid("Binding", "", [field_required("metadata.name", "name or generateName is required")])
    target = structs.replace(call.target, kind=POD, name=name, subresource="binding")
    return await _bind(replace(call, target=target), binding)


async def _bind(call: Call, binding: core.Binding) -> Answer:
    check_write_options(call, "CreateOptions")
    name, target = call.target.name, binding.target
    errors = []
    if target.kind not in (None, "", "Node"):
        errors.append(field_not_supported("target.kind", target.kind, ("Node", "<empty>")))
    if not target.name:
        errors.append(field_required("target.name"))
    if errors:
        raise invalid("Binding", name, errors)

    def make(pod: ApiObject) -> ApiObject:
        assert isinstance(pod, core.Pod)
        _check(pod, binding, name)
        _assign(pod, binding, target.name or "")
        return pod

    await change(call, make, validates=False)
    return Answer(201, codec.encode_plain(_SUCCESS))


def _check(pod: core.Pod, binding: core.Binding, name: str) -> None:
    metadata, problem = meta_of(pod), ""
    uid = meta_of(binding).uid
    if uid and uid != metadata.uid:
        problem = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {metadata.uid}"
    elif metadata.deletionTimestamp is not None:
        problem = f"pod {name} is being deleted, cannot be assigned to a host"
    elif pod.spec and pod.spec.nodeName:
        problem = f'pod {name} is already assigned to node "{pod.spec.nodeName}"'
    elif pod.spec and pod.spec.schedulingGates:
        problem = f"pod {name} has non-empty .spec.schedulingGates"
    if problem:
        raise _conflict(name, problem)


def _conflict(name: str, why: str) -> StatusError:
    return conflict("pods/binding", name, why=why)


def _assign(pod: core.Pod, binding: core.Binding, node: str) -> None:
    assert pod.spec is not None
    pod.spec.nodeName = node
    metadata, brought = meta_of(pod), meta_of(binding)
    if brought.annotations:
        metadata.annotations = {**(metadata.annotations or {}), **brought.annotations}
    if brought.labels:
        metadata.labels = {**(metadata.labels or {}), **brought.labels}
    if pod.status is None:
        pod.status = core.PodStatus(phase="Pending")
    others = [c for c in pod.status.conditions or [] if c.type != "PodScheduled"]
    scheduled = core.PodCondition(type="PodScheduled", status="True", lastTransitionTime=now())
    pod.status.conditions = [*others, scheduled]
