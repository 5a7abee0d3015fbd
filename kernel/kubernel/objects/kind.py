"""What a kind is: everything the kernel needs to know of it, as data.

A kind is one value of `Kind`, in one small file under ``kinds/``. The API server reads it and knows how to
serve, default, validate, print and index the objects; no other file names the kind. A third party's plugin
hands in its own `Kind` values through the ``kubernel_kinds`` hook (``kubernel.plugin``), which the built-in
ones use too.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from kubernel.objects.errors import FieldError
from kubernel.objects.models import ApiObject, Plain
from kubernel.objects.rules.names import dns_subdomain_errors

__all__ = ["VERBS", "Cell", "Column", "GroupVersionKind", "Kind", "Part", "PureView", "Scale", "View"]

T = TypeVar("T", bound=ApiObject)

VERBS = ("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch")
"""What clients may do with the objects of an ordinary kind, in the order in which discovery lists it."""
Cell = str | int | bool | None


@dataclass(frozen=True, slots=True)
class GroupVersionKind:
    """A kind's full name; ``group`` is empty for the core group."""

    group: str
    version: str
    kind: str

    @property
    def api_version(self) -> str:
        """``v1`` or ``group/version``, as in an object's ``apiVersion``."""
        return f"{self.group}/{self.version}" if self.group else self.version


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """One column of ``kubectl get``.

    Attributes:
        name: The heading; kubectl upper-cases it.
        cell: Computes the cell from the object and the time now (timezone-aware, UTC).
        type: ``string``, ``integer``, ``number``, ``boolean`` or ``date``, as OpenAPI has it.
        format: ``name`` for the column that holds the object's name, else empty.
        priority: 0 is always shown, greater only with ``-o wide``.
        description: What the column says, in one sentence.
    """

    name: str
    cell: Callable[[T, datetime], Cell]
    type: str = "string"
    format: str = ""
    priority: int = 0
    description: str = ""


@dataclass(frozen=True, slots=True)
class Scale(Generic[T]):
    """How the ``scale`` subresource reads and writes an object of this kind.

    Attributes:
        replicas: The wanted number.
        set_replicas: Writes the wanted number into the object.
        current: The observed number.
        selector: The selector in its text form, for ``status.selector``.
        path: Where the wanted number stands: what an apply of a Scale owns of the object.
    """

    replicas: Callable[[T], int]
    set_replicas: Callable[[T, int], None]
    current: Callable[[T], int]
    selector: Callable[[T], str]
    path: tuple[str, ...] = ("spec", "replicas")


class View(ABC):
    """How a kind shows objects that are stored as another one: two versions of a group, or two groups, of one thing.

    Conversion may have to ask somebody (a webhook of a CustomResourceDefinition), so it is awaited, and a list or a
    chunk of a watch is converted in one call. Built-in kinds use `PureView`.

    Attributes:
        of: The kind that is stored; it has the same scope and plural, no view itself, and need not be served.
        fields: This kind's selectable fields by the names that they have in ``of``; what is not named is called alike.
        checks_as_stored: Whether the rules of ``of`` hold for what is written (they stand once for all versions); else
            only those of this kind do.
    """

    of: "Kind[Any]"
    fields: Mapping[str, str]
    checks_as_stored: bool

    @abstractmethod
    async def from_stored(self, objects: Sequence[Plain]) -> list[Plain]:
        """Return this kind's form of stored objects, in their order.

        Args:
            objects: Stored objects with their ``metadata.resourceVersion``; the view's own to change.

        Raises:
            StatusError: They cannot be converted.
        """

    @abstractmethod
    async def to_stored(self, obj: Plain, current: Plain | None) -> Plain:
        """Return the stored form of an object of this kind.

        Args:
            obj: The object; the view's own to change.
            current: What is stored now, from which the result keeps whatever this kind cannot say; ``None`` for a
                create.

        Raises:
            StatusError: It cannot be converted.
        """


@dataclass(frozen=True, slots=True)
class PureView(View):
    """A view whose conversion is a function of the object alone.

    Attributes:
        shown: Makes this kind's form of a stored object, which is its own to change.
        stored: Makes the stored form of an object; arguments as of `View.to_stored`.
    """

    of: "Kind[Any]"
    shown: Callable[[Plain], Plain]
    stored: Callable[[Plain, Plain | None], Plain]
    fields: Mapping[str, str] = field(default_factory=dict)
    checks_as_stored: bool = True

    async def from_stored(self, objects: Sequence[Plain]) -> list[Plain]:
        """Convert each."""
        return [self.shown(obj) for obj in objects]

    async def to_stored(self, obj: Plain, current: Plain | None) -> Plain:
        """Convert it."""
        return self.stored(obj, current)


def _nothing(_obj: Any) -> None:  # noqa: ANN401
    return None


def _no_errors(*_objs: Any) -> Iterable[FieldError]:  # noqa: ANN401
    return ()


def _no_warnings(_new: Any, _old: Any) -> Iterable[str]:  # noqa: ANN401
    return ()


def _no_grace(_obj: Any) -> int:  # noqa: ANN401
    return 0


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A subresource through which a part of the object is written, and nothing else of it.

    Attributes:
        take: Called with (kept, sent): copies into ``kept``, which is as it was stored, what the request may change.
            It replaces values and changes none in place: ``kept`` shares them with what is stored.
        errors: Called with (new, old): all forbidden changes of the part; the kind's ``validate`` is asked too.
    """

    take: Callable[[T, T], None]
    errors: Callable[[T, T], Iterable[FieldError]] = _no_errors


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of object.

    Attributes:
        type: The msgspec Struct of one object; ``apiVersion``, ``kind``, ``metadata`` are its first fields.
        group, version, name, plural, singular, short_names, categories: Its names, as discovery shows them.
        list_name: What a list of its objects is called, where that is not the name with ``List`` behind it.
        namespaced: Whether objects live in a namespace.
        name_errors: The rule for ``metadata.name``: returns sentences, empty when the name is right.
        default: Fills in what the client left out. Called on every create and update, before ``validate``.
            Changes the object in place and must be safe to repeat.
        prepare_create: Resets what only the server or a later actor may write (usually ``status``).
        prepare_update: Called with (new, old): keeps what this request may not change (usually ``status``).
        validate: All broken rules of a new or changed object, in field order; never raises.
        validate_create: All broken rules that only hold for a new object.
        validate_update: Called with (new, old): all forbidden changes of the object itself.
        validate_status: Called with (new, old): all broken rules of a status that is written by itself.
        warnings: Called with (new, old), old being ``None`` for a new object: what the client is warned of, where the
            write succeeds all the same (`kubernel.objects.warnings`). On the path of every write.
        columns: The columns of the server-side table; the name comes first.
        selectable: Field selectors beyond ``metadata.name`` and ``metadata.namespace``: path → value as text.
        has_status: Whether ``status`` is a subresource of its own.
        spec_changes_generation: Whether a changed ``spec`` increments ``metadata.generation``.
        counted_fields: The fields whose change does, where it is not just ``spec``; such as ``metadata.annotations``.
        scale: Present when the kind has the ``scale`` subresource.
        subresources: Further subresources that clients find in discovery, such as ``binding`` or ``log``.
        parts: Subresources through which a part of the object is written, by their names.
        verbs: What clients may do with its objects; a kind that is only asked and never stored has just ``create``.
        view: Present when its objects are stored as those of another kind.
        schema: The OpenAPI v3 schema of a kind that no Python type describes, as its definition has it; clients get it
            from ``/openapi``. ``None`` when ``type`` says everything.
        reread: Brings stored bytes up to the kind's present rules, for objects that were stored before these changed.
        deprecation: What clients are warned of who use this version; empty when there is nothing to say.
        grace_s: The default grace period of a deletion in seconds; 0 deletes at once.
        is_held: Whether something beside ``metadata.finalizers`` still keeps a marked object (a namespace's contents).
        on_marked: Called when the object is marked for deletion; changes it in place.
        is_returned_by_deletion: Whether a deletion is answered with the object itself and not with a Status
            (Kubernetes: Pods and Services).
        orphans_by_default: Whether a deletion without options leaves the dependents alone
            (Kubernetes: only ReplicationControllers).
        api_version: ``v1`` or ``group/version``, as in an object's ``apiVersion``.
        resource: The plural with its group, ``pods`` or ``leases.coordination.k8s.io``; all versions of a kind share
            it.
        gvk: The kind's full name.
        stored_as: The kind whose form the log holds: this one, unless it is a view of another.
        is_stored: Whether its objects are kept; others are only asked for (a review, a binding).

    The last five follow from the others; every request asks for some of them, so they are worked out once.
    """

    type: type[T]
    group: str
    version: str
    name: str
    plural: str
    singular: str
    namespaced: bool
    short_names: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    list_name: str = ""
    name_errors: Callable[[str], list[str]] = dns_subdomain_errors
    default: Callable[[T], None] = _nothing
    prepare_create: Callable[[T], None] = _nothing
    prepare_update: Callable[[T, T], None] = field(default=lambda _new, _old: None)
    validate: Callable[[T], Iterable[FieldError]] = _no_errors
    validate_create: Callable[[T], Iterable[FieldError]] = _no_errors
    validate_changed: Callable[[T, T], Iterable[FieldError]] | None = None
    validate_update: Callable[[T, T], Iterable[FieldError]] = _no_errors
    validate_status: Callable[[T, T], Iterable[FieldError]] = _no_errors
    warnings: Callable[[T, T | None], Iterable[str]] = _no_warnings
    columns: tuple[Column[T], ...] = ()
    selectable: Mapping[str, Callable[[T], str]] = field(default_factory=dict)
    has_status: bool = False
    spec_changes_generation: bool = False
    counted_fields: tuple[str, ...] = ()
    scale: Scale[T] | None = None
    subresources: tuple[str, ...] = ()
    parts: Mapping[str, Part[T]] = field(default_factory=dict)
    verbs: tuple[str, ...] = VERBS
    view: View | None = None
    schema: Plain | None = None
    reread: Callable[[bytes], bytes] | None = None
    deprecation: str = ""
    grace_s: Callable[[T], int] = _no_grace
    is_held: Callable[[T], bool] = lambda _obj: False
    on_marked: Callable[[T], None] = _nothing
    is_returned_by_deletion: bool = False
    orphans_by_default: bool = False
    api_version: str = field(init=False, repr=False, compare=False)
    resource: str = field(init=False, repr=False, compare=False)
    gvk: GroupVersionKind = field(init=False, repr=False, compare=False)
    stored_as: "Kind[Any]" = field(init=False, repr=False, compare=False)
    is_stored: bool = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        gvk = GroupVersionKind(self.group, self.version, self.name)
        object.__setattr__(self, "gvk", gvk)
        object.__setattr__(self, "api_version", gvk.api_version)
        object.__setattr__(self, "resource", f"{self.plural}.{self.group}" if self.group else self.plural)
        object.__setattr__(self, "stored_as", self if self.view is None else self.view.of)
        object.__setattr__(self, "is_stored", "get" in self.verbs)

    @property
    def has_generation(self) -> bool:
        """Whether ``metadata.generation`` counts what changes."""
        return self.spec_changes_generation or bool(self.counted_fields)

    @property
    def list_kind(self) -> str:
        """The kind of a list of its objects."""
        return self.list_name or f"{self.name}List"

    def path(self, namespace: str | None = None, name: str | None = None, subresource: str | None = None) -> str:
        """Return the URL path of the collection, of one object or of a subresource.

        Args:
            namespace: Left out for cluster-scoped kinds and for a list over all namespaces.
            name: The object; ``None`` means the collection.
            subresource: Such as ``status``; needs a name.
        """
        parts = [f"/apis/{self.group}/{self.version}" if self.group else f"/api/{self.version}"]
        if self.namespaced and namespace:
            parts.append(f"namespaces/{namespace}")
        parts.append(self.plural)
        if name:
            parts.append(name)
        if subresource:
            parts.append(subresource)
        return "/".join(parts)
