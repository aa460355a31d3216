"""Only what is live or changed: how much of a big account a check looks at."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

import pytest

from fixtures.shop import Deal, five_orders
from tests.support.clock import NOON, Clock
from tests.support.memory import in_memory
from tests.support.rooms import PACE, Rooms
from watcher.app.absences import lacked_conversations
from watcher.app.check_account import OVERLAP
from watcher.app.remember import Report
from watcher.app.shelf import Why
from watcher.domain.alert import AlertKind
from watcher.domain.event import EventKind
from watcher.domain.outcome import Outcome
from watcher.domain.reading import ProblemKind

pytestmark = pytest.mark.slow

DAILY = timedelta(days=1)
WHOLE = 6
"""Pages of the whole list: 120 old chats and what the account has besides, 25 to a page."""


def crowd(count: int) -> list[Deal]:
    """Many old chats that nothing happens in."""
    deals = []
    for number in range(count):
        [deal] = [deal for deal in five_orders(NOON - timedelta(days=30 + number)) if deal.id == "friteuse"]
        deal = Deal(**{**_fields(deal), "id": f"old{number}", "steps": [], "odd": {}})
        deals.append(deal)
    return deals


def _fields(deal: Deal) -> dict[str, object]:
    from dataclasses import fields

    return {field.name: getattr(deal, field.name) for field in fields(deal)}


def crowded(rooms: Rooms, count: int = 120) -> Rooms:
    for deal in crowd(count):
        rooms.shop.add(deal)
    return rooms


@pytest.fixture(scope="module")
def first() -> Iterator[tuple[Rooms, Report]]:
    """The crowd's first check, made once: it opens every chat there is. Tests that go on get a copy."""
    with tempfile.TemporaryDirectory(prefix="stornowacht-test-", dir=in_memory()) as folder:
        rooms = crowded(Rooms(Path(folder) / "data", five_orders(NOON), Clock()))
        report = rooms.check(whole_list_every=DAILY, threads_at_most=200)
        rooms.store.tidy()
        yield rooms, report
        rooms.store.close()


@pytest.fixture
def learned(first: tuple[Rooms, Report], tmp_path: Path, clock: Clock) -> Iterator[Rooms]:
    shutil.copytree(first[0].folder, tmp_path / "learned")
    rooms = crowded(Rooms(tmp_path / "learned", five_orders(NOON), clock))
    yield rooms
    rooms.store.close()


def test_the_first_check_reads_the_list_to_its_end(first: tuple[Rooms, Report]) -> None:
    rooms, report = first
    assert rooms.visitor.list_pages == WHOLE
    assert report.reading.listing is not None
    assert report.reading.listing.whole


def test_the_next_one_reads_it_as_far_as_something_can_have_changed(learned: Rooms, clock: Clock) -> None:
    clock.forward(minutes=20)
    report = learned.check(whole_list_every=DAILY)
    assert learned.visitor.list_pages == 1
    assert report.reading.complete
    assert report.reading.listing is not None
    assert not report.reading.listing.whole


def test_what_changed_far_down_has_moved_up_and_is_found(learned: Rooms, clock: Clock) -> None:
    clock.forward(minutes=20)
    learned.shop.say("old90", "Ist das noch da?")
    learned.check(whole_list_every=DAILY)
    assert "old90" in learned.visitor.opened


def test_a_live_order_below_the_boundary_is_opened_by_its_address(learned: Rooms, clock: Clock) -> None:
    clock.forward(days=40)
    for number in range(60):
        learned.shop.say(f"old{number}", "Hallo?")
    learned.check(whole_list_every=DAILY * 90, threads_at_most=200)
    clock.forward(minutes=20)
    learned.shop.happen("friteuse", "BUYER_CANCELLED", in_list=False)
    report = learned.check(whole_list_every=DAILY * 90)
    assert learned.visitor.list_pages < WHOLE
    assert EventKind.ORDER_CANCELLED in {event.kind for event in report.plan.events}


def test_an_order_below_the_boundary_is_not_called_missing(learned: Rooms, clock: Clock) -> None:
    clock.forward(minutes=20)
    for number in range(60):
        learned.shop.say(f"old{number}", "Hallo?")
    report = learned.check(whole_list_every=DAILY, threads_at_most=200)
    assert not report.plan.events


def test_a_list_that_has_become_shorter_is_read_to_its_end(learned: Rooms, clock: Clock) -> None:
    clock.forward(minutes=20)
    learned.shop.remove("friteuse")
    report = learned.check(whole_list_every=DAILY)
    assert learned.visitor.list_pages == WHOLE
    assert EventKind.ORDER_MISSING in {event.kind for event in report.plan.events}


def deleted_chat_of_a_case(rooms: Rooms, clock: Clock) -> None:
    """Open a case, then delete its conversation while another one comes: the list becomes no shorter."""
    clock.forward(minutes=20)
    rooms.shop.happen("friteuse", "BUYER_CANCELLED")
    rooms.check(whole_list_every=DAILY)
    [_] = rooms.store.cases()
    clock.forward(minutes=20)
    rooms.shop.remove("friteuse")
    rooms.shop.add(replace(crowd(1)[0], id="newcomer"))
    rooms.shop.say("newcomer", "Ist das noch da?")


def test_a_deleted_chat_with_an_open_case_is_a_gap_once_and_then_known(learned: Rooms, clock: Clock) -> None:
    deleted_chat_of_a_case(learned, clock)
    outcomes, pages, problems = [], [], []
    for _ in range(6):
        reading = learned.check(whole_list_every=DAILY).reading
        outcomes.append(reading.outcome)
        problems.append([problem.kind for problem in reading.problems])
        pages.append(learned.visitor.list_pages)
        clock.forward(minutes=20)
    assert outcomes == [Outcome.PARTIAL, *[Outcome.OK] * 5]
    assert problems == [[ProblemKind.THREAD_UNREADABLE], [], *[[ProblemKind.THREAD_GONE]] * 4]
    assert pages == [1, WHOLE, 1, 1, 1, 1]
    told = [entry.alert.kind for entry in learned.store.outbox() if entry.channel == "email"]
    assert (told.count(AlertKind.ACCOUNT_TROUBLE), told.count(AlertKind.ACCOUNT_RECOVERED)) == (1, 1)


def test_a_gap_that_a_person_asks_about_is_told(learned: Rooms, clock: Clock) -> None:
    deleted_chat_of_a_case(learned, clock)
    gone = learned.store.cases()[0].order
    [conversation] = [order.conversation for order in learned.store.orders() if order.id == gone]
    for _ in range(2):
        learned.check(whole_list_every=DAILY)
        clock.forward(minutes=20)
    report = learned.check(whole_list_every=DAILY, keep={conversation: Why.ASKED})
    assert report.reading.outcome is Outcome.PARTIAL


def below_the_boundary(rooms: Rooms, clock: Clock) -> None:
    """Let so much happen above "friteuse" that only a whole list shows it, and more than a check's reach ago."""
    clock.forward(days=40)
    for number in range(60):
        rooms.shop.say(f"old{number}", "Hallo?")
    for hours in (0, 2, 2):
        clock.forward(hours=hours)
        rooms.check(whole_list_every=DAILY, threads_at_most=200)


def is_cancelled_at_the_next_check(rooms: Rooms, clock: Clock) -> bool:
    rooms.shop.happen("friteuse", "BUYER_CANCELLED", in_list=False)
    clock.forward(minutes=20)
    report = rooms.check(whole_list_every=DAILY)
    return EventKind.ORDER_CANCELLED in {event.kind for event in report.plan.events}


@contextmanager
def unlisted(rooms: Rooms, deal_id: str) -> Iterator[str]:
    """Let each list be without a conversation, and its total as well, that can be opened all the same."""
    shop, visitor = rooms.shop, rooms.visitor
    fewer = [deal for deal in shop.deals() if deal.id != deal_id]

    def list_page(number: int) -> tuple[bytes, str, int]:
        with patch.object(shop, "deals", lambda: fewer):
            return type(visitor).list_page(visitor, number)

    with patch.object(visitor, "list_page", list_page):
        yield visitor.conversation(deal_id)


@pytest.mark.parametrize("checks", [1, 2, 8])
def test_a_live_order_that_a_list_lacks_is_still_looked_at_by_its_address(
    learned: Rooms, clock: Clock, checks: int
) -> None:
    below_the_boundary(learned, clock)
    with unlisted(learned, "friteuse") as conversation:
        for _ in range(checks):
            clock.forward(days=1)
            learned.check(whole_list_every=DAILY)
        assert conversation in lacked_conversations(learned.store, "main")
        clock.forward(minutes=20)
        learned.check(whole_list_every=DAILY)
        assert is_cancelled_at_the_next_check(learned, clock)


def test_a_list_that_lacked_an_order_twice_and_has_it_again_hides_nothing(
    learned: Rooms, clock: Clock
) -> None:
    below_the_boundary(learned, clock)
    with unlisted(learned, "friteuse"):
        for _ in range(2):
            clock.forward(minutes=20)
            learned.check(whole_list_every=timedelta(0))
    assert is_cancelled_at_the_next_check(learned, clock)


def test_an_order_that_is_missed_is_looked_for_in_the_whole_list_at_once(
    learned: Rooms, clock: Clock
) -> None:
    clock.forward(minutes=20)
    learned.shop.remove("lampe")
    kinds = []
    for _ in range(4):
        report = learned.check(whole_list_every=DAILY)
        kinds.append((learned.visitor.list_pages, [event.kind for event in report.plan.events]))
        clock.forward(minutes=20)
    assert kinds == [
        (WHOLE, [EventKind.ORDER_MISSING]), (WHOLE, [EventKind.ORDER_STILL_MISSING]), (1, []), (1, []),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["{", "7", '{"a": 1}', "[1, null]", "[" * 100_000])
def test_absences_that_cannot_be_read_are_learnt_anew(rooms: Rooms, text: str) -> None:
    rooms.check()
    with rooms.store.writing() as writing:
        writing.save_remembered("lacked:main", text)
    assert lacked_conversations(rooms.store, "main") == frozenset()
    assert rooms.check().reading.outcome is Outcome.OK


def test_the_list_is_read_to_its_end_at_set_intervals(learned: Rooms, clock: Clock) -> None:
    pages = []
    for _ in range(4):
        clock.forward(hours=8)
        learned.check(whole_list_every=DAILY)
        pages.append(learned.visitor.list_pages)
    assert pages == [1, 1, WHOLE, 1]


def test_after_a_check_that_could_not_read_everything_the_whole_list_is_read(
    learned: Rooms, clock: Clock
) -> None:
    clock.forward(minutes=20)
    learned.visitor.thread_wall = "unreachable"
    assert learned.check(whole_list_every=DAILY).reading.outcome is Outcome.PARTIAL
    learned.visitor.thread_wall = None
    clock.forward(minutes=20)
    learned.check(whole_list_every=DAILY)
    assert learned.visitor.list_pages == WHOLE


def test_the_overlap_covers_what_came_during_the_last_visit() -> None:
    """A visit takes four minutes at most, and two clocks may differ by more than that."""
    assert timedelta(minutes=30) <= OVERLAP < timedelta(hours=6)


def test_a_visit_opens_no_more_threads_than_the_day_has_pages_left(rooms: Rooms) -> None:
    from dataclasses import replace

    report = crowded(rooms).check(threads_at_most=200, pace=replace(PACE, pages_per_day=10))
    assert len(rooms.visitor.opened) == 9
    assert report.plan.account.loads.count == 10
