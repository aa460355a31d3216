"""Tracking numbers in a text: whose each is, by its shape, its check digit and the words around it.

What names a carrier beats the digits: fourteen of them may be Hermes' or DPD's, twelve DHL's or GLS'.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from watcher.carriers.numbers.naming import carrier_id
from watcher.carriers.numbers.pieces import Piece, pieces_of
from watcher.carriers.numbers.shape import Shape
from watcher.carriers.numbers.shapes import all_shapes
from watcher.domain.confidence import Confidence

LONGEST_TEXT = 200_000
"""How many signs of a text are looked at: more than any page about a parcel has, and read within a second whatever they are."""
_KIN = frozenset({"dhl", "deutsche_post"})
"""One house: a text that names the one does not speak against the other."""


class NumberProblem(StrEnum):
    """Why what somebody typed is not taken for a tracking number."""

    EMPTY = "empty"
    WRONG_CHECK_DIGIT = "wrong_check_digit"
    """It has the shape of one and was mistyped."""
    UNKNOWN_SHAPE = "unknown_shape"
    """No carrier's that is known here; it may be one all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackingNumber:
    """One number found, whose it is, and how sure that is."""

    number: str
    """Without blanks, in capitals."""
    carrier: str
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class _Reading:
    """A piece read as one carrier's number."""

    found: TrackingNumber
    piece: Piece
    is_named: bool
    is_contradicted: bool
    """Whether another carrier is named."""

    @property
    def rank(self) -> tuple[bool, int, bool, int, int]:
        """Return where it stands among all: the surest first, then in the order of the text, a whole word before its neighbours."""
        piece = self.piece
        sure = self.found.confidence.rank
        return (self.is_contradicted, sure, not self.is_named, piece.start, piece.end - piece.start)


def candidates(text: str, *, carrier: str | None = None) -> Sequence[TrackingNumber]:
    """Return the readings of every tracking number in a text, the surest first, then in the order of the text.

    One number may have several readings, one for each carrier whose it can be. A carrier that is named comes before every
    other one, however well that one's digits fit.

    Args:
        text: what was typed, copied or shown; a stranger's text, of which the first 200,000 signs count.
        carrier: the id or name of the carrier where the page, or the seller, names it.
    """
    return tuple(reading.found for reading in _ranked(text, carrier))


def recognise_in(text: str, *, carrier: str | None = None) -> TrackingNumber | None:
    """Return the surest tracking number in a text, of the carrier that the page names where it names one.

    A number whose check digit is wrong, or whose carrier cannot be told, is left alone: no number is better than a
    wrong one.
    """
    named = carrier_id(carrier)
    return next(
        (
            found
            for found in candidates(text, carrier=carrier)
            if found.confidence is not Confidence.UNSURE and named in {None, found.carrier}
        ),
        None,
    )


def explain(text: str, *, carrier: str | None = None) -> NumberProblem | None:
    """Say why what was typed as a number is not taken for one; `None` where it is.

    A check digit is only called wrong where the number can be nobody else's: a carrier that is not known here may have
    a rule of its own.

    Args:
        text: the number as it was typed.
        carrier: the carrier that the order names, if it names one.
    """
    if not any(sign.isalnum() for sign in text):
        return NumberProblem.EMPTY
    readings = _ranked(text, carrier)
    if any(reading.found.confidence is not Confidence.UNSURE for reading in readings):
        return None
    named = carrier_id(carrier)
    telling = [
        shape for shape in all_shapes() if shape.is_telling and (shape.marked or shape.carrier == named)
    ]
    pieces = pieces_of(text[:LONGEST_TEXT])
    if any(shape.fits(piece.text.upper()) for piece in pieces for shape in telling):
        return NumberProblem.WRONG_CHECK_DIGIT
    return None if readings else NumberProblem.UNKNOWN_SHAPE


def mistyped(text: str, *, carrier: str | None = None) -> Sequence[str]:
    """Return what can only be a tracking number with a wrong check digit, in the order of the text.

    As `explain` judges what was typed; in a longer text only what is one word, or is called a tracking number there.

    Args:
        text: what was copied; a stranger's text, of which the first 200,000 signs count.
        carrier: the id or name of the carrier that the text is about, where that is known.
    """
    text, named = text[:LONGEST_TEXT], carrier_id(carrier)
    telling = [
        shape for shape in all_shapes() if shape.is_telling and (shape.marked or shape.carrier == named)
    ]
    right = [reading.piece for reading in _ranked(text, carrier)]
    found = {
        piece.start: piece.text.upper()
        for piece in pieces_of(text)
        if piece.is_told
        and any(shape.fits(piece.text.upper()) for shape in telling)
        and not any(piece.start < other.end and other.start < piece.end for other in right)
    }
    return tuple(dict.fromkeys(number for _, number in sorted(found.items())))


def _ranked(text: str, carrier: str | None) -> Sequence[_Reading]:
    """Return every reading, the surest first, each number of each carrier once; of overlapping pieces the surer one."""
    text, given = text[:LONGEST_TEXT], carrier_id(carrier)
    best: dict[tuple[str, str], _Reading] = {}
    for piece in pieces_of(text):
        for reading in _readings(piece, given or piece.named):
            key = (reading.found.number, reading.found.carrier)
            if key not in best or reading.rank < best[key].rank:
                best[key] = reading
    return tuple(sorted(_apart(best.values()), key=lambda reading: reading.rank))


def _apart(readings: Iterable[_Reading]) -> Iterator[_Reading]:
    """Yield the readings but those whose piece shares signs with another number's surer one."""
    cluster: list[_Reading] = []
    end = 0
    for reading in sorted(readings, key=lambda each: each.piece.start):
        if cluster and reading.piece.start >= end:
            yield from _surest(cluster)
            cluster = []
        cluster.append(reading)
        end = max(end, reading.piece.end)
    yield from _surest(cluster)


def _surest(cluster: Iterable[_Reading]) -> Sequence[_Reading]:
    kept: list[_Reading] = []
    for reading in sorted(cluster, key=lambda each: each.rank):
        if not any(_clash(reading, other) for other in kept):
            kept.append(reading)
    return kept


def _clash(one: _Reading, other: _Reading) -> bool:
    apart = one.piece.end <= other.piece.start or other.piece.end <= one.piece.start
    return not apart and one.found.number != other.found.number


def _readings(piece: Piece, named: str | None) -> Iterator[_Reading]:
    number = piece.text.upper()
    for shape in all_shapes():
        is_named = shape.carrier == named
        if shape.only_named and not (is_named and piece.text == number):
            continue
        if shape.accepts(number):
            yield _Reading(
                TrackingNumber(
                    number=number, carrier=shape.carrier, confidence=_confidence(shape, piece, named)
                ),
                piece,
                is_named,
                named is not None and not is_named and not {shape.carrier, named} <= _KIN,
            )


def _confidence(shape: Shape, piece: Piece, named: str | None) -> Confidence:
    """Return how sure a reading is: a carrier that is named beats every other, except for a shape that is nobody else's."""
    if named == shape.carrier:
        return shape.most
    if shape.marked:
        return shape.alone
    if named is not None or not piece.is_told:
        return Confidence.UNSURE
    return shape.alone
