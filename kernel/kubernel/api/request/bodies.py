"""Request bodies: JSON, YAML or protobuf into typed objects, patches and delete options into plain values."""

from dataclasses import replace
from typing import Any, TypeVar, cast

import yaml
from msgspec import structs

from kubernel.api.http.negotiation import PROTOBUF, YAML, body_type
from kubernel.api.request.call import Call
from kubernel.api.request.options import FieldValidation, field_validation
from kubernel.objects import codec
from kubernel.objects.errors import bad_request
from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain
from kubernel.objects.protobuf import ProtobufError, open_envelope, read_plain
from kubernel.objects.published import fields_of, name_of

__all__ = ["as_mapping", "plain_body", "read_as", "read_object", "report_unknown"]

T = TypeVar("T", bound=ApiObject)


class _YamlLoader(yaml.CSafeLoader):
    """YAML as JSON sees it: timestamps stay text."""


_YamlLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def plain_body(call: Call) -> Any:  # noqa: ANN401 - any JSON value
    """Decode a body that is no object of a kind.

    Raises:
        StatusError: 400, it cannot be decoded; 415, its content type is unknown.
    """
    media = body_type(call.content_type)
    if media == YAML:
        return _yaml(call.body)
    if media == PROTOBUF:
        return _protobuf(call.body)
    return codec.decode_plain(call.body)


def _yaml(body: bytes) -> Any:  # noqa: ANN401
    try:
        # An alias can blow up a small body; parsing alone does not follow it.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(body, Loader=_YamlLoader)):
            raise bad_request("error decoding the request body as YAML: aliases are not accepted; write the value out")
        return yaml.load(body, _YamlLoader)  # noqa: S506 - the loader is a safe one
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise bad_request(f"error decoding the request body as YAML: {error}") from error


def _protobuf(body: bytes, message: str = "") -> Plain:
    """Decode protobuf.

    Args:
        body: The body with its envelope.
        message: The published name of what it must be; the envelope says so when it is left out.
    """
    try:
        envelope = open_envelope(body)
        return read_plain(envelope, message or envelope.message)
    except ProtobufError as error:
        raise bad_request(f"error decoding the request body: {error}") from error


def read_object(call: Call, *, is_new: bool = False) -> ApiObject:
    """Decode the body as an object of the path's kind, warning of or refusing unknown fields as the client asks.

    Args:
        call: The request.
        is_new: The object will be compared with no other, which allows a quicker way.

    Raises:
        StatusError: 400, 415 or 422; see `codec.decode`.
    """
    if not call.body:
        raise bad_request(f"the request has no body; send a {call.target.kind.name} as JSON or YAML")
    validation = field_validation(call.query)
    find_unknown = validation is not FieldValidation.IGNORE
    message = name_of(call.target.kind.type)
    media = body_type(call.content_type, has_protobuf=bool(fields_of(message)))
    if media == PROTOBUF:
        # A protobuf body has no names that could be wrong: what it says beyond the type is skipped, as upstream.
        obj, unknown = codec.from_plain(call.target.kind, _protobuf(call.body, message))
    elif media == YAML:
        plain = _yaml(call.body)
        if not isinstance(plain, dict):
            raise bad_request(f"error decoding the request body as YAML: it is not a {call.target.kind.name}")
        obj, unknown = codec.from_plain(call.target.kind, plain, find_unknown=find_unknown)
    elif is_new and find_unknown:
        obj, unknown = codec.decode_new(call.target.kind, call.body)
    else:
        obj, unknown = codec.decode(call.target.kind, call.body, find_unknown=find_unknown)
    report_unknown(call, unknown, validation)
    result: ApiObject = obj
    return result


def read_as(call: Call, kind: Kind[T]) -> T:
    """Decode the body of a subresource that exchanges another kind than the path's; otherwise as `read_object`."""
    return cast("T", read_object(replace(call, target=structs.replace(call.target, kind=kind)), is_new=True))


def report_unknown(call: Call, unknown: list[str], validation: FieldValidation) -> None:
    """Warn of unknown fields, or refuse them under ``Strict``.

    Raises:
        StatusError: 400, naming each.
    """
    if not unknown:
        return
    words = [f'unknown field "{path}"' for path in unknown]
    if validation is FieldValidation.STRICT:
        kind = call.target.kind
        raise bad_request(
            f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: '
            f"strict decoding error: {', '.join(words)}"
        )
    call.warnings.extend(words)


def as_mapping(value: Any, what: str) -> Plain:  # noqa: ANN401
    """Return a decoded body that must be a JSON object.

    Raises:
        StatusError: 400.
    """
    if not isinstance(value, dict):
        raise bad_request(f"error decoding the request body: {what} must be a JSON object")
    return value
