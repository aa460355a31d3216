"""An alert goes out at least once, keeps coming back until somebody has it, and one dead channel stops no other."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.support.clock import Clock
from tests.support.rooms import CASE_RULES, PACE, FakePostman, Rooms
from tests.support.values import alert
from watcher.app.deliver import (
    FIRST_PAUSE,
    LEASE,
    LONGEST_PAUSE,
    deliver_due,
    pause_after,
    queue_reminders,
)
from watcher.app.round import RoundRules, deliver_round
from watcher.app.seller import acknowledge, close_case
from watcher.domain.alert import AlertKind
from watcher.domain.escalation import default_policies
from watcher.domain.remind import RemindRules

EVERY = timedelta(minutes=30)
RULES = RemindRules(policies=default_policies(EVERY))
CHANNELS = ["email", "desktop"]


@pytest.fixture
def postman() -> FakePostman:
    return FakePostman()


def remind(rooms: Rooms) -> list[int]:
    return [
        entry.round
        for entry in queue_reminders(rooms.store, channels=CHANNELS, rules=RULES, clock=rooms.clock)
    ]


def deliver(rooms: Rooms, postman: FakePostman) -> list[str]:
    return [entry.channel for entry in deliver_due(rooms.store, postman, clock=rooms.clock)]


def case_id(rooms: Rooms) -> str:
    return rooms.store.cases()[0].id


def test_what_is_due_goes_out_once_through_every_channel(cancelled: Rooms, postman: FakePostman) -> None:
    assert sorted(deliver(cancelled, postman)) == ["desktop", "email"]
    assert deliver(cancelled, postman) == []
    assert all(entry.sent_at == cancelled.clock() for entry in cancelled.store.outbox())


def test_the_ledger_tells_what_was_sent_when_through_what(cancelled: Rooms, postman: FakePostman) -> None:
    deliver(cancelled, postman)
    sent = [line["facts"] for line in cancelled.ledger() if line["kind"] == "alert_sent"]
    case = case_id(cancelled)
    told = {"alert": f"{case}/0", "about": "case_opened", "case": case, "round": 0, "repeat": False}
    assert sent == [told | {"channel": channel} for channel in CHANNELS]


def test_the_ledger_says_of_an_alert_that_may_have_been_sent_before(
    cancelled: Rooms, postman: FakePostman
) -> None:
    postman.faults["email"] = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        deliver(cancelled, postman)
    postman.faults.clear()
    cancelled.clock.now += LEASE
    deliver(cancelled, postman)
    repeats = {
        line["facts"]["channel"]: line["facts"]["repeat"]  # type: ignore[index]
        for line in cancelled.ledger()
        if line["kind"] == "alert_sent"
    }
    assert repeats == {"email": True, "desktop": False}


@pytest.mark.parametrize("ending", [SystemExit(1), KeyboardInterrupt()])
def test_a_death_between_hand_over_and_mark_brings_the_alert_back_after_the_lease(
    cancelled: Rooms, postman: FakePostman, ending: BaseException
) -> None:
    postman.faults["email"] = ending
    with pytest.raises(type(ending)):
        deliver(cancelled, postman)
    postman.faults.clear()
    assert deliver(cancelled, postman) == ["desktop"]
    cancelled.clock.now += LEASE
    assert deliver(cancelled, postman) == ["email"]
    assert (postman.taken[-1].attempts, postman.taken[-1].problem) == (2, None)


def test_a_passing_failure_is_tried_again_after_a_pause(cancelled: Rooms, postman: FakePostman) -> None:
    postman.fail("email")
    assert deliver(cancelled, postman) == ["desktop"]
    waiting = next(entry for entry in cancelled.store.outbox() if entry.channel == "email")
    assert (waiting.problem, waiting.not_before) == ("no answer", cancelled.clock() + FIRST_PAUSE)
    postman.faults.clear()
    cancelled.clock.now += FIRST_PAUSE
    assert deliver(cancelled, postman) == ["email"]
    assert postman.taken[-1].problem == "no answer"


def test_the_pauses_grow_up_to_half_an_hour() -> None:
    pauses = [pause_after(attempts, permanent=False).total_seconds() for attempts in range(1, 12)]
    assert pauses[:5] == [15, 30, 60, 120, 240]
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE.total_seconds()
    assert pause_after(10**6, permanent=False) == LONGEST_PAUSE


def test_what_a_person_must_mend_is_tried_rarely_but_never_given_up(
    cancelled: Rooms, postman: FakePostman
) -> None:
    postman.fail("email", permanent=True, reason="wrong password")
    for _ in range(5):
        deliver(cancelled, postman)
        cancelled.clock.now += LONGEST_PAUSE
    assert len([entry for entry in postman.tried if entry.channel == "email"]) == 5
    postman.faults.clear()
    assert deliver(cancelled, postman) == ["email"]


def test_a_failure_stands_in_the_ledger_without_its_words(cancelled: Rooms, postman: FakePostman) -> None:
    postman.fail("email", reason="550 marlene@example.org is unknown")
    deliver(cancelled, postman)
    [line] = [line["facts"] for line in cancelled.ledger() if line["kind"] == "alert_not_sent"]
    assert line == {
        "alert": f"{case_id(cancelled)}/0",
        "about": "case_opened",
        "case": case_id(cancelled),
        "channel": "email",
        "round": 0,
        "attempts": 1,
        "permanent": False,
    }


def test_a_failing_channel_does_not_hold_up_the_others(cancelled: Rooms, postman: FakePostman) -> None:
    with cancelled.store.writing() as writing:
        for number in range(10):
            writing.queue(alert(f"alert-{number}"), channels=CHANNELS, now=cancelled.clock())
    postman.fail("email")
    assert deliver(cancelled, postman) == ["desktop"] * 11
    assert len([entry for entry in postman.tried if entry.channel == "email"]) == 1


def test_a_channel_that_hangs_costs_no_other_alert_its_lease(cancelled: Rooms, postman: FakePostman) -> None:
    """Each alert is leased when its turn comes, so nobody else takes it while a slow one is handed over."""
    with cancelled.store.writing() as writing:
        for number in range(5):
            writing.queue(alert(f"alert-{number}"), channels=["desktop"], now=cancelled.clock())

    class Slow(FakePostman):
        def hand_over(self, waiting):  # type: ignore[no-untyped-def]
            cancelled.clock.forward(seconds=100)
            other = cancelled.second_store()
            assert waiting.id not in [
                entry.id for entry in other.claim(now=cancelled.clock(), lease=timedelta(0))
            ]
            other.close()
            return super().hand_over(waiting)

    slow = Slow()
    deliver(cancelled, slow)
    assert all(entry.sent_at for entry in cancelled.store.outbox())


def test_without_anything_due_nobody_is_disturbed(known: Rooms, postman: FakePostman) -> None:
    assert deliver(known, postman) == []
    assert postman.tried == []


def test_the_first_reminder_comes_after_the_interval(cancelled: Rooms, clock: Clock) -> None:
    clock.now += EVERY - timedelta(seconds=1)
    assert remind(cancelled) == []
    clock.forward(seconds=1)
    assert remind(cancelled) == [1]


def test_rounds_are_counted_one_after_the_other(cancelled: Rooms, clock: Clock) -> None:
    rounds = []
    for _ in range(3):
        clock.now += EVERY
        rounds += remind(cancelled)
    assert rounds == [1, 2, 3]
    assert cancelled.ledger_kinds().count("reminder_due") == 3


def test_after_a_long_sleep_one_reminder_comes_not_twenty(cancelled: Rooms, clock: Clock) -> None:
    clock.forward(days=3)
    assert remind(cancelled) == [1]
    assert remind(cancelled) == []


def test_a_reminder_goes_to_every_channel_as_a_reminder(
    cancelled: Rooms, clock: Clock, postman: FakePostman
) -> None:
    deliver(cancelled, postman)
    clock.now += EVERY
    rules = RoundRules(accounts=["main"], pace=PACE, cases=CASE_RULES, remind=RULES)
    taken = deliver_round(cancelled.store, postman, rules=rules, clock=clock)
    assert sorted(entry.channel for entry in taken) == ["desktop", "email"]
    assert {(entry.alert.kind, entry.alert.round) for entry in taken} == {(AlertKind.CASE_REMINDER, 1)}


def test_an_acknowledged_case_is_silent(cancelled: Rooms, clock: Clock) -> None:
    acknowledge(cancelled.store, case_id(cancelled), clock=clock)
    clock.forward(days=1)
    assert remind(cancelled) == []


def test_an_acknowledgement_takes_back_what_is_still_waiting(
    cancelled: Rooms, clock: Clock, postman: FakePostman
) -> None:
    clock.now += EVERY
    remind(cancelled)
    acknowledge(cancelled.store, case_id(cancelled), clock=clock)
    assert deliver(cancelled, postman) == []
    assert all(entry.dropped_at == clock() for entry in cancelled.store.outbox())


def test_a_closed_case_is_silent(cancelled: Rooms, clock: Clock, postman: FakePostman) -> None:
    close_case(cancelled.store, case_id(cancelled), clock=clock)
    clock.forward(days=1)
    assert (remind(cancelled), deliver(cancelled, postman)) == ([], [])


def at_once(*jobs: Callable[[], object]) -> None:
    barrier = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        barrier.wait()
        job()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_two_programs_that_remind_at_once_queue_one_round(cancelled: Rooms, clock: Clock) -> None:
    clock.now += EVERY

    def remind_elsewhere() -> None:
        store = cancelled.second_store()
        queue_reminders(store, channels=CHANNELS, rules=RULES, clock=clock)
        store.close()

    at_once(*[remind_elsewhere] * 4)
    assert cancelled.ledger_kinds().count("reminder_due") == 1
    assert [entry.alert.round for entry in cancelled.store.outbox()] == [1, 1, 0, 0]


def test_an_acknowledgement_between_look_and_write_stops_the_reminder(
    cancelled: Rooms, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.now += EVERY
    rounds = cancelled.store.rounds
    case = case_id(cancelled)

    def acknowledged_meanwhile(wanted: str):  # type: ignore[no-untyped-def]
        found = rounds(wanted)
        monkeypatch.undo()
        other = cancelled.second_store()
        acknowledge(other, case, clock=clock)
        other.close()
        return found

    monkeypatch.setattr(cancelled.store, "rounds", acknowledged_meanwhile)
    assert remind(cancelled) == []
    assert "reminder_due" not in cancelled.ledger_kinds()


def test_two_programs_that_deliver_at_once_hand_each_alert_over_once(cancelled: Rooms, clock: Clock) -> None:
    with cancelled.store.writing() as writing:
        for number in range(20):
            writing.queue(alert(f"alert-{number}"), channels=CHANNELS, now=clock())
    postman = FakePostman()

    def deliver_elsewhere() -> None:
        store = cancelled.second_store()
        deliver_due(store, postman, clock=clock)
        store.close()

    at_once(deliver_elsewhere, deliver_elsewhere)
    assert len(postman.taken) == len({entry.id for entry in postman.taken}) == 42


def test_what_waited_for_a_channel_that_is_gone_goes_to_those_that_are_there(cancelled: Rooms) -> None:
    before = FakePostman("email")
    before.fail("email", permanent=True)
    deliver_due(cancelled.store, before, clock=cancelled.clock)
    cancelled.clock.forward(hours=1)
    now = FakePostman("ntfy")
    deliver_due(cancelled.store, now, clock=cancelled.clock)
    assert len(now.taken) == 1
    assert now.taken[0].channel == "ntfy"
    assert all(entry.sent_at or entry.dropped_at for entry in cancelled.store.outbox())


def test_what_cannot_wait_does_not_wait_for_a_dead_channel(cancelled: Rooms) -> None:
    """The policy named one channel alone, and that one is dead."""
    with cancelled.store.writing() as writing:
        for entry in cancelled.store.outbox():
            if entry.channel != "desktop":
                writing.drop(entry.id, now=cancelled.clock())
        writing.queue(alert("urgent", at=cancelled.clock()), channels=["desktop"], now=cancelled.clock())
    postman = FakePostman("desktop", "ntfy")
    postman.fail("desktop", permanent=True)
    deliver_due(cancelled.store, postman, clock=cancelled.clock)
    assert {entry.channel for entry in postman.taken} == {"ntfy"}
