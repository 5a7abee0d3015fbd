"""Request bodies: JSON, YAML or protobuf into typed objects, patches and delete options into plain values."""

from dataclasses import replace
from typing import Any, TypeVar, cast

from msgspec import structs

from kubernel.api.http.negotiation import JSON, PROTOBUF, YAML, body_type
from kubernel.api.request.call import Call
from kubernel.api.request.options import FieldValidation, field_validation
from kubernel.objects import codec
from kubernel.objects.bounds import check_json
from kubernel.objects.errors import StatusError, bad_request
from kubernel.objects.kind import Kind
from kubernel.objects.models import ApiObject, Plain
from kubernel.objects.protobuf import ProtobufError, open_envelope, read_plain
from kubernel.objects.published import fields_of, name_of

__all__ = ["as_mapping", "config_body", "plain_body", "read_as", "read_object", "report_unknown"]

BAD_REQUEST = 400

T = TypeVar("T", bound=ApiObject)


def plain_body(call: Call) -> Any:  # noqa: ANN401 - any JSON value
    """Decode a body that is no object of a kind.

    Raises:
        StatusError: 400, it cannot be decoded; 415, its content type is unknown.
    """
    media = body_type(call.content_type)
    if media == YAML:
        return _yaml(call.body)[0]
    if media == PROTOBUF:
        return _protobuf(call.body)
    return codec.decode_plain(call.body)


def config_body(call: Call) -> tuple[Any, list[str]]:
    """Decode the body of an apply: YAML, and mostly the JSON that is YAML too, which has a quicker way.

    Returns:
        The value, and a sentence for each field that stands twice.

    Raises:
        StatusError: 400, it cannot be decoded; 413, it has too many values.
    """
    if call.body.lstrip().startswith(b"{"):
        try:
            return codec.decode_untyped(call.body)
        except StatusError as error:
            if error.code != BAD_REQUEST:
                raise  # else it may be a flow mapping of YAML, or YAML will say what it is
    return _yaml(call.body)


def _yaml(body: bytes) -> tuple[Any, list[str]]:
    from kubernel.api.request.yaml_text import read_yaml  # noqa: PLC0415 - 8 ms, for what few clients send

    return read_yaml(body)


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
    media = JSON if call.content_type == JSON else _media(call)
    if media == PROTOBUF:
        # A protobuf body has no names that could be wrong: what it says beyond the type is skipped, as upstream.
        obj, unknown = codec.from_plain(call.target.kind, _protobuf(call.body, name_of(call.target.kind.type)))
    elif media == YAML:
        plain, repeated = _yaml(call.body)
        obj, unknown = codec.from_plain(call.target.kind, plain, find_unknown=True)
        unknown = [*repeated, *unknown]
    elif is_new:
        check_json(call.body)
        obj, unknown = codec.decode_new(call.target.kind, call.body)
    else:
        check_json(call.body)
        obj, unknown = codec.decode(call.target.kind, call.body, find_unknown=True)
    report_unknown(call, unknown, validation)
    result: ApiObject = obj
    return result


def _media(call: Call) -> str:
    return body_type(call.content_type, has_protobuf=bool(fields_of(name_of(call.target.kind.type))))


def read_as(call: Call, kind: Kind[T]) -> T:
    """Decode the body of a subresource that exchanges another kind than the path's; otherwise as `read_object`."""
    return cast("T", read_object(replace(call, target=structs.replace(call.target, kind=kind)), is_new=True))


def report_unknown(call: Call, found: list[str], validation: FieldValidation) -> None:
    """Warn of what strict decoding finds, or refuse it under ``Strict``, or let it be under ``Ignore``.

    Args:
        call: The request.
        found: The sentences of `codec`: unknown fields, and fields that stand twice.
        validation: What the client asks for.

    Raises:
        StatusError: 400, naming each.
    """
    if not found or validation is FieldValidation.IGNORE:
        return
    if validation is FieldValidation.STRICT:
        kind = call.target.kind
        raise bad_request(
            f'{kind.name} in version "{kind.version}" cannot be handled as a {kind.name}: '
            f"strict decoding error: {', '.join(found)}"
        )
    call.warnings.extend(found)


def as_mapping(value: Any, what: str) -> Plain:  # noqa: ANN401
    """Return a decoded body that must be a JSON object.

    Raises:
        StatusError: 400.
    """
    if not isinstance(value, dict):
        raise bad_request(f"error decoding the request body: {what} must be a JSON object")
    return value
