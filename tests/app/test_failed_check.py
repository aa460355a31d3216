"""A check that could not even look is counted, and told of from the third in a row on."""

from tests.support.clock import Clock
from tests.support.rooms import PACE, Rooms
from watcher.app.failed_check import remember_failed_check
from watcher.domain.alert import AlertKind
from watcher.domain.outcome import Outcome


def fail(rooms: Rooms) -> None:
    remember_failed_check(
        rooms.store, "main", reason="exit_2", pace=PACE, channels=["email"], jitter=0.5, clock=rooms.clock
    )
    rooms.clock.forward(minutes=20)


def test_a_failure_is_counted_and_the_next_try_planned(known: Rooms) -> None:
    at = known.clock()
    fail(known)
    account = known.store.account("main")
    assert (account.failures, account.last_outcome) == (1, Outcome.UNREACHABLE)
    assert account.next_check_at is not None
    assert account.next_check_at >= at + PACE.floor


def test_orders_and_cases_stay_as_they_were(cancelled: Rooms) -> None:
    before = (cancelled.store.orders(), cancelled.store.cases())
    fail(cancelled)
    assert (cancelled.store.orders(), cancelled.store.cases()) == before


def test_the_ledger_names_the_reason(known: Rooms) -> None:
    fail(known)
    assert known.ledger()[-1]["facts"] == {"reason": "exit_2"}


def test_the_seller_is_told_at_the_third_failure_in_a_row_and_once(known: Rooms) -> None:
    for count in range(1, 6):
        fail(known)
        assert len(known.store.outbox()) == (1 if count >= 3 else 0)
    assert known.store.outbox()[0].alert.kind is AlertKind.ACCOUNT_TROUBLE


def test_an_account_that_was_never_read_can_fail_as_well(rooms: Rooms, clock: Clock) -> None:
    fail(rooms)
    assert rooms.store.account("main").failures == 1
