"""Which HTTP method means which verb, on an object and on a collection."""

from collections.abc import Awaitable, Callable, Mapping

from kubernel.api.request.call import Answer, Call
from kubernel.api.verbs import deletion, patching, reads, watching, writes

__all__ = ["COLLECTION", "SINGLE", "WATCH", "Handler"]

Handler = Callable[[Call], Awaitable[Answer]]

SINGLE: Mapping[str, tuple[str, Handler]] = {
    "GET": ("get", reads.get),
    "PUT": ("update", writes.update),
    "PATCH": ("patch", patching.patch),
    "DELETE": ("delete", deletion.delete),
}
COLLECTION: Mapping[str, tuple[str, Handler]] = {
    "GET": ("list", reads.list_),
    "POST": ("create", writes.create),
    "DELETE": ("deletecollection", deletion.delete_collection),
}
WATCH: tuple[str, Handler] = ("watch", watching.watch)
