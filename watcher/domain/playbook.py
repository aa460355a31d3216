"""What to do in a case, in which order and until when.

The steps follow the advice that a good seller's guide gives for cancellations: understand why, write to the buyer
calmly, see where the goods are, stop the parcel while it can be stopped, tell the platform, keep the proof, know the
rules, contest what is not justified, learn from it; and no refund before the goods are back. The hours are this program's own
thresholds unless a carrier's or the platform's rule is named beside them.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from watcher.domain.case import Case, Ending, is_finished
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone
from watcher.domain.situation import Circumstances, Situation, kind_now, situation_of
from watcher.domain.stage import Stage, has_reached
from watcher.domain.step import Because, CaseKind, Step, by_day

ASK_BUYER_WITHIN = timedelta(hours=4)
TELL_SUPPORT_WITHIN = timedelta(hours=12)
KEEP_PROOF_WITHIN = timedelta(days=1)
DECIDE_WITHIN = timedelta(days=2)
REFUND_SEEN_WITHIN = timedelta(days=7)
PARCEL_BACK_WITHIN = timedelta(days=21)
RETURN_TAKES = timedelta(days=10)
INSPECT_WITHIN = timedelta(days=1)
AT_THE_DOOR_WITHIN = timedelta(hours=1)
REQUEST_SHOWS_AFTER = timedelta(hours=16)
"""A refusal takes effect when the parcel is loaded, and shows by the evening of that day (paketda.de, tracking line "Rücksendung auf
Wunsch des Empfängers"); measured from the window's end, early in the morning."""

_ASK_THE_BUYER = frozenset(
    {"ask_buyer_to_refuse", "ask_buyer_at_door", "ask_buyer_not_to_collect", "ask_buyer_no_second_try"}
)
ASKS = _ASK_THE_BUYER | {"fetch_from_shop", "ask_carrier"}
"""Steps that try to get a parcel back that is under way."""
_NOT_SCANNED = frozenset({Milestone.LABEL_CREATED, Milestone.HANDED_IN})
"""A page says "sent" when the seller, or a label, said so: only a carrier's own scan proves it."""
_FOLLOW_THE_WINDOW = frozenset({"ask_buyer_to_refuse", "ask_carrier"})
_FOLLOW_THE_GOODS = frozenset({"refund_seen", "relist"})
"""Where the goods are says when these can come about."""


def plan(now: Situation) -> tuple[Step, ...]:
    """Return the steps that a case asks for as things stand, the urgent ones first, then in the order of doing."""
    planners = {
        CaseKind.BEFORE_SHIPMENT: _before_shipment,
        CaseKind.IN_TRANSIT: _in_transit,
        CaseKind.AFTER_DELIVERY: _after_delivery,
        CaseKind.UNCLEAR: _unclear,
        CaseKind.DISPUTED: _disputed,
    }
    return tuple(sorted(planners[now.kind](now), key=lambda step: not step.urgent))


def replan(
    case: Case, now: Situation, *, because: Because | None = None, ending: Ending | None = None
) -> Case:
    """Return the case with the steps that new facts ask for; the same facts change nothing.

    1. Done steps stay as they are. An open step that is still asked for keeps its time, unless that time is the carrier's
       and the carrier's has changed, or it hangs on where the goods are and those have moved.
    2. A step that waits for something the facts already show is ticked.
    3. An open step that is no longer asked for is dropped with the reason; nothing is deleted.
    4. A case is closed when proof has ended it, or when nothing is left to do.

    Args:
        case: the case so far; a closed one stays as it is.
        now: how things stand.
        because: why steps fall away, where the facts alone do not say it (the seller's own answer).
        ending: how proof has ended the case, if it has.
    """
    if not case.is_open:
        return case
    case = _tick(case, now)
    wanted = {step.id: step for step in plan(now)}
    because = because or _because(case.kind, now)
    history = [
        step
        for step in case.steps
        if not step.is_open and (step.done_by != "dropped" or step.id not in wanted)
    ]
    history += [
        step.dropped(at=now.at, because=because)
        for step in case.steps
        if step.is_open and step.id not in wanted
    ]
    marked = {step.id for step in history}
    open_steps = {step.id: step for step in case.steps if step.is_open}
    # A case that was made another kind by somebody else is known by the parcel that it waits for now.
    moved = case.kind is not now.kind or ("parcel_back" in wanted and case.step("parcel_back") is None)
    going_on = [
        _kept(open_steps[step.id], step, goods_moved=moved) if step.id in open_steps else step
        for step in wanted.values()
        if step.id not in marked
    ]
    after = _tick(replace(case, kind=now.kind, steps=(*_in_place(case, history), *going_on)), now)
    steps = tuple(sorted(after.steps, key=lambda step: step.is_open))
    after = after if steps == after.steps else replace(after, steps=steps)
    if ending is None and is_finished(after.kind, after.steps):
        ending = Ending.BY_STEPS
    return after.closed(at=now.at, ending=ending) if ending else after


def mark(case: Case, step_id: str, order: Order, around: Circumstances, *, at: datetime) -> Case:
    """Return the case after the seller has marked a step; an answer makes it one of the kind that it names.

    Args:
        case: the case so far.
        step_id: one of its steps.
        order: its order.
        around: what surrounds it, with what the mark says about the parcel.
        at: now.

    Raises:
        KeyError: the case has no such step.
    """
    marked = case.with_step_done(step_id, at=at, by="seller")
    step = case.step(step_id)
    if step is None or not marked.is_open:
        return marked
    because = Because.ANSWERED if step.moves_to is not None else None
    answered = replace(marked, kind=step.moves_to or marked.kind)
    ending = ending_of(answered, order, around)
    planned = replan(marked, situation_of(answered, order, around, at=at), because=because, ending=ending)
    return follow(planned, order, around, at=at)


def follow(case: Case, order: Order, around: Circumstances, *, at: datetime) -> Case:
    """Return the case as it stands with everything that is known now: planned anew, and closed where proof has ended it."""
    if order.stage is Stage.REFUNDED:
        case = tick_refund(case, at=at)
    ending = ending_of(case, order, around) if case.is_open else None
    return replan(case, situation_of(case, order, around, at=at), ending=ending)


def ending_of(case: Case, order: Order, around: Circumstances) -> Ending | None:
    """Return how the case has ended by proof; `None` while nothing proves an end.

    1. The seller has the money.
    2. The refund was seen, the goods never left, and the seller knows of it: who has not heard may still hand them in.
    3. The refund was seen and the parcel is back.
    """
    if order.confidence is Confidence.UNSURE:
        return None
    if order.stage is Stage.PAID_OUT:
        return Ending.PAID_OUT
    if order.stage is not Stage.REFUNDED:
        return None
    parcel = around.parcel
    knows = case.acknowledged_at is not None or case.was_done("do_not_hand_in") or case.was_done("keep_item")
    never_left = (
        knows
        and kind_now(case.kind, parcel) is CaseKind.BEFORE_SHIPMENT
        and not has_reached(order.reached, Stage.SHIPPED)
    )
    if never_left and not case.was_done("handed_in"):
        return Ending.REFUNDED_GOODS_KEPT
    came_back = (
        parcel.is_at(Milestone.RETURNED) or case.was_done("parcel_back") or case.was_done("goods_back")
    )
    return Ending.RETURNED_AND_REFUNDED if came_back else None


STEPS_SEEN_WITH_REFUND = ("refund_seen", "outcome_seen")
"""Steps that a check ticks by itself when the page says that the money went back."""


def tick_refund(case: Case, *, at: datetime) -> Case:
    """Return the case with the steps ticked that wait for the refund."""
    for step_id in STEPS_SEEN_WITH_REFUND:
        step = case.step(step_id)
        if case.is_open and step is not None and step.is_open:
            case = case.with_step_done(step_id, at=at, by="seen")
    return case


def _before_shipment(now: Situation) -> Iterator[Step]:
    yield Step(id="keep_item" if now.pickup else "do_not_hand_in", due_at=now.at, urgent=True)
    if not now.pickup:
        yield Step(id="handed_in", moves_to=CaseKind.IN_TRANSIT)
    yield from _fraud(now)
    yield from _ask_buyer(now)
    yield _name_reason(now)
    yield from _refund_and_relist(now, now.at)


def _in_transit(now: Situation) -> Iterator[Step]:
    is_back = "parcel_back" in now.done or now.parcel.is_at(Milestone.RETURNED)
    comes_back = is_back or now.is_on_its_way_back
    insists = "insist" in now.done and not comes_back and not now.was_refunded
    asks = () if comes_back or insists else tuple(_intercept(now))
    still_to_write = any(step.id in _ASK_THE_BUYER and step.id not in now.done for step in asks)
    yield from _fraud(now, silence="stop_talking" if still_to_write else "stay_silent")
    yield from asks
    yield from _tell_support(now)
    yield _by_day(now, "keep_proof", KEEP_PROOF_WITHIN)
    if not comes_back and not now.was_refunded:  # else there is nothing left to insist on
        yield from _agree_or_insist(now, CaseKind.IN_TRANSIT)
    yield _name_reason(now)
    if insists:
        yield _by_day(now, "outcome_seen", PARCEL_BACK_WITHIN + REFUND_SEEN_WITHIN)
    else:
        back = RETURN_TAKES if now.is_on_its_way_back else PARCEL_BACK_WITHIN
        yield _by_day(now, "parcel_back", back)
        yield from _inspect(now, "parcel_back")
        yield from _refund_and_relist(now, now.at + back, may_ask=is_back)
    if not now.parcel.is_sure or now.parcel.milestone in _NOT_SCANNED:
        yield Step(id="still_at_home", moves_to=CaseKind.BEFORE_SHIPMENT)
    if now.parcel.contradicts:  # no carrier's word will say any more that it arrived
        yield Step(id="with_buyer", moves_to=CaseKind.AFTER_DELIVERY)


def _intercept(now: Situation) -> Iterator[Step]:
    """The ways to get a parcel back that is under way: which of them are open follows from where it is."""
    match now.parcel.milestone if now.parcel.is_sure else Milestone.UNKNOWN:
        case Milestone.OUT_FOR_DELIVERY:
            yield Step(id="ask_buyer_at_door", due_at=now.at + AT_THE_DOOR_WITHIN, urgent=True)
        case Milestone.HELD_AT_PICKUP:
            yield Step(id="ask_buyer_not_to_collect", due_at=now.at + ASK_BUYER_WITHIN, urgent=True)
        case Milestone.EXCEPTION:  # it may return by itself, or the carrier tries again
            yield Step(id="ask_buyer_no_second_try", due_at=now.at + ASK_BUYER_WITHIN, urgent=True)
            yield _by_day(now, "look_at_exception", KEEP_PROOF_WITHIN)
        case _:
            certainty = now.window.certainty if now.window else Confidence.UNSURE
            closes = max(now.window.closes_at, now.at) if now.window else now.at
            if now.parcel.at_shop:
                yield Step(id="fetch_from_shop", due_at=closes, urgent=True, certainty=Confidence.UNSURE)
            soon = min(closes, now.at + timedelta(hours=1))
            yield Step(id="ask_buyer_to_refuse", due_at=soon, urgent=True, certainty=certainty)
            yield Step(id="ask_carrier", due_at=closes, urgent=True, certainty=certainty)
    asked_at = max((at for step, at in now.done.items() if step in ASKS), default=None)
    if asked_at is None:
        return
    shows_at = max(now.window.closes_at if now.window else asked_at, asked_at) + REQUEST_SHOWS_AFTER
    yield Step(id="request_shows", due_at=max(shows_at, now.at), certainty=Confidence.LIKELY)
    if now.at >= shows_at or "request_shows" in now.overdue:  # the window may have moved on meanwhile
        yield _by_day(now, "look_at_tracking", ASK_BUYER_WITHIN)


def _after_delivery(now: Situation) -> Iterator[Step]:
    yield from _fraud(now)
    yield from _ask_buyer(now)
    yield from _tell_support(now)
    yield _by_day(now, "keep_proof", KEEP_PROOF_WITHIN)
    yield from _agree_or_insist(now, CaseKind.AFTER_DELIVERY)
    yield _name_reason(now)
    if "insist" not in now.done:
        yield _by_day(now, "goods_back", PARCEL_BACK_WITHIN)
        yield from _inspect(now, "goods_back")
    yield _by_day(now, "outcome_seen", PARCEL_BACK_WITHIN + REFUND_SEEN_WITHIN)


def _unclear(now: Situation) -> Iterator[Step]:
    yield Step(id="do_not_hand_in", due_at=now.at, urgent=True)
    yield Step(id="still_at_home", moves_to=CaseKind.BEFORE_SHIPMENT)
    # The hand-in may have been said long ago: after a delivery that was none it is another question.
    under_way = "under_way" if now.parcel.contradicts else "handed_in"
    yield Step(id=under_way, moves_to=CaseKind.IN_TRANSIT)
    yield Step(id="with_buyer", moves_to=CaseKind.AFTER_DELIVERY)
    yield from _fraud(now)


def _disputed(now: Situation) -> Iterator[Step]:
    yield Step(id="answer_problem", due_at=now.at + KEEP_PROOF_WITHIN, urgent=True)
    yield from _fraud(now)
    yield _by_day(now, "keep_proof", KEEP_PROOF_WITHIN)
    yield _agree_or_escalate(now)
    yield from _agree_or_insist(now, CaseKind.DISPUTED)
    if "agree" in now.done:
        yield _by_day(now, "goods_back", PARCEL_BACK_WITHIN)
        yield from _inspect(now, "goods_back")
    if "insist" in now.done:
        yield from _tell_support(now)
    yield _by_day(now, "outcome_seen", PARCEL_BACK_WITHIN)


def _fraud(now: Situation, *, silence: str = "stop_talking") -> Iterator[Step]:
    if now.is_fraud_suspected:
        if silence == "stop_talking" or "stop_talking" not in now.done:
            yield Step(id=silence, due_at=now.at, urgent=True)
        yield _by_day(now, "report_fraud", ASK_BUYER_WITHIN)
        yield _by_day(now, "report_to_police", DECIDE_WITHIN)


def _ask_buyer(now: Situation) -> Iterator[Step]:
    """Ask why; not of somebody whom the seller takes for a swindler."""
    if not now.is_fraud_suspected:
        yield _by_day(now, "ask_buyer", ASK_BUYER_WITHIN)


def _agree_or_escalate(now: Situation) -> Step:
    """By the platform's own rule, where there is one; else soon: an open dispute does not get better."""
    if now.agree_by is None:
        due, certainty = by_day(now.at + DECIDE_WITHIN), Confidence.UNSURE
    else:
        due, certainty = max(now.agree_by.at, now.at), now.agree_by.certainty
    return Step(id="agree_or_escalate", due_at=due, certainty=certainty)


def _agree_or_insist(now: Situation, kind: CaseKind) -> Iterator[Step]:
    """The seller's choice between private persons: one answer, and the other one is gone."""
    if "insist" not in now.done:
        yield Step(id="agree", moves_to=kind)
    if "agree" not in now.done:
        yield Step(id="insist", moves_to=kind)


def _tell_support(now: Situation) -> Iterator[Step]:
    """One inquiry (the report of a suspicion is one, too), and one follow-up, once support has had its days."""
    if not now.is_fraud_suspected:
        yield _by_day(now, "tell_support", TELL_SUPPORT_WITHIN)
    if now.support_asked_at is not None:
        due = by_day(now.support_asked_at + now.support_again_after)
        yield Step(id="follow_up_support", due_at=max(due, now.at))


def _inspect(now: Situation, back: str) -> Iterator[Step]:
    if back in now.done or now.parcel.is_at(Milestone.RETURNED):
        yield _by_day(now, "inspect_goods", INSPECT_WITHIN)


def _refund_and_relist(now: Situation, since: datetime, *, may_ask: bool = True) -> Iterator[Step]:
    """The end of the sale. Support is asked about the refund only where the seller has the goods."""
    due = by_day(since + REFUND_SEEN_WITHIN)
    if now.was_paid:
        yield Step(id="refund_seen", due_at=due)
        if may_ask and "refund_seen" in now.overdue:
            yield _by_day(now, "ask_about_refund", DECIDE_WITHIN)
    yield Step(id="relist", due_at=due)


def _name_reason(now: Situation) -> Step:
    """Optional, but within days: it stands before what takes weeks."""
    return _by_day(now, "name_reason", DECIDE_WITHIN)


def _by_day(now: Situation, step_id: str, within: timedelta) -> Step:
    return Step(id=step_id, due_at=by_day(now.at + within))


def _kept(known: Step, wanted: Step, *, goods_moved: bool) -> Step:
    """Return a step that goes on: its own time, unless it is the carrier's and that has moved, or the goods have."""
    if goods_moved and known.id in _FOLLOW_THE_GOODS:
        return wanted
    if (
        known.id in _FOLLOW_THE_WINDOW
        and wanted.certainty is not Confidence.UNSURE
        and wanted.due_at != known.due_at
    ):
        moved = known.certainty is Confidence.UNSURE or known.id == "ask_carrier"
        return replace(known, due_at=wanted.due_at, certainty=wanted.certainty) if moved else known
    return replace(known, urgent=wanted.urgent, moves_to=wanted.moves_to)


def _in_place(case: Case, history: list[Step]) -> list[Step]:
    """Return what is over in the order in which the case had it."""
    place = {step.id: index for index, step in enumerate(case.steps)}
    return sorted(history, key=lambda step: place[step.id])


def _tick(case: Case, now: Situation) -> Case:
    """Tick what the facts already show; without closing, which is for the caller to judge."""
    shown = set()
    if now.is_on_its_way_back:
        shown.add("request_shows")
    if now.parcel.is_at(Milestone.RETURNED):
        shown |= {"parcel_back", "goods_back"}
    if now.reason is not None:
        shown.add("name_reason")
    if not any(step.id in shown and step.is_open for step in case.steps):
        return case
    steps = tuple(
        replace(step, done_at=now.at, done_by="seen") if step.id in shown and step.is_open else step
        for step in case.steps
    )
    return replace(case, steps=steps)


def _because(before: CaseKind, now: Situation) -> Because:
    if now.parcel.is_at(Milestone.RETURNED):
        return Because.BACK
    if now.is_on_its_way_back:
        return Because.ON_ITS_WAY_BACK
    if now.kind is CaseKind.AFTER_DELIVERY and before is not CaseKind.AFTER_DELIVERY:
        return Because.DELIVERED
    if now.parcel.is_at(Milestone.OUT_FOR_DELIVERY):
        return Because.LOADED
    if now.parcel.is_at(Milestone.HELD_AT_PICKUP):
        return Because.WAITS_AT_PICKUP
    return Because.OVERTAKEN
