"""One write as those see it who judge it from outside: as plain objects, and in the version that they asked for."""

from collections.abc import Callable
from typing import Any

from kubernel.objects import codec
from kubernel.objects.models import ApiObject, Plain, meta_of
from kubernel.objects.registry import AnyKind, Registry
from kubernel.plugin.hooks import AdmissionRequest
from kubernel.watch import Cache

__all__ = ["Review"]

_OPTIONS = {"CREATE": "CreateOptions", "UPDATE": "UpdateOptions", "DELETE": "DeleteOptions"}
_OPTION_FIELDS = ("dryRun", "fieldManager", "fieldValidation", "gracePeriodSeconds", "propagationPolicy", "force")


class Review:
    """A write under judgement; made only when somebody outside may have a say.

    Attributes:
        request: The write.
        cache: What is current, for namespaces' labels and policies' parameters.
        operation: ``CREATE``, ``UPDATE``, ``DELETE`` or ``CONNECT``.
        was_changed: Whether a mutation has replaced the object.
    """

    def __init__(self, request: AdmissionRequest, registry: Registry, cache: Callable[[], Cache]) -> None:
        self.request = request
        self.registry = registry
        self.cache = cache()
        self.operation = _operation(request)
        self.was_changed = False
        self._shown: dict[str, tuple[Plain | None, Plain | None]] = {}

    @property
    def kind(self) -> AnyKind:
        """The kind that the request names."""
        return self.request.kind

    @property
    def name(self) -> str:
        """The object's name; empty for one whose name is to be generated."""
        obj = self.request.obj if self.request.obj is not None else self.request.old
        return self.request.attributes.name or (meta_of(obj).name if obj is not None else "") or ""

    @property
    def resource(self) -> str:
        """The resource with its subresource, as rules name it: ``pods`` or ``pods/status``."""
        subresource = self.request.attributes.subresource
        return f"{self.kind.plural}/{subresource}" if subresource else self.kind.plural

    async def objects(self, kind: AnyKind) -> tuple[Plain | None, Plain | None]:
        """Return the object and the one before it, as a kind shows them; neither may be changed.

        Args:
            kind: The request's kind, or another version of it.

        Raises:
            StatusError: They cannot be converted.
        """
        shown = self._shown.get(kind.api_version)
        if shown is None:
            before = self.request.old
            pair = (await self._plain(self.request.obj, kind), await self._plain(before, kind))
            shown = self._shown[kind.api_version] = pair
        return shown

    async def replace(self, plain: Plain, kind: AnyKind) -> None:
        """Put what a mutation made in the object's place.

        Args:
            plain: The whole object.
            kind: The version in which it is.

        Raises:
            StatusError: It is no object of this kind.
        """
        if kind is not self.kind:
            plain = await _converted(plain, kind, self.kind)
        made: ApiObject = codec.from_plain(self.kind, plain)[0]
        _overwrite(self.request.obj, made)
        self._shown.clear()
        self.was_changed = True

    def described(self, kind: AnyKind) -> Plain:
        """Return the request as an ``AdmissionReview`` has it, without the objects.

        Args:
            kind: The version in which the objects are shown.
        """
        attributes, own = self.request.attributes, self.kind
        identity = attributes.identity
        described: Plain = {
            "kind": _kind(kind),
            "resource": _resource(kind),
            "requestKind": _kind(own),
            "requestResource": _resource(own),
            "name": self.name,
            "operation": self.operation,
            "userInfo": _user(identity.user, identity.uid, identity.groups, identity.extra),
            "dryRun": self.request.dry_run,
            "options": self._options(),
        }
        if attributes.namespace:
            described["namespace"] = attributes.namespace
        if attributes.subresource:
            described["subResource"] = described["requestSubResource"] = attributes.subresource
        return described

    def _options(self) -> Plain | None:
        name = _OPTIONS.get(self.operation)
        if name is None:
            return None
        if self.request.attributes.verb == "patch" and self.operation == "UPDATE":
            name = "PatchOptions"
        options: Plain = {"kind": name, "apiVersion": "meta.k8s.io/v1"}
        for field in _OPTION_FIELDS:
            if (value := self.request.options.get(field)) is not None:
                options[field] = [value] if field == "dryRun" else value
        return options

    async def _plain(self, obj: ApiObject | None, kind: AnyKind) -> Plain | None:
        if obj is None:
            return None
        plain = codec.to_plain(obj)
        return plain if kind is self.kind else await _converted(plain, self.kind, kind)


async def _converted(plain: Plain, one: AnyKind, other: AnyKind) -> Plain:
    """Return an object of one version in another, through the form in which both are stored."""
    stored = plain if one.view is None else await one.view.to_stored(plain, None)
    return stored if other.view is None else (await other.view.from_stored([stored]))[0]


def _operation(request: AdmissionRequest) -> str:
    if request.attributes.verb == "connect":
        return "CONNECT"
    if request.obj is None:
        return "DELETE"
    return "CREATE" if request.old is None else "UPDATE"


def _overwrite(obj: ApiObject, made: ApiObject) -> None:
    """Make an object equal to another one, in place: who waits for the mutation holds it, and its metadata too."""
    metadata = meta_of(obj)
    _copy(metadata, meta_of(made))
    _copy(obj, made)
    obj.metadata = metadata


def _copy(into: Any, source: Any) -> None:  # noqa: ANN401 - any Struct
    for name in into.__struct_fields__:
        setattr(into, name, getattr(source, name))


def _kind(kind: AnyKind) -> Plain:
    return {"group": kind.group, "version": kind.version, "kind": kind.name}


def _resource(kind: AnyKind) -> Plain:
    return {"group": kind.group, "version": kind.version, "resource": kind.plural}


def _user(name: str, uid: str, groups: tuple[str, ...], extra: object) -> Plain:
    user: Plain = {"username": name, "groups": list(groups)}
    if uid:
        user["uid"] = uid
    if isinstance(extra, dict) and extra:
        user["extra"] = {key: list(values) for key, values in extra.items()}
    return user
