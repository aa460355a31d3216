"""The store gives back what it was given, all of it or nothing."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import values
from tests.support.clock import NOON
from tests.support.values import ACCOUNT, CASE, ORDER
from watcher.app.archive import Note, StoredCapture, StoredFile
from watcher.app.history import KnownConversation
from watcher.domain.account import Account
from watcher.domain.capture import PageKind, Role
from watcher.domain.case import Case
from watcher.domain.escalation import Rounds
from watcher.domain.ledger import chain_faults
from watcher.domain.order import Order
from watcher.errors import BusyError, StorageError
from watcher.storage import database, rows
from watcher.storage.store import SqliteStore

STORED = StoredCapture(
    id="capture-1",
    account="main",
    conversation="a:b:c",
    kind=PageKind.CONVERSATION,
    taken_at=NOON,
    url="https://example.org",
    reason="changed",
    complete=True,
    files=(
        StoredFile(
            role=Role.SCREENSHOT, media_type="image/webp", path="archive/aa/a", sha256="a" * 64, size=3
        ),
        StoredFile(role=Role.HTML, media_type="text/html", path="archive/bb/b", sha256="b" * 64, size=4),
    ),
)

quick = settings(max_examples=40, deadline=None)  # each example is a transaction that reaches the disk


@pytest.fixture(scope="module")
def shared() -> Iterator[SqliteStore]:
    """One store for all examples of a property; every example replaces what the one before has written."""
    memory = "/dev/shm"
    with TemporaryDirectory(dir=memory if Path(memory).is_dir() else None) as folder:
        store = SqliteStore(Path(folder))
        with store.writing() as writing:
            writing.save_account(ACCOUNT)
            writing.save_orders([ORDER])
        yield store
        store.close()


def save_an_order_of_nobody(store: SqliteStore) -> None:
    """Write what is only refused at the commit."""
    with store.writing() as writing:
        writing._connection.execute("PRAGMA defer_foreign_keys = ON")
        writing.save_orders([ORDER])


def write_and_fail(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([ORDER])
        writing.record("check", at=NOON)
        raise ZeroDivisionError


@quick
@given(account=values.accounts)
def test_an_account_comes_back_as_it_was(shared: SqliteStore, account: Account) -> None:
    with shared.writing() as writing:
        writing.save_account(account)
    assert shared.account("main") == account


@quick
@given(order=values.orders)
def test_an_order_comes_back_as_it_was(shared: SqliteStore, order: Order) -> None:
    with shared.writing() as writing:
        writing.save_orders([order])
    assert next(known for known in shared.orders() if known.id == order.id) == order


@quick
@given(case=values.cases, known=values.cases)
def test_a_case_comes_back_as_it_was_also_over_an_older_one(
    shared: SqliteStore, case: Case, known: Case
) -> None:
    case = replace(case, opened_at=known.opened_at, id=known.id)
    with shared.writing() as writing:
        writing.save_case(known)
        writing.save_case(case)
    found = next(entry for entry in shared.cases() if entry.id == case.id)
    assert replace(found, opened_at=case.opened_at) == case


@quick
@given(moments=st.lists(values.moments, min_size=2))
def test_texts_of_moments_sort_as_the_moments_do(moments: list[datetime]) -> None:
    assert sorted(map(str, map(rows.time_text, moments))) == [rows.time_text(at) for at in sorted(moments)]


@quick
@given(at=values.moments)
def test_a_moment_is_stored_in_utc(at: datetime) -> None:
    text = rows.time_text(at)
    assert text is not None
    assert text.endswith("+00:00")
    assert rows.time_of(text) == at


@quick
@given(marks=st.dictionaries(values.texts, values.texts), digest=values.texts)
def test_a_conversation_comes_back_as_it_was(shared: SqliteStore, marks: dict[str, str], digest: str) -> None:
    known = KnownConversation(id="a:b:c", marks=marks, digest=digest)
    with shared.writing() as writing:
        writing.save_conversation("main", known, at=NOON)
    assert shared.history("main").conversations(["a:b:c", "x:y:z"]) == {"a:b:c": known}


@quick
@given(text=values.texts.filter(str.strip))
def test_a_note_comes_back_as_it_was(shared: SqliteStore, text: str) -> None:
    note = Note(order=ORDER.id, at=NOON, text=text)
    with shared.writing() as writing:
        writing.save_note(note)
    assert shared.notes(ORDER.id)[-1] == note


def test_a_capture_comes_back_with_its_files_in_order(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_capture(STORED)
    assert store.captures() == [STORED]


def test_captures_of_one_conversation_are_found(store: SqliteStore) -> None:
    other = replace(STORED, id="capture-2", conversation=None)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_capture(STORED)
        writing.save_capture(other)
    assert store.captures(account="main", conversation="a:b:c") == [STORED]
    assert store.captures(account="another") == []


def test_captures_of_no_order_come_in_the_same_order_however_many_are_read_at_a_time(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = [NOON + timedelta(minutes=minute) for minute in (0, 0, 0, 0, 0, 1, 2, 2, 3, 3, 3)]
    pages = [
        replace(STORED, id=f"page-{number:02}", conversation=None, taken_at=at)
        for number, at in enumerate(times)
    ]
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        for each in (STORED, *reversed(pages)):
            writing.save_capture(each)
    assert list(store.captures_of_no_order()) == pages
    monkeypatch.setattr("watcher.storage.store._PAGE", 2)
    assert list(store.captures_of_no_order()) == pages
    assert list(store.captures_of_no_order(before=times[6])) == pages[:6]
    assert list(store.captures_of_no_order(before=times[0])) == []


@pytest.mark.usefixtures("case_known")
def test_an_alert_comes_back_as_it_was(store: SqliteStore) -> None:
    alert = replace(
        values.alert("k", case=CASE.id), order=ORDER.id, round=3, details=(("outcome", "blocked"),)
    )
    with store.writing() as writing:
        writing.queue(alert, channels=["email"], now=NOON)
    assert [entry.alert for entry in store.outbox()] == [alert]


@pytest.mark.usefixtures("case_known")
def test_the_rounds_of_a_case_survive_its_next_saving(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_rounds(CASE.id, Rounds(last=4, at=NOON + timedelta(hours=1)))
        writing.save_case(replace(CASE, acknowledged_at=NOON))
    assert store.rounds(CASE.id) == Rounds(last=4, at=NOON + timedelta(hours=1))


def test_half_a_surrogate_pair_in_a_title_costs_no_check(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([replace(ORDER, title="Fri\ud800teuse", buyer="\udfff")])
    assert (store.orders()[0].title, store.orders()[0].buyer) == ("Fri?teuse", "?")


def test_an_account_that_was_never_checked_is_new(store: SqliteStore) -> None:
    assert store.account("nobody") == Account(name="nobody")
    assert store.accounts() == []


def test_saving_an_account_again_keeps_its_salt(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        first = writing.salted_hash("main", "text")
        writing.save_account(replace(ACCOUNT, failures=2))
        assert writing.salted_hash("main", "text") == first


def test_two_accounts_hash_the_same_text_differently(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_account(Account(name="second"))
        assert writing.salted_hash("main", "text") != writing.salted_hash("second", "text")


def test_nothing_of_a_transaction_remains_when_its_block_fails(store: SqliteStore) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)
    assert (store.accounts(), store.orders(), list(store.ledger())) == ([], [], [])


def test_the_store_goes_on_after_a_transaction_that_failed(store: SqliteStore) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
    assert store.accounts() == [ACCOUNT]


def test_the_store_goes_on_after_a_commit_that_failed(store: SqliteStore) -> None:
    with pytest.raises(StorageError):
        save_an_order_of_nobody(store)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
    assert (store.accounts(), store.orders()) == ([ACCOUNT], [])


def test_what_the_database_refuses_is_a_storage_error(store: SqliteStore) -> None:
    with pytest.raises(StorageError, match="FOREIGN KEY"), store.writing() as writing:
        writing.save_orders([ORDER])


@pytest.mark.parametrize("query", ["UPDATE ledger SET text = 'x'", "DELETE FROM ledger"])
def test_the_ledger_only_ever_grows(store: SqliteStore, query: str) -> None:
    with store.writing() as writing:
        writing.record("check", at=NOON)
    with pytest.raises(StorageError, match="append-only"), store.writing() as writing:
        writing._connection.execute(query)
    assert len(list(store.ledger())) == 1


def test_the_ledgers_chain_holds(store: SqliteStore) -> None:
    for number in range(20):
        with store.writing() as writing:
            writing.record(
                "check", at=NOON, account="main", order=None, number=number, files=["a", "b"], ok=True
            )
    lines = list(store.ledger())
    assert [line.seq for line in lines] == list(range(1, 21))
    assert list(chain_faults(lines)) == []
    assert store.ledger_head() == lines[-1].hash


def test_an_empty_ledger_has_no_head(store: SqliteStore) -> None:
    assert store.ledger_head() is None


def test_a_line_of_an_undone_transaction_leaves_no_gap_in_the_chain(store: SqliteStore) -> None:
    with pytest.raises(ZeroDivisionError):
        write_and_fail(store)
    with store.writing() as writing:
        writing.record("check", at=NOON)
    assert list(chain_faults(store.ledger())) == []
    assert len(list(store.ledger())) == 1


def test_threads_that_write_at_once_keep_the_chain_whole(store: SqliteStore, folder: Path) -> None:
    def write() -> None:
        own = SqliteStore(folder)
        for _ in range(10):
            with own.writing() as writing:
                writing.record("check", at=NOON)
        own.close()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(store.ledger())) == 40
    assert list(chain_faults(store.ledger())) == []


def test_whoever_waits_too_long_for_the_lock_is_told_that_somebody_is_at_work(
    store: SqliteStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    second = SqliteStore(folder)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        with pytest.raises(BusyError), second.writing():
            pass
    assert second.accounts() == [ACCOUNT]
    second.close()


def test_a_reader_is_not_held_up_by_a_writer(store: SqliteStore, folder: Path) -> None:
    second = SqliteStore(folder)
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        assert second.accounts() == []
    assert second.accounts() == [ACCOUNT]
    second.close()


def test_a_snapshot_does_not_see_what_others_write_meanwhile(store: SqliteStore, folder: Path) -> None:
    second = SqliteStore(folder)
    with store.snapshot():
        assert store.accounts() == []
        with second.writing() as writing:
            writing.save_account(ACCOUNT)
        assert store.accounts() == []
    assert store.accounts() == [ACCOUNT]
    second.close()


def test_a_proof_of_the_guard_is_remembered(store: SqliteStore) -> None:
    assert not store.guard_is_proven("Chromium 156")
    store.remember_proof("Chromium 156", at=NOON)
    store.remember_proof("Chromium 156", at=NOON)
    assert store.guard_is_proven("Chromium 156")
    assert not store.guard_is_proven("Chromium 157")


def test_what_is_erased_is_overwritten_on_the_disk(store: SqliteStore, folder: Path) -> None:
    secret = "Sonnenblumenkernbrot" * 50
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([ORDER])
        writing.save_note(Note(order=ORDER.id, at=NOON, text=secret))
    store.tidy()
    with store.writing() as writing:
        writing._connection.execute("DELETE FROM notes")
    store.tidy()
    kept = b"".join(path.read_bytes() for path in folder.glob("stornowacht.db*"))
    assert b"Sonnenblumenkernbrot" not in kept


def test_tidying_changes_nothing_that_is_known(store: SqliteStore) -> None:
    with store.writing() as writing:
        writing.save_account(ACCOUNT)
        writing.save_orders([ORDER])
    store.tidy()
    assert store.orders() == [ORDER]


def test_the_database_is_strict_about_types(store: SqliteStore) -> None:
    with pytest.raises(StorageError, match="cannot store"), store.writing() as writing:
        writing._connection.execute("INSERT INTO guard_proofs VALUES (x'00', 1)")
