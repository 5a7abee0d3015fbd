"""What travels through the hooks: who asks, for what, and with which object. Frozen values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import msgspec

from kubernel.objects.kind import Kind

__all__ = [
    "AdmissionRequest",
    "Attributes",
    "ClientCertificate",
    "ConnectionInfo",
    "Decision",
    "Identity",
    "PathRule",
    "ResourceRule",
    "Rules",
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


class AdmissionRequest(msgspec.Struct, frozen=True):
    """One write on its way into the store.

    Attributes:
        attributes: Who does what to which object.
        kind: The object's kind.
        obj: The object as it would be stored, defaults filled in; ``None`` for a deletion. Only
            ``kubernel_mutate`` may change it, in place.
        old: The stored object; ``None`` for a create. Never change it.
        dry_run: Nothing will be stored: leave no trace outside the object either.
        warnings: Sentences that the client is shown beside the answer; add to them.
        options: What the request's query says, such as ``fieldManager``.
    """

    attributes: Attributes
    kind: Kind[Any]
    obj: Any
    old: Any = None
    dry_run: bool = False
    warnings: list[str] = []
    options: Mapping[str, str] = {}

    def __repr__(self) -> str:
        # Without the objects: one may be a Secret, and a trace prints this value.
        return f"AdmissionRequest({self.attributes}, dry_run={self.dry_run})"
