"""The verb ``patch``: a change as a difference. Applies, which are more than that, are in `applying`."""

from kubernel.api.http.negotiation import APPLY_PATCH, JSON_PATCH, MERGE_PATCH, patch_type
from kubernel.api.request.bodies import as_mapping, report_unknown
from kubernel.api.request.call import Answer, Call
from kubernel.api.request.options import FieldValidation, field_validation
from kubernel.api.request.write_options import check_write_options
from kubernel.api.verbs.answers import one
from kubernel.api.verbs.applying import apply
from kubernel.api.verbs.writes import check_revision, rewrite
from kubernel.objects import codec
from kubernel.objects.errors import bad_request
from kubernel.objects.models import ApiObject, Plain
from kubernel.objects.patches import apply_json_patch, apply_merge_patch, apply_strategic_patch
from kubernel.watch import Record

__all__ = ["patch", "patched", "patched_revision"]


async def patch(call: Call) -> Answer:
    """Change parts of one object, or of its status."""
    kind = call.target.kind
    media = patch_type(call.content_type, has_strategic=kind.schema is None)
    check_write_options(call, "PatchOptions", is_patch=True, is_apply=media == APPLY_PATCH)
    if media == APPLY_PATCH:
        return await apply(call)
    validation = field_validation(call.query)
    value, repeated = _patch_body(call, media)
    wanted = _revision_in(value)

    def make(seen: Record) -> ApiObject:
        call.warnings.clear()
        check_revision(call, wanted)
        plain = _applied(media, _document(call, seen), value, kind.type)
        obj, unknown = codec.from_plain(kind, plain, find_unknown=validation is not FieldValidation.IGNORE)
        report_unknown(call, [*repeated, *unknown], validation)
        result: ApiObject = obj
        return result

    return await one(call, await rewrite(call, make, names_revision=bool(wanted)))


def _document(call: Call, seen: Record) -> Plain:
    """Return what is patched; without the owners when the patch does not speak of them, for they are many words."""
    if b"managedFields" in call.body:
        return codec.plain_stored(seen.with_owners().data)
    document = codec.plain_stored(seen.data)
    document["metadata"].pop("managedFields", None)
    return document


def _revision_in(value: Plain | list[Plain]) -> str | None:
    """Return the revision that a merge or strategic patch names, which makes it conditional."""
    metadata = value.get("metadata") if isinstance(value, dict) else None
    revision = metadata.get("resourceVersion") if isinstance(metadata, dict) else None
    return revision if isinstance(revision, str) else None


def _patch_body(call: Call, media: str) -> tuple[Plain | list[Plain], list[str]]:
    """Decode the patch; returns it and a sentence for each field that stands twice."""
    value, repeated = codec.decode_untyped(call.body)
    if media != JSON_PATCH:
        return as_mapping(value, "the patch"), repeated
    if not isinstance(value, list):
        raise bad_request("error decoding patch: a JSON patch must be a list of operations")
    return value, repeated


def _applied(media: str, document: Plain, value: Plain | list[Plain], struct: type) -> Plain:
    if isinstance(value, list):
        return apply_json_patch(document, value)
    if media == MERGE_PATCH:
        return apply_merge_patch(document, value)
    return apply_strategic_patch(document, value, struct)


def patched_revision(call: Call) -> str | None:
    """Return the revision that the request's patch names, which makes it conditional."""
    return _revision_in(_patch_body(call, patch_type(call.content_type))[0])


def patched(call: Call, document: Plain, struct: type) -> Plain:
    """Apply the request's patch, which is no apply, to a document that is no stored object, such as a Scale.

    Raises:
        StatusError: 400 or 422.
    """
    media = patch_type(call.content_type)
    return _applied(media, document, _patch_body(call, media)[0], struct)
