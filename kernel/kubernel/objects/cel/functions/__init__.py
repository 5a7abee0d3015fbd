"""What Kubernetes adds to the language, a library of functions a file; `declared` is what they are made of."""

from kubernel.objects.cel.functions import addresses, authorization, formats, lists, quantities, urls, versions
from kubernel.objects.cel.functions.declared import Function

__all__ = ["ADDITIONS", "FUNCTIONS"]

ADDITIONS: tuple[Function, ...] = lists.ADDITIONS
"""Overloads of functions that the language has already."""

FUNCTIONS: tuple[Function, ...] = (
    *addresses.FUNCTIONS,
    *authorization.FUNCTIONS,
    *formats.FUNCTIONS,
    *lists.FUNCTIONS,
    *quantities.FUNCTIONS,
    *urls.FUNCTIONS,
    *versions.FUNCTIONS,
)
