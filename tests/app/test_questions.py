"""Questions that wait, from the look that sees them to the reminder and to the answer."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from fixtures.shop import Ad, Deal
from fixtures.shop.deals import Message
from tests.support.clock import NOON, Clock
from tests.support.rooms import PACE, FakePostman, Rooms
from watcher.app.case_book import CaseRules
from watcher.app.deliver import deliver_due
from watcher.app.forget import BY_SELLER, forget
from watcher.app.forget_plan import plan_forgetting
from watcher.app.opened import remember_opened
from watcher.app.questions import AnswerRules, waiting_questions
from watcher.app.remember import Rules
from watcher.app.retention import is_time_to_look, keep_to_it
from watcher.app.round import RoundRules, queue_news_of_time
from watcher.app.timely import SellerWays, queue_timely
from watcher.carriers.window import window_of
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.budget import BERLIN
from watcher.domain.capture import Capture, PageKind
from watcher.domain.confidence import Confidence
from watcher.domain.question import OLD, Question
from watcher.domain.quiet_hours import NEVER_QUIET, QuietHours
from watcher.domain.retention import Keeping
from watcher.pages.closing import closing_of
from watcher.storage.database import FILE_NAME

SECRET = "Holst du den Schlüssel bei Frau Ulmenstein?"
NIGHT = QuietHours(hours=(time(22), time(7)))


def chat(name: str, *said: tuple[float, str, bool], buyer: str = "Jonte", **known: object) -> Deal:
    """A conversation without a deal: how many hours before noon, what, and whether the buyer says it."""
    messages = [
        Message(text=text, at=NOON - timedelta(hours=hours), inbound=inbound) for hours, text, inbound in said
    ]
    return Deal(
        id=name, ad=Ad(title=f"Ding {name}", price_cents=2000), buyer=buyer, messages=messages, **known
    )  # type: ignore[arg-type]


@pytest.fixture
def rooms(tmp_path: Path, clock: Clock) -> Iterator[Rooms]:
    deals = [
        chat("asks", (3, SECRET, True), buyer="Ayla"),
        chat("thanks", (6, "Noch da?", True), (5, "Ja", False), (4, "ok, danke", True)),
        chat("answered", (9, "Wie breit ist es?", True), (7, "80 cm", False)),
        chat("bought", (2, "Ist es noch da?", True), role="Buyer", seller="Piet"),
    ]
    rooms = Rooms(tmp_path / "data", deals, clock)
    yield rooms
    rooms.store.close()


def waiting(rooms: Rooms) -> dict[str, Question]:
    names = {deal.conversation_id: deal.id for deal in rooms.shop.deals()}
    return {names[each.conversation]: each for each in rooms.store.questions().waiting("main")}


def took(rooms: Rooms) -> list[tuple[timedelta, bool]]:
    return [(each.took, each.exact) for each in rooms.store.questions().answers("main")]


def unread_threads(rooms: Rooms) -> None:
    """From now on no thread can be read, so that the list alone tells."""
    rooms.visitor.thread_wall = "unreachable"


def without_json(capture: Capture) -> Capture:
    return replace(capture, bodies=())


def test_the_first_look_sees_what_waits_and_how_soon_was_answered_before(rooms: Rooms) -> None:
    rooms.check()
    [asked] = waiting(rooms).values()
    assert (asked.title, asked.buyer, asked.confidence) == ("Ding asks", "Ayla", Confidence.CERTAIN)
    assert asked.asked_at == NOON - timedelta(hours=3)
    assert took(rooms) == [(timedelta(hours=2), True), (timedelta(hours=1), True)]


def test_no_thread_is_opened_for_a_question_and_nothing_is_written_at_the_site(rooms: Rooms) -> None:
    rooms.check()
    rooms.clock.forward(minutes=30)
    rooms.check()
    assert "asks" in waiting(rooms)
    assert rooms.visitor.opened == []
    assert rooms.shop.writes == []
    assert [deal.unread for deal in rooms.shop.deals()] == [0, 0, 0, 0]


def test_an_answer_ends_the_question_and_its_time_is_exact(rooms: Rooms) -> None:
    rooms.check()
    rooms.shop.say("asks", "Ja, gern.", at=NOON + timedelta(minutes=30), inbound=False)
    rooms.clock.forward(hours=2)
    rooms.check()
    assert waiting(rooms) == {}
    assert (timedelta(hours=3.5), True) in took(rooms)


def test_where_the_thread_cannot_be_read_the_list_alone_tells_of_the_answer(rooms: Rooms) -> None:
    rooms.check()
    unread_threads(rooms)
    rooms.shop.say("asks", "Ja, gern.", at=NOON + timedelta(minutes=30), inbound=False)
    rooms.clock.forward(hours=2)
    rooms.check()
    assert waiting(rooms) == {}
    assert (timedelta(hours=3.5), False) in took(rooms)


def test_what_the_thread_tells_later_takes_the_place_of_what_the_list_told(rooms: Rooms) -> None:
    rooms.check()
    unread_threads(rooms)
    rooms.shop.say("asks", "Moment", at=NOON + timedelta(minutes=10), inbound=False)
    rooms.shop.say("asks", "Ja, gern.", at=NOON + timedelta(minutes=30), inbound=False)
    rooms.clock.forward(hours=2)
    rooms.check()
    assert (timedelta(hours=3.5), False) in took(rooms)
    rooms.visitor.thread_wall = None
    rooms.check()
    assert (timedelta(hours=3, minutes=10), True) in took(rooms)
    assert all(exact for _span, exact in took(rooms))


def test_a_question_that_only_the_list_shows_is_likely(rooms: Rooms) -> None:
    unread_threads(rooms)
    rooms.check()
    assert {name: each.confidence for name, each in waiting(rooms).items()} == {"asks": Confidence.LIKELY}


def test_thanks_after_an_open_question_leave_it_open_at_every_look(rooms: Rooms) -> None:
    rooms.shop.say("asks", "ok, danke", at=NOON - timedelta(hours=1))
    for _look in range(3):
        rooms.check()
        rooms.clock.forward(minutes=30)
        assert waiting(rooms)["asks"].asked_at == NOON - timedelta(hours=3)


def test_a_payment_item_after_the_question_is_no_question(rooms: Rooms) -> None:
    rooms.check()
    rooms.shop.happen("asks", "REQUESTED", at=NOON + timedelta(minutes=5))
    rooms.clock.forward(minutes=30)
    rooms.check()
    assert waiting(rooms) == {}
    # Also where its thread cannot be read the next time: the heading is known by then.
    unread_threads(rooms)
    rooms.shop.happen("answered", "REQUESTED", at=NOON + timedelta(minutes=40))
    rooms.clock.forward(minutes=30)
    rooms.check()
    assert waiting(rooms) == {}


def test_the_page_alone_makes_it_unsure_and_takes_nothing_back(rooms: Rooms) -> None:
    rooms.check()
    rooms.visitor.alter = without_json
    rooms.shop.say("answered", "Und wie tief?", at=NOON + timedelta(minutes=1))
    rooms.clock.forward(minutes=30)
    rooms.check()
    told = waiting(rooms)
    assert told["asks"].confidence is Confidence.CERTAIN
    assert told["answered"].confidence is Confidence.UNSURE


def test_the_sellers_own_words_need_no_answer(tmp_path: Path, clock: Clock) -> None:
    rooms = Rooms(tmp_path / "data", [chat("asks", (3, "Horrido!", True))], clock)
    rooms.answers = AnswerRules(closing=closing_of(["horrido"]))
    rooms.check()
    assert waiting(rooms) == {}
    rooms.store.close()


def test_a_row_further_down_than_was_read_stays_as_it_is_and_counts_as_seen(
    tmp_path: Path, clock: Clock
) -> None:
    deals = [chat(f"d{number:02}", (2 + number, "Noch da?", True)) for number in range(40)]
    rooms = Rooms(tmp_path / "data", deals, clock)
    rooms.check()
    assert len(waiting(rooms)) == 40
    rooms.clock.forward(hours=20)
    rooms.check(whole_list_every=timedelta(days=2))
    assert rooms.visitor.list_pages == 1
    assert {each.seen_at for each in waiting(rooms).values()} == {clock()}
    rooms.store.close()


def test_a_conversation_that_the_whole_list_lacks_waits_for_nothing(rooms: Rooms) -> None:
    rooms.check()
    rooms.shop.remove("asks")
    rooms.clock.forward(minutes=30)
    rooms.check()
    assert rooms.store.questions().waiting("main") == []


def test_a_look_that_reads_nothing_changes_nothing(rooms: Rooms) -> None:
    rooms.check()
    before = waiting(rooms)
    rooms.visitor.wall = "logged_out"
    rooms.clock.forward(minutes=30)
    rooms.check()
    assert waiting(rooms) == before


def test_what_a_human_opens_is_remembered_too(rooms: Rooms) -> None:
    captures: list[Capture] = []

    def keep(capture: Capture) -> Capture:
        captures.append(capture)
        return capture

    rooms.visitor.alter = keep
    rooms.check()
    rooms.shop.say("asks", "Ja", at=NOON + timedelta(minutes=1), inbound=False)
    rooms.clock.forward(minutes=30)
    with rooms.visitor.visit("main") as visit:
        thread = visit.open_thread(rooms.visitor.conversation("asks"))
    assert thread.kind is PageKind.CONVERSATION
    rules = Rules(pace=PACE, channels=[], cases=CaseRules(window_of=window_of), jitter=0.5)
    remember_opened(thread, rules=rules, store=rooms.store, vault=rooms.vault, clock=rooms.clock)
    assert waiting(rooms) == {}
    assert (timedelta(hours=3, minutes=1), True) in took(rooms)


def test_nothing_that_was_written_is_in_the_database_or_the_ledger(rooms: Rooms) -> None:
    rooms.check()
    rooms.store.tidy()
    files = list(rooms.folder.glob(f"{FILE_NAME}*"))
    assert files
    for path in files:
        assert b"Ulmenstein" not in path.read_bytes(), path
    told = json.dumps(rooms.ledger())
    assert not re.search("Ulmenstein|Ayla|Ding asks", told)


# --- the end of it


def test_a_question_is_erased_after_the_time_of_the_archive_and_comes_not_back(rooms: Rooms) -> None:
    rooms.check()
    rooms.clock.forward(days=31)
    erasing, keeping = rooms.store.erasing(), Keeping(orders=timedelta(days=30))
    assert is_time_to_look(rooms.store, erasing, now=rooms.clock())
    keep_to_it(rooms.store, erasing, keeping, channels=[], clock=rooms.clock)
    assert waiting(rooms) == {}
    assert erasing.is_unfinished(), "its old pages in the database file are cleaned, too"
    rooms.answers = AnswerRules(kept_for=keeping.orders)
    rooms.check()
    assert waiting(rooms) == {}


def test_what_is_older_than_the_archive_keeps_is_not_taken_up(tmp_path: Path, clock: Clock) -> None:
    rooms = Rooms(tmp_path / "data", [chat("asks", (24 * 200, "Noch da?", True))], clock)
    rooms.check()
    assert waiting(rooms) == {}
    rooms.store.close()


def test_a_forgotten_order_takes_its_question_along_for_good(rooms: Rooms) -> None:
    rooms.shop.happen("asks", "REQUEST_DECLINED", at=NOON - timedelta(hours=4))
    rooms.check()
    assert "asks" in waiting(rooms)
    [order] = rooms.store.orders()
    erasing = rooms.store.erasing()
    assert erasing.holding(order).others
    plan = plan_forgetting(rooms.store, erasing, [order], now=rooms.clock())
    forget(rooms.store, erasing, plan, reason=BY_SELLER, clock=rooms.clock)
    assert waiting(rooms) == {}
    for _look in range(2):
        rooms.clock.forward(minutes=30)
        rooms.check()
        assert waiting(rooms) == {}
    rooms.shop.say("asks", "Und jetzt?", at=rooms.clock())
    rooms.clock.forward(minutes=30)
    rooms.check()
    assert "asks" in waiting(rooms), "something new was said: the order is awake again"


# --- reminders


def told(rooms: Rooms, *, after: float | None = 4, quiet: QuietHours = NEVER_QUIET) -> list[Alert]:
    alerts = queue_timely(
        rooms.store,
        accounts=["main"],
        rules=CaseRules(window_of=window_of),
        seller=SellerWays(answers_after=None if after is None else timedelta(hours=after)),
        channels=["email"],
        clock=rooms.clock,
        quiet=quiet,
    )
    return [alert for alert in alerts if alert.kind is AlertKind.QUESTIONS_WAIT]


def delivered(rooms: Rooms, *, quiet: QuietHours = NEVER_QUIET) -> list[AlertKind]:
    postman = FakePostman("email")
    return [each.alert.kind for each in deliver_due(rooms.store, postman, clock=rooms.clock, quiet=quiet)]


def go_to(rooms: Rooms, day: int, clock: str) -> None:
    at = datetime.combine(datetime(2026, 11, day).date(), time.fromisoformat(clock), BERLIN)
    rooms.clock.forward(seconds=(at - rooms.clock()).total_seconds())


def test_a_question_is_told_once_when_its_time_is_over(rooms: Rooms) -> None:
    rooms.check()
    assert told(rooms) == []
    rooms.clock.forward(hours=1)
    [alert] = told(rooms)
    assert (alert.critical, alert.wakes) == (False, None)
    assert delivered(rooms) == [AlertKind.QUESTIONS_WAIT]
    for _hour in range(30):
        rooms.clock.forward(hours=1)
        rooms.check()
        assert told(rooms) == []


def test_nobody_is_reminded_who_has_not_asked_for_it(rooms: Rooms) -> None:
    rooms.check()
    rooms.clock.forward(hours=9)
    assert told(rooms, after=None) == []


def test_several_that_are_due_are_told_together(rooms: Rooms) -> None:
    rooms.shop.say("thanks", "Und wie breit?", at=NOON - timedelta(hours=1))
    rooms.check()
    rooms.clock.forward(hours=4)
    [alert] = told(rooms)
    assert len(alert.details) == 2
    rooms.clock.forward(hours=1)
    assert told(rooms) == []


def test_at_night_nothing_is_told_and_in_the_morning_all_together(rooms: Rooms) -> None:
    rooms.check()
    rooms.shop.say("answered", "Und wie tief?", at=NOON + timedelta(hours=8))
    rooms.clock.forward(hours=8.5)
    rooms.check()
    go_to(rooms, 23, "01:30")
    assert told(rooms, after=6, quiet=NIGHT) == []
    go_to(rooms, 23, "06:59")
    assert told(rooms, after=6, quiet=NIGHT) == []
    go_to(rooms, 23, "07:00")
    [alert] = told(rooms, after=6, quiet=NIGHT)
    assert len(alert.details) == 2
    assert delivered(rooms, quiet=NIGHT) == [AlertKind.QUESTIONS_WAIT]


def test_what_was_queued_before_the_night_waits_for_the_morning(rooms: Rooms) -> None:
    rooms.check()
    go_to(rooms, 22, "21:59")
    rooms.check()
    assert len(told(rooms, quiet=NIGHT)) == 1
    for clock, day in (("22:01", 22), ("03:00", 23), ("06:59", 23)):
        go_to(rooms, day, clock)
        assert delivered(rooms, quiet=NIGHT) == []
    go_to(rooms, 23, "07:01")
    assert delivered(rooms, quiet=NIGHT) == [AlertKind.QUESTIONS_WAIT]


def test_what_was_answered_while_the_word_waited_is_not_sent(rooms: Rooms) -> None:
    rooms.check()
    go_to(rooms, 22, "21:59")
    assert len(told(rooms, quiet=NIGHT)) == 1
    rooms.shop.say("asks", "Ja", at=rooms.clock(), inbound=False)
    go_to(rooms, 23, "06:00")
    rooms.check()
    go_to(rooms, 23, "07:01")
    assert delivered(rooms, quiet=NIGHT) == []
    [entry] = [each for each in rooms.store.outbox() if each.alert.kind is AlertKind.QUESTIONS_WAIT]
    assert entry.dropped_at is not None


def test_a_new_question_after_an_answer_is_told_anew(rooms: Rooms) -> None:
    rooms.check()
    rooms.clock.forward(hours=2)
    assert len(told(rooms)) == 1
    rooms.shop.say("asks", "Ja", at=rooms.clock(), inbound=False)
    rooms.shop.say("asks", "Und geht auch Versand?", at=rooms.clock() + timedelta(minutes=1))
    rooms.clock.forward(hours=1)
    rooms.check()
    rooms.clock.forward(hours=4)
    rooms.check()
    assert len(told(rooms)) == 1


def test_an_old_question_is_shown_and_no_longer_told(rooms: Rooms) -> None:
    rooms.check()
    rooms.clock.forward(seconds=OLD.total_seconds())
    rooms.check()
    assert told(rooms) == []
    now = waiting_questions(rooms.store, "main", now=rooms.clock())
    assert (len(now.open), len(now.old)) == (0, 1)


def test_without_a_channel_nothing_counts_as_told(rooms: Rooms) -> None:
    rooms.check()
    rooms.clock.forward(hours=5)
    rules = RoundRules(
        accounts=["main"],
        pace=PACE,
        cases=CaseRules(window_of=window_of),
        seller=SellerWays(answers_after=timedelta(hours=4)),
    )
    queue_news_of_time(rooms.store, rules=rules, channels=[], clock=rooms.clock)
    assert waiting(rooms)["asks"].reminded_at is None
    queue_news_of_time(rooms.store, rules=rules, channels=["email"], clock=rooms.clock)
    assert waiting(rooms)["asks"].reminded_at == rooms.clock()
