"""A year of one seller's order, in thousands of random ways: no case is left without a way on or an end."""

import os
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.domain.samples import NOW, PACE, reading, seen, thread, unread
from watcher.carriers.window import window_of
from watcher.domain.account import Account
from watcher.domain.alert import AlertKind
from watcher.domain.case import Case, Ending
from watcher.domain.compare import compare
from watcher.domain.due_news import due_mark, due_steps
from watcher.domain.escalation import Rounds, default_policies, next_round, policy_for
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.parcel import Milestone, Origin, Sighting, parcel_of
from watcher.domain.plan import plan_check
from watcher.domain.playbook import follow, mark
from watcher.domain.reading import Reading
from watcher.domain.reason import CancelReason
from watcher.domain.situation import Circumstances
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.texts.playbook import warning_for

YEARS = int(os.environ.get("STORNOWACHT_YEARS", "500"))
POLICIES = default_policies(timedelta(minutes=30))
SPANS = st.sampled_from(
    [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=9), timedelta(days=1), timedelta(days=6)]
)
WAY = (Stage.AWAITING_PAYMENT, Stage.PAID, Stage.SHIPPED, Stage.DELIVERED, Stage.RECEIVED, Stage.PAID_OUT)
SAID_BY_A_MARK = {
    "handed_in": Milestone.HANDED_IN,
    "still_at_home": Milestone.LABEL_CREATED,
    "with_buyer": Milestone.DELIVERED,
    "parcel_back": Milestone.RETURNED,
    "goods_back": Milestone.RETURNED,
}
GOODS_AWAY = frozenset({CaseKind.IN_TRANSIT, CaseKind.AFTER_DELIVERY, CaseKind.DISPUTED, CaseKind.UNCLEAR})


class Year(RuleBasedStateMachine):
    """The truth of one order, what checks, carriers and the seller tell of it, and what follows."""

    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.stage, self.reached, self.stage_at = Stage.PAID, Stage.PAID, NOW
        self.account = Account(name="main")
        self.orders: tuple[Order, ...] = ()
        self.cases: dict[str, Case] = {}
        self.sightings: list[Sighting] = []
        self.support_asked_at: datetime | None = None
        self.rounds: dict[str, Rounds] = {}
        self.unknown: tuple[str, ...] = ()
        self.told: set[str] = set()

    @initialize(
        reached=st.sampled_from(WAY[:5]),
        end=st.sampled_from([Stage.CANCELLED, Stage.CANCELLED, Stage.DISPUTED, Stage.REFUNDED]),
        unknown=st.sampled_from([(), (), ("NEWS",)]),
    )
    def a_sale_is_off(self, reached: Stage, end: Stage, unknown: tuple[str, ...]) -> None:
        self.stage = self.reached = reached
        self.unknown = unknown
        self.check()
        self.stage = end
        self.check()
        assert self.cases

    # --- what happens

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self.now = min(self.now + span, NOW + timedelta(days=365))
        for case in list(self.cases.values()):
            self._keep(case, self._followed(case))

    @rule(stage=st.sampled_from([*WAY, *WAY, Stage.CANCELLED, Stage.REFUNDED, Stage.DISPUTED]))
    def the_deal_moves_on(self, stage: Stage) -> None:
        if stage in WAY and self.reached in WAY and WAY.index(stage) < WAY.index(self.reached):
            return
        self.stage, self.stage_at = stage, self.now
        self.reached = stage if stage in WAY else self.reached

    @rule()
    def check(self) -> None:
        deal = seen(
            self.stage, "offer", reached=self.reached, stage_at=self.stage_at, unknown_events=self.unknown
        )
        self._read(reading(thread(deal), at=self.now))

    @rule(outcome=st.sampled_from([Outcome.LOGGED_OUT, Outcome.BLOCKED, Outcome.UNREACHABLE]))
    def a_check_meets_a_wall(self, outcome: Outcome) -> None:
        self._read(unread(outcome, at=self.now))

    @rule(
        milestone=st.sampled_from(list(Milestone)),
        ago=st.sampled_from([timedelta(0), timedelta(hours=3), timedelta(days=2), timedelta(days=-1)]),
        at_shop=st.booleans(),
    )
    def the_carrier_says(self, *, milestone: Milestone, ago: timedelta, at_shop: bool) -> None:
        self._hear(milestone, at=self.now - ago, at_shop=at_shop, origin=Origin.PASTE)

    @precondition(lambda self: any(case.is_open for case in self.cases.values()))
    @rule(data=st.data())
    def the_seller_marks_a_step(self, data: st.DataObject) -> None:
        case = self._open_case()
        step = data.draw(st.sampled_from([step for step in case.steps if step.is_open]))
        milestone = SAID_BY_A_MARK.get(step.id)
        if milestone is not None:
            self.sightings.append(self._sighting(milestone, at=self.now, origin=Origin.SELLER))
        self._keep(case, mark(case, step.id, self._order(), self._around(), at=self.now))

    @precondition(lambda self: any(case.is_open for case in self.cases.values()))
    @rule()
    def the_seller_has_it(self) -> None:
        case = self._open_case()
        self._keep(case, replace(case, acknowledged_at=self.now))

    @precondition(lambda self: any(case.is_open for case in self.cases.values()))
    @rule(reason=st.sampled_from(list(CancelReason)))
    def the_seller_names_the_reason(self, reason: CancelReason) -> None:
        case = self._open_case()
        self._keep(case, self._followed(replace(case, reason=reason)))

    @rule()
    def the_seller_asks_support(self) -> None:
        self.support_asked_at = self.now

    @precondition(lambda self: any(case.is_open for case in self.cases.values()))
    @rule()
    def the_seller_closes_the_case(self) -> None:
        case = self._open_case()
        self._keep(case, case.closed(at=self.now, ending=Ending.BY_SELLER))

    @precondition(lambda self: any(case.is_open for case in self.cases.values()))
    @rule()
    def a_reminder_is_looked_for(self) -> None:
        for case in self.cases.values():
            known = self.rounds.get(case.id) or Rounds(last=0, at=case.opened_at)
            due = next_round(case, policy_for(case.kind, POLICIES), known, now=self.now)
            assert due is None or (case.is_open and case.acknowledged_at is None)
            assert due is None or due.number == known.last + 1
            if due is not None:
                self.rounds[case.id] = Rounds(last=due.number, at=self.now)

    @precondition(lambda self: self.cases)
    @rule()
    def what_has_come_due_is_looked_for(self) -> None:
        for case in self.cases.values():
            for step in due_steps(case, self._order(), told=self.told, now=self.now):
                assert case.is_open
                assert case.acknowledged_at is not None
                assert step.is_open
                self.told.add(due_mark(step))

    # --- what always holds

    @invariant()
    def an_open_case_has_a_next_step_and_a_closed_one_an_ending(self) -> None:
        for case in self.cases.values():
            assert (case.next_step is not None) is case.is_open
            assert (case.ending is not None) is (not case.is_open)
            assert case.is_open or not any(step.is_open and step.is_task for step in case.steps)

    @invariant()
    def a_case_waits_for_no_step_twice(self) -> None:
        for case in self.cases.values():
            assert len({step.id for step in case.steps}) == len(case.steps)
        assert sum(case.is_open for case in self.cases.values()) <= 1

    @invariant()
    def while_the_goods_are_away_the_warning_stands_and_nothing_asks_to_pay_back(self) -> None:
        for case in self.cases.values():
            if case.is_open and case.kind in GOODS_AWAY:
                assert warning_for(case.kind, language="de")

    @invariant()
    def nothing_that_is_contradicted_counts_as_delivered_unless_the_seller_says_so(self) -> None:
        said = {"with_buyer", "goods_back", "parcel_back"}
        for case in self.cases.values():
            if case.is_open and case.kind is CaseKind.AFTER_DELIVERY and self._around().parcel.contradicts:
                assert any(step.id in said and step.done_by == "seller" for step in case.steps)

    # --- how

    def _read(self, one: Reading) -> None:
        plan = plan_check(
            account=self.account,
            reading=one,
            comparison=compare(self.orders, one),
            cases=list(self.cases.values()),
            around=lambda _: self._around(),
            pace=PACE,
            jitter=0.5,
            listing_digest=None,
        )
        self.account, self.orders = plan.account, plan.orders
        for alert in plan.alerts:
            assert alert.kind is not AlertKind.CASE_REMINDER
        for case in plan.cases:
            self._keep(self.cases.get(case.id), case)

    def _keep(self, before: Case | None, after: Case) -> None:
        """Remember a case, and hold each change to what may never be lost or asked for too late."""
        known = {step.id: step for step in before.steps} if before else {}
        for step_id, step in known.items():
            now = after.step(step_id)
            assert now is not None, f"{step_id} was deleted"
            if step.done_by in {"seller", "seen"}:
                assert now.done_at == step.done_at
        for step in after.steps:
            if step.is_open and step.due_at is not None and step.id not in known:
                assert step.due_at >= self.now, f"{step.id} was due before it was planned"
        if before is not None and not before.is_open:
            assert (after.closed_at, after.ending) == (before.closed_at, before.ending)
        elif not after.is_open:
            self._hold_to_proof(after)
        self.cases[after.id] = after

    def _hold_to_proof(self, case: Case) -> None:
        """No case ends by itself without proof."""
        stage, is_back = self._order().stage, self._around().parcel.is_at(Milestone.RETURNED)
        match case.ending:
            case Ending.PAID_OUT:
                assert stage is Stage.PAID_OUT
            case Ending.REFUNDED_GOODS_KEPT:
                assert stage is Stage.REFUNDED
                assert case.kind is CaseKind.BEFORE_SHIPMENT
            case Ending.RETURNED_AND_REFUNDED:
                assert stage is Stage.REFUNDED
                assert is_back or case.was_done("parcel_back") or case.was_done("goods_back")

    def _followed(self, case: Case) -> Case:
        return follow(case, self._order(), self._around(), at=self.now)

    def _open_case(self) -> Case:
        return next(case for case in self.cases.values() if case.is_open)

    def _order(self) -> Order:
        return self.orders[0]

    def _around(self) -> Circumstances:
        parcel = parcel_of(self.sightings, now=self.now, carrier="dhl")
        window = window_of(parcel, self.now)
        return Circumstances(parcel=parcel, window=window, support_asked_at=self.support_asked_at)

    def _hear(self, milestone: Milestone, *, at: datetime, at_shop: bool, origin: Origin) -> None:
        self.sightings.append(self._sighting(milestone, at=at, at_shop=at_shop, origin=origin))
        for case in [case for case in self.cases.values() if case.is_open]:
            self._keep(case, self._followed(case))

    def _sighting(
        self, milestone: Milestone, *, at: datetime, origin: Origin, at_shop: bool = False
    ) -> Sighting:
        return Sighting(
            order="o", milestone=milestone, at=at, learnt_at=self.now, origin=origin, at_shop=at_shop
        )


@pytest.mark.slow
def test_a_year_of_one_order_leaves_no_case_without_a_way_on_or_an_end():
    run_state_machine_as_test(Year, settings=_years(60))


@pytest.mark.slow
def test_hundreds_of_years_leave_no_case_without_a_way_on_or_an_end():
    run_state_machine_as_test(Year, settings=_years(YEARS))


def _years(count: int) -> settings:
    return settings(derandomize=True, deadline=None, max_examples=count, stateful_step_count=40)
