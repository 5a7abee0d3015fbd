"""What a service account's token says, as Kubernetes writes it.

A sample, shortened::

    {"aud": ["https://kubernetes.default.svc.cluster.local"], "exp": 1764072000, "iat": 1764068400, "nbf": 1764068400,
     "iss": "https://kubernetes.default.svc.cluster.local", "jti": "5c1d…", "sub": "system:serviceaccount:default:web",
     "kubernetes.io": {"namespace": "default", "serviceaccount": {"name": "web", "uid": "9a…"},
                       "pod": {"name": "web-1", "uid": "3f…"}, "node": {"name": "n1", "uid": "07…"}}}
"""

import msgspec

__all__ = ["Claims", "Reference", "Subject"]


class Reference(msgspec.Struct, frozen=True):
    """One object, and no later one of the same name."""

    name: str
    uid: str


class Subject(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who the token is for, and which object's end is the token's end."""

    namespace: str
    serviceaccount: Reference
    pod: Reference | None = None
    secret: Reference | None = None
    node: Reference | None = None


class Claims(msgspec.Struct, frozen=True, rename={"kubernetes": "kubernetes.io"}):
    """The whole payload; times are seconds since 1970."""

    aud: list[str]
    exp: int
    iat: int
    iss: str
    jti: str
    kubernetes: Subject
    nbf: int
    sub: str
