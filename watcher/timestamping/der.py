"""The little of DER (ITU-T X.690) that stamps need: writing a question, and putting an answer's certificates in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SEQUENCE: Final = 0x30
SET: Final = 0x31
INTEGER: Final = 0x02
OID: Final = 0x06
OCTETS: Final = 0x04
BOOLEAN: Final = 0x01
NULL: Final = 0x05
CONTEXT_0: Final = 0xA0
_LONG: Final = 0x80
_MOST_LENGTH_BYTES: Final = 4


class NotDerError(ValueError):
    """The bytes are no DER, or not what was looked for in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One element within bytes: where it begins, where its content lies, what comes after it."""

    tag: int
    start: int
    content: int
    end: int


def element(tag: int, *contents: bytes) -> bytes:
    """Return an element with its length in the shortest form."""
    content = b"".join(contents)
    size = len(content)
    if size < _LONG:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes((tag, _LONG | len(length))) + length + content


def integer(value: int) -> bytes:
    """Return a number that is not negative."""
    return element(INTEGER, value.to_bytes(value.bit_length() // 8 + 1))


def part_at(data: bytes, at: int, *, end: int | None = None) -> Part:
    """Return the element that begins there.

    Raises:
        NotDerError: none does, or it reaches beyond `end`.
    """
    limit = len(data) if end is None else end
    if at + 2 > limit:
        raise NotDerError("cut off")
    tag, size, content = data[at], data[at + 1], at + 2
    if size >= _LONG:
        count = size - _LONG
        if not 0 < count <= _MOST_LENGTH_BYTES or content + count > limit:
            raise NotDerError("a length that is none")
        size, content = int.from_bytes(data[content : content + count]), content + count
    if content + size > limit:
        raise NotDerError("cut off")
    return Part(tag=tag, start=at, content=content, end=content + size)


def parts_of(data: bytes, whole: Part) -> Iterator[Part]:
    """Return the elements within another one.

    Raises:
        NotDerError: what lies in it are no elements.
    """
    at = whole.content
    while at < whole.end:
        part = part_at(data, at, end=whole.end)
        yield part
        at = part.end


def child(data: bytes, whole: Part, index: int, *, tag: int) -> Part:
    """Return one element within another by its place.

    Raises:
        NotDerError: there is none, or it is of another kind.
    """
    found = next((part for place, part in enumerate(parts_of(data, whole)) if place == index), None)
    if found is None or found.tag != tag:
        raise NotDerError("another shape than a time stamp's")
    return found
