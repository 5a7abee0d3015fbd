"""One object in the versions that its managers write: fields are compared in the words of who owns them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kubernel.objects.models import Plain
from kubernel.objects.ownership.fieldset import FieldSet
from kubernel.objects.ownership.shapes import Shape

__all__ = ["Version", "Versions"]

_NONE = FieldSet({})


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a kind.

    Attributes:
        shape: Its shape.
        ignored: Fields that the request cannot write, whatever it says, and nobody becomes the owner of: ``status`` on
            the object itself, all the rest on its status.
        to: Makes this version of an object from the request's version; ``None`` when they are the same.
        back: The other way.
    """

    shape: Shape
    ignored: FieldSet = _NONE
    to: Callable[[Plain], Plain] | None = None
    back: Callable[[Plain], Plain] | None = None

    def made(self, obj: Plain) -> Plain:
        """Return an object of the request's version in this one."""
        return obj if self.to is None else self.to(obj)

    def unmade(self, obj: Plain) -> Plain:
        """Return an object of this version in the request's."""
        return obj if self.back is None else self.back(obj)


@dataclass(frozen=True, slots=True)
class Versions:
    """The version of a request, and the others in which its objects may be owned.

    Attributes:
        api_version: The request's.
        own: What is known of it.
        others: By ``apiVersion``; owners in a version that is neither are forgotten, as nobody knows their fields.
    """

    api_version: str
    own: Version
    others: Mapping[str, Version] = field(default_factory=dict)

    def of(self, api_version: str) -> Version | None:
        """Return a version; ``None`` for one that is not served any more."""
        return self.own if api_version == self.api_version else self.others.get(api_version)
