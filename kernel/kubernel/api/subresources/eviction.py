"""The subresource ``eviction``: a deletion of a pod that asks the pod's disruption budget first.

``kubectl drain`` and the autoscalers use it. A budget's ``status.disruptionsAllowed`` is taken from under the same
condition as every write (nothing happened meanwhile), so that two evictions cannot spend one disruption.
Source: Kubernetes' registry for ``pods/eviction``, whose words the refusals are.
"""

from dataclasses import replace

from lightkube.models import policy_v1 as policy

from kubernel.api.request.bodies import read_as
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.write_options import check_write_options
from kubernel.api.subresources.budgets import budgets_of, is_guarded, spend
from kubernel.api.verbs.deletion import delete_one
from kubernel.api.verbs.reads import find
from kubernel.api.verbs.writes import ATTEMPTS
from kubernel.objects import codec
from kubernel.objects.deletion import DeleteOptions
from kubernel.objects.errors import StatusError, bad_request
from kubernel.objects.kind import Kind
from kubernel.objects.models import Plain, core, meta_of
from kubernel.objects.pods.state import is_finished

__all__ = ["EVICTION", "evict"]

EVICTION: Kind[policy.Eviction] = Kind(
    type=policy.Eviction,
    group="policy",
    version="v1",
    name="Eviction",
    plural="evictions",
    singular="eviction",
    namespaced=True,
)
"""The kind of what is sent; it is never stored."""

_CONFLICT = 409
_EVICTED: Plain = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}


async def evict(call: Call) -> Answer:
    """Delete the pod if its budget allows it."""
    options = _options(call)
    for _ in range(ATTEMPTS):
        pod = find(call).decode()
        assert isinstance(pod, core.Pod)
        try:
            await _evict(call, pod, options)
            return Answer(201, codec.encode_plain(_EVICTED))
        except StatusError as error:
            # The pod changed while we looked at its budget: look again, unless the client named the revision.
            if error.code != _CONFLICT or options.resource_version or options.uid not in ("", meta_of(pod).uid):
                raise
    raise bad_request(f'pod "{call.target.name}" changes too often to be evicted; try again')


async def _evict(call: Call, pod: core.Pod, options: DeleteOptions) -> None:
    """Delete a pod as it is now.

    A revision that was not asked for is a condition all the same wherever the budget was passed by because of the
    pod's state: it must still be in that state.
    """
    as_it_is = options if options.resource_version else replace(options, resource_version=_revision(pod))
    if _has_ended(pod):
        await delete_one(call, options)
    elif not _counts(pod):
        await delete_one(call, as_it_is)
    else:
        budgets = budgets_of(call, pod)
        if len(budgets) > 1:
            raise StatusError(
                500,
                "InternalError",
                "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
            )
        if budgets and is_guarded(pod, budgets[0]):
            await spend(call, budgets[0], pod, is_dry_run=options.is_dry_run)
            await delete_one(call, options)
        else:
            await delete_one(call, as_it_is if budgets else options)


def _has_ended(pod: core.Pod) -> bool:
    return is_finished(pod) or meta_of(pod).deletionTimestamp is not None


def _counts(pod: core.Pod) -> bool:
    """Whether the pod can be one of those that a budget counts on: a pending one cannot."""
    return not (pod.status is not None and pod.status.phase == "Pending")


def _revision(pod: core.Pod) -> str:
    return meta_of(pod).resourceVersion or ""


def _options(call: Call) -> DeleteOptions:
    """Read how to delete, from the eviction and the query."""
    check_write_options(call, "CreateOptions")
    eviction = read_as(call, EVICTION)
    if (meta_of(eviction).name or call.target.name) != call.target.name:
        raise bad_request("name in URL does not match name in Eviction object")
    options = eviction.deleteOptions
    plain: Plain = codec.decode_plain(codec.encode_plain(options)) if options is not None else {}
    if plain.get("dryRun") not in (None, [], ["All"]):
        raise bad_request(f'dryRun: Unsupported value: {plain["dryRun"]}: supported values: "All"')
    read = DeleteOptions.from_plain({key: value for key, value in plain.items() if value is not None})
    return replace(read, is_dry_run=True) if call.is_dry_run else read
