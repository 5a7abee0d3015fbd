"""The kind ``Binding``: a pod is given a node. It is asked for and never stored; the pod remembers."""

from kubernel.objects.kind import Kind
from kubernel.objects.models import core

__all__ = ["BINDING"]

BINDING = Kind(
    type=core.Binding,
    group="",
    version="v1",
    name="Binding",
    plural="bindings",
    singular="binding",
    namespaced=True,
    verbs=("create",),
)
