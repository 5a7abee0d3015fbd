"""One request to a resource, parsed and identified, and its answer: what the verbs take and return.

The verbs know nothing of Falcon; ``routes`` builds a `Call` from a request and turns an `Answer` into a response.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kubernel.api.http.negotiation import JSON, Form, accepted_form
from kubernel.api.request.incoming import Incoming
from kubernel.api.request.options import flag
from kubernel.api.request.target import Target
from kubernel.api.state import State
from kubernel.objects import codec
from kubernel.objects.clock import now
from kubernel.objects.models import ApiObject
from kubernel.plugin.hooks import AdmissionRequest, Attributes, Identity
from kubernel.store import key_of

__all__ = ["Answer", "Call", "now"]

_WARNINGS_MAX = 4096
"""Characters of all warnings of one answer (Kubernetes: the same)."""


@dataclass(slots=True)
class Answer:
    """What the client gets.

    Attributes:
        code: The HTTP status code.
        body: The whole body; ignored when ``stream`` is there.
        content_type: The body's media type.
        warnings: Sent as ``Warning`` headers, which kubectl prints.
        headers: Further headers, names in lower case; one may come more than once.
        stream: The body in chunks, for watches and logs; closed by whoever sends it.
        hang_up: Called when the client of a stream went away, so that the stream ends.
    """

    code: int
    body: bytes = b""
    content_type: str = JSON
    warnings: Sequence[str] = ()
    headers: Sequence[tuple[str, str]] = ()
    stream: AsyncIterator[bytes] | None = None
    hang_up: Callable[[], None] | None = None


@dataclass(slots=True)
class Call:
    """One request to a resource.

    Attributes:
        state: What all requests share.
        target: What it is about.
        identity: Who asks.
        verb: In the words of an authoriser: ``get``, ``list``, ``watch``, …
        path: The URL's path.
        query: The query parameters, each with its (last) value.
        body: The whole body.
        content_type: Of the body; empty when there is no header.
        accept: The Accept header; empty when there is none.
        user_agent: The User-Agent header; empty when there is none.
        incoming: The request itself, for the subresources that pass it on; they have no ``body``.
        warnings: Sentences for the client.
        admitted: The writes that admission was asked about, for those who want to know when they are over.
    """

    state: State
    target: Target
    identity: Identity
    verb: str
    path: str
    query: Mapping[str, str]
    body: bytes = b""
    content_type: str = ""
    accept: str = ""
    user_agent: str = ""
    incoming: Incoming | None = None
    warnings: list[str] = field(default_factory=list)
    admitted: list[AdmissionRequest] = field(default_factory=list)
    _attributes: Attributes | None = None
    _form: Form | None = None

    @property
    def form(self) -> Form:
        """The form of the answer that the client accepts."""
        if self._form is None:
            self._form = accepted_form(self.accept)
        return self._form

    @property
    def is_dry_run(self) -> bool:
        """Whether nothing may be stored (``dryRun=All``)."""
        return self.query.get("dryRun") == "All"

    @property
    def key(self) -> str:
        """The object's key in the log."""
        return key_of(self.target.kind.stored_as.resource, self.target.namespace, self.target.name)

    @property
    def head_length(self) -> int:
        """Where the revision is spliced into stored objects."""
        kind = self.target.kind.stored_as
        return len(codec.head(kind.api_version, kind.name))

    def warn(self, sentences: Iterable[str]) -> None:
        """Warn the client, of each thing once: a change that met a conflict is admitted again.

        What would not fit into the headers of an answer is left out.
        """
        if not sentences:
            return
        for sentence in sentences:
            if sentence not in self.warnings:
                self.warnings.append(sentence)
                if sum(map(len, self.warnings)) > _WARNINGS_MAX:
                    return

    def wants(self, option: str) -> bool:
        """Whether a boolean query parameter is set."""
        return flag(self.query, option)

    def attributes(self) -> Attributes:
        """Return what the authoriser and the admission chain are asked."""
        if self._attributes is None:
            self._attributes = self.attributes_for(self.verb)
        return self._attributes

    def attributes_for(self, verb: str) -> Attributes:
        """Return the same with another verb, where one request is two actions."""
        target, kind = self.target, self.target.kind
        return Attributes(
            identity=self.identity,
            verb=verb,
            path=self.path,
            group=kind.group,
            version=kind.version,
            resource=kind.plural,
            subresource=target.subresource,
            namespace=target.namespace,
            name=target.name,
        )

    def admission(self, obj: ApiObject | None, old: ApiObject | None) -> AdmissionRequest:
        """Return what the admission chain is asked for this write."""
        state = self.state
        request = AdmissionRequest(
            self.attributes(), self.target.kind, obj, old, self.is_dry_run, self.warnings, self.query, state.reader
        )
        if state.hooks.follows_writes:
            self.admitted.append(request)
        return request
