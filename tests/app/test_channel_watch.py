"""A dead channel is an alert on the others; a quiet one is tested, and nobody is disturbed."""

from datetime import timedelta

import pytest

from tests.support.rooms import CASE_RULES, PACE, FakePostman, Rooms
from tests.support.values import alert
from watcher.app.channel_watch import (
    due_for_test,
    queue_channel_news,
    remember_trial,
    try_quietly,
)
from watcher.app.deliver import deliver_due
from watcher.app.ports import Undelivered, Waiting
from watcher.app.round import RoundRules, deliver_round
from watcher.domain.alert import AlertKind
from watcher.domain.channel_health import DEAD_AFTER, LONGEST_REST, SELF_TEST, Liveness

CHANNELS = ["email", "desktop"]
RULES = RoundRules(accounts=["main"], pace=PACE, cases=CASE_RULES)


class FakeProber:
    """Implements the port `Prober`."""

    def __init__(self) -> None:
        self.tested: list[str] = []
        self.faults: dict[str, Undelivered] = {}

    def probe(self, channel: str) -> str:
        self.tested.append(channel)
        if channel in self.faults:
            raise self.faults[channel]
        return "250 ready"


@pytest.fixture
def postman() -> FakePostman:
    return FakePostman(*CHANNELS)


def queue(rooms: Rooms, key: str) -> None:
    with rooms.store.writing() as writing:
        writing.queue(alert(key, at=rooms.clock()), channels=CHANNELS, now=rooms.clock())


def kinds_through(postman: FakePostman, channel: str) -> list[AlertKind]:
    return [entry.alert.kind for entry in postman.taken if entry.channel == channel]


def test_a_channel_that_only_a_person_can_mend_is_told_through_the_others_at_once(
    known: Rooms, postman: FakePostman
) -> None:
    queue(known, "news")
    postman.fail("email", permanent=True, reason="wrong password")
    deliver_round(known.store, postman, rules=RULES, clock=known.clock)
    assert kinds_through(postman, "desktop") == [AlertKind.CASE_OPENED, AlertKind.CHANNEL_DEAD]
    told = dict(postman.taken[-1].alert.details)
    assert (told["channel"], told["problem"]) == ("email", "wrong password")
    deliver_round(known.store, postman, rules=RULES, clock=known.clock)
    assert len(kinds_through(postman, "desktop")) == 2
    assert not [entry for entry in known.store.outbox() if entry.alert.kind is AlertKind.CHANNEL_DEAD][1:]


def test_a_channel_that_comes_back_is_told_once_and_takes_what_has_waited(
    known: Rooms, postman: FakePostman
) -> None:
    queue(known, "news")
    postman.fail("email", permanent=True)
    deliver_round(known.store, postman, rules=RULES, clock=known.clock)
    postman.faults.clear()
    for _ in range(3):
        known.clock.now += DEAD_AFTER
        deliver_round(known.store, postman, rules=RULES, clock=known.clock)
    assert kinds_through(postman, "email") == [AlertKind.CASE_OPENED]
    assert kinds_through(postman, "desktop").count(AlertKind.CHANNEL_BACK) == 1


def test_without_another_channel_nothing_counts_as_told(known: Rooms) -> None:
    lonely = FakePostman("email")
    queue(known, "news")
    lonely.fail("email", permanent=True)
    deliver_due(known.store, lonely, clock=known.clock)
    assert queue_channel_news(known.store, channels=["email"], account="main", clock=known.clock) == []
    assert known.store.channel_health("email").told_at is None
    [news] = queue_channel_news(known.store, channels=CHANNELS, account="main", clock=known.clock)
    assert news.kind is AlertKind.CHANNEL_DEAD


def test_the_ledger_names_the_channel_and_never_what_its_server_said(
    known: Rooms, postman: FakePostman
) -> None:
    queue(known, "news")
    postman.fail("email", permanent=True, reason="550 marlene@example.org is unknown")
    deliver_round(known.store, postman, rules=RULES, clock=known.clock)
    [line] = [line for line in known.ledger() if line["kind"] == "channel_dead"]
    assert line["facts"] == {"channel": "email"}


def test_a_channel_that_has_just_failed_rests_and_then_takes_the_others(
    known: Rooms, postman: FakePostman
) -> None:
    for number in range(5):
        queue(known, f"news-{number}")
    postman.fail("email")
    for _ in range(3):
        deliver_due(known.store, postman, clock=known.clock)
    assert len([entry for entry in postman.tried if entry.channel == "email"]) == 1
    assert not known.store.has_due(now=known.clock())
    postman.faults.clear()
    known.clock.now += LONGEST_REST
    deliver_due(known.store, postman, clock=known.clock)
    assert len(kinds_through(postman, "email")) == 5


def test_what_a_server_asked_for_holds_back_every_alert_to_it(known: Rooms, postman: FakePostman) -> None:
    queue(known, "news")
    postman.faults["email"] = Undelivered("429", permanent=False, retry_after=timedelta(minutes=20))
    deliver_due(known.store, postman, clock=known.clock)
    postman.faults.clear()
    known.clock.now += timedelta(minutes=19)
    queue(known, "later")
    deliver_due(known.store, postman, clock=known.clock)
    assert kinds_through(postman, "email") == []
    known.clock.now += timedelta(minutes=1)
    deliver_due(known.store, postman, clock=known.clock)
    assert len(kinds_through(postman, "email")) == 2


def test_a_quiet_channel_is_tested_once_a_day(known: Rooms) -> None:
    prober = FakeProber()
    for _ in range(3):
        try_quietly(known.store, prober, channels=CHANNELS, clock=known.clock)
    assert prober.tested == CHANNELS
    known.clock.now += SELF_TEST
    assert due_for_test(known.store, channels=CHANNELS, now=known.clock()) == CHANNELS


def test_a_test_that_fails_is_told_on_the_others(known: Rooms) -> None:
    prober = FakeProber()
    prober.faults["email"] = Undelivered("the password has expired", permanent=True, advice="Make a new one.")
    try_quietly(known.store, prober, channels=CHANNELS, clock=known.clock)
    health = known.store.channel_health("email")
    assert (health.liveness, health.by_test, health.advice) == (Liveness.DEAD, True, "Make a new one.")
    [news] = queue_channel_news(known.store, channels=CHANNELS, account="main", clock=known.clock)
    assert [entry.channel for entry in known.store.outbox() if entry.alert.key == news.key] == ["desktop"]


def test_a_channel_for_which_an_alert_waits_is_not_tested(known: Rooms, postman: FakePostman) -> None:
    queue(known, "news")
    postman.fail("email")
    deliver_due(known.store, postman, clock=known.clock)
    known.clock.now += SELF_TEST
    assert due_for_test(known.store, channels=CHANNELS, now=known.clock()) == ["desktop"]


def test_health_survives_a_restart(known: Rooms, postman: FakePostman) -> None:
    queue(known, "news")
    postman.faults["email"] = Undelivered("no", permanent=True, advice="Mend it.")
    deliver_round(known.store, postman, rules=RULES, clock=known.clock)
    other = known.second_store()
    try:
        assert other.channel_health("email") == known.store.channel_health("email")
        assert other.channel_health("email").told_at == known.clock()
    finally:
        other.close()


def test_a_test_alert_that_was_taken_shows_that_the_channel_is_mended(
    known: Rooms, postman: FakePostman
) -> None:
    queue(known, "news")
    postman.fail("email", permanent=True)
    deliver_round(known.store, postman, rules=RULES, clock=known.clock)
    remember_trial(known.store, "email", None, clock=known.clock)
    [news] = queue_channel_news(known.store, channels=CHANNELS, account="main", clock=known.clock)
    assert news.kind is AlertKind.CHANNEL_BACK
    remember_trial(known.store, "email", Undelivered("no", permanent=True), clock=known.clock)
    assert known.store.channel_health("email").liveness is Liveness.DEAD


def test_what_waits_for_a_channel_goes_out_as_soon_as_a_person_has_shown_that_it_is_mended(
    known: Rooms, postman: FakePostman
) -> None:
    queue(known, "news")
    postman.fail("email", permanent=True)
    deliver_due(known.store, postman, clock=known.clock)
    postman.faults.clear()
    known.clock.now += LONGEST_REST
    deliver_due(known.store, postman, clock=known.clock)
    assert kinds_through(postman, "email") == [], "what a person must mend is tried rarely"
    remember_trial(known.store, "email", None, clock=known.clock)
    deliver_due(known.store, postman, clock=known.clock)
    assert postman.keys("email") == ["news"]


def test_the_first_alert_that_a_channel_takes_again_brings_all_that_waits_for_it(
    known: Rooms, postman: FakePostman
) -> None:
    queue(known, "news")
    postman.fail("email", permanent=True)
    deliver_due(known.store, postman, clock=known.clock)
    postman.faults.clear()
    known.clock.now += LONGEST_REST
    queue(known, "later")
    deliver_due(known.store, postman, clock=known.clock)
    assert postman.keys("email") == ["later", "news"]


def test_an_alert_that_its_channel_will_not_take_holds_up_no_other_and_is_not_tried_in_a_circle(
    known: Rooms, postman: FakePostman
) -> None:
    class Choosy(FakePostman):
        def hand_over(self, waiting: Waiting) -> str:
            self.faults.clear()
            if waiting.alert.key == "too big" and waiting.channel == "email":
                self.fail("email", permanent=True, reason="552 too big")
            return super().hand_over(waiting)

    choosy = Choosy(*CHANNELS)
    queue(known, "too big")
    deliver_due(known.store, choosy, clock=known.clock)
    for number in range(3):
        known.clock.now += LONGEST_REST
        queue(known, f"news-{number}")
        deliver_due(known.store, choosy, clock=known.clock)
    assert choosy.keys("email") == ["news-0", "news-1", "news-2"]
    tries = [entry for entry in choosy.tried if entry.alert.key == "too big" and entry.channel == "email"]
    assert len(tries) == 4
