"""What the human opens is archived, read and remembered, and nothing else is looked at."""

from tests.support.clock import Clock
from tests.support.rooms import Rooms, rules
from watcher.app.opened import remember_opened
from watcher.app.remember import Report
from watcher.domain.alert import AlertKind
from watcher.domain.capture import Capture
from watcher.domain.event import EventKind
from watcher.domain.outcome import Outcome


def opened(rooms: Rooms, deal: str | None) -> Capture:
    """The page as the human's own browser shows it."""
    with rooms.visitor.visit("main") as visit:
        if deal is None:
            return visit.open_list(lambda _: False)
        return visit.open_thread(rooms.visitor.conversation(deal))


def take(rooms: Rooms, capture: Capture) -> Report:
    return remember_opened(capture, rules=rules(), store=rooms.store, vault=rooms.vault, clock=rooms.clock)


def test_a_cancellation_in_a_thread_that_the_human_opens_is_told(known: Rooms) -> None:
    known.shop.happen("friteuse", "BUYER_CANCELLED")
    report = take(known, opened(known, "friteuse"))
    assert [event.kind for event in report.plan.events] == [EventKind.ORDER_CANCELLED]
    assert [alert.kind for alert in report.plan.alerts] == [AlertKind.CASE_OPENED]
    assert report.captures


def test_a_single_page_makes_no_account_verified_and_plans_no_check(known: Rooms, clock: Clock) -> None:
    before = known.store.account("main")
    clock.forward(hours=1)
    take(known, opened(known, "friteuse"))
    after = known.store.account("main")
    assert (after.last_check_at, after.last_complete_at, after.next_check_at, after.loads) == (
        before.last_check_at,
        before.last_complete_at,
        before.next_check_at,
        before.loads,
    )


def test_a_list_that_the_human_opens_can_miss_an_order(known: Rooms) -> None:
    known.shop.remove("friteuse")
    report = take(known, opened(known, None))
    assert EventKind.ORDER_MISSING in {event.kind for event in report.plan.events}


def test_the_same_page_again_is_not_stored_again(known: Rooms) -> None:
    take(known, opened(known, "friteuse"))
    assert not take(known, opened(known, "friteuse")).captures


def test_a_page_that_cannot_be_read_is_kept_and_told_once(known: Rooms) -> None:
    known.visitor.wall = "unreadable"
    report = take(known, opened(known, None))
    assert report.reading.outcome is Outcome.UNREADABLE
    assert [capture.reason for capture in report.captures] == ["problem"]
    assert [alert.kind for alert in report.plan.alerts] == [AlertKind.ACCOUNT_TROUBLE]
    assert not take(known, opened(known, None)).plan.alerts


def test_a_conversation_that_was_deleted_is_kept_and_no_trouble(known: Rooms) -> None:
    conversation = known.visitor.conversation("friteuse")
    known.shop.remove("friteuse")
    with known.visitor.visit("main") as visit:
        report = take(known, visit.open_thread(conversation))
    assert [capture.reason for capture in report.captures] == ["problem"]
    assert (report.plan.events, report.plan.alerts) == ((), ())


def test_the_first_page_of_an_account_begins_it(rooms: Rooms) -> None:
    report = take(rooms, opened(rooms, "friteuse"))
    assert [event.kind for event in report.plan.events] == [EventKind.ORDER_SEEN]
    account = rooms.store.account("main")
    assert account.watched_since is not None
    assert account.login == "marlene@example.org"


def test_a_login_page_that_the_human_sees_is_no_news_to_tell(known: Rooms) -> None:
    known.visitor.wall = "logged_out"
    assert not take(known, opened(known, None)).plan.alerts
