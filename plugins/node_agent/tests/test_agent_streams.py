"""Exec, attach and port-forward: whoever asks is told at once what is missing."""

import pytest
from kubernel.objects.errors import StatusError
from tests.agent_machine import Machine, make_pod

UPGRADE = {"Connection": "Upgrade", "Upgrade": "SPDY/3.1"}


@pytest.mark.parametrize(
    ("subresource", "query", "what"),
    [
        ("exec", {"command": "ls", "stdout": "true"}, "exec"),
        ("attach", {"stdout": "true"}, "attach"),
        ("portforward", {}, "port-forward"),
    ],
)
async def test_stream_into_a_container_is_said_to_be_missing(
    machine: Machine, subresource: str, query: dict[str, str], what: str
) -> None:
    await machine.run(make_pod("web"))
    path = f"/api/v1/namespaces/{machine.name}/pods/web/{subresource}"

    with pytest.raises(StatusError) as refused:
        await machine.client.request("POST", path, query=query, headers=UPGRADE)

    assert (refused.value.code, refused.value.message) == (501, f"{what} is not implemented by runtime process")
