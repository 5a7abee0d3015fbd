"""What strict decoding finds: fields that the type does not have, and fields that stand twice.

Source: ``sigs.k8s.io/json``, which Kubernetes decodes with: each sentence once, and a hundred of them at most.
"""

from dataclasses import dataclass, field

from kubernel.objects.reading.places import Place, path_of

__all__ = ["Findings"]

_MOST = 100
_NOTES_MOST = 1000
"""The same sentence a thousand times over is not worth saying so."""


@dataclass(slots=True)
class Findings:
    """Collected during one reading.

    Attributes:
        sentences: Such as ``unknown field "spec.colour"``, in the order of the text.
        missing: The paths of required values that are not there, and for each whether Go tells it from its zero.
    """

    sentences: list[str] = field(default_factory=list)
    missing: dict[str, bool] = field(default_factory=dict)
    _notes_left: int = _NOTES_MOST

    def unknown(self, above: Place | None, key: str) -> None:
        """Note a field that the type does not have."""
        self._note("unknown", above, key)

    def duplicate(self, above: Place | None, key: str) -> None:
        """Note a field that stands twice; the last one counts."""
        self._note("duplicate", above, key)

    def _note(self, what: str, above: Place | None, key: str) -> None:
        if len(self.sentences) < _MOST and self._notes_left > 0:
            self._notes_left -= 1
            sentence = f'{what} field "{path_of(Place(above, key))}"'
            if sentence not in self.sentences:
                self.sentences.append(sentence)
