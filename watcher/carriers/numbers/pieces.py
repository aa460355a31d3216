"""The pieces of a text that may be a tracking number: words, numbers printed in groups, and what stands in links."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from urllib.parse import unquote

from watcher.carriers.numbers.naming import naming_in
from watcher.carriers.numbers.shape import GAP
from watcher.carriers.numbers.shapes import all_shapes

_SHORTEST, _LONGEST = 8, 27
"""A Track-ID of GLS; `JJD` and 24 digits."""
_WORD = re.compile(r"(?<![^\W_])(?=[A-Za-z]{0,26}[0-9])[0-9A-Za-z]{8,27}+(?![^\W_])")
_ROW = re.compile(rf"(?<![^\W_])(?<!\+)[0-9]+(?:{GAP}{{1,2}}[0-9]+)*+")
"""Groups of digits. One behind a plus is a telephone number."""
_LETTER = re.compile(rf"{GAP}{{0,2}}([A-Z])(?![^\W_])")
_ALNUM = re.compile(r"[^\W_]")
_GAPS = re.compile(rf"{GAP}+")
_LINK = re.compile(r"https?://[^\s<>\"'“”„|]{4,2000}", re.IGNORECASE)
_HOST = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
_ANNOUNCED = re.compile(
    r"sendung|paket|piececode|einlieferung|track|parcel|shipment|consignment", re.IGNORECASE
)
_ANNOUNCED_WITHIN = 40
_TYPED = re.compile(rf"(?:[\s./]|{GAP})+")
_LONGEST_TYPED = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece, as it stands in the text but without gaps."""

    text: str
    start: int
    end: int
    named: str | None
    """The carrier that the words around it name."""
    is_told: bool = True
    """Whether something says that it is a tracking number: it is one word, or a word like "Sendungsnummer" announces it. Digits that
    were put together from groups, or that a stranger's link holds, may be anything."""


def pieces_of(text: str) -> Iterator[Piece]:
    """Yield every piece of a text, in no order; the time that takes grows with the text and no faster.

    1. A short text is a piece as a whole: somebody typed it.
    2. Words of letters and digits, rows of groups of digits, and what looks like a number that nobody else's can be mistaken for.
    3. In a link its host names the carrier, escaped signs are read, and nothing spans its ends.
    """
    if len(text) <= _LONGEST_TYPED:
        yield Piece(_TYPED.sub("", text), 0, len(text), _only_name(text))
    naming = naming_in(text)

    def blank(link: re.Match[str]) -> str:
        return "\n" * len(link[0])

    for piece in _found_in(_LINK.sub(blank, text)):
        yield Piece(
            piece.text,
            piece.start,
            piece.end,
            naming.nearest(piece.start, piece.end),
            piece.is_told or _is_announced(text, piece.start),
        )
    for link in _LINK.finditer(text):
        yield from _in_link(link[0], link.start(), naming.nearest(link.start(), link.end()))


def _in_link(link: str, start: int, named: str | None) -> Iterator[Piece]:
    plain = unquote(link)
    host = _only_name(_HOST.findall(plain)[-1])
    naming = naming_in(plain)
    for piece in _found_in(plain):
        carrier = host or naming.nearest(piece.start, piece.end) or named
        is_told = carrier is not None or _is_announced(plain, piece.start)
        yield Piece(piece.text, start + piece.start, start + piece.end, carrier, is_told)


def _found_in(text: str) -> Iterator[Piece]:
    for word in _WORD.finditer(text):
        yield Piece(word[0], word.start(), word.end(), None)
    for mark in _marks().finditer(text):
        yield Piece(_GAPS.sub("", mark[1]), mark.start(1), mark.end(1), None)
    for row in _ROW.finditer(text):
        end = row.end()
        digits = _GAPS.sub("", row[0]) if end - row.start() <= 3 * _LONGEST else ""
        if not _SHORTEST <= len(digits) <= _LONGEST:
            continue
        if len(digits) < end - row.start() and not _ALNUM.match(text, end):
            yield Piece(digits, row.start(), end, None, is_told=False)
        letter = _LETTER.match(text, end)  # DPD prints its check character behind the digits
        if letter:
            yield Piece(digits + letter[1], row.start(), letter.end(), None, is_told=False)


@cache
def _marks() -> re.Pattern[str]:
    """Return the expression for all numbers that begin like nobody else's, printed in groups or not."""
    printed = "|".join(shape.printed for shape in all_shapes() if shape.marked)
    return re.compile(rf"(?<![^\W_])(?=[0-9A-Z])(?=((?:{printed})(?![^\W_])))", re.IGNORECASE | re.ASCII)


def _only_name(text: str) -> str | None:
    names = set(naming_in(text).carriers)
    return names.pop() if len(names) == 1 else None


def _is_announced(text: str, start: int) -> bool:
    return _ANNOUNCED.search(text, max(0, start - _ANNOUNCED_WITHIN), start) is not None
