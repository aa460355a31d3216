"""Short ways to say what a reader saw."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from hypothesis import settings

from watcher.domain.cadence import Pace
from watcher.domain.case import Case
from watcher.domain.compare import Comparison, compare
from watcher.domain.confidence import Confidence
from watcher.domain.event import Event, EventKind
from watcher.domain.order import Order, SeenOrder, first_sight
from watcher.domain.outcome import Outcome
from watcher.domain.playbook import plan
from watcher.domain.reading import Entry, Listing, Problem, Reading, Thread
from watcher.domain.situation import Situation
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PACE = Pace(
    floor=timedelta(minutes=10), hot=timedelta(minutes=20), live=timedelta(hours=1), quiet=timedelta(hours=6)
)
TOLD = frozenset({EventKind.ORDER_CANCELLED, EventKind.ORDER_REFUNDED})
steady = settings(derandomize=True, deadline=None, max_examples=60)
"""The same examples in every run, however slow the machine is."""


def seen(stage: Stage, *ids: str, conversation: str = "a:b:c", **known: object) -> SeenOrder:
    """A deal in this stage; what it reached is the stage itself unless `reached` says otherwise."""
    known.setdefault("reached", stage if stage.is_progress else None)
    return SeenOrder(conversation=conversation, stage=stage, deal_ids=frozenset(ids), **known)  # type: ignore[arg-type]


def thread(*orders: SeenOrder, conversation: str = "a:b:c") -> Thread:
    return Thread(conversation=conversation, orders=orders, digest="")


def listing(*conversations: str, complete: bool = True) -> Listing:
    entries = tuple(Entry(conversation=conversation, selling=True) for conversation in conversations)
    return Listing(entries=entries, complete=complete, whole=complete, total=len(entries))


def reading(
    *threads: Thread,
    listed: Iterable[str] | None = None,
    complete: bool = True,
    at: datetime = NOW,
    outcome: Outcome = Outcome.OK,
    problems: tuple[Problem, ...] = (),
) -> Reading:
    """A visit that opened these threads; the list holds them, or the conversations of `listed`."""
    names = [found.conversation for found in threads] if listed is None else listed
    return Reading(
        account="main",
        taken_at=at,
        outcome=outcome,
        listing=listing(*names, complete=complete),
        threads=threads,
        problems=problems,
    )


def unread(outcome: Outcome, *, at: datetime = NOW) -> Reading:
    """A visit that met a wall."""
    return Reading(account="main", taken_at=at, outcome=outcome)


def order(stage: Stage, *ids: str, conversation: str = "a:b:c", **known: object) -> Order:
    """An order as it is remembered after its first sight."""
    return first_sight(seen(stage, *ids, conversation=conversation, **known), account="main", at=NOW)


def after(known: Sequence[Order], *threads: Thread, at: datetime = NOW + timedelta(hours=1)) -> Comparison:
    """What a further, complete reading of these threads changes."""
    return compare(known, reading(*threads, at=at))


def kinds(events: Iterable[Event]) -> list[EventKind]:
    return [event.kind for event in events]


def case(kind: CaseKind, *, of: str = "oabc", at: datetime = NOW, pickup: bool = False) -> Case:
    return Case(
        id="c" + of.removeprefix("o"),
        order=of,
        account="main",
        kind=kind,
        confidence=Confidence.CERTAIN,
        opened_at=at,
        steps=plan(Situation(kind=kind, at=at, pickup=pickup)),
    )
