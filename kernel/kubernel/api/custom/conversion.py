"""Conversion between the versions of a definition by its webhook: the ``ConversionReview`` and what may come back.

A sample, shortened::

    {"apiVersion": "apiextensions.k8s.io/v1", "kind": "ConversionReview",
     "request": {"uid": "705ab4f5-…", "desiredAPIVersion": "example.com/v1", "objects": [{…}, {…}]}}

Source: apiextensions-apiserver ``pkg/apiserver/conversion/webhook_converter.go``.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import msgspec
from lightkube.models import apiextensions_v1 as apiextensions

from kubernel.api.outside.calling import Caller
from kubernel.api.outside.endpoints import OutsideError, endpoint_of
from kubernel.objects import codec
from kubernel.objects.custom.conversion_rules import REVIEW_VERSIONS
from kubernel.objects.custom.definition import Definition
from kubernel.objects.custom.views import Convert
from kubernel.objects.errors import internal
from kubernel.objects.models import Plain
from kubernel.objects.rules.labels import annotation_errors, label_errors
from kubernel.watch import Cache

__all__ = ["Conversion"]

TIMEOUT_S = 30.0
"""How long a webhook may take (Kubernetes: the same)."""

_GROUP = "apiextensions.k8s.io"
_SAME = ("name", "namespace", "uid")
_CHANGEABLE = {"labels": label_errors, "annotations": annotation_errors}


class Conversion:
    """Asks the webhooks of definitions."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._caller = Caller()

    def of(self, definition: Definition) -> Convert:
        """Return how the objects of a definition are converted."""
        conversion = definition.spec.conversion
        client = conversion.webhook.clientConfig if conversion and conversion.webhook else None
        client = client or apiextensions.WebhookClientConfig()
        versions = conversion.webhook.conversionReviewVersions if conversion and conversion.webhook else []

        async def convert(objects: Sequence[Plain], wanted: str) -> list[Plain]:
            kind = f"{objects[0]['apiVersion']}, Kind={objects[0]['kind']}"
            try:
                converted = await self._ask(client, _review_version(versions), objects, wanted)
                return [
                    _checked(new, old, wanted, i) for i, (new, old) in enumerate(zip(converted, objects, strict=True))
                ]
            except OutsideError as error:
                raise internal(f"conversion webhook for {kind} failed: {error}") from error
            except _InvalidError as error:
                raise internal(f"conversion webhook for {kind} returned {error}") from error

        return convert

    async def close(self) -> None:
        """Close every connection."""
        await self._caller.close()

    async def _ask(
        self, client: apiextensions.WebhookClientConfig, version: str, objects: Sequence[Plain], wanted: str
    ) -> list[Any]:
        uid = str(uuid4())
        request = {"uid": uid, "desiredAPIVersion": wanted, "objects": objects}
        review = {"apiVersion": f"{_GROUP}/{version}", "kind": "ConversionReview", "request": request}
        answer = await self._caller.post(endpoint_of(client, self._cache), codec.encode_plain(review), TIMEOUT_S)
        try:
            converted = _converted(msgspec.json.decode(answer), uid, version)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise OutsideError(str(error)) from error
        if len(converted) != len(objects):
            raise _InvalidError(f"{len(converted)} objects, expected {len(objects)}")
        return converted


def _review_version(accepted: Sequence[str]) -> str:
    return next((version for version in accepted if version in REVIEW_VERSIONS), REVIEW_VERSIONS[0])


class _InvalidError(Exception):
    """What came back is no conversion of what was sent."""


def _converted(answer: Any, uid: str, version: str) -> list[Any]:  # noqa: ANN401 - whatever came back
    wanted = f"{_GROUP}/{version}, Kind=ConversionReview"
    said = answer if isinstance(answer, dict) else {}
    got = f"{said.get('apiVersion', '/')}, Kind={said.get('kind', '')}"
    if got != wanted:
        raise OutsideError(f"expected webhook response of {wanted}, got {got}")
    response = said.get("response")
    if not isinstance(response, dict):
        raise OutsideError("no response provided")
    if response.get("uid") != uid:
        raise OutsideError(f'expected response.uid="{uid}", got "{response.get("uid", "")}"')
    result = response.get("result")
    status = result.get("status") if isinstance(result, dict) else None
    if status != "Success":
        message = result.get("message") if isinstance(result, dict) else None
        raise OutsideError(message or f"response.result.status was '{status or ''}', not 'Success'")
    converted = response.get("convertedObjects")
    return converted if isinstance(converted, list) else []


def _checked(new: Any, old: Plain, wanted: str, index: int) -> Plain:  # noqa: ANN401
    """Return a converted object with the metadata that it must have kept."""
    where = f"invalid converted object at index {index}"
    if not isinstance(new, dict):
        raise _InvalidError(f"{where}: it is no object")
    for word, field, expected in (("groupVersion", "apiVersion", wanted), ("kind", "kind", old["kind"])):
        if new.get(field) != expected:
            raise _InvalidError(f"{where}: invalid {word} (expected {expected}, received {new.get(field)})")
    metadata, kept = new.get("metadata"), old.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise _InvalidError(f"invalid metadata in object at index {index}: missing metadata in converted object")
    for name in _SAME:
        if (metadata.get(name) or "") != (kept.get(name) or ""):
            word = "UID" if name == "uid" else name
            raise _InvalidError(f"{where}: must have the same {word}: {kept.get(name)} != {metadata.get(name)}")
    unchangeable = {name: value for name, value in kept.items() if name not in _CHANGEABLE}
    return {**new, "metadata": {**unchangeable, **_changeable(metadata, index)}}


def _changeable(metadata: Plain, index: int) -> Plain:
    """Return what a conversion may change of the metadata."""
    changed: Plain = {}
    for name, errors_of in _CHANGEABLE.items():
        values = metadata.get(name) or {}
        if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
            why = f"invalid metadata.{name} in converted object"
            raise _InvalidError(f"invalid metadata in object at index {index}: {why}")
        if errors := [str(error) for error in errors_of(values, f"metadata.{name}")]:
            raise _InvalidError(f"invalid metadata in object at index {index}: {', '.join(errors)}")
        if values:
            changed[name] = values
    return changed
