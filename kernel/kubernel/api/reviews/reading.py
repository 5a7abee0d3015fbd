"""Reading a review and answering with it: the client gets its own question back, with the answer as its status."""

from typing import TypeVar

from kubernel.api.request.bodies import read_as
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.write_options import check_write_options
from kubernel.objects import codec
from kubernel.objects.errors import bad_request, invalid
from kubernel.objects.kind import Kind
from kubernel.objects.lifecycle import NAMESPACE_MISMATCH
from kubernel.objects.models import ApiObject, meta_of

__all__ = ["answered", "read_review"]

T = TypeVar("T", bound=ApiObject)


def read_review(call: Call, kind: Kind[T]) -> T:
    """Return the question in the request's body.

    Raises:
        StatusError: 400 or 422.
    """
    check_write_options(call, "CreateOptions")
    review = read_as(call, kind)
    metadata, namespace = meta_of(review), call.target.namespace
    if kind.namespaced and metadata.namespace not in (None, "", namespace):
        raise bad_request(NAMESPACE_MISMATCH)
    metadata.namespace = namespace or metadata.namespace
    errors = list(kind.validate(review))
    if errors:
        raise invalid(kind.name, metadata.name or "", errors, kind.group)
    return review


def answered(call: Call, review: ApiObject) -> Answer:
    """Return a question whose status has been filled in."""
    return Answer(201, codec.encode(review), warnings=call.warnings)
