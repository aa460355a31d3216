"""When a carrier's interface is asked where a parcel is: by the hour, by the case, and by what is left of the day's questions.

The hours in which a parcel is loaded for delivery are awake: the scans that decide an intercept come between two and nine.
A day of 250 questions at a quarter of an hour is 96 for each parcel: it feeds two such parcels and a few calm ones.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import IntEnum

from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Parcel
from watcher.domain.situation import Window
from watcher.domain.stage import Stage, has_reached
from watcher.domain.step import CaseKind

WindowOf = Callable[[Parcel, datetime], Window | None]
NIGHT_BEGINS, NIGHT_ENDS = time(2), time(9)
"""From when until when, on a German clock, parcels are scanned at the last depot and into the vehicle."""
CASE_EVERY = timedelta(minutes=30)
NIGHT_EVERY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=90)
"""A parcel of which nothing was heard for so long is asked about no more; DHL forgets it by then."""
_LONGEST_BACK_OFF = timedelta(hours=12)
_LONGEST_BACK_OFF_OF_A_CASE = timedelta(hours=1)
_AT_MOST = 0.75
"""What urgent parcels may take of the day's questions while others need them, too."""
_DAY = timedelta(days=1)
_LOADED = frozenset(
    {
        Milestone.OUT_FOR_DELIVERY,
        Milestone.HELD_AT_PICKUP,
        Milestone.DELIVERED,
        Milestone.RETURNING,
        Milestone.RETURNED,
    }
)


class Heat(IntEnum):
    """How much hangs on the next word about a parcel."""

    CALM = 0
    CASE = 1
    """A case is open, and the goods are not yet where they end up."""
    NIGHT = 2
    """The parcel can be loaded for delivery in these very hours, and should not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The intervals that the user, and the source, have set."""

    every: timedelta
    shortest: timedelta = NIGHT_EVERY
    must_last: bool = True
    """Whether the day's questions are to last until its end; a practice server on this very machine is nobody's guest."""

    def of(self, heat: Heat) -> timedelta:
        """Return how often a parcel is asked about while there are questions enough."""
        wish = {Heat.CASE: CASE_EVERY, Heat.NIGHT: NIGHT_EVERY}.get(heat, self.every)
        return max(min(wish, self.every), self.shortest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What is remembered of the questions about one parcel."""

    number: str
    at: datetime
    """When the last question went out."""
    misses: int = 0
    """How many questions in a row the source answered with "not known"."""
    ended: bool = False
    """It has arrived, and what the source said about it is erased: asking again would bring it back."""


def is_followed(
    order: Order, parcel: Parcel, case: Case | None, *, at: datetime, asked: Asked | None = None
) -> bool:
    """Whether a parcel is worth a question: it has a number, is under way, and money or a case hangs on it.

    Args:
        order: its order.
        parcel: what is known of it.
        case: the order's open case, if there is one.
        at: the present moment.
        asked: what is remembered of the questions about it.
    """
    if asked and asked.ended and asked.number in {parcel.number, parcel.number_back}:
        return False
    if order.pickup or parcel.number is None or parcel.is_at(Milestone.DELIVERED, Milestone.RETURNED):
        return False
    heard_at = max(order.stage_at, parcel.at or order.stage_at, case.opened_at if case else order.stage_at)
    if at - heard_at > FORGOTTEN_AFTER:
        return False
    was_sent = has_reached(order.reached, Stage.SHIPPED) or parcel.handed_in_at is not None
    return case is not None or (order.stage.is_live and was_sent)


def heat_of(parcel: Parcel, case: Case | None, *, at: datetime, window_of: WindowOf) -> Heat:
    """Return how much hangs on the next word about a parcel that is followed."""
    if case is None or case.kind not in {CaseKind.IN_TRANSIT, CaseKind.UNCLEAR}:
        return Heat.CALM
    if parcel.is_at(Milestone.HELD_AT_PICKUP, Milestone.RETURNING):
        return Heat.CALM
    can_be_loaded = not (parcel.is_sure and parcel.milestone in _LOADED)
    return Heat.NIGHT if can_be_loaded and _is_its_night(parcel, at, window_of) else Heat.CASE


def _is_its_night(parcel: Parcel, at: datetime, window_of: WindowOf) -> bool:
    """Whether the parcel can be loaded this night: its window, looked at on the noon before, closes by the morning.

    Where nobody knows until when the carrier can be asked, it may be any night.
    """
    local = at.astimezone(BERLIN)
    if not NIGHT_BEGINS <= local.time() < NIGHT_ENDS:
        return False
    noon_before = datetime.combine(local.date() - _DAY, time(12), tzinfo=BERLIN).astimezone(UTC)
    window = window_of(parcel, noon_before)
    return window is None or window.closes_at <= _morning(local)


def intervals(
    heats: Collection[Heat], rhythm: Rhythm, *, left: int, at: datetime
) -> Mapping[Heat, timedelta]:
    """Return how often parcels of each heat are asked about, so that the questions that are left last until the day's end.

    1. Parcels of one heat share alike.
    2. The hotter come first, but leave a quarter of what is left to the others as long as these need it.
    3. A parcel whose night this is needs the night's questions, and afterwards those of a case.

    Args:
        heats: the heat of every parcel that is followed.
        rhythm: the intervals while there are questions enough.
        left: how many questions are left of the day in GMT.
        at: the present moment.
    """
    if not rhythm.must_last:
        return {heat: rhythm.of(heat) for heat in Heat}
    counts = {heat: sum(each is heat for each in heats) for heat in Heat}
    rest = day_ends(at) - at
    night = min(max(_morning(at.astimezone(BERLIN)) - at, timedelta()), rest)
    nights = night * counts[Heat.NIGHT]
    spans = {
        Heat.NIGHT: nights,
        Heat.CASE: rest * (counts[Heat.NIGHT] + counts[Heat.CASE]) - nights,
        Heat.CALM: rest * counts[Heat.CALM],
    }
    needs = {heat: spans[heat] / rhythm.of(heat) for heat in spans}
    found: dict[Heat, timedelta] = {}
    free = float(left)
    for heat in sorted(spans, reverse=True):
        later = sum(need for other, need in needs.items() if other < heat)
        got = min(needs[heat], max(free - later, free * _AT_MOST))
        free -= got
        found[heat] = max(rhythm.of(heat), spans[heat] / got) if got > 0 else rhythm.of(heat)
    return found


def due_times(
    parcels: Sequence[tuple[Heat, Asked | None]], rhythm: Rhythm, *, left: int, at: datetime
) -> list[datetime]:
    """Return when the next question about each parcel is due.

    One that was never asked about is due at once, but where questions are short it takes its place among those of its heat:
    many new parcels at a time must not spend the day.

    Args:
        parcels: the heat of every parcel that is followed, and what is remembered of the questions about it.
        rhythm: the intervals while there are questions enough.
        left: how many questions are left of the day in GMT.
        at: the present moment.
    """
    every = intervals([heat for heat, _ in parcels], rhythm, left=left, at=at)
    joins = {}
    for heat in Heat:
        alike = [asked for each, asked in parcels if each is heat]
        latest = max((asked.at for asked in alike if asked and asked.at <= at), default=None)
        is_short = every[heat] > rhythm.of(heat)
        joins[heat] = max(latest + every[heat] / len(alike), at) if latest and is_short else at
    return [due_at(asked, every[heat], heat, at=at) if asked else joins[heat] for heat, asked in parcels]


def due_at(asked: Asked, interval: timedelta, heat: Heat, *, at: datetime) -> datetime:
    """Return when a parcel's next question is due.

    A source that does not know the number is asked ever less often, in an open case every hour at least. A last question
    that lies in the future was remembered by a wrong clock, and counts for nothing.
    """
    if asked.at > at:
        return at
    longest = _LONGEST_BACK_OFF_OF_A_CASE if heat > Heat.CALM else _LONGEST_BACK_OFF
    doubled: timedelta = interval * 2 ** min(asked.misses, 8)
    return asked.at + max(interval, min(doubled, longest))


def next_turn(at: datetime) -> datetime:
    """Return when all intervals are to be thought over anew: the next begin or end of a night, or the next day in GMT."""
    today = at.astimezone(BERLIN).date()
    moments = [
        datetime.combine(today + ahead * _DAY, clock, tzinfo=BERLIN).astimezone(UTC)
        for ahead in range(2)
        for clock in (NIGHT_BEGINS, NIGHT_ENDS)
    ]
    return min(moment for moment in (*moments, day_ends(at)) if moment > at)


def day_ends(at: datetime) -> datetime:
    """Return the next midnight in GMT: the sources count their days so."""
    return datetime.combine(at.astimezone(UTC).date() + _DAY, time(), tzinfo=UTC)


def _morning(local: datetime) -> datetime:
    """Return when the night of that German day ends, in UTC."""
    return datetime.combine(local.date(), NIGHT_ENDS, tzinfo=BERLIN).astimezone(UTC)
