"""Pages of the own account that the seller added."""

import re
from dataclasses import replace

import pytest

from tests.support.clock import Clock
from tests.support.rooms import Rooms
from watcher.domain.alert import AlertKind
from watcher.domain.capture import AddedPage, Capture, PageKind
from watcher.domain.event import EventKind
from watcher.domain.outcome import Outcome
from watcher.domain.reading import ProblemKind
from watcher.domain.stage import Stage

PAGE = AddedPage(name="payments", url="https://pay.example/transactions")
TABLE = "<table><tr><td>12.11.</td><td>Lampe</td><td>{lamp}</td></tr><tr><td>Buch</td><td>Ausgezahlt</td></tr></table>"


@pytest.fixture
def with_page(known: Rooms) -> Rooms:
    known.visitor.pages["payments"] = TABLE.format(lamp="Artikel versendet")
    known.check(pages=[PAGE])
    known.clock.forward(minutes=20)
    return known


def test_a_page_is_archived_when_it_is_first_seen_and_nothing_is_told_of_what_is_old(known: Rooms) -> None:
    known.visitor.pages["payments"] = TABLE.format(lamp="Storniert")
    report = known.check(pages=[PAGE])
    assert report.reading.outcome is Outcome.OK
    [capture] = [capture for capture in report.captures if capture.kind is PageKind.ADDED]
    assert (capture.page, capture.conversation, capture.reason) == ("payments", None, "changed")
    assert not report.plan.alerts


def test_new_words_of_a_cancellation_are_told_at_once_as_unsure_words(with_page: Rooms) -> None:
    with_page.visitor.pages["payments"] = TABLE.format(lamp="Storniert")
    report = with_page.check(pages=[PAGE])
    [event] = report.plan.events
    assert (event.kind, dict(event.details)) == (
        EventKind.PAGE_CHANGED,
        {"page": "payments", "stage": "cancelled"},
    )
    [alert] = report.plan.alerts
    assert (alert.kind, alert.critical, alert.order) == (AlertKind.PAGE_WORDS, True, None)


def test_words_alone_change_no_order(with_page: Rooms) -> None:
    before = {order.id: order.stage for order in with_page.store.orders()}
    with_page.visitor.pages["payments"] = TABLE.format(lamp="Storniert")
    with_page.check(pages=[PAGE])
    assert {order.id: order.stage for order in with_page.store.orders()} == before


def test_a_change_for_the_better_is_an_event_and_no_alert(with_page: Rooms) -> None:
    with_page.visitor.pages["payments"] = TABLE.format(lamp="Artikel zugestellt")
    report = with_page.check(pages=[PAGE])
    assert [event.kind for event in report.plan.events] == [EventKind.PAGE_CHANGED]
    assert not report.plan.alerts


def test_an_unchanged_page_is_not_stored_again(with_page: Rooms) -> None:
    report = with_page.check(pages=[PAGE])
    assert not report.captures
    assert not report.plan.events


def test_what_it_says_is_counted_line_by_line(with_page: Rooms) -> None:
    statement = with_page.store.statements("main")["payments"]
    assert dict(statement.stages) == {Stage.SHIPPED: 1, Stage.PAID_OUT: 1}


def test_a_page_that_cannot_be_reached_makes_the_check_partial_and_keeps_what_was_known(
    with_page: Rooms, clock: Clock
) -> None:
    del with_page.visitor.pages["payments"]
    report = with_page.check(pages=[PAGE])
    assert report.reading.outcome is Outcome.PARTIAL
    assert ProblemKind.PAGE_UNREAD in {problem.kind for problem in report.reading.problems}
    assert "payments" in with_page.store.statements("main")
    assert [capture.reason for capture in report.captures if capture.kind is PageKind.ADDED] == ["problem"]


@pytest.mark.parametrize(
    "html",
    ["", "<form><input type='password'></form>", "<div id='error'>IP-Bereich vorübergehend gesperrt</div>"],
)
def test_an_empty_page_a_login_and_a_block_say_nothing(known: Rooms, html: str) -> None:
    known.visitor.pages["payments"] = html
    known.visitor.alter = _without_marker
    report = known.check(pages=[PAGE])
    assert not report.reading.statements
    assert report.reading.outcome is Outcome.PARTIAL


def _without_marker(capture: Capture) -> Capture:
    if capture.conversation is not None or "conversation-list" in capture.html:
        return capture
    return replace(capture, html=re.sub(r"<span id=.user-email.>.*?</span>", "", capture.html))
