"""Content negotiation: what a client sends and what it accepts. One home for every media type."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from kubernel.objects.errors import not_acceptable, unsupported_media_type

__all__ = ["JSON", "YAML", "Form", "accepted_form", "body_type", "patch_type"]

JSON = "application/json"
YAML = "application/yaml"
_YAMLS = frozenset({YAML, "application/x-yaml", "text/yaml"})
_BODY_TYPES = (JSON, YAML)
_PATCH_TYPES = (
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
)


class Form(StrEnum):
    """How an answer looks."""

    OBJECT = "object"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class _Offer:
    media: str
    parameters: tuple[tuple[str, str], ...]

    def parameter(self, name: str) -> str:
        return dict(self.parameters).get(name, "")


def _offers(accept: str) -> list[_Offer]:
    offers = []
    for part in accept.split(","):
        media, *parameters = (piece.strip() for piece in part.split(";"))
        pairs = tuple((k.strip(), v.strip()) for k, _, v in (p.partition("=") for p in parameters))
        offers.append(_Offer(media.lower(), pairs))
    return offers


@lru_cache(maxsize=256)
def accepted_form(accept: str) -> Form:
    """Return the first form in an Accept header that can be made (clients list them in their order of preference).

    Protobuf is never made; every client that prefers it also takes JSON.

    Raises:
        StatusError: 406, nothing in the header can be made.
    """
    if not accept:
        return Form.OBJECT
    for offer in _offers(accept):
        if offer.media == JSON and offer.parameter("as") == "Table" and offer.parameter("v") == "v1":
            return Form.TABLE
        if offer.media in (JSON, "application/*", "*/*") and not offer.parameter("as"):
            return Form.OBJECT
    raise not_acceptable([JSON])


@lru_cache(maxsize=64)
def body_type(content_type: str) -> str:
    """Return ``JSON`` or ``YAML`` for the body of a create or update; no header means JSON.

    Raises:
        StatusError: 415.
    """
    media = content_type.partition(";")[0].strip().lower() or JSON
    if media in _YAMLS:
        return YAML
    if media != JSON:
        raise unsupported_media_type(_BODY_TYPES)
    return JSON


@lru_cache(maxsize=64)
def patch_type(content_type: str) -> str:
    """Return the media type of a patch.

    Raises:
        StatusError: 415.
    """
    media = content_type.partition(";")[0].strip().lower()
    if media not in _PATCH_TYPES:
        raise unsupported_media_type(_PATCH_TYPES)
    return media
