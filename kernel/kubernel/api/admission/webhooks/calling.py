"""One webhook asked about one write: the ``AdmissionReview`` that goes out, and what comes back.

Source: Kubernetes' "Dynamic Admission Control", and its API server for the words of errors.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import msgspec

from kubernel.api.admission.review import Review
from kubernel.api.admission.webhooks.configured import Webhook
from kubernel.api.outside.calling import Caller
from kubernel.api.outside.endpoints import OutsideError, endpoint_of
from kubernel.objects import codec
from kubernel.objects.errors import StatusError, bad_request, from_status, internal
from kubernel.objects.models import Plain
from kubernel.objects.registry import AnyKind

__all__ = ["Asked", "ask"]

_GROUP = "admission.k8s.io"
_BAD_REQUEST = 400


@dataclass(frozen=True, slots=True)
class Asked:
    """What a webhook said of a write that it allows.

    Attributes:
        patch: The operations of its JSON Patch; empty when it changes nothing.
        warnings: Sentences for the client.
    """

    patch: list[Any]
    warnings: list[str]


async def ask(caller: Caller, webhook: Webhook, review: Review, kind: AnyKind, *, may_patch: bool) -> Asked | None:
    """Ask a webhook about a write.

    Args:
        caller: The HTTP client.
        webhook: Whom.
        review: The write.
        kind: The version in which it is shown.
        may_patch: Whether it is a mutating one.

    Returns:
        What it said; ``None`` when it could not be asked and need not be.

    Raises:
        StatusError: It denies the write, cannot be asked and must be (500), or does not allow dry runs (400).
    """
    if review.request.dry_run and not webhook.allows_dry_run:
        raise bad_request(f'admission webhook "{webhook.name}" does not support dry run')
    try:
        response = await _response(caller, webhook, review, kind)
        asked = Asked(_patch(response, may_patch=may_patch), _warnings(response))
    except OutsideError as error:
        if webhook.may_fail:
            return None
        raise internal(f'failed calling webhook "{webhook.name}": {error}') from error
    review.request.warnings.extend(asked.warnings)
    if response.get("allowed") is not True:
        raise _denied(webhook, response.get("status"))
    return asked


async def _response(caller: Caller, webhook: Webhook, review: Review, kind: AnyKind) -> Plain:
    uid, version = str(uuid4()), f"{_GROUP}/{webhook.review_version}"
    obj, old = await review.objects(kind)
    request = {"uid": uid, **review.described(kind), "object": obj, "oldObject": old}
    body = codec.encode_plain({"kind": "AdmissionReview", "apiVersion": version, "request": request})
    try:
        answer = await caller.post(endpoint_of(webhook.client, review.cache), body, webhook.timeout_s)
    except OutsideError as error:
        raise OutsideError(f"failed to call webhook: {error}") from error
    try:
        return _verified(msgspec.json.decode(answer), uid, version)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise OutsideError(f"failed to call webhook: {error}") from error


def _verified(answer: Any, uid: str, version: str) -> Plain:  # noqa: ANN401 - whatever the webhook sent
    wanted = f"{version}, Kind=AdmissionReview"
    said = answer if isinstance(answer, dict) else {}
    got = f"{said.get('apiVersion', '/')}, Kind={said.get('kind', '')}"
    if got != wanted:
        raise OutsideError(f"received invalid webhook response: expected webhook response of {wanted}, got {got}")
    response = said.get("response")
    if not isinstance(response, dict):
        raise OutsideError("received invalid webhook response: webhook response was absent")
    if response.get("uid") != uid:
        why = f'expected response.uid="{uid}", got "{response.get("uid", "")}"'
        raise OutsideError(f"received invalid webhook response: {why}")
    return response


def _patch(response: Plain, *, may_patch: bool) -> list[Any]:
    patch, patch_type = response.get("patch"), response.get("patchType")
    problem = ""
    if not patch and not patch_type:
        return []
    if not may_patch:
        problem = "validating webhook may not return response.patch"
    elif not patch_type:
        problem = "webhook returned response.patch but not response.patchType"
    elif not patch:
        problem = "webhook returned response.patchType but not response.patch"
    elif patch_type != "JSONPatch":
        problem = f'webhook returned invalid response.patchType of "{patch_type}"'
    if problem:
        raise OutsideError(f"received invalid webhook response: {problem}")
    try:
        operations = msgspec.json.decode(base64.b64decode(str(patch)))
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise OutsideError(f"received undecodable patch in webhook response: {error}") from error
    if not isinstance(operations, list):
        raise OutsideError("received undecodable patch in webhook response: it is no list of operations")
    return operations


def _warnings(response: Plain) -> list[str]:
    return [warning for warning in response.get("warnings") or () if isinstance(warning, str)]


def _denied(webhook: Webhook, status: Any) -> StatusError:  # noqa: ANN401 - whatever the webhook sent
    """Return what the client is told: the webhook's own Status, with a sentence that names it."""
    said: Plain = status if isinstance(status, dict) else {}
    denied = f'admission webhook "{webhook.name}" denied the request'
    explanation = said.get("message") or said.get("reason")
    message = f"{denied}: {explanation}" if explanation else f"{denied} without explanation"
    code = said.get("code")
    code = code if isinstance(code, int) and _BAD_REQUEST <= code <= 599 else _BAD_REQUEST
    details = said.get("details")
    return from_status({"message": message, "reason": said.get("reason") or "", "code": code, "details": details}, code)
