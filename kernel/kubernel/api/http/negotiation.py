"""Content negotiation: what a client sends and what it accepts. One home for every media type."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from kubernel.objects.errors import StatusError, not_acceptable, unsupported_media_type

__all__ = [
    "APPLY_PATCH",
    "JSON",
    "JSON_PATCH",
    "MERGE_PATCH",
    "PROTOBUF",
    "STRATEGIC_PATCH",
    "YAML",
    "Form",
    "Shape",
    "accepted_form",
    "body_type",
    "patch_type",
    "streamed_form",
]

JSON = "application/json"
YAML = "application/yaml"
PROTOBUF = "application/vnd.kubernetes.protobuf"
_YAMLS = frozenset({YAML, "application/x-yaml", "text/yaml"})
_BODY_TYPES = (JSON, YAML, PROTOBUF)
JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"
_PATCH_TYPES = (JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH)

_ANSWERS = {JSON: JSON, YAML: YAML, PROTOBUF: JSON}
"""What clients may ask for, in the order in which a wildcard takes it, and the media type that they get.

Answers are never protobuf: every Kubernetes client decodes an answer by its own Content-Type, also one that asks for
nothing but protobuf, so JSON serves it and a 406 would not (decision 0053).
"""

_STREAMS = (JSON, PROTOBUF)
_META_GROUP = "meta.k8s.io"
_META_VERSIONS = ("v1", "v1beta1")


class Shape(StrEnum):
    """What of an object or a list an answer shows; the values are those of the parameter ``as``."""

    WHOLE = ""
    TABLE = "Table"
    PARTIAL = "PartialObjectMetadata"
    PARTIAL_LIST = "PartialObjectMetadataList"


_SHAPES = frozenset(shape.value for shape in Shape if shape)


@dataclass(frozen=True, slots=True)
class Form:
    """How an answer looks.

    Attributes:
        shape: What it shows.
        version: Of the group ``meta.k8s.io``, when the shape is one of its kinds.
        media: `JSON` or `YAML`.
        is_pretty: Whether JSON is indented.
        can_stream: Whether a watch can be sent so.
    """

    shape: Shape = Shape.WHOLE
    version: str = "v1"
    media: str = JSON
    is_pretty: bool = False
    can_stream: bool = True

    @property
    def api_version(self) -> str:
        """The ``apiVersion`` of a table or of partial metadata."""
        return f"{_META_GROUP}/{self.version}"


@dataclass(frozen=True, slots=True)
class _Clause:
    """One entry of an Accept header."""

    media: str
    parameters: dict[str, str]
    quality: float

    @property
    def rank(self) -> tuple[float, bool, bool]:
        """Sorts what the client prefers first; among equals a wildcard comes last."""
        return -self.quality, self.media == "*/*", self.media.endswith("/*")

    def matches(self, media: str) -> bool:
        return self.media in (media, "*/*", f"{media.partition('/')[0]}/*")


def _clauses(accept: str) -> Iterator[_Clause]:
    for entry in accept.split(","):
        media, *pieces = (piece.strip() for piece in entry.split(";"))
        pairs = (piece.partition("=") for piece in pieces if piece)
        parameters = {key.strip().lower(): value.strip().strip('"') for key, _, value in pairs}
        quality = _quality(parameters.pop("q", "1"))
        if quality > 0:
            yield _Clause(media.lower(), parameters, quality)


def _quality(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 1.0


def accepted_form(accept: str) -> Form:
    """Return the form that an Accept header likes best among those that can be made; no header takes JSON.

    Raises:
        StatusError: 406, nothing in the header can be made.
    """
    return _remembered(accept) if len(accept) <= _REMEMBERED_LENGTH else _negotiated(accept)


def _negotiated(accept: str) -> Form:
    if not accept.strip():
        return Form()
    for clause in sorted(_clauses(accept), key=lambda clause: clause.rank):
        for media in _ANSWERS:
            if clause.matches(media) and (form := _form(media, clause.parameters)):
                return form
    raise not_acceptable(list(_ANSWERS))


_remembered = lru_cache(maxsize=256)(_negotiated)
_REMEMBERED_LENGTH = 1_024
"""Clients send some 200 characters; what is longer is not worth the memory."""


def _form(media: str, parameters: dict[str, str]) -> Form | None:
    """Return the form that one clause means by a media type; ``None`` when its parameters ask for what is not made."""
    if parameters.get("stream", "watch") not in ("", "watch") or (parameters.get("stream") and media not in _STREAMS):
        return None
    shape, version = parameters.get("as", ""), parameters.get("v", "")
    if shape or version or "g" in parameters:
        is_made = shape in _SHAPES and not (media == PROTOBUF and shape == Shape.TABLE)
        if not is_made or version not in _META_VERSIONS or parameters.get("g") != _META_GROUP:
            return None
    is_pretty = parameters.get("pretty") == "1"
    return Form(Shape(shape), version or "v1", _ANSWERS[media], is_pretty, media in _STREAMS)


def streamed_form(accept: str) -> Form:
    """Return the form of a watch's events.

    Raises:
        StatusError: 406, as `accepted_form`, or the form that the client likes best cannot be streamed.
    """
    try:
        form = accepted_form(accept)
    except StatusError:
        form = None
    if form is None or not form.can_stream:
        raise not_acceptable([f"{media};stream=watch" for media in _STREAMS])
    return form


@lru_cache(maxsize=64)
def body_type(content_type: str, *, has_protobuf: bool = True) -> str:
    """Return ``JSON``, ``YAML`` or ``PROTOBUF`` for any body but a patch; no header means JSON.

    Args:
        content_type: The header.
        has_protobuf: Whether what is sent has a protobuf form; custom resources have none.

    Raises:
        StatusError: 415.
    """
    media = content_type.partition(";")[0].strip().lower() or JSON
    if media in _YAMLS:
        return YAML
    accepted = _BODY_TYPES if has_protobuf else (JSON, YAML)
    if media not in accepted:
        raise unsupported_media_type(accepted)
    return media


@lru_cache(maxsize=64)
def patch_type(content_type: str, *, has_strategic: bool = True) -> str:
    """Return the media type of a patch.

    Args:
        content_type: The header.
        has_strategic: Whether strategic patches can be applied; custom resources do not say how.

    Raises:
        StatusError: 415.
    """
    media = content_type.partition(";")[0].strip().lower()
    known = [offered for offered in _PATCH_TYPES if has_strategic or offered != STRATEGIC_PATCH]
    if media not in known:
        raise unsupported_media_type(known)
    return media
