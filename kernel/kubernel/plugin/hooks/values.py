"""What travels through the hooks: who asks, for what, and with which object. Frozen values, no behaviour."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, Protocol

import msgspec

from kubernel.objects.kind import Kind

__all__ = [
    "AdmissionRequest",
    "Attributes",
    "Changed",
    "ClientCertificate",
    "ClusterReader",
    "ConnectionInfo",
    "Decision",
    "Identity",
    "PathRule",
    "ResourceRule",
    "Rules",
    "Stored",
    "Verdict",
]


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, as Kubernetes knows a user.

    Attributes:
        user: The user's name, such as ``kubernetes-admin`` or ``system:kubernel-scheduler``.
        groups: The groups, such as ``system:masters``.
        uid: Distinguishes users of one name over time; may be empty.
        extra: Whatever else an authenticator knows and an authoriser may want.
        audiences: Those of the audiences asked for that the credentials are good for; an authenticator whose
            credentials are for this server only leaves it empty.
    """

    user: str
    groups: tuple[str, ...] = ()
    uid: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    audiences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """The subject of a certificate that the TLS layer has verified against the cluster's client CA."""

    common_name: str
    organizations: tuple[str, ...] = ()


class ConnectionInfo(msgspec.Struct, frozen=True):
    """What one request shows of its sender.

    Attributes:
        headers: The request's headers, names in lower case.
        peer_uid: The sender's user id on this machine when it came over the unix socket, else ``None``.
        certificate: The verified client certificate, if one was sent.
        remote: The sender's address; empty over the unix socket.
        audiences: Whom the credentials must be meant for; empty is this server.
    """

    headers: Mapping[str, str]
    peer_uid: int | None = None
    certificate: ClientCertificate | None = None
    remote: str = ""
    audiences: tuple[str, ...] = ()

    def __repr__(self) -> str:
        # Without the headers: they may carry a token, and a trace prints this value.
        return f"ConnectionInfo(peer_uid={self.peer_uid}, certificate={self.certificate}, remote={self.remote!r})"


class Attributes(msgspec.Struct, frozen=True):
    """What is asked for, in the words of a Kubernetes authoriser.

    Attributes:
        identity: Who asks.
        verb: ``get``, ``list``, ``watch``, ``create``, ``update``, ``patch``, ``delete`` or ``deletecollection``;
            for a path that is no resource the HTTP method in lower case.
        path: The URL's path.
        group, version, resource, subresource: The resource, ``resource`` being its plural; empty for other paths.
        namespace, name: Empty where the request names none.
    """

    identity: Identity
    verb: str
    path: str
    group: str = ""
    version: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""


class Verdict(Enum):
    """An authoriser's answer; one that has no opinion returns ``None`` instead."""

    ALLOW = "allow"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Decision:
    """What an authoriser decided and why; the reason of a denial is shown to the client."""

    verdict: Verdict
    reason: str = ""

    @property
    def is_allowed(self) -> bool:
        """Whether the request may go on."""
        return self.verdict is Verdict.ALLOW


@dataclass(frozen=True, slots=True)
class ResourceRule:
    """What may be done with resources; ``*`` is everything.

    Attributes:
        verbs, groups, resources: Any of each; a subresource is ``pods/log``.
        names: Only these objects; empty is all.
    """

    verbs: tuple[str, ...]
    groups: tuple[str, ...]
    resources: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PathRule:
    """What may be done with paths that are no resources; a closing ``*`` is everything below."""

    verbs: tuple[str, ...]
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one authoriser lets somebody do, as far as it can be listed.

    Attributes:
        resources, paths: The rules.
        is_incomplete: Whether it may allow more than this.
    """

    resources: tuple[ResourceRule, ...] = ()
    paths: tuple[PathRule, ...] = ()
    is_incomplete: bool = False


class Stored(Protocol):
    """An object as it is stored; decoding it gives a copy that is the caller's own."""

    @property
    def namespace(self) -> str:
        """Its namespace; empty for a thing of the cluster."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def revision(self) -> int:
        """The revision at which it became what it is."""

    def decode(self) -> Any:  # noqa: ANN401 - an object of the kind that was asked for
        """Return the object."""


class Changed(NamedTuple):
    """One change of an object: what it was (``None`` when it was created) and is (``None`` when it was deleted)."""

    before: Stored | None
    after: Stored | None


class ClusterReader(Protocol):
    """What is stored, as a hook may look at it: from memory, without waiting, as of the moment of the call."""

    @property
    def revision(self) -> int:
        """The newest revision."""

    def count(self, kind: Kind[Any]) -> int:
        """Return how many objects of a kind there are in the cluster."""

    def get(self, kind: Kind[Any], namespace: str, name: str) -> Stored | None:
        """Return one object; the namespace of a thing of the cluster is empty."""

    def list(self, kind: Kind[Any], namespace: str = "") -> Sequence[Stored]:
        """Return the objects of a kind, of one namespace or of the cluster, sorted."""

    def changes(self, kind: Kind[Any], since: int) -> Sequence[Changed] | None:
        """Return what happened to a kind after a revision, in order; ``None`` when that is too long ago to know."""


class _NothingStored:
    """The cluster of a request that was made outside a server, as tests do."""

    revision = 0

    def count(self, _kind: Kind[Any]) -> int:
        return 0

    def get(self, _kind: Kind[Any], _namespace: str, _name: str) -> None:
        return None

    def list(self, _kind: Kind[Any], _namespace: str = "") -> Sequence[Stored]:
        return ()

    def changes(self, _kind: Kind[Any], _since: int) -> Sequence[Changed]:
        return ()


NOTHING_STORED: ClusterReader = _NothingStored()


class AdmissionRequest(msgspec.Struct, frozen=True):
    """One write on its way into the store, or a connection into the cluster (the verb ``connect``).

    Hooks of plugins are asked about writes only.

    Attributes:
        attributes: Who does what to which object.
        kind: The object's kind.
        obj: The object as it would be stored, defaults filled in; ``None`` for a deletion. Only
            ``kubernel_mutate`` may change it, in place.
        old: The stored object; ``None`` for a create. Never change it.
        dry_run: Nothing will be stored: leave no trace outside the object either.
        warnings: Sentences that the client is shown beside the answer; add to them.
        options: What the request's query says, such as ``fieldManager``.
        cluster: What is stored now.
    """

    attributes: Attributes
    kind: Kind[Any]
    obj: Any
    old: Any = None
    dry_run: bool = False
    warnings: list[str] = []
    options: Mapping[str, str] = {}
    cluster: ClusterReader = NOTHING_STORED

    def __repr__(self) -> str:
        # Without the objects: one may be a Secret, and a trace prints this value.
        return f"AdmissionRequest({self.attributes}, dry_run={self.dry_run})"
