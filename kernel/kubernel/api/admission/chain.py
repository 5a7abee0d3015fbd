"""The order in which a write is admitted: completed by everybody first, then judged by everybody."""

from kubernel.plugin.hooks import AdmissionRequest, Hooks

__all__ = ["AdmissionChain"]


class AdmissionChain:
    """Everybody who may complete or refuse a write.

    The hooks of plugins are synchronous and on the path of every write; whoever must wait for others comes after them.
    """

    def __init__(self, hooks: Hooks) -> None:
        self._hooks = hooks

    async def mutate(self, request: AdmissionRequest) -> bool:
        """Let everybody complete ``request.obj``, in place.

        Returns:
            Whether somebody had a hand in it who may have left out what the kind fills in by default.

        Raises:
            StatusError: The write is refused.
        """
        return self._hooks.mutate(request)

    async def validate(self, request: AdmissionRequest) -> None:
        """Ask everybody whether the write may happen.

        Raises:
            StatusError: The write is refused.
        """
        self._hooks.validate(request)
