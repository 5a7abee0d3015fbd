"""Pages of a list: which objects a client gets, as of which revision, and the token that leads to the next ones.

All pages of a list show the state at the revision of the first one. The cache says how that state differs from now; it
can as long as the log keeps the changes since. Afterwards the client gets 410 with a token that goes on at the newest
state, for those who can live with a list that never was.
"""

import asyncio
import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

import msgspec

from kubernel.api.request.call import Call
from kubernel.api.request.list_options import ListOptions, too_new
from kubernel.api.verbs.interests import interest_of
from kubernel.objects.errors import bad_request, expired
from kubernel.objects.models import Plain
from kubernel.store import Compacted
from kubernel.watch import Interest, Page, Place, Record

__all__ = ["page"]

_TOKEN_VERSION = "meta.k8s.io/v1"  # noqa: S105 - the version of a format
_NEWEST = -1

SELECTED_AT_ONCE = 1_000
"""Objects that selectors are asked of between two turns of the event loop; decoding so many pods takes some 10 ms."""

_TOO_OLD = "The resourceVersion for the provided list is too old."
_INCONSISTENT = (
    "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
    "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
    "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
    "deleted between the time the first chunk was returned and now may show up in the list."
)


async def page(call: Call, options: ListOptions) -> tuple[list[Record], Plain]:
    """Return the objects of one page and the metadata of its list.

    Raises:
        StatusError: 400, a selector or the token is wrong; 410, the revision is no longer kept; 504, it is yet to come.
    """
    cache, kind, interest = call.state.cache, call.target.kind, interest_of(call, options)
    start = _Start.read(options)
    if max(options.revision or 0, start.revision) > cache.revision:
        raise too_new(max(options.revision or 0, start.revision), cache.revision)
    earlier: Mapping[Place, Record | None] = {}
    if start.revision > 0:
        try:
            earlier = await cache.earlier(kind, start.revision)
        except Compacted:
            _refuse(start)
    revision = start.revision if start.revision > 0 else cache.revision
    found = cache.collection(kind).look(interest, after=start.after, limit=options.limit, earlier=earlier)
    if interest.is_selective:
        found = await _selected(interest, found.records, options.limit)
    return found.records, _metadata(found, revision, interest)


async def _selected(interest: Interest, records: list[Record], limit: int | None) -> Page:
    """Return what the selectors see, asking them a portion at a time; a rest of 1 stands for any number."""
    found: list[Record] = []
    for start in range(0, len(records), SELECTED_AT_ONCE):
        if start:
            await asyncio.sleep(0)
        found += [record for record in records[start : start + SELECTED_AT_ONCE] if interest.sees(record)]
        if limit is not None and len(found) > limit:
            return Page(found[:limit], 1)
    return Page(found, 0)


def _metadata(found: Page, revision: int, interest: Interest) -> Plain:
    metadata: Plain = {"resourceVersion": str(revision)}
    if found.rest and found.records:
        last = found.records[-1]
        metadata["continue"] = _Start(revision, (last.namespace, last.name)).token()
        if not interest.is_selective:
            metadata["remainingItemCount"] = found.rest
    return metadata


def _refuse(start: "_Start") -> NoReturn:
    if start.after is None:
        raise expired(_TOO_OLD)
    raise expired(_INCONSISTENT, continue_token=_Start(_NEWEST, start.after).token())


class _Token(msgspec.Struct):
    """What a token says; the format is Kubernetes', though clients must not look into it."""

    v: str = ""
    rv: int = 0
    start: str = ""


@dataclass(frozen=True, slots=True)
class _Start:
    """Where a page begins.

    Attributes:
        revision: The state that is shown; 0 and less for the newest.
        after: The last object of the page before; ``None`` for the first page.
    """

    revision: int
    after: Place | None = None

    @classmethod
    def read(cls, options: ListOptions) -> "_Start":
        """Read it from the options of a request.

        Raises:
            StatusError: 400, the token is not one of ours.
        """
        if not options.continue_token:
            return cls(options.exact_revision or 0)
        token = _decoded(options.continue_token)
        namespace, slash, name = token.start.removesuffix("\0").rpartition("/")
        if token.v != _TOKEN_VERSION:
            raise _invalid(f": server does not recognize this encoded version {token.v}")
        if not token.rv:
            raise _invalid(f": incorrect encoded start resourceVersion (version {_TOKEN_VERSION})")
        if not token.start:
            raise _invalid(f": encoded start key empty (version {_TOKEN_VERSION})")
        if "/" in namespace or not (slash or name) or not token.start.endswith("\0"):
            raise _invalid(f": {token.start}")
        return cls(token.rv, (namespace, name))

    def token(self) -> str:
        """Return it as the token that leads here, also after a restart of the server."""
        namespace, name = self.after or ("", "")
        start = f"{namespace}/{name}\0" if namespace else f"{name}\0"
        plain = msgspec.json.encode(_Token(_TOKEN_VERSION, self.revision, start))
        return base64.urlsafe_b64encode(plain).decode().rstrip("=")


def _decoded(token: str) -> _Token:
    try:
        plain = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(plain, type=_Token)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise _invalid(f": {error}") from error


def _invalid(why: str) -> Exception:
    return bad_request(f"invalid continue token: continue key is not valid{why}")
