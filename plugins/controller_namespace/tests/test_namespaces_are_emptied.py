"""A deleted namespace is emptied, waits for what holds on, and goes."""

import pytest
from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta
from kubernel.testing import eventually

pytestmark = pytest.mark.usefixtures("controller")


async def _is_gone(client: Client, name: str) -> bool:
    try:
        await client.get(core.Namespace, name)
    except StatusError as error:
        return error.code == 404
    return False


async def _namespace(client: Client, name: str) -> None:
    await client.create(core.Namespace(metadata=meta.ObjectMeta(name=name)))


def _config_map(name: str, finalizers: list[str] | None = None) -> core.ConfigMap:
    return core.ConfigMap(metadata=meta.ObjectMeta(name=name, namespace="dev", finalizers=finalizers))


async def test_namespace_goes_with_everything_in_it(client: Client) -> None:
    await _namespace(client, "dev")
    for number in range(5):
        await client.create(_config_map(f"c{number}"))
        await client.create(core.ServiceAccount(metadata=meta.ObjectMeta(name=f"s{number}", namespace="dev")))

    await client.delete(core.Namespace, "dev")

    await eventually(lambda: _is_gone(client, "dev"), "the namespace is gone")
    assert (await client.list(core.ConfigMap)).items == []
    assert (await client.list(core.ServiceAccount)).items == []


async def test_namespace_says_what_keeps_it(client: Client) -> None:
    await _namespace(client, "dev")
    await client.create(_config_map("held", ["example.com/hold"]))

    await client.delete(core.Namespace, "dev")

    async def messages() -> dict[str, str]:
        status = (await client.get(core.Namespace, "dev")).status
        return {c.type: c.message or "" for c in (status and status.conditions) or [] if c.status == "True"}

    assert await eventually(messages, "conditions say what remains") == {
        "NamespaceContentRemaining": "Some resources are remaining: configmaps. has 1 resource instances",
        "NamespaceFinalizersRemaining": "Some content in the namespace has finalizers remaining: "
        "example.com/hold in 1 resource instances",
    }
    await client.patch(core.ConfigMap, "held", {"metadata": {"finalizers": None}}, "dev")
    await eventually(lambda: _is_gone(client, "dev"), "the namespace is gone")


async def test_other_namespaces_are_left_alone(client: Client) -> None:
    await _namespace(client, "dev")
    await _namespace(client, "prod")
    await client.create(core.ConfigMap(metadata=meta.ObjectMeta(name="c", namespace="prod")))

    await client.delete(core.Namespace, "dev")
    await eventually(lambda: _is_gone(client, "dev"), "the namespace is gone")

    assert len((await client.list(core.ConfigMap, "prod")).items) == 1
