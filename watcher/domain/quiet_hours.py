"""When nobody wants to be disturbed, and what may disturb all the same."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from watcher.domain.alert import AlertKind, Wakes
from watcher.domain.budget import BERLIN
from watcher.domain.case import Case
from watcher.domain.playbook import ASKS
from watcher.domain.step import CaseKind

WAKING_KINDS = frozenset(
    {
        AlertKind.CASE_OPENED,
        AlertKind.CASE_REMINDER,
        AlertKind.STEP_DUE,
        AlertKind.NIGHT_WATCH,
        AlertKind.ASK_BACK,
    }
)
"""What asks the seller to act on a parcel; everything else can wait until the morning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """From when until when ordinary alerts wait, on a German clock.

    Every span runs from a begin to the next end: at a change of clocks it is an hour longer or shorter, and never torn.
    """

    hours: tuple[time, time] | None = None
    """`None`: never."""
    wake_me: bool = True
    """Whether what cannot wait may break through."""

    def is_quiet(self, at: datetime) -> bool:
        """Whether ordinary alerts wait at that moment."""
        return self._span(at) is not None

    def ends_at(self, at: datetime) -> datetime:
        """Return when an ordinary alert of that moment may go out: at once, or at the end of the quiet hours."""
        span = self._span(at)
        return at if span is None else span[1].astimezone(at.tzinfo)

    def next_end(self, at: datetime) -> datetime | None:
        """Return when the quiet hours end that are under way, or come next; `None` where there never are any."""
        if self.hours is None:
            return None
        day = at.astimezone(BERLIN).date()
        ends = (self._bounds(day + timedelta(days=offset))[1] for offset in (-1, 0, 1))
        return next(end for end in ends if end > at)

    def wakes(self, case: Case | None, kind: AlertKind, *, now: datetime) -> Wakes | None:
        """Return why an alert about a case breaks through the quiet hours; `None` where it has to wait.

        1. The goods' place is not known: somebody may be about to hand them in, or they are on their way.
        2. The parcel can still be stopped (a step that asks for it is open), and the carrier's window closes before the
           quiet hours end. Where no carrier's window is known, the steps' own times stand for it.
        """
        end = self.next_end(now)
        if end is None or not self.wake_me or case is None or not case.is_open or kind not in WAKING_KINDS:
            return None
        if case.kind is CaseKind.UNCLEAR:
            return Wakes.PLACE_UNKNOWN
        asks = [step for step in case.steps if step.is_open and step.id in ASKS]
        if not asks:
            return None
        closes = window_of(case) or max((step.due_at for step in asks if step.due_at), default=None)
        return Wakes.WINDOW_CLOSES if closes is not None and closes <= end + _TO_GET_UP else None

    def _span(self, at: datetime) -> tuple[datetime, datetime] | None:
        if self.hours is None:
            return None
        day = at.astimezone(BERLIN).date()
        spans = (self._bounds(day - timedelta(days=1)), self._bounds(day))
        return next(((begin, end) for begin, end in spans if begin <= at < end), None)

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        """Return the quiet hours that begin on that day."""
        begin, end = self.hours or (time(), time())
        last = day if begin < end else day + timedelta(days=1)
        return (
            datetime.combine(day, begin, BERLIN).astimezone(UTC),
            datetime.combine(last, end, BERLIN).astimezone(UTC),
        )


NEVER_QUIET = QuietHours()
_TO_GET_UP = timedelta(minutes=30)
"""A window that closes so soon after the quiet hours is as good as closed in them."""


def window_of(case: Case) -> datetime | None:
    """Return until when the carrier can be asked, as the case knows it, done or not; `None` where it knows no such time."""
    asked = case.step("ask_carrier")
    return asked.due_at if asked is not None and asked.done_by != "dropped" else None
