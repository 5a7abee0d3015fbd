"""What the network contract promises, as checks (see `check` for the frame)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from ipaddress import ip_address
from pathlib import Path

from kubernel.plugin.conformance.check import Check
from kubernel.plugin.contracts.network import Attachment, Network

__all__ = ["CHECKS"]


async def gives_one_address_for_good(driver: Network, workspace: Path) -> None:
    """The same pod gets the same answer, however often it asks."""
    async with _started(driver, workspace):
        first = await _attach(driver, "a")
        assert await _attach(driver, "a") == first, "the second call for the same pod gave another attachment"


async def gives_each_pod_its_own(driver: Network, workspace: Path) -> None:
    """Two pods never share an address, also when they ask at the same time."""
    async with _started(driver, workspace):
        attachments = await asyncio.gather(*(_attach(driver, f"pod-{number}") for number in range(50)))
        addresses = [attachment.ip for attachment in attachments]
        for address in addresses:
            ip_address(address)
        assert len(set(addresses)) == len(addresses), "two pods got the same address"


async def takes_back(driver: Network, workspace: Path) -> None:
    """``detach`` gives the attachment back, and may be repeated."""
    async with _started(driver, workspace):
        await _attach(driver, "a")
        await _attach(driver, "b")
        await driver.detach("a")
        await driver.detach("a")
        await driver.detach("never-attached")
        left = await driver.attached()
        assert left == {"b"}, f"attached() says {sorted(left)} after detaching a of a and b"


async def survives_restart(driver: Network, workspace: Path) -> None:
    """Attachments outlive the process that made them."""
    async with _started(driver, workspace):
        before = await _attach(driver, "a")
    async with _started(driver, workspace):
        assert await driver.attached() == {"a"}, "attached() forgot a pod over a restart"
        assert await _attach(driver, "a") == before, "a pod got another address after a restart"
        other = await _attach(driver, "b")
        assert other.ip != before.ip, "after a restart an address in use was given to a second pod"


async def reaches_across(driver: Network, workspace: Path) -> None:
    """A program that listens on its pod's address is reached there, and on no other pod's."""
    async with _started(driver, workspace):
        server_side, other_side = await _attach(driver, "server"), await _attach(driver, "other")
        if server_side.netns is not None:
            return  # the checks would have to run inside the namespace; the driver's own tests do
        server = await asyncio.start_server(_greet, server_side.ip, 0)
        port = server.sockets[0].getsockname()[1]
        async with server:
            reader, writer = await asyncio.open_connection(server_side.ip, port)
            answer = await reader.read()
            writer.close()
            assert answer == b"hello", f"{server_side.ip}:{port} does not answer"
            assert not await _answers(other_side.ip, port), "another pod's address answers for this one"


async def _greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"hello")
    await writer.drain()
    writer.close()


async def _answers(host: str, port: int) -> bool:
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), 1.0)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


async def _attach(driver: Network, uid: str) -> Attachment:
    return await driver.attach(uid, namespace="default", name=uid)


@asynccontextmanager
async def _started(driver: Network, workspace: Path) -> AsyncIterator[None]:
    await driver.start(workspace)
    try:
        yield
    finally:
        await driver.stop()


CHECKS: tuple[Check[Network], ...] = (
    Check("gives a pod the same address each time it asks", gives_one_address_for_good),
    Check("gives each pod an address of its own", gives_each_pod_its_own),
    Check("takes an attachment back, once or repeatedly", takes_back),
    Check("remembers attachments over a restart", survives_restart),
    Check("carries connections to the pod that owns the address", reaches_across),
)
