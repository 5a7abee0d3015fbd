"""One look at one replication controller: claim its pods, adjust their number, write down what is seen."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from kubernel.client import Client, Key, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import Plain, core

from kubernel_controller_replication.claims import claim
from kubernel_controller_replication.expectations import LAPSE_S
from kubernel_controller_replication.replicas import Replicas
from kubernel_controller_replication.status import next_available_s, status_of
from kubernel_controller_replication.view import View

__all__ = ["Reconciler"]

NOT_FOUND = 404


class Reconciler:
    """Makes one replication controller true.

    Args:
        look_again: Asks for another look at a key after so many seconds.
    """

    def __init__(
        self,
        client: Client,
        view: View,
        replicas: Replicas,
        look_again: Callable[[Key, float], None],
    ) -> None:
        self._client = client
        self._view = view
        self._replicas = replicas
        self._look_again = look_again

    async def reconcile(self, key: Key) -> None:
        """Look at the replication controller; does nothing when it is gone or going.

        Raises:
            StatusError: Something was refused; look again after a back-off.
            Unreachable: The server did not answer; likewise.
        """
        controller = self._view.controller(key)
        if controller is None or metadata_of(controller).deletionTimestamp is not None:
            return  # what becomes of the pods of one that goes is the garbage collector's business
        pods = await claim(self._client, self._view, controller)
        failure = None
        if self._replicas.are_settled(controller):
            failure = await self._replicas.adjust(controller, pods)
        else:
            self._look_again(key, LAPSE_S)
        now = datetime.now(UTC).replace(microsecond=0)
        await self._write_status(controller, status_of(controller, pods, failure, now))
        wait_s = next_available_s(controller, pods, now)
        if wait_s is not None:
            self._look_again(key, wait_s)
        if failure is not None:
            raise failure

    async def _write_status(
        self, controller: core.ReplicationController, status: core.ReplicationControllerStatus
    ) -> None:
        """Patch the status when it differs; we are its only writer, so no revision is needed."""
        if controller.status == status:
            return
        about = metadata_of(controller)
        plain: Plain = msgspec.to_builtins(status)
        plain.setdefault("conditions", None)  # `null` removes the ones that no longer hold
        patch = {"metadata": {"uid": about.uid}, "status": plain}
        try:
            await self._client.patch(
                core.ReplicationController, about.name or "", patch, about.namespace, subresource="status"
            )
        except StatusError as error:
            if error.code != NOT_FOUND:
                raise
