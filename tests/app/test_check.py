"""One check: bytes first, then one transaction that remembers everything or nothing."""

import itertools
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from fixtures.shop import five_orders, quiet_account
from tests.support.clock import NOON, Clock
from tests.support.looks import looks
from tests.support.rooms import PACE, Rooms
from tests.support.values import capture
from tests.support.visiting import BOX
from watcher.app.deliver import queue_reminders
from watcher.app.seller import acknowledge
from watcher.app.verify import verify
from watcher.domain.alert import AlertKind
from watcher.domain.cadence import Pace
from watcher.domain.capture import AddedPage, Body, Capture, PageKind
from watcher.domain.event import EventKind
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.reading import ProblemKind
from watcher.domain.remind import RemindRules
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.errors import BrowserError, StorageError
from watcher.storage.store import SqliteStore
from watcher.storage.writing import SqliteWriting

LIVE = {"friteuse", "lampe", "fahrradkorb"}


def staged(rooms: Rooms) -> list[str]:
    return [entry.capture.id for entry in rooms.vault.leftovers("main")]


def state(rooms: Rooms) -> tuple[object, ...]:
    """Everything that a check may change."""
    store = rooms.store
    return (
        store.accounts(),
        store.orders(),
        store.cases(),
        store.captures(),
        store.outbox(),
        store.history("main").conversations(order.conversation for order in store.orders()),
        store.ledger_head(),
    )


def test_the_first_check_learns_every_sale_and_no_purchase(rooms: Rooms) -> None:
    report = rooms.check()
    assert report.reading.outcome is Outcome.OK
    assert {order.title for order in rooms.store.orders()} == {
        rooms.shop.deal(name).ad.title
        for name in ("friteuse", "lampe", "jacke", "fahrradkorb", "brettspiel", "regal")
    }
    assert "zelt" not in rooms.visitor.opened


def test_the_first_check_alerts_nobody(rooms: Rooms) -> None:
    rooms.check()
    assert (rooms.store.cases(), rooms.store.outbox()) == ([], [])


def test_a_cancellation_becomes_one_case_and_one_alert_per_channel(cancelled: Rooms) -> None:
    [case] = cancelled.store.cases()
    assert case.kind is CaseKind.IN_TRANSIT
    alerts = [(entry.channel, entry.alert.kind, entry.alert.critical) for entry in cancelled.store.outbox()]
    assert sorted(alerts) == [
        ("desktop", AlertKind.CASE_OPENED, True),
        ("email", AlertKind.CASE_OPENED, True),
    ]


def test_repeated_checks_leave_it_at_exactly_one_case(cancelled: Rooms, clock: Clock) -> None:
    for _ in range(3):
        clock.forward(minutes=10)
        assert cancelled.check().plan.events == ()
    assert (len(cancelled.store.cases()), len(cancelled.store.outbox())) == (1, 2)


def test_the_capture_of_a_cancellation_is_kept_with_all_its_files(cancelled: Rooms) -> None:
    conversation = cancelled.visitor.conversation("friteuse")
    *_, last = cancelled.store.captures(account="main", conversation=conversation)
    assert (last.reason, last.complete) == ("changed", True)
    assert looks(cancelled.vault, last) == {}


def test_nothing_stays_in_the_staging_area_after_a_check(cancelled: Rooms) -> None:
    assert staged(cancelled) == []


def test_pages_that_show_nothing_new_are_not_kept_and_the_ledger_says_so(known: Rooms) -> None:
    before = known.store.captures()
    report = known.check()
    assert report.captures == ()
    assert known.store.captures() == before
    assert known.ledger_kinds()[-1] == "seen_unchanged"


def test_only_the_pages_that_changed_are_kept(known: Rooms) -> None:
    known.shop.happen("lampe", "SHIPPED")
    report = known.check()
    conversations = {capture.conversation for capture in report.captures}
    assert conversations == {None, known.visitor.conversation("lampe")}


def test_a_change_that_the_list_does_not_show_is_found(known: Rooms) -> None:
    known.shop.happen("friteuse", "BUYER_CANCELLED", in_list=False)
    assert [event.kind for event in known.check().plan.events] == [EventKind.ORDER_CANCELLED]


def test_the_threads_of_live_orders_are_opened_at_every_check_and_unchanged_others_never(
    known: Rooms, clock: Clock
) -> None:
    for _ in range(2):
        known.check()
        assert set(known.visitor.opened) == LIVE
        clock.forward(minutes=20)


def test_a_thread_whose_row_changed_is_opened_once(known: Rooms, clock: Clock) -> None:
    known.shop.say("buch", "Und eines für Grünkohl?", at=clock())
    known.check()
    assert set(known.visitor.opened) == LIVE | {"buch"}
    known.check()
    assert set(known.visitor.opened) == LIVE


def test_the_thread_of_an_open_case_is_opened_although_its_order_is_over(cancelled: Rooms) -> None:
    cancelled.check()
    assert "friteuse" in cancelled.visitor.opened


def test_more_threads_than_one_visit_may_open_wait_for_the_next_ones(rooms: Rooms, clock: Clock) -> None:
    report = rooms.check(threads_at_most=4)
    assert report.reading.outcome is Outcome.PARTIAL
    assert [(problem.kind, problem.detail) for problem in report.reading.problems] == [
        (ProblemKind.THREADS_POSTPONED, "3")
    ]
    assert rooms.store.outbox() == []
    for _ in range(5):
        clock.forward(minutes=10)
        report = rooms.check(threads_at_most=4)
    assert report.reading.outcome is Outcome.OK
    assert len(rooms.store.orders()) == 6


def test_what_a_slow_visit_has_no_time_for_waits_for_the_next_one(known: Rooms, clock: Clock) -> None:
    known.visitor.time_for = 1
    report = known.check(pages=[AddedPage(name="payments", url="https://pay.example/transactions")])
    assert report.reading.outcome is Outcome.PARTIAL
    assert [(problem.kind, problem.detail) for problem in report.reading.problems] == [
        (ProblemKind.THREADS_POSTPONED, "2"),
        (ProblemKind.PAGE_UNREAD, "payments: timeout"),
    ]
    assert len(report.captures) + len(known.visitor.opened) <= 2, "no capture of a page that was not opened"
    first = set(known.visitor.opened)
    clock.forward(minutes=10)
    known.check()
    assert not first & set(known.visitor.opened)


def test_live_orders_take_turns_where_one_visit_cannot_open_them_all(tmp_path: Path, clock: Clock) -> None:
    rooms = Rooms(tmp_path / "data", quiet_account(NOON, conversations=9, live=9), clock)
    rooms.check()
    seen: set[str] = set()
    for _ in range(4):
        clock.forward(minutes=10)
        rooms.check(threads_at_most=3)
        seen |= set(rooms.visitor.opened)
    assert len(seen) == 9
    rooms.store.close()


def test_a_new_conversation_is_read_even_where_live_orders_fill_the_visit(
    tmp_path: Path, clock: Clock
) -> None:
    rooms = Rooms(tmp_path / "data", quiet_account(NOON, conversations=8, live=8), clock)
    rooms.check()
    clock.forward(minutes=10)
    rooms.shop.add(replace(quiet_account(clock(), conversations=1)[0], id="new"))
    rooms.check(threads_at_most=4)
    assert "new" in rooms.visitor.opened
    assert len(rooms.visitor.opened) == 4
    rooms.store.close()


def allowing(rooms: Rooms, pages: int) -> Pace:
    """A pace that leaves so many page loads for the rest of the day."""
    return replace(PACE, pages_per_day=rooms.store.account("main").loads.count + pages)


@pytest.mark.parametrize("left", [1, 2, 3])
def test_a_visit_loads_no_more_pages_than_the_day_allows_and_says_what_waits(known: Rooms, left: int) -> None:
    report = known.check(pace=allowing(known, left))
    assert report.reading.pages == left
    assert report.reading.outcome is Outcome.PARTIAL
    assert [(problem.kind, problem.detail) for problem in report.reading.problems] == [
        (ProblemKind.THREADS_POSTPONED, str(len(LIVE) + 1 - left))
    ]


def test_an_added_page_that_the_day_does_not_allow_is_a_gap(known: Rooms) -> None:
    known.visitor.pages["payments"] = "<p>Ausgezahlt</p>"
    page = AddedPage(name="payments", url="https://pay.example/transactions")
    report = known.check(pace=allowing(known, 1), pages=[page])
    assert report.reading.pages == 1
    assert (ProblemKind.BUDGET_SPENT, "payments") in [(p.kind, p.detail) for p in report.reading.problems]
    assert not report.reading.complete


def test_a_person_looks_at_everything_whatever_the_day_has_cost(known: Rooms) -> None:
    report = known.check(pace=allowing(known, 0), by_hand=True)
    assert (report.reading.outcome, set(known.visitor.opened)) == (Outcome.OK, LIVE)


def test_the_pages_of_a_check_that_was_killed_count(known: Rooms) -> None:
    before = known.store.account("main").loads.count
    known.visitor.breaks_at = "lampe"
    with pytest.raises(RuntimeError):
        known.check()
    killed = len(staged(known))
    known.visitor.breaks_at = None
    report = known.check()
    assert known.store.account("main").loads.count == before + killed + report.reading.pages


def test_an_acknowledgement_during_the_visit_survives(cancelled: Rooms, clock: Clock) -> None:
    clock.forward(minutes=10)
    cancelled.shop.happen("friteuse", "REFUNDED")

    def acknowledge_elsewhere() -> None:
        store = cancelled.second_store()
        acknowledge(store, store.cases()[0].id, clock=clock)
        store.close()

    cancelled.visitor.meanwhile = acknowledge_elsewhere
    report = cancelled.check()
    [case] = cancelled.store.cases()
    assert case.acknowledged_at == clock()
    assert any(step.done_by == "seen" for step in case.steps)
    assert report.cases[0].acknowledged_at == clock()


class BreaksAtItsEnd(SqliteStore):
    """A store whose transaction fails after everything was written, as a full disk would."""

    @contextmanager
    def writing(self) -> Iterator[SqliteWriting]:
        with super().writing() as writing:
            yield writing
            raise StorageError("the disk is full")


def test_nothing_is_remembered_when_the_transaction_fails(known: Rooms) -> None:
    before = state(known)
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    good, known.store = known.store, BreaksAtItsEnd(known.folder)
    with pytest.raises(StorageError):
        known.check()
    known.store.close()
    known.store = good
    assert state(known) == before


def test_the_bytes_of_a_check_that_failed_are_taken_in_by_the_next_one(known: Rooms) -> None:
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    good, known.store = known.store, BreaksAtItsEnd(known.folder)
    with pytest.raises(StorageError):
        known.check()
    known.store.close()
    known.store = good
    left = staged(known)
    assert len(left) == 4
    report = known.check()
    assert EventKind.ORDER_CANCELLED in [event.kind for event in report.plan.events]
    recovered = [capture for capture in known.store.captures() if capture.reason == "recovered"]
    assert [capture.id for capture in recovered] == left
    assert "check_did_not_end" in known.ledger_kinds()
    assert verify(known.store, known.vault).ok


def test_a_full_disk_while_keeping_leaves_nothing_half_remembered(rooms: Rooms) -> None:
    (rooms.folder / "archive").write_text("a file in its place")
    with pytest.raises(StorageError):
        rooms.check()
    assert state(rooms) == ([], [], [], [], [], {}, None)
    (rooms.folder / "archive").unlink()
    rooms.check()
    assert verify(rooms.store, rooms.vault).ok


def test_a_reader_that_breaks_down_costs_no_proof(known: Rooms, clock: Clock) -> None:
    before = state(known)
    known.visitor.breaks_at = "lampe"
    with pytest.raises(RuntimeError, match="a bug in a reader"):
        known.check()
    assert state(known) == before
    assert len(staged(known)) == 1 + len(known.visitor.opened)  # the list, and all up to where it broke down
    left = staged(known)
    broken = [one for one in known.vault.leftovers("main") if one.capture.id == known.visitor.detailed[-1]]
    assert [one.capture.conversation for one in broken] == [known.visitor.conversation("lampe")]
    assert broken[0].capture.screenshot, "what a reader cannot tell, a picture shall"
    known.visitor.breaks_at = None
    clock.forward(minutes=20)
    known.check()
    assert [capture.reason for capture in known.store.captures()].count("recovered") == len(left)
    assert staged(known) == []


def _be_killed_in_the_middle(folder: Path, clock: Clock) -> None:
    rooms = Rooms(folder, five_orders(NOON), clock)
    rooms.shop.happen("friteuse", "BUYER_CANCELLED")
    looks = itertools.count()

    def kill_at_the_third_look(shown: Capture) -> Capture:
        if next(looks) == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return shown

    rooms.visitor.alter = kill_at_the_third_look
    rooms.check()


@pytest.mark.skipif(sys.platform != "linux", reason="needs fork")
def test_a_check_that_was_killed_is_as_if_it_had_not_begun_but_for_its_proof(known: Rooms) -> None:
    before = state(known)
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_be_killed_in_the_middle, args=(known.folder, known.clock))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert state(known) == before
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    known.check()
    assert len(known.store.cases()) == 1
    reasons = [capture.reason for capture in known.store.captures()]
    assert reasons.count("recovered") == 2
    assert verify(known.store, known.vault).ok


def test_without_a_browser_nothing_is_remembered_and_leftovers_wait(known: Rooms) -> None:
    known.visitor.breaks_at = "lampe"
    with pytest.raises(RuntimeError):
        known.check()
    before, left = state(known), staged(known)
    known.visitor.refuses = BrowserError("no browser")
    with pytest.raises(BrowserError):
        known.check()
    assert (state(known), staged(known)) == (before, left)


def test_what_a_check_at_work_has_staged_is_no_leftover_for_another(known: Rooms) -> None:
    """The profile is held by the check at work, so a second one is refused before it looks at the staging area."""
    known.shop.happen("friteuse", "BUYER_CANCELLED")

    def second_check() -> None:
        second = Rooms(known.folder, known.shop.deals(), known.clock)
        second.visitor.refuses = BrowserError("the account is being visited")
        with pytest.raises(BrowserError):
            second.check()
        second.store.close()

    known.visitor.meanwhile = second_check
    known.check()
    assert len(known.store.cases()) == 1
    assert "recovered" not in [capture.reason for capture in known.store.captures()]


def test_a_check_that_was_killed_after_its_transaction_leaves_only_rubbish(known: Rooms) -> None:
    known.vault.stage(capture(known.store.captures()[0].id))
    lines = len(known.ledger_kinds())
    known.check()
    assert staged(known) == []
    assert known.ledger_kinds()[lines:] == ["seen_unchanged"]


@pytest.mark.parametrize("wall", ["logged_out", "blocked", "unreachable", "unreadable"])
def test_a_wall_is_kept_as_a_capture_once(known: Rooms, clock: Clock, wall: str) -> None:
    known.visitor.wall = wall
    first = known.check()
    assert first.reading.outcome == wall
    assert [capture.reason for capture in first.captures] == ["problem"]
    clock.forward(hours=2)
    assert known.check().captures == ()


@pytest.mark.parametrize("wall", ["logged_out", "blocked", "unreachable", "unreadable"])
def test_a_wall_never_means_that_orders_are_over(known: Rooms, wall: str) -> None:
    before = known.store.orders()
    known.visitor.wall = wall
    known.check()
    assert known.store.orders() == before


def test_a_wall_behind_the_list_keeps_what_was_read_before_it(known: Rooms) -> None:
    known.visitor.thread_wall = "logged_out"
    report = known.check()
    assert report.reading.outcome is Outcome.LOGGED_OUT
    assert len(known.visitor.opened) == 1
    assert {capture.reason for capture in report.captures} == {"problem"}


def answering(status: int, *, also_shown: bool) -> Callable[[Capture], Capture]:
    """What a page looks like whose conversation the gateway refuses; the page may show it all the same."""

    def alter(shown: Capture) -> Capture:
        if shown.conversation is None:
            return shown
        html = (
            shown.html if also_shown else "<span id='user-email'>angemeldet als: marlene@example.org</span>"
        )
        bodies = tuple(replace(body, status=status, content=b"") for body in shown.bodies)
        return replace(shown, bodies=bodies, html=html)

    return alter


@pytest.mark.parametrize("also_shown", [True, False])
@pytest.mark.parametrize(
    ("status", "outcome", "cause"),
    [
        (429, Outcome.BLOCKED, Cause.TOO_MANY_REQUESTS),
        (401, Outcome.LOGGED_OUT, Cause.GATEWAY_REFUSED),
    ],
)
def test_a_gateway_that_refuses_a_conversation_is_asked_for_no_other(
    known: Rooms, *, status: int, outcome: Outcome, cause: Cause, also_shown: bool
) -> None:
    known.visitor.alter = answering(status, also_shown=also_shown)
    report = known.check()
    assert (report.reading.outcome, report.reading.cause) == (outcome, cause)
    assert len(known.visitor.opened) == 1
    assert not report.reading.complete


def test_what_a_refused_conversation_still_shows_is_not_lost(known: Rooms) -> None:
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    known.shop.happen("lampe", "BUYER_CANCELLED")
    known.visitor.alter = answering(429, also_shown=True)
    assert [event.kind for event in known.check().plan.events] == [
        EventKind.ACCOUNT_BLOCKED,
        EventKind.ORDER_CANCELLED,
    ]


def test_a_conversation_that_is_not_ours_to_read_stops_no_visit(known: Rooms) -> None:
    known.visitor.alter = answering(403, also_shown=False)
    report = known.check()
    assert report.reading.outcome is Outcome.PARTIAL
    assert set(known.visitor.opened) == LIVE


@pytest.mark.parametrize("status", [0, 503])
def test_a_conversation_whose_data_break_off_is_a_gap_whatever_the_page_shows(
    known: Rooms, status: int
) -> None:
    known.visitor.alter = answering(status, also_shown=True)
    report = known.check()
    assert report.reading.outcome is Outcome.PARTIAL
    assert {problem.kind for problem in report.reading.problems} == {
        ProblemKind.BODY_LOST,
        ProblemKind.JSON_MISSING,
    }
    assert set(known.visitor.opened) == LIVE


def test_a_list_that_is_refused_half_way_opens_nothing(known: Rooms) -> None:
    refused = Body(url=f"{BOX}?page=1&size=25", status=429, content=b"")
    known.visitor.alter = lambda shown: replace(shown, bodies=(*shown.bodies, refused))
    report = known.check()
    assert report.reading.outcome is Outcome.BLOCKED
    assert known.visitor.opened == []


def test_a_refusal_after_which_the_page_asked_again_counts_for_nothing(known: Rooms) -> None:
    known.visitor.alter = lambda shown: replace(
        shown, bodies=(*(replace(body, status=401, content=b"") for body in shown.bodies), *shown.bodies)
    )
    assert known.check().reading.outcome is Outcome.OK


def test_a_thread_that_does_not_load_is_a_gap_and_its_capture_is_kept(known: Rooms) -> None:
    known.visitor.thread_wall = "unreachable"
    report = known.check()
    assert report.reading.outcome is Outcome.PARTIAL
    assert {problem.kind for problem in report.reading.problems} == {ProblemKind.THREAD_UNREADABLE}
    assert [capture.reason for capture in report.captures] == ["problem"] * 3


def test_trouble_is_told_once_and_its_end_once(known: Rooms, clock: Clock) -> None:
    known.visitor.wall = "logged_out"
    for _ in range(3):
        known.check()
        clock.forward(minutes=20)
    known.visitor.wall = None
    known.check()
    kinds = [entry.alert.kind for entry in known.store.outbox() if entry.channel == "email"]
    assert kinds == [AlertKind.ACCOUNT_RECOVERED, AlertKind.ACCOUNT_TROUBLE]


def test_a_block_brings_a_cool_down(known: Rooms, clock: Clock) -> None:
    known.visitor.wall = "blocked"
    known.check()
    account = known.store.account("main")
    assert account.cool_down_until == account.next_check_at
    assert account.cool_down_until is not None
    assert account.cool_down_until > clock()


def test_an_order_that_vanishes_is_missing_at_once_and_told_of_at_the_second_time(
    known: Rooms, clock: Clock
) -> None:
    known.shop.remove("lampe")
    assert [event.kind for event in known.check().plan.events] == [EventKind.ORDER_MISSING]
    assert known.store.outbox() == []
    clock.forward(minutes=20)
    assert [event.kind for event in known.check().plan.events] == [EventKind.ORDER_STILL_MISSING]
    assert {entry.alert.kind for entry in known.store.outbox()} == {AlertKind.ORDER_MISSING}
    assert (
        next(order for order in known.store.orders() if order.title == "Stehlampe mit Leinenschirm").stage
        is Stage.PAID
    )


def test_an_empty_list_does_not_end_any_order(known: Rooms) -> None:
    for deal in known.shop.deals():
        known.shop.remove(deal.id)
    report = known.check()
    assert {event.kind for event in report.plan.events} == {EventKind.ORDER_MISSING}
    assert all(not order.stage.is_ended for order in report.orders)


def test_the_report_holds_the_orders_that_are_not_ended_and_those_that_changed(cancelled: Rooms) -> None:
    titles = {order.title for order in cancelled.check().orders}
    assert titles == {"Regenjacke Größe M, gelb", "Stehlampe mit Leinenschirm", "Fahrradkorb aus Weide"}


def test_blocked_requests_of_all_pages_are_counted(rooms: Rooms) -> None:
    rooms.visitor.alter = lambda capture: replace(capture, blocked_requests=2)
    assert rooms.check().blocked_requests == 2 * 8


def test_a_capture_without_a_picture_lowers_the_confidence(rooms: Rooms) -> None:
    rooms.visitor.alter = lambda capture: replace(capture, screenshot=b"")
    report = rooms.check()
    assert report.reading.outcome is Outcome.OK
    assert ProblemKind.SCREENSHOT_MISSING in {problem.kind for problem in report.reading.problems}
    assert not any(capture.complete for capture in report.captures if capture.kind is not PageKind.AD)


def test_a_hostile_buyers_name_does_not_stop_the_check(rooms: Rooms) -> None:
    def with_hostile_name(capture: Capture) -> Capture:
        hostile = rb"Jo\ud800nte \u001b[2J\u202e\u0000"
        bodies = [replace(body, content=body.content.replace(b"Jonte", hostile)) for body in capture.bodies]
        return replace(capture, html=capture.html.replace("Jonte", "Jo\ud800nte"), bodies=tuple(bodies))

    rooms.visitor.alter = with_hostile_name
    assert rooms.check().reading.outcome is Outcome.OK
    assert len(rooms.store.orders()) == 6


def test_the_ledger_holds_no_names_titles_or_addresses(cancelled: Rooms, clock: Clock) -> None:
    clock.forward(hours=1)
    queue_reminders(cancelled.store, channels=["email"], rules=RemindRules(), clock=clock)
    text = "\n".join(line.text for line in cancelled.store.ledger())
    for deal in cancelled.shop.deals():
        for word in (deal.buyer, deal.ad.title, deal.conversation_id, str(deal.tracking_number)):
            assert word not in text


def test_two_accounts_do_not_see_each_other(known: Rooms) -> None:
    report = known.check(account="second")
    assert len(report.plan.events) == 6
    assert len(known.store.orders("main")) == len(known.store.orders("second")) == 6
    assert not {order.id for order in known.store.orders("main")} & {
        order.id for order in known.store.orders("second")
    }
