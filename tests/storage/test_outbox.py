"""The outbox: what is due is leased, once, and comes back by itself."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest

from tests.support.clock import NOON
from tests.support.values import CASE, alert
from watcher.app.ports import Waiting
from watcher.domain.alert import Alert, AlertKind
from watcher.storage.store import SqliteStore

LEASE = timedelta(minutes=2)


def queue(store: SqliteStore, *alerts: Alert, channels: tuple[str, ...] = ("email",)) -> None:
    with store.writing() as writing:
        for entry in alerts:
            writing.queue(entry, channels=channels, now=NOON)


def claim(store: SqliteStore, *, after: float = 0, limit: int = 20) -> list[Waiting]:
    return store.claim(now=NOON + timedelta(seconds=after), lease=LEASE, limit=limit)


def keys(waiting: list[Waiting]) -> list[str]:
    return [entry.alert.key for entry in waiting]


def test_the_critical_ones_come_first_and_then_the_oldest(store: SqliteStore) -> None:
    queue(
        store,
        alert("calm", critical=False, at=NOON - timedelta(hours=2)),
        alert("later", at=NOON),
        alert("earlier", at=NOON - timedelta(hours=1)),
    )
    assert keys(claim(store)) == ["earlier", "later", "calm"]


def test_an_alert_that_was_ever_queued_is_known_by_its_key(store: SqliteStore) -> None:
    queue(store, alert("one"))
    [waiting] = claim(store)
    assert store.was_queued("one")
    with store.writing() as writing:
        writing.mark_sent(waiting.id, now=NOON)
    assert store.was_queued("one")
    assert not store.was_queued("on")


def test_an_alert_is_on_its_way_in_all_channels_until_the_last_one_has_it(store: SqliteStore) -> None:
    queue(store, alert("over"))
    queue(store, alert("both"), channels=("email", "desktop"))
    for number in (1, 2):
        with store.writing() as writing:
            writing.mark_sent(number, now=NOON)
    found = [(entry.alert.key, entry.channel, entry.sent_at is not None) for entry in store.on_their_way()]
    assert found == [("both", "desktop", False), ("both", "email", True)]
    with store.writing() as writing:
        writing.mark_sent(3, now=NOON)
    assert store.on_their_way() == []


def test_one_alert_can_be_dropped_and_the_others_stay(store: SqliteStore) -> None:
    queue(store, alert("one"), alert("two"))
    first, _ = claim(store)
    with store.writing() as writing:
        writing.drop(first.id, now=NOON)
    assert keys(claim(store, after=121)) == ["two"]
    assert [entry.dropped_at for entry in store.outbox()] == [None, NOON]


def test_what_was_sent_meanwhile_is_not_dropped(store: SqliteStore) -> None:
    queue(store, alert("one"))
    [waiting] = claim(store)
    with store.writing() as writing:
        writing.mark_sent(waiting.id, now=NOON)
        writing.drop(waiting.id, now=NOON)
    assert store.outbox()[0].dropped_at is None


def test_no_more_are_leased_than_were_asked_for(store: SqliteStore) -> None:
    queue(store, alert("one"), alert("two", critical=False), alert("three"))
    assert keys(claim(store, limit=2)) == ["one", "three"]
    assert keys(claim(store, limit=2)) == ["two"]


def test_nothing_is_given_twice_within_the_lease(store: SqliteStore) -> None:
    queue(store, alert("one"))
    assert keys(claim(store)) == ["one"]
    assert claim(store, after=119) == []


def test_it_comes_back_after_the_lease_and_says_that_it_was_tried(store: SqliteStore) -> None:
    queue(store, alert("one"))
    claim(store)
    [back] = claim(store, after=121)
    assert (back.attempts, back.problem) == (2, None)


def test_an_alert_counts_once_per_channel(store: SqliteStore) -> None:
    queue(store, alert("one"), channels=("email", "desktop"))
    queue(store, alert("one"), channels=("email", "desktop"))
    assert sorted(entry.channel for entry in store.outbox()) == ["desktop", "email"]


def test_channels_that_are_to_rest_are_left_out(store: SqliteStore) -> None:
    queue(store, alert("one"), channels=("email", "desktop"))
    taken = store.claim(now=NOON, lease=LEASE, without={"email"})
    assert [entry.channel for entry in taken] == ["desktop"]
    assert [entry.channel for entry in claim(store)] == ["email"]


def test_what_was_sent_never_comes_back(store: SqliteStore) -> None:
    queue(store, alert("one"))
    [entry] = claim(store)
    with store.writing() as writing:
        writing.mark_sent(entry.id, now=NOON)
    assert claim(store, after=10**6) == []
    assert store.outbox()[0].sent_at == NOON


def test_what_failed_comes_back_at_its_time_with_its_problem(store: SqliteStore) -> None:
    queue(store, alert("one"))
    [entry] = claim(store)
    with store.writing() as writing:
        writing.mark_failed(entry.id, problem="no answer", not_before=NOON + timedelta(seconds=30))
    assert claim(store, after=29) == []
    [back] = claim(store, after=30)
    assert (back.attempts, back.problem) == (2, "no answer")


def test_a_crash_after_a_failure_makes_the_next_one_a_possible_repeat(store: SqliteStore) -> None:
    """A problem that is known means that it did not arrive; no problem after an attempt means that nobody knows."""
    queue(store, alert("one"))
    [entry] = claim(store)
    with store.writing() as writing:
        writing.mark_failed(entry.id, problem="no answer", not_before=NOON)
    claim(store)
    [back] = claim(store, after=200)
    assert (back.attempts, back.problem) == (3, None)


@pytest.mark.usefixtures("case_known")
def test_what_was_dropped_never_comes_back(store: SqliteStore) -> None:
    queue(store, alert("one", case=CASE.id), alert("other"))
    with store.writing() as writing:
        assert writing.drop_alerts(CASE.id, now=NOON) == 1
        assert writing.drop_alerts(CASE.id, now=NOON) == 0
    assert keys(claim(store, after=10**6)) == ["other"]


@pytest.mark.usefixtures("case_known")
def test_dropping_leaves_what_was_sent_and_the_news_of_a_refund(store: SqliteStore) -> None:
    refund = replace(alert("refund", case=CASE.id), kind=AlertKind.REFUND_SEEN)
    queue(store, alert("sent", case=CASE.id))
    [entry] = claim(store)
    with store.writing() as writing:
        writing.mark_sent(entry.id, now=NOON)
        writing.queue(refund, channels=["email"], now=NOON)
        assert writing.drop_alerts(CASE.id, now=NOON) == 0
    assert keys(claim(store)) == ["refund"]


def test_what_is_due_and_what_can_be_claimed_are_the_same(store: SqliteStore) -> None:
    assert not store.has_due(now=NOON)
    queue(store, alert("one"))
    assert store.has_due(now=NOON)
    claim(store)
    assert not store.has_due(now=NOON)
    assert store.has_due(now=NOON + LEASE)


def test_two_programs_never_get_the_same_alert(store: SqliteStore, folder: Path) -> None:
    queue(store, *(alert(f"alert-{number}") for number in range(40)))
    taken: list[str] = []

    def take() -> None:
        own = SqliteStore(folder)
        while found := own.claim(now=NOON, lease=LEASE, limit=1):
            taken.extend(keys(found))
        own.close()

    threads = [Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == sorted(f"alert-{number}" for number in range(40))


def test_a_clock_that_was_set_back_holds_no_alert(store: SqliteStore) -> None:
    ahead = NOON + timedelta(days=1)
    with store.writing() as writing:
        writing.queue(alert("one"), channels=("email",), now=ahead)
    [leased] = store.claim(now=ahead, lease=LEASE)
    assert keys(claim(store)) == ["one"], "the lease of a day that has not come is none"
    with store.writing() as writing:
        writing.mark_failed(leased.id, problem="no answer", not_before=ahead)
    assert store.has_due(now=NOON + LEASE)
