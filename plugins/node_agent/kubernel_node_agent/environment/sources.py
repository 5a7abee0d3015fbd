"""ConfigMaps and Secrets as a pod's containers see them, read when a container starts."""

import base64
from collections.abc import Awaitable, Callable
from typing import TypeVar

from kubernel.client import Client
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core

__all__ = ["ConfigInvalid", "ConfigSource"]

T = TypeVar("T")
_NOT_FOUND = 404


class ConfigInvalid(Exception):  # noqa: N818 - named after the condition
    """Something that the container refers to is missing; the container waits (``CreateContainerConfigError``)."""


class ConfigSource:
    """Reads the ConfigMaps and Secrets of one namespace, each once: make one for each start."""

    def __init__(self, client: Client, namespace: str) -> None:
        self._client = client
        self._namespace = namespace
        self._read: dict[tuple[str, str], dict[str, bytes] | None] = {}

    async def config_map(self, name: str, *, optional: bool) -> dict[str, bytes] | None:
        """Return a ConfigMap's data, or ``None`` when it is missing and may be.

        Raises:
            ConfigInvalid: It is missing.
        """
        return await self._once("configmap", name, optional, self._config_map)

    async def secret(self, name: str, *, optional: bool) -> dict[str, bytes] | None:
        """Return a Secret's data, or ``None`` when it is missing and may be.

        Raises:
            ConfigInvalid: It is missing.
        """
        return await self._once("secret", name, optional, self._secret)

    async def _once(
        self, kind: str, name: str, optional: bool, read: Callable[[str], Awaitable[dict[str, bytes]]]
    ) -> dict[str, bytes] | None:
        if (kind, name) not in self._read:
            try:
                self._read[kind, name] = await read(name)
            except StatusError as error:
                if error.code != _NOT_FOUND:
                    raise
                self._read[kind, name] = None
        data = self._read[kind, name]
        if data is None and not optional:
            raise ConfigInvalid(f'{kind} "{name}" not found')
        return data

    async def _config_map(self, name: str) -> dict[str, bytes]:
        found = await self._client.get(core.ConfigMap, name, self._namespace)
        text = {key: str(value).encode() for key, value in (found.data or {}).items()}
        return text | {key: base64.b64decode(value) for key, value in (found.binaryData or {}).items()}

    async def _secret(self, name: str) -> dict[str, bytes]:
        found = await self._client.get(core.Secret, name, self._namespace)
        return {key: base64.b64decode(value) for key, value in (found.data or {}).items()}
