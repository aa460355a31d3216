"""What a human copied from a carrier's tracking page or app: statuses with their times, and tracking numbers."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from watcher.carriers.course import Line, course_of, moment_of
from watcher.carriers.harmless import harmless_line, lines_of
from watcher.carriers.numbers.naming import carrier_id, naming_in
from watcher.carriers.recogniser import TrackingNumber, candidates, mistyped
from watcher.carriers.statuses.meaning import meaning_of
from watcher.carriers.when import dated, stamps_in
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import AHEAD, Milestone

LONGEST = 100_000
"""A whole tracking page with its menus has a few thousand signs."""
_LONGEST_LINE = 600
_LONGEST_RUN = 20_000
"""A whole course without line ends."""
_MOST_STATEMENTS = 200
_MOST_NUMBERS = 50
_CELLS = re.compile(r"\t+| {3,}")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>|<!--|<!doctype", re.IGNORECASE)
_MANY_TAGS = 5
_KIN = frozenset({"dhl", "deutsche_post"})
"""One house: each speaks of the other on its pages."""
_NOT_ALNUM = re.compile(r"[^0-9A-Z]")


class PasteProblem(StrEnum):
    """Why a text says nothing, or is to be looked at."""

    EMPTY = "empty"
    MARKUP = "markup"
    """The source code of a page. Nothing was read."""
    TOO_LONG = "too_long"
    """Nothing was read."""
    NOT_UNDERSTOOD = "not_understood"
    """Nothing in it is a status that is known. What was dated is there, as not known."""
    FUTURE = "future"
    """Forecasts, or statuses dated later than now: whatever is there is unsure."""
    UNDATED = "undated"
    """Several statuses and no date: which of them is the latest cannot be told. They are unsure."""
    OTHER_CARRIER = "other_carrier"
    """It speaks of another carrier than the one that was asked for. It was read all the same, and all of it is unsure."""
    OTHER_NUMBER = "other_number"
    """It names another parcel's number: for whoever knows the parcel's own to say."""
    SEVERAL_PARCELS = "several_parcels"
    """It tells of several parcels, and the number of the one in question is not known: as above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One status, as the carrier said it."""

    milestone: Milestone
    """`UNKNOWN` for a dated line that nobody understands."""
    words: str
    """The carrier's own words as one harmless line; a stranger's text."""
    at: datetime | None = None
    """When it happened, in UTC; `None` for the single status of a text without dates: it holds at the time of pasting."""
    confidence: Confidence = Confidence.UNSURE
    at_shop: bool = False
    carrier: str | None = None
    """The carrier that the text speaks of, where it names one."""
    numbers: frozenset[str] = frozenset()
    """The tracking numbers of the part of the text where it stands; empty unless several parcels have statuses there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pasted:
    """What a text says. `problem` may stand beside statements."""

    statements: tuple[Statement, ...] = ()
    """The oldest first; unsure ones are kept and never counted."""
    numbers: tuple[TrackingNumber, ...] = ()
    """Every tracking number that can be told for one in its surest reading, the surest first."""
    mistyped: tuple[str, ...] = ()
    """What has the shape of a tracking number and a wrong check digit."""
    carrier: str | None = None
    """The carrier that the text speaks of, where that can be told."""
    problem: PasteProblem | None = None


def read_pasted(text: str, *, carrier: str | None, now: datetime) -> Pasted:
    """Read a text; never raises on its account, and is quick: nothing is read of a text longer than `LONGEST`.

    1. A line is a status when the tables of `watcher/carriers/statuses` know its words; menus, advertisements, forecasts
       and the bar of steps to come are none.
    2. Its time is the one beside it, above or below it (see `watcher/carriers/course.py`), on a German clock. Contradicting
       statuses are kept as they are: the domain judges.
    3. A status without a date belongs to the moment of pasting only where it is the single one of the text.
    4. What lies in the future, what has no date among several, and what another carrier says than the one that was asked
       for, is unsure.
    5. Several statuses with their dates on one line are read one by one; where it cannot be told which date is whose, they
       are unsure.
    6. Nothing of the text steers a terminal or a page later: words are single printable lines.

    Args:
        text: what was copied; a stranger's text.
        carrier: the carrier that the order's page names, where it names one; an id or a name.
        now: the moment of pasting.

    Raises:
        ValueError: `now` has no time zone.
    """
    if now.utcoffset() is None:
        raise ValueError("a text is read at a moment with a time zone")
    if len(text) > LONGEST:
        return Pasted(problem=PasteProblem.TOO_LONG)
    whole = [harmless_line(_CELLS.sub(" | ", line.strip()), limit=_LONGEST_RUN) for line in lines_of(text)]
    if not any(whole):
        return Pasted(problem=PasteProblem.EMPTY)
    if _is_markup(text):
        return Pasted(problem=PasteProblem.MARKUP)
    asked = carrier_id(carrier)
    numbers = _numbers("\n".join(whole), asked)
    spoken = _carrier_of(whole, numbers, asked)
    is_other = asked is not None and spoken is not None and asked != spoken and {asked, spoken} != _KIN
    if is_other:
        numbers = _numbers("\n".join(whole), spoken)
    lines, tangled = _one_by_one(whole, spoken or asked)
    understood: dict[str, Line] = {}
    for line in filter(None, lines):
        if line not in understood:
            understood[line] = _line(line, spoken or asked, now)
    read = [replace(understood[line], place=place) for place, line in enumerate(lines) if line]
    course = course_of(read, now=now)[-_MOST_STATEMENTS:]
    parts = _parts(lines, course, numbers)
    statements = tuple(
        replace(said, confidence=Confidence.UNSURE) if is_other or line.place in tangled else said
        for line in course
        for said in (_said(line, spoken, parts, now),)
    )
    statements = tuple(dict.fromkeys(_single(statements)))
    if not statements and not numbers:
        statements = _only_line(read, spoken)
    return Pasted(
        statements=statements,
        numbers=numbers,
        mistyped=tuple(mistyped("\n".join(whole), carrier=spoken or asked))[:_MOST_NUMBERS],
        carrier=spoken,
        problem=_problem(statements, read, numbers, now)
        or (PasteProblem.OTHER_CARRIER if is_other else None),
    )


def _is_markup(text: str) -> bool:
    start = text.lstrip()[:20].casefold()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        return True
    tags = sum(1 for _ in zip(_TAG.finditer(text), range(_MANY_TAGS), strict=False))
    return tags >= _MANY_TAGS


def _one_by_one(whole: Sequence[str], carrier: str | None) -> tuple[list[str], set[int]]:
    """Return the lines, each with one status where their dates tell them apart, and the places of those where they do not."""
    lines: list[str] = []
    tangled: set[int] = set()
    for line in whole:
        pieces, is_clear = _pieces(line, carrier)
        tangled |= set() if is_clear else {len(lines)}
        lines += [harmless_line(piece, limit=_LONGEST_LINE) for piece in pieces]
    return lines, tangled


def _pieces(line: str, carrier: str | None) -> tuple[list[str], bool]:
    """Return the statuses of one line with their dates, and whether it is clear which date is whose.

    A date stands in front of all of them or behind all of them; the sign for that is an end of the line without a status.
    """
    stamps = stamps_in(line)
    if len(stamps) <= 1:
        return [line], True
    ends = [0, *(end for _, end in stamps)]
    starts = [*(start for start, _ in stamps), len(line)]
    tells = [
        meaning_of(line[end:start], carrier=carrier).milestone is not Milestone.UNKNOWN
        for end, start in zip(ends, starts, strict=True)
    ]
    if sum(tells) <= 1:
        return [line], True
    if tells[0] is tells[-1]:
        return [line], False
    cuts = [
        0,
        *((end for _, end in stamps[:-1]) if tells[0] else (start for start, _ in stamps[1:])),
        len(line),
    ]
    return [line[start:end].strip(" ,;|") for start, end in pairwise(cuts)], True


def _line(line: str, carrier: str | None, now: datetime) -> Line:
    found = dated(line, now=now)
    meaning = meaning_of(found.words, carrier=carrier)
    is_status = meaning.milestone is not Milestone.UNKNOWN
    return Line(
        words=found.words, meaning=meaning, when=found.when if is_status or not found.is_inside else None
    )


def _numbers(text: str, carrier: str | None) -> tuple[TrackingNumber, ...]:
    once: dict[str, TrackingNumber] = {}
    for each in candidates(text, carrier=carrier):
        once.setdefault(each.number, each)
    return tuple(once.values())


def _carrier_of(lines: Sequence[str], numbers: Sequence[TrackingNumber], asked: str | None) -> str | None:
    """Return the carrier that a text speaks of: the one that was asked for where it is named at all, else the one named most."""
    named = Counter(naming_in("\n".join(lines)).carriers)
    if asked is not None and (asked in named or (asked in _KIN and named.keys() & _KIN)):
        return asked
    if named:
        (first, count), *others = named.most_common(2)
        return first if not others or count > others[0][1] else None
    sure = {each.carrier for each in numbers if each.confidence is Confidence.CERTAIN}
    return sure.pop() if len(sure) == 1 else None


def _parts(
    lines: Sequence[str], course: Sequence[Line], numbers: Sequence[TrackingNumber]
) -> list[tuple[int, frozenset[str]]]:
    """Return where in the text the part of which parcel begins; nothing where all statuses may be of one parcel."""
    sure = [each.number for each in numbers if each.confidence is not Confidence.UNSURE][:_MOST_NUMBERS]
    begins: list[tuple[int, set[str]]] = []
    statuses = {line.place for line in course}
    is_open = False
    for place, line in enumerate(lines):
        bare = _NOT_ALNUM.sub("", line.upper())
        here = {number for number in sure if number in bare}
        if here and is_open:
            begins[-1][1].update(here)
        elif here and not (begins and here <= begins[-1][1]):
            begins.append((place, here))
            is_open = True
        if place in statuses:
            is_open = False
    ends = [*(start for start, _ in begins[1:]), len(lines)]
    told = [
        (start, frozenset(found))
        for (start, found), end in zip(begins, ends, strict=False)
        if any(start <= place < end for place in statuses)
    ]
    return told if len(told) > 1 else []


def _said(
    line: Line, carrier: str | None, parts: Sequence[tuple[int, frozenset[str]]], now: datetime
) -> Statement:
    at = moment_of(line)
    is_ahead = at is not None and at > now + AHEAD
    here = [found for start, found in parts if start <= line.place]
    return Statement(
        milestone=line.meaning.milestone,
        words=harmless_line(line.words),
        at=at,
        confidence=Confidence.UNSURE if is_ahead else line.meaning.confidence,
        at_shop=line.meaning.at_shop,
        carrier=carrier,
        numbers=here[-1] if here else frozenset(),
    )


def _single(statements: Sequence[Statement]) -> Iterator[Statement]:
    """Yield the statuses that stay: one without a date counts where it is the only one, and is unsure among its like."""
    known = [each for each in statements if each.milestone is not Milestone.UNKNOWN]
    undated = [each for each in known if each.at is None]
    for each in statements:
        if each.at is not None:
            yield each
        elif len(undated) < len(known):
            continue  # the page's heading repeats what its course says with a date
        elif len({other.milestone for other in undated}) > 1:
            yield replace(each, confidence=Confidence.UNSURE)
        elif each is min(undated, key=lambda other: other.confidence.rank):
            yield each


def _only_line(read: Sequence[Line], carrier: str | None) -> tuple[Statement, ...]:
    """Return a text of one line that nobody understands as it is: the seller meant it to be kept."""
    if len(read) != 1 or not read[0].meaning.is_event or not read[0].words:
        return ()
    words = harmless_line(read[0].words)
    return (Statement(milestone=Milestone.UNKNOWN, words=words, at=moment_of(read[0]), carrier=carrier),)


def _problem(
    statements: Sequence[Statement], read: Sequence[Line], numbers: Sequence[TrackingNumber], now: datetime
) -> PasteProblem | None:
    known = [each for each in statements if each.milestone is not Milestone.UNKNOWN]
    if not known:
        if any(not line.meaning.is_event for line in read):
            return PasteProblem.FUTURE
        has_number = any(each.confidence is not Confidence.UNSURE for each in numbers)
        return None if has_number and not statements else PasteProblem.NOT_UNDERSTOOD
    if all(each.at is not None and each.at > now + AHEAD for each in known):
        return PasteProblem.FUTURE
    if len(known) > 1 and all(each.at is None for each in known):
        return PasteProblem.UNDATED
    return None
