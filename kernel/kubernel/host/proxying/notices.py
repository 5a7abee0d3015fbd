"""Tells people about ports that are not served, or are served elsewhere than their Service says."""

import logging
from collections.abc import Mapping, Sequence

from kubernel.client import Client, EventRecorder, Informer, PatchType, Unreachable
from kubernel.objects.errors import StatusError
from kubernel.objects.models import core, meta_of
from kubernel.plugin.contracts.proxy import PortKey, ServicePort

__all__ = ["REACHABLE_AT", "Notices"]

REACHABLE_AT = "kubernel.dev/reachable-at"
"""The annotation of a Service whose ports are served elsewhere: ``80/TCP=127.96.0.5:8080``, several with commas."""


class Notices:
    """Remembers what was told, so that a lasting state is told once."""

    def __init__(self, client: Client, recorder: EventRecorder, services: Informer[core.Service]) -> None:
        self._client = client
        self._recorder = recorder
        self._services = services
        self._told: dict[PortKey, str] = {}

    def failures(self, failures: Mapping[PortKey, str], log: logging.Logger) -> None:
        """File a Warning for each port that is not served."""
        for key, why in failures.items():
            if self._is_news(key, why):
                log.warning("%s/%s port %s: %s", *key, why)
                self._event(key, "Warning", "FailedToServe", why)

    async def detours(self, ports: Sequence[ServicePort], detours: Mapping[PortKey, str]) -> bool:
        """Tell where ports are served instead, by event and annotation; returns whether all could be written."""
        wanted: dict[tuple[str, str], list[str]] = {}
        for port in ports:
            place = detours.get(port.key)
            texts = wanted.setdefault(port.key[:2], [])
            if place is None:
                continue
            texts.append(f"{port.port}/{port.protocol}={place}")
            message = f"{port.ip}:{port.port} needs privileges or is taken; the service answers at {place} instead"
            if self._is_news(port.key, message):
                self._event(port.key, "Normal", "ServedElsewhere", message)
        results = [
            await self._annotate(name, namespace, ",".join(texts)) for (namespace, name), texts in wanted.items()
        ]
        return all(results)

    def forget_all_but(self, current: Mapping[PortKey, object]) -> None:
        """Forget ports that are well or gone, so that their next failure is news again."""
        self._told = {key: text for key, text in self._told.items() if key in current}

    def _is_news(self, key: PortKey, text: str) -> bool:
        is_news = self._told.get(key) != text
        self._told[key] = text
        return is_news

    def _event(self, key: PortKey, type: str, reason: str, message: str) -> None:  # noqa: A002 - the field's name
        namespace, name, _port = key
        if service := self._services.get(name, namespace):
            self._recorder.event(service, "Warning" if type == "Warning" else "Normal", reason, message)

    async def _annotate(self, name: str, namespace: str, text: str) -> bool:
        service = self._services.get(name, namespace)
        if service is None or (meta_of(service).annotations or {}).get(REACHABLE_AT, "") == text:
            return True
        patch = {"metadata": {"uid": meta_of(service).uid, "annotations": {REACHABLE_AT: text or None}}}
        try:
            await self._client.patch(core.Service, name, patch, namespace, patch_type=PatchType.MERGE)
        except (StatusError, Unreachable):
            return False
        return True
