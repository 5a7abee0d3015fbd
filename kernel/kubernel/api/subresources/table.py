"""The subresources: which exist, what is exchanged with them and who answers. Routes, discovery and OpenAPI read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kubernel.api.request.call import Answer, Call
from kubernel.api.subresources import scale
from kubernel.api.verbs import reads, writes
from kubernel.api.verbs.table import Handler
from kubernel.objects.kind import GroupVersionKind
from kubernel.objects.registry import AnyKind

__all__ = ["SUBRESOURCES", "Subresource", "subresources_of"]


@dataclass(frozen=True, slots=True)
class Subresource:
    """One subresource of any kind that has it.

    Attributes:
        methods: HTTP method → the verb for the authoriser, and who answers.
        exchanged: The kind of what is sent and answered; ``None`` is the object itself.
        is_negotiated: Whether the answer is an object in the form that the client accepts; a log or a proxied answer
            is what it is.
    """

    methods: Mapping[str, tuple[str, Handler]]
    exchanged: GroupVersionKind | None = None
    is_negotiated: bool = True

    @property
    def verbs(self) -> list[str]:
        """The verbs, sorted, as discovery lists them."""
        return sorted({verb for verb, _ in self.methods.values()})


async def _log(call: Call) -> Answer:
    from kubernel.api.subresources.logs import log  # noqa: PLC0415 - brings an HTTP client; see State.nodes

    return await log(call)


_PART: Mapping[str, tuple[str, Handler]] = {
    "GET": ("get", reads.get),
    "PUT": ("update", writes.update),
    "PATCH": ("patch", writes.patch),
}

SUBRESOURCES: Mapping[str, Subresource] = {
    "status": Subresource(_PART),
    "scale": Subresource(
        {
            "GET": ("get", scale.get_scale),
            "PUT": ("update", scale.update_scale),
            "PATCH": ("patch", scale.patch_scale),
        },
        GroupVersionKind("autoscaling", "v1", "Scale"),
    ),
    "binding": Subresource({"POST": ("create", scale.bind)}, GroupVersionKind("", "v1", "Binding")),
    "finalize": Subresource({"PUT": ("update", writes.update)}),
    "log": Subresource({"GET": ("get", _log)}, is_negotiated=False),
}
"""Every subresource by its name."""


def subresources_of(kind: AnyKind) -> list[str]:
    """Return the names of a kind's subresources."""
    names = [*(["status"] if kind.has_status else []), *(["scale"] if kind.scale else []), *kind.subresources]
    return [name for name in names if name in SUBRESOURCES]
