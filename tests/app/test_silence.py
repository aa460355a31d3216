"""Telling that nobody knows for certain."""

from datetime import timedelta

from tests.support.clock import Clock
from tests.support.rooms import PACE, Rooms
from watcher.app.silence import queue_silence
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.outcome import Outcome


def told(rooms: Rooms, **known: object) -> list[Alert]:
    return queue_silence(
        rooms.store,
        accounts=["main"],
        pace=PACE,
        channels=["email"],
        clock=rooms.clock,
        **known,  # type: ignore[arg-type]
    )


def test_checks_that_cannot_see_everything_alarm_after_a_while(known: Rooms, clock: Clock) -> None:
    known.visitor.wall = "unreachable"
    known.check()
    assert told(known) == []
    clock.forward(hours=3)
    known.check()
    [alert] = told(known)
    assert (alert.kind, alert.critical, alert.round) == (AlertKind.ACCOUNT_UNVERIFIED, False, 1)
    assert dict(alert.details)["outcome"] == "unreachable"
    assert dict(alert.details)["cause"] == "refused"


def test_a_half_read_account_is_not_verified_either(known: Rooms, clock: Clock) -> None:
    known.visitor.thread_wall = "unreachable"
    for _ in range(5):
        clock.forward(hours=1)
        assert known.check().reading.outcome is Outcome.PARTIAL
    assert [alert.kind for alert in told(known)] == [AlertKind.ACCOUNT_UNVERIFIED]


def test_it_is_told_once_per_round_and_stands_in_the_ledger(known: Rooms, clock: Clock) -> None:
    known.visitor.wall = "unreachable"
    clock.forward(hours=4)
    known.check()
    assert len(told(known)) == 1
    assert told(known) == []
    assert known.ledger_kinds().count("unverified") == 1
    waiting = [entry for entry in known.store.outbox() if entry.alert.kind is AlertKind.ACCOUNT_UNVERIFIED]
    assert len(waiting) == 1


def test_what_lasts_is_told_again_and_louder(known: Rooms, clock: Clock) -> None:
    known.visitor.wall = "unreachable"
    alerts = []
    for _ in range(30):
        clock.forward(hours=1)
        known.check()
        alerts += told(known)
    assert [alert.critical for alert in alerts] == [False, True, True, True]


def test_the_first_complete_check_ends_it_and_says_so(known: Rooms, clock: Clock) -> None:
    known.visitor.thread_wall = "unreachable"
    clock.forward(hours=5)
    known.check()
    assert told(known)
    known.visitor.thread_wall = None
    clock.forward(minutes=20)
    report = known.check()
    assert AlertKind.ACCOUNT_RECOVERED in {alert.kind for alert in report.plan.alerts}
    assert known.store.account("main").silence_round == 0
    assert told(known) == []


def test_a_check_that_never_came_alarms_when_the_machine_was_awake(known: Rooms, clock: Clock) -> None:
    known.check()
    begun = clock.now
    clock.forward(hours=6)
    assert told(known, awake_since=clock.now - timedelta(minutes=5)) == []
    assert [alert.kind for alert in told(known, awake_since=begun)] == [AlertKind.ACCOUNT_UNVERIFIED]


def test_an_account_that_was_taken_out_of_the_config_is_left_alone(known: Rooms, clock: Clock) -> None:
    known.visitor.wall = "unreachable"
    clock.forward(days=2)
    known.check()
    assert queue_silence(known.store, accounts=[], pace=PACE, channels=["email"], clock=clock) == []
