"""The wire format: a message is a row of fields, each a number, a wire type and a value.

Source: protobuf's encoding specification. Groups (wire types 3 and 4), which Kubernetes' types never have, are refused.
"""

from kubernel.objects.bounds import too_many

__all__ = ["FIXED64", "LENGTH", "VARINT", "Cursor", "ProtobufError"]

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5
_WIDTH = {FIXED64: 8, FIXED32: 4}
_VARINT_BYTES = 10
_TAG_MAX = (1 << 32) - 1
_UINT64 = (1 << 64) - 1
_MORE = 0x80
"""The bit of a varint's byte that says that another follows."""

Part = tuple[int, int, int, int]
"""A field: its tag; for a varint the value and 0, for all else where its bytes begin and end; where the next begins."""


class ProtobufError(ValueError):
    """The bytes are no such message; the text says why."""


class Cursor:
    """A body that is being read, and how much of it may still be.

    Two bytes can be a whole empty message, so the number of fields is bounded and not only the body's length.

    Args:
        body: The bytes.
        values: At most so many fields are read.
    """

    __slots__ = ("_left", "body")

    def __init__(self, body: bytes, values: int) -> None:
        self.body = body
        self._left = values

    def spend(self) -> None:
        """Count one value.

        Raises:
            StatusError: 413, there are too many.
        """
        self._left -= 1
        if self._left < 0:
            raise too_many()

    def part(self, position: int, end: int) -> Part:
        """Return the field that begins at a place; the path of every field, so it looks at the usual cases first.

        Raises:
            ProtobufError: The bytes end too early or mean nothing.
            StatusError: 413, there were too many fields.
        """
        self._left -= 1
        if self._left < 0:
            self.spend()
        body = self.body
        tag = body[position]
        position += 1
        if tag >= _MORE:
            tag, position = self.varint(position - 1, end)
        wire = tag & 7
        if tag < 1 << 3 or tag > _TAG_MAX:
            raise ProtobufError(f"proto: illegal tag {tag >> 3} (wire type {wire})")
        if wire in (LENGTH, VARINT):
            if position < end and body[position] < _MORE:
                value = body[position]
                position += 1
            else:
                value, position = self.varint(position, end)
            if wire == VARINT:
                return tag, value, 0, position
        elif wire in _WIDTH:
            value = _WIDTH[wire]
        else:
            raise ProtobufError(f"proto: illegal wireType {wire}")
        last = position + value
        if last > end:
            raise ProtobufError("unexpected EOF")
        return tag, position, last, last

    def parts(self, start: int, end: int) -> dict[int, tuple[int, int]]:
        """Return the fields of a small message by their tags, the last of each.

        Raises:
            ProtobufError: As `part`.
        """
        found = {}
        while start < end:
            tag, first, last, start = self.part(start, end)
            found[tag] = first, last
        return found

    def varint(self, position: int, end: int) -> tuple[int, int]:
        """Return an unsigned number of at most 64 bits, and where it ends.

        Raises:
            ProtobufError: It does not end in ten bytes, is larger, or the bytes end before it does.
        """
        body, value = self.body, 0
        for shift in range(0, 7 * _VARINT_BYTES, 7):
            if position >= end:
                raise ProtobufError("unexpected EOF")
            byte = body[position]
            position += 1
            value |= (byte & (_MORE - 1)) << shift
            if byte < _MORE:
                if value > _UINT64:
                    break
                return value, position
        raise ProtobufError("proto: integer overflow")

    def text(self, start: int, end: int, _depth: int = 0) -> str:
        """Return bytes as text.

        Raises:
            ProtobufError: They are not UTF-8.
        """
        try:
            return self.body[start:end].decode()
        except UnicodeDecodeError as error:
            raise ProtobufError("proto: string field contains invalid UTF-8") from error
