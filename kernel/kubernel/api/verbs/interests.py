"""What a list, a watch or a deletion of a collection wants to see, read from its path and its selectors."""

from kubernel.api.request.call import Call
from kubernel.api.request.list_options import ListOptions
from kubernel.objects.errors import bad_request
from kubernel.objects.fields import NAME, FieldRequirement, FieldSelector, parse_field_selector
from kubernel.objects.selectors import parse_selector
from kubernel.watch import Interest

__all__ = ["interest_of"]


def interest_of(call: Call, options: ListOptions) -> Interest:
    """Return the selection of a list or watch, by the fields that the stored kind has.

    Raises:
        StatusError: 400, a selector is wrong.
    """
    target = call.target
    fields = parse_field_selector(options.field_selector, target.kind)
    if target.name:  # GET …/pods/x?watch=true watches one object
        if not fields.is_everything and fields.value_of(NAME) != target.name:
            raise bad_request("fieldSelector metadata.name doesn't match requested name")
        if fields.is_everything:
            fields = FieldSelector((FieldRequirement(NAME, target.name),))
    return Interest(target.namespace, parse_selector(options.label_selector), fields)
