"""The verbs ``get`` and ``list``."""

from kubernel.api.request.call import Answer, Call
from kubernel.api.request.list_options import ListOptions, read_revision, too_new
from kubernel.api.verbs.answers import many, one
from kubernel.api.verbs.pages import page
from kubernel.objects.errors import not_found
from kubernel.watch import Record

__all__ = ["find", "get", "list_"]


def find(call: Call) -> Record:
    """Return the object that the path names, as it is stored.

    Raises:
        StatusError: 404.
    """
    target = call.target
    record = call.state.cache.collection(target.kind).get(target.namespace, target.name)
    if record is None:
        raise not_found(target.kind.plural, target.name, target.kind.group)
    return record


async def get(call: Call) -> Answer:
    """Answer with one object; a ``resourceVersion`` asks for a state that is not older."""
    if call.query and (wanted := read_revision(call.query) or 0) > call.state.cache.revision:
        raise too_new(wanted, call.state.cache.revision)
    return await one(call, find(call).with_owners())


async def list_(call: Call) -> Answer:
    """Answer with the objects that the selectors see, sorted by namespace and name."""
    records, metadata = await page(call, ListOptions.read(call.query))
    return await many(call, records, metadata)
