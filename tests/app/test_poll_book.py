"""What is remembered of the questions comes back as it was; what cannot be read is as if it had never been."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import NOON
from tests.support.ready import with_database
from watcher.app import poll_book
from watcher.app.poll_book import PollPlan, Trouble, poll_is_due
from watcher.domain import quota
from watcher.domain.answer import SourceProblem
from watcher.domain.polling import Asked
from watcher.storage.store import SqliteStore

PLAN = PollPlan(planned_at=NOON, due_at=NOON + timedelta(minutes=15), ledger=None)
TROUBLE = Trouble(problem=SourceProblem.KEY_REFUSED, since=NOON, detail="HTTP 401: „nein“")
ASKED = Asked(number="00340434999000011126", at=NOON, misses=3, ended=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(with_database(tmp_path / "data"))
    yield store
    store.close()


def test_everything_comes_back_as_it_was(store: SqliteStore) -> None:
    used = quota.rested(quota.asked(None, NOON), until=NOON + timedelta(hours=6))
    with store.writing() as writing:
        poll_book.save_plan(writing, PLAN)
        poll_book.save_used(writing, "dhl", used)
        poll_book.save_trouble(writing, "dhl", TROUBLE)
        poll_book.save_asked(writing, "oabc2345", ASKED)
    assert poll_book.poll_plan(store) == PLAN
    assert poll_book.used_of(store, "dhl") == used
    assert poll_book.trouble_of(store, "dhl") == TROUBLE
    assert poll_book.asked_of(store, "oabc2345") == ASKED


def test_trouble_that_is_over_is_none(store: SqliteStore) -> None:
    with store.writing() as writing:
        poll_book.save_trouble(writing, "dhl", TROUBLE)
        poll_book.save_trouble(writing, "dhl", None)
    assert poll_book.trouble_of(store, "dhl") is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "7", "{}", '{"since": 1}', '{"at": "yesterday"}', "[" * 9000]
)
@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("tracking/plan", poll_book.poll_plan),
        ("tracking/used/dhl", lambda store: poll_book.used_of(store, "dhl")),
        ("tracking/trouble/dhl", lambda store: poll_book.trouble_of(store, "dhl")),
        ("tracking/asked/oabc2345", lambda store: poll_book.asked_of(store, "oabc2345")),
    ],
)
def test_what_cannot_be_read_never_was(
    store: SqliteStore, text: str, name: str, read: Callable[[SqliteStore], object]
) -> None:
    with store.writing() as writing:
        writing.save_remembered(name, text)
    assert read(store) is None


def test_a_plan_is_due_at_its_time_and_as_soon_as_something_happens(store: SqliteStore) -> None:
    with store.writing() as writing:
        poll_book.save_plan(writing, PLAN)
    assert not poll_is_due(store, now=NOON)
    assert poll_is_due(store, now=NOON + timedelta(minutes=15))
    assert poll_is_due(store, now=NOON - timedelta(seconds=1)), "the clock was set back"
    with store.writing() as writing:
        writing.record("check", at=NOON)
    assert poll_is_due(store, now=NOON)


def test_a_plan_for_nobody_holds_for_a_day(store: SqliteStore) -> None:
    with store.writing() as writing:
        poll_book.save_plan(writing, PollPlan(planned_at=NOON, due_at=None, ledger=None))
    assert not poll_is_due(store, now=NOON + timedelta(hours=24))
    assert poll_is_due(store, now=NOON + timedelta(hours=25))
