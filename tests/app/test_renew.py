"""A login that the human renews before its end."""

from dataclasses import replace
from datetime import timedelta

from tests.support.clock import Clock
from tests.support.rooms import Rooms
from watcher.app.renew import remember_renewal


def announced(rooms: Rooms, *, warned: bool) -> None:
    with rooms.store.writing() as writing:
        account = rooms.store.account("main")
        lives = (timedelta(days=10), timedelta(days=10))
        writing.save_account(replace(account, session=replace(account.session, lives=lives, warned=warned)))


def test_after_an_announced_end_a_login_begins_a_new_session_that_is_announced_again(
    known: Rooms, clock: Clock
) -> None:
    announced(known, warned=True)
    clock.forward(days=9)
    assert remember_renewal(known.store, "main", clock=clock)
    session = known.store.account("main").session
    assert (session.since, session.warned) == (clock(), False)
    assert not session.ends_soon(clock())
    assert session.ends_soon(clock() + timedelta(days=9))
    assert known.ledger_kinds()[-1] == "login_renewed"


def test_a_window_that_was_opened_for_anything_else_changes_no_session(known: Rooms, clock: Clock) -> None:
    announced(known, warned=False)
    before = known.store.account("main")
    clock.forward(days=9)
    assert not remember_renewal(known.store, "main", clock=clock)
    assert known.store.account("main") == before
