"""Every namespace has a default service account and the root certificate, whatever people do to them."""

from functools import partial

import pytest
from kubernel.client import Client, metadata_of
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta
from kubernel.testing import eventually

pytestmark = pytest.mark.usefixtures("controller")
AUTHENTICATION = "extension-apiserver-authentication"


async def _account(client: Client, namespace: str) -> core.ServiceAccount | None:
    try:
        return await client.get(core.ServiceAccount, "default", namespace)
    except StatusError as error:
        if error.code == 404:
            return None
        raise


async def _certificate(client: Client, namespace: str) -> dict[str, str]:
    try:
        return (await client.get(core.ConfigMap, "kube-root-ca.crt", namespace)).data or {}
    except StatusError as error:
        if error.code == 404:
            return {}
        raise


async def _publish(client: Client, certificate: str) -> None:
    about = meta.ObjectMeta(name=AUTHENTICATION, namespace="kube-system")
    await client.create(core.ConfigMap(metadata=about, data={"client-ca-file": certificate}))


async def test_old_and_new_namespaces_have_a_default_account(client: Client) -> None:
    await client.create(core.Namespace(metadata=meta.ObjectMeta(name="dev")))

    for namespace in ("default", "kube-system", "dev"):
        await eventually(partial(_account, client, namespace), f"an account in {namespace}")


async def test_deleted_account_comes_back_as_another(client: Client) -> None:
    first = await eventually(partial(_account, client, "default"), "the account")

    await client.delete(core.ServiceAccount, "default", "default")

    async def another() -> bool:
        found = await _account(client, "default")
        return found is not None and first is not None and metadata_of(found).uid != metadata_of(first).uid

    await eventually(another, "another account")


async def test_certificate_is_published_everywhere_and_put_right(client: Client) -> None:
    await _publish(client, "-----BEGIN CERTIFICATE-----")
    await client.create(core.Namespace(metadata=meta.ObjectMeta(name="dev")))

    for namespace in ("default", "dev"):
        await eventually(partial(_certificate, client, namespace), f"a certificate in {namespace}")
    await client.patch(core.ConfigMap, "kube-root-ca.crt", {"data": {"ca.crt": "mine", "other": "x"}}, "dev")

    async def is_right() -> bool:
        return await _certificate(client, "dev") == {"ca.crt": "-----BEGIN CERTIFICATE-----"}

    await eventually(is_right, "the certificate is put right")
