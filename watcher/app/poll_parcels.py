"""Asking carriers' interfaces where the parcels are, each when its time has come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.app import poll_book
from watcher.app.ask_parcel import Asking, Question, ask
from watcher.app.case_book import CaseRules
from watcher.app.parcels import Tracked
from watcher.app.poll_book import PollPlan
from watcher.app.ports import Store, TrackingSource
from watcher.app.seller import find
from watcher.carriers.numbers.naming import carrier_id
from watcher.carriers.recogniser import recognise_in
from watcher.domain import quota
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.answer import SourceProblem
from watcher.domain.case_news import case_closed
from watcher.domain.order import Order
from watcher.domain.parcel import Parcel, parcel_of
from watcher.domain.polling import Asked, Heat, Rhythm, due_times, heat_of, is_followed, next_turn
from watcher.errors import UsageError
from watcher.texts.language import _

QUESTIONS_AT_ONCE = 20
"""How many questions one round asks at most; the next round comes seconds later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Polled:
    """A source that is set up, and how often it is asked."""

    source: TrackingSource
    rhythm: Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A parcel, and when its next question is due."""

    question: Question
    heat: Heat
    due_at: datetime


def poll(
    store: Store,
    polled: Sequence[Polled],
    *,
    rules: CaseRules,
    channels: Sequence[str],
    clock: Callable[[], datetime],
    wait: Callable[[timedelta], None],
) -> list[Asking]:
    """Ask about every parcel that is due, the urgent ones first; then remember when to look again.

    Two questions to one source keep the pause that it wants. A case that an answer has ended by proof is told once, and so
    is a refused key, which only a person can mend.

    Args:
        store: what is remembered.
        polled: the sources that are set up.
        rules: what is in force when a case is planned.
        channels: where an ending is told.
        clock: the present moment.
        wait: waits for so long.
    """
    asked: list[Asking] = []
    while len(asked) < QUESTIONS_AT_ONCE:
        now = clock()
        turn, free_at = _next(store, polled, rules=rules, now=now)
        if turn is None:
            break
        if free_at > now:
            if free_at - now > turn.question.source.quota.shortest_pause:
                break
            wait(free_at - now)
        asking = ask(turn.question, store, rules=rules, clock=clock)
        asked.append(asking)
        tell_ending(store, asking.tracked, channels=channels, at=clock())
        tell_refusal(store, asking, channels=channels, at=clock())
    _remember_plan(store, polled, rules=rules, now=clock())
    return asked


def turns(store: Store, polled: Polled, *, rules: CaseRules, now: datetime) -> list[Turn]:
    """Return every parcel that a source is asked about with its next time, the most urgent first."""
    cases = {case.order: case for case in store.open_cases()}
    followed: list[tuple[Question, Heat, Asked | None]] = []
    for order in store.orders_under_way():
        case = cases.get(order.id)
        if order.pickup or not (order.stage.is_live or case):
            continue
        question = question_about(order, [polled.source], store, now=now)
        asked = poll_book.asked_of(store, order.id)
        if question and is_followed(order, question.parcel, case, at=now, asked=asked):
            heat = heat_of(question.parcel, case, at=now, window_of=rules.window_of)
            followed.append((question, heat, asked if asked and asked.number == question.number else None))
    due = due_times(
        [(heat, asked) for _, heat, asked in followed],
        polled.rhythm,
        left=_left(store, polled.source, now),
        at=now,
    )
    found = [
        Turn(question=question, heat=heat, due_at=at)
        for (question, heat, _), at in zip(followed, due, strict=True)
    ]
    return sorted(found, key=lambda turn: (-turn.heat, turn.due_at, turn.question.order.id))


def question_about(
    order: Order, sources: Sequence[TrackingSource], store: Store, *, now: datetime
) -> Question | None:
    """Return what to ask about an order's parcel; `None` without a number, or a source that knows its carrier."""
    parcel = parcel_of(
        store.sightings(order.id), now=now, carrier=order.carrier, number=order.tracking_number
    )
    number = parcel.number_back or parcel.number
    if number is None:
        return None
    known = carrier_of(parcel)
    source = next((source for source in sources if known in source.carriers), None)
    if known is None or source is None:
        return None
    return Question(order=order, source=source, carrier=known, number=number, parcel=parcel)


def carrier_of(parcel: Parcel) -> str | None:
    """Return the id of a parcel's carrier: as it was named, else as its number shows it for sure."""
    named = carrier_id(parcel.carrier)
    found = recognise_in(parcel.number or "") if named is None else None
    return found.carrier if found else named


def ask_now(
    store: Store,
    sources: Sequence[TrackingSource],
    order_id: str,
    *,
    rules: CaseRules,
    clock: Callable[[], datetime],
) -> Asking:
    """Ask about one order's parcel because the human wants to know, whenever its turn would be.

    The quota holds all the same.

    Raises:
        UsageError: there is no such order, it has no parcel or no number, or no source for its carrier is set up.
    """
    now = clock()
    order = find(order_id, store.orders(), what="order")
    if order.pickup:
        raise UsageError(
            _("{order} is a pick-up deal: it has no parcel.").format(order=order.id),
            advice=_("`stornowacht note` keeps what you want to write down about it."),
        )
    question = question_about(order, sources, store, now=now)
    if question is not None:
        return ask(question, store, rules=rules, clock=clock, by_hand=True)
    parcel = parcel_of(
        store.sightings(order.id), now=now, carrier=order.carrier, number=order.tracking_number
    )
    if parcel.number is None:
        raise UsageError(
            _("Nobody can be asked about this parcel: its tracking number is not known."),
            advice=_("Tell it first: `stornowacht track {order} NUMBER`").format(order=order.id),
        )
    raise UsageError(
        _("Nobody can be asked about this parcel: no interface of its carrier is set up."),
        advice=_(
            "Copy the lines of the carrier's page instead: `stornowacht track {order} -`. For DHL parcels a key of your own "
            "can be set up under [tracking.dhl]."
        ).format(order=order.id),
    )


def _next(
    store: Store, polled: Sequence[Polled], *, rules: CaseRules, now: datetime
) -> tuple[Turn | None, datetime]:
    """Return the parcel whose question comes next, of those that are due, and when its source is free for it."""
    waiting = []
    for each in polled:
        free_at = quota.next_at(poll_book.used_of(store, each.source.name), each.source.quota, now)
        due = [turn for turn in turns(store, each, rules=rules, now=now) if turn.due_at <= now]
        waiting += [(free_at, turn) for turn in due[:1]]
    if not waiting:
        return None, now
    free_at, turn = min(waiting, key=lambda pair: pair[0])
    return turn, free_at


def _left(store: Store, source: TrackingSource, now: datetime) -> int:
    used = poll_book.used_of(store, source.name)
    return max(source.quota.per_day - quota.count_on(used, now), 0)


def _remember_plan(store: Store, polled: Sequence[Polled], *, rules: CaseRules, now: datetime) -> None:
    with store.writing() as writing:
        moments = []
        for each in polled:
            free_at = quota.next_at(poll_book.used_of(store, each.source.name), each.source.quota, now)
            moments += [max(turn.due_at, free_at) for turn in turns(store, each, rules=rules, now=now)]
        due = min((*moments, next_turn(now))) if moments else None
        plan = PollPlan(planned_at=now, due_at=due, ledger=store.ledger_head())
        poll_book.save_plan(writing, plan)


def tell_ending(store: Store, tracked: Tracked | None, *, channels: Sequence[str], at: datetime) -> None:
    """Queue the news of a case that a word about its parcel has closed, while nobody was looking."""
    case = tracked.case if tracked else None
    if case is not None and not case.is_open:
        with store.writing() as writing:
            writing.queue(case_closed(case, at=at), channels=channels, now=at)


def tell_refusal(store: Store, asking: Asking, *, channels: Sequence[str], at: datetime) -> None:
    """Queue that a source refuses its key: once for as long as that lasts, and at most once a day."""
    source, order = asking.question.source.name, asking.question.order
    trouble = poll_book.trouble_of(store, source)
    if trouble is None or trouble.problem is not SourceProblem.KEY_REFUSED:
        return
    alert = Alert(
        key=f"{AlertKind.KEY_REFUSED}/{source}/{trouble.since.date()}",
        kind=AlertKind.KEY_REFUSED,
        account=order.account,
        at=at,
        details=(("source", source),),
    )
    if not store.was_queued(alert.key):
        with store.writing() as writing:
            writing.queue(alert, channels=channels, now=at)
