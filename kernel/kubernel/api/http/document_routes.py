"""What clients read before they act: discovery at ``/api`` and ``/apis``, OpenAPI at ``/openapi``.

Every document has an entity tag, so that a client which has it already (kubectl keeps them for hours) gets a 304.
"""

import asyncio
import hashlib
from collections.abc import Mapping

from falcon.asgi import Request, Response

from kubernel.api.aggregation.remotes import Remote
from kubernel.api.discovery import Discovery, aggregated_version
from kubernel.api.http.negotiation import JSON, YAML, accepted_form
from kubernel.api.http.routes import pass_to_remote, respond
from kubernel.api.openapi import OpenAPI
from kubernel.api.request.call import Answer
from kubernel.api.state import State
from kubernel.objects.errors import not_acceptable, path_not_found, unavailable

__all__ = ["DiscoveryRoute", "OpenAPIRoute"]

_V2_ASKED = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
_V2_PROTOBUF = _V2_ASKED.replace("@", ".")
"""What clients ask for is no media type, because of its ``@``; what they take is (source: kube-openapi's handler)."""

_V3_ASKED = "application/com.github.proto-openapi.spec.v3"
"""Who asks for a document of v3 in protobuf gets JSON, and looks at what it got."""

_A_YEAR_S = 31_536_000
_REMOTE_S = 10.0
"""So long may a server of others think before it begins to answer with its document: clients ask for many documents at
once, and one must not keep them from the rest."""


class DiscoveryRoute:
    """``/api``, ``/apis`` and what they lead to; as JSON or YAML, which `finishing` makes of it."""

    def __init__(self, discovery: Discovery) -> None:
        self._discovery = discovery

    async def on_get_core(self, req: Request, resp: Response) -> None:
        """``/api``."""
        self._list(req, resp, core=True)

    async def on_get_groups(self, req: Request, resp: Response) -> None:
        """``/apis``."""
        self._list(req, resp, core=False)

    async def on_get_group(self, req: Request, resp: Response, group: str) -> None:
        """``/apis/GROUP``."""
        _listed(req, resp, _found(self._discovery.group(group)))

    async def on_get_resources(self, req: Request, resp: Response, version: str, group: str = "") -> None:
        """``/api/v1`` and ``/apis/GROUP/VERSION``."""
        _listed(req, resp, _found(self._discovery.resources(group, version)))

    def _list(self, req: Request, resp: Response, *, core: bool) -> None:
        of_version = aggregated_version(req.get_header("accept") or "")
        if of_version:
            media = f"{JSON};g=apidiscovery.k8s.io;v={of_version};as=APIGroupDiscoveryList"
            resp.set_header("Vary", "Accept")
            _tagged(req, resp, Answer(200, self._discovery.aggregated(of_version, core=core), media))
        elif core:
            _listed(req, resp, Answer(200, self._discovery.core_versions(req.netloc)))
        else:
            _listed(req, resp, Answer(200, self._discovery.group_list()))


class OpenAPIRoute:
    """``/openapi/v3`` with a document a group version, and ``/openapi/v2`` with one of everything."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._openapi = OpenAPI(state.registry, state.aggregation.remotes, state.settings.data / "openapi")

    async def on_get(self, req: Request, resp: Response) -> None:
        """The index of v3."""
        _tagged(req, resp, Answer(200, self._openapi.index()))

    on_head = on_get

    async def on_get_document(self, req: Request, resp: Response, version: str, group: str = "") -> None:
        """The document of one group version; with its hash in the query it may be kept for ever."""
        if (remote := self._state.aggregation.find(group, version)) is not None:
            await self._pass_on(remote, req, resp)
            return
        digest = self._openapi.digest(group, version)
        if digest is None:
            raise path_not_found()
        accept = req.get_header("accept") or "*/*"
        if not _takes_json(accept) and _V3_ASKED not in accept:
            raise not_acceptable([JSON])
        said = req.get_param("hash")
        if said and said != digest:
            resp.status = 301
            resp.set_header("Location", f"{req.path}?hash={digest}")
            return
        if said:
            resp.set_header("Cache-Control", f"public, immutable, max-age={_A_YEAR_S}")
        if _is_known(req, resp, digest):
            return
        respond(resp, _found(await self._openapi.v3(group, version)))

    on_head_document = on_get_document

    async def _pass_on(self, remote: Remote, req: Request, resp: Response) -> None:
        try:
            async with asyncio.timeout(_REMOTE_S):
                await pass_to_remote(self._state, remote, req, resp)
        except TimeoutError as error:
            raise unavailable("service unavailable") from error

    async def on_get_everything(self, req: Request, resp: Response) -> None:
        """The document of v2: JSON, or protobuf for who asks for it (kubectl)."""
        accept = req.get_header("accept") or "*/*"
        as_protobuf = _V2_ASKED in accept or _V2_PROTOBUF in accept
        if not as_protobuf and not _takes_json(accept):
            raise not_acceptable([JSON, _V2_ASKED])
        resp.set_header("Vary", "Accept")
        if _is_known(req, resp, f"{self._openapi.digest_of_all}{'P' if as_protobuf else 'J'}"):
            return
        media = _V2_PROTOBUF if as_protobuf else JSON
        respond(resp, Answer(200, await self._openapi.v2(as_protobuf=as_protobuf), media))

    on_head_everything = on_get_everything


def _takes_json(accept: str) -> bool:
    return any(word in accept for word in (JSON, "application/*", "*/*"))


def _found(document: bytes | None) -> Answer:
    if document is None:
        raise path_not_found()
    return Answer(200, document)


def _listed(req: Request, resp: Response, answer: Answer) -> None:
    """Respond with a document of the older form of discovery, in the form that the client accepts.

    Raises:
        StatusError: 406, it accepts none.
    """
    req.context.form = form = accepted_form(req.get_header("accept") or "")
    resp.set_header("Vary", "Accept")
    _tagged(req, resp, answer, suffix="Y" if form.media == YAML else "")


def _tagged(req: Request, resp: Response, answer: Answer, suffix: str = "") -> None:
    """Respond with a document, or with 304 when the client has it; the suffix tells forms of it apart."""
    if not _is_known(req, resp, hashlib.sha256(answer.body).hexdigest()[:32].upper() + suffix):
        respond(resp, answer)


def _is_known(req: Request, resp: Response, digest: str) -> bool:
    tag = f'"{digest}"'
    resp.set_header("ETag", tag)
    headers: Mapping[str, str] = req.headers
    asked = headers.get("if-none-match", "")
    is_known = tag in (part.strip().removeprefix("W/") for part in asked.split(","))
    if is_known:
        resp.status = 304
    return is_known
