"""Where in a body something is, and the sentence of Go's decoder for a value of the wrong type there."""

from typing import Any, NamedTuple, Optional

__all__ = ["Mismatch", "Place", "path_of"]

_WORDS = {str: "string", bool: "bool", int: "number", float: "number", list: "array", type(None): "null"}


class Place(NamedTuple):
    """One step down from another place, kept as a chain because almost no place is ever told.

    Attributes:
        above: ``None`` at the top of the body.
        step: A key or an index.
        owner: The name of the type that has the key as a member; empty for keys of maps, and for indexes.
    """

    above: Optional["Place"]
    step: str | int
    owner: str = ""


def path_of(place: Place | None) -> str:
    """Return ``spec.containers[0].name``."""
    steps = []
    while place is not None:
        steps.append(f"[{place.step}]" if isinstance(place.step, int) else f".{place.step}")
        place = place.above
    return "".join(reversed(steps)).removeprefix(".")


def _member_of(place: Place | None) -> str:
    """Return the member that Go names: its type, and every member on the way; ``Container.spec.containers.name``."""
    steps: list[str] = []
    owner = ""
    while place is not None:
        if place.owner:
            owner = owner or place.owner
            steps.append(str(place.step))
        place = place.above
    return ".".join([owner, *reversed(steps)])


class Mismatch(ValueError):  # noqa: N818 - named after the condition, as the API's reasons are
    """A value has the wrong type; the text is that of Go's decoder."""

    @classmethod
    def of(cls, value: Any, place: Place | None, wanted: str, *, is_shown: bool = False) -> "Mismatch":  # noqa: ANN401
        """Say what was found instead of a Go type.

        Args:
            value: What was found.
            place: Where.
            wanted: The Go type, such as ``[]v1.Container``.
            is_shown: Whether a number is told too: its type is right, and its value is not.
        """
        found = _WORDS.get(type(value), "object")
        if found == "number" and is_shown:
            found = f"number {value}"
        into = f"Go struct field {_member_of(place)}" if place is not None else "Go value"
        return cls(f"json: cannot unmarshal {found} into {into} of type {wanted}")
