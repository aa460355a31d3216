"""The course of a parcel in copied lines: which day and time belong to which status.

Pages put the date beside the status, above it, below it, or once above the statuses of a day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from watcher.carriers.knowledge import BERLIN
from watcher.carriers.statuses.meaning import Meaning
from watcher.carriers.statuses.sentence import folded, is_question, speaks_of_later
from watcher.carriers.when import When
from watcher.domain.parcel import Milestone

_LONGEST_PLACE = 60
_FEWEST_WORDS = 3
"""Fewer are a place or a heading: "Rodgau", "Ihre Sendung"."""
_RAIL = 3
"""So many bare labels in a row are the page's progress bar, which names the steps that are still to come, too."""
_LABELS = (
    "stand", "status vom", "abfrage", "abgefragt", "aktualisiert", "letzte aktualisierung", "bestell", "versanddatum", "zustellung",
    "lieferung", "zugestellt bis", "abholbar", "abzuholen", "lagerfrist", "gültig", "updated", "last update", "as of", "ordered",
    "scheduled", "estimated", "delivery", "pickup by", "collect by", "must be collected", "©",
)  # fmt: skip
"""What stands beside a date that is no event's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: its date, its words, what they mean."""

    words: str
    meaning: Meaning
    when: When | None = None
    place: int = 0
    """Where in the text it stands."""

    @property
    def is_status(self) -> bool:
        """Whether the words tell of something that happened, as far as they are understood."""
        return self.meaning.milestone is not Milestone.UNKNOWN

    @property
    def is_date(self) -> bool:
        """Whether it is a date alone, perhaps with a place: one that may belong to the status above or below."""
        if self.when is None or self.is_status or len(self.words) > _LONGEST_PLACE:
            return False
        plain = folded(self.words)
        return not (
            self.words.endswith(":")
            or speaks_of_later(plain)
            or any(plain.startswith(label) for label in _LABELS)
            or len(plain.split()) > _FEWEST_WORDS + 1
        )

    @property
    def is_sentence(self) -> bool:
        """Whether it could be a status that nobody knows."""
        unknown = not self.is_status and self.meaning.is_event
        return unknown and len(self.words.split()) >= _FEWEST_WORDS and not is_question(self.words)


def course_of(lines: Sequence[Line], *, now: datetime) -> list[Line]:
    """Return the statuses with their dates, the oldest first; those without a date come last, in the order of the text.

    1. A bar of three or more bare labels is left out: it shows what is still to come as well. So are dates that a label
       says to be something else.
    2. A date beside a status is its own. A day alone holds for the times below it, until the next day.
    3. A date on a line of its own belongs to the status below it or above it: whichever leaves fewer statuses without a
       date, then whichever is nearer, then the one below.
    4. A dated line that nobody understands stays, as a status that is not known.
    5. What is dated by the day alone is placed at noon, or at the present moment while noon is yet to come, but never
       before or after its neighbours in the text of the same day.
    """
    kept = _with_days(_without_labelled(_without_rail(lines)))
    dated = _with_dates(kept)
    course = [line for line in dated if line.when is not None and line.when.day is not None]
    undated = [line for line in dated if line.when is None or line.when.day is None]
    return [*_in_order(course, now=now), *(replace(line, when=None) for line in undated if line.is_status)]


def moment_of(line: Line) -> datetime | None:
    """Return when it happened, in UTC."""
    return line.when.moment() if line.when else None


def _without_rail(lines: Sequence[Line]) -> list[Line]:
    kept: list[Line] = []
    row: list[Line] = []
    for line in [*lines, None]:
        if line is not None and _is_label(line) and (not row or line.place == row[-1].place + 1):
            row.append(line)
            continue
        kept += row if len(row) < _RAIL else ()
        row = []
        if line is not None and _is_label(line):
            row.append(line)
        elif line is not None:
            kept.append(line)
    return kept


def _without_labelled(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without the dates of what the line above them names ("Package must be collected by:")."""
    before = [None, *lines[:-1]]
    return [
        replace(line, when=None)
        if above is not None
        and above.words.endswith(":")
        and not (above.is_status or line.is_status)
        and above.when is None
        else line
        for above, line in zip(before, lines, strict=True)
    ]


def _is_label(line: Line) -> bool:
    return line.when is None and line.is_status and len(line.words.split()) < _FEWEST_WORDS


def _with_days(lines: Sequence[Line]) -> list[Line]:
    """Return the lines with the day of the heading above them where they say a time alone; a split date is joined."""
    found: list[Line] = []
    day = None
    for line in lines:
        when = line.when
        if when is not None and when.day is not None:
            day = when.day if not line.is_status or when.clock is not None else day
            found.append(line)
        elif when is not None and day is not None:
            before = found[-1] if found else None
            joins = (
                before is not None
                and before.is_date
                and before.when is not None
                and before.when.clock is None
            )
            if joins and not line.is_status and before is not None:
                found[-1] = replace(
                    before, when=When(day=day, clock=when.clock), words=before.words or line.words
                )
            else:
                found.append(replace(line, when=When(day=day, clock=when.clock)))
        else:
            found.append(line)
    return found


def _with_dates(lines: Sequence[Line]) -> list[Line]:
    ways = [_assigned(lines, below=below) for below in (False, True)]
    cost = [
        (sum(line.is_status and line.when is None for line in statuses), distance)
        for statuses, distance in ways
    ]
    return ways[0 if cost[0] <= cost[1] else 1][0]


def _assigned(lines: Sequence[Line], *, below: bool) -> tuple[list[Line], int]:
    """Return the statuses with the dates above (or below) them, and how far away those are, all together."""
    told = list(reversed(lines)) if below else list(lines)
    found: list[Line] = []
    distance = 0
    date: Line | None = None
    waiting: list[Line] = []
    is_used = True
    for line in told:
        if line.is_date:
            found += _unknown(date, waiting, is_used=is_used)
            date, waiting, is_used = line, [], False
        elif line.is_status and line.when is None and date is not None:
            distance += abs(line.place - date.place)
            found.append(replace(line, when=date.when))
            is_used = True
        elif line.is_status or (line.when is not None and line.is_sentence):
            found.append(line)
        elif line.is_sentence:
            waiting.append(line)
    found += _unknown(date, waiting, is_used=is_used)
    return (found[::-1] if below else found), distance


def _unknown(date: Line | None, waiting: Sequence[Line], *, is_used: bool) -> Iterator[Line]:
    """Yield the sentence beside a date to which no known status belongs."""
    near = [line for line in waiting if date is not None and abs(line.place - date.place) <= _FEWEST_WORDS]
    if date is not None and not is_used and date.when is not None and date.when.clock is not None and near:
        yield replace(max(near, key=lambda line: len(line.words)), when=date.when)


def _in_order(course: Sequence[Line], *, now: datetime) -> list[Line]:
    told = [(line, line.when) for line in course if line.when is not None]
    moments = [moment for _, when in told if (moment := when.moment()) is not None]
    if len(moments) > 1 and moments[0] > moments[-1]:
        told.reverse()
    latest: When | None = None
    ceilings: list[When | None] = []
    for _, when in reversed(told):
        latest = when if when.clock is not None else latest
        ceilings.append(latest)
    placed: list[tuple[datetime, Line]] = []
    before: When | None = None
    for (line, when), ceiling in zip(told, reversed(ceilings), strict=True):
        before = _between(before, when, ceiling, now=now) if when.clock is None else when
        at = before.moment()
        if at is not None:
            placed.append((at, replace(line, when=before)))
    return [line for _, line in sorted(placed, key=lambda pair: pair[0])]


def _between(before: When | None, when: When, after: When | None, *, now: datetime) -> When:
    """Return a day with a time: noon, not in the future for that alone, between the neighbours of the same day."""
    local = now.astimezone(BERLIN)
    clock = time(12) if when.day != local.date() else min(time(12), local.time().replace(microsecond=0))
    if after is not None and after.day == when.day and after.clock is not None:
        clock = min(clock, after.clock)
    if before is not None and before.day == when.day and before.clock is not None:
        clock = max(clock, before.clock)
    return When(day=when.day, clock=clock)
