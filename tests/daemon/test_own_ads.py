"""The daemon reads own ads when their turn has come; what fails rests, and no check is held up twice."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from watcher.bootstrap import now
from watcher.config import Config
from watcher.daemon.child import Ending
from watcher.daemon.own_ads import LOOK, OneAtATime, look_every, read_own_ads
from watcher.domain.account import Account
from watcher.domain.outcome import Outcome
from watcher.errors import BusyError
from watcher.settings.account import AccountTable
from watcher.settings.basics import Storage
from watcher.settings.listings import Listings
from watcher.settings.site import Site
from watcher.settings.watch import Watch
from watcher.storage.store import SqliteStore

SHOP = Site(base_url="http://127.0.0.1:9", gateway_url="http://127.0.0.1:9")


def config(folder: Path, **tables: object) -> Config:
    values: dict[str, object] = {"site": SHOP, "storage": Storage(dir=folder)}
    return Config(account=(AccountTable(name="main"), AccountTable(name="second")), **(values | tables))  # type: ignore[arg-type]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two accounts that a check has read, whose next one is an hour away."""
    store = SqliteStore(tmp_path)
    for name in ("main", "second"):
        at = now()
        account = Account(
            name=name,
            last_outcome=Outcome.OK,
            last_check_at=at - timedelta(hours=1),
            next_check_at=at + timedelta(hours=1),
        )
        with store.writing() as writing:
            writing.save_account(account)
    store.close()
    return tmp_path


class Children:
    """Stands for the children: how each ends, and what it does besides."""

    def __init__(
        self, folder: Path, code: int | None = 0, *, does: Callable[[str], None] = lambda _: None
    ) -> None:
        self.folder, self.code, self.does = folder, code, does
        self.started: list[list[str]] = []

    def __call__(self, arguments: list[str]) -> Ending:
        self.started.append(arguments)
        self.does(arguments[1])
        return Ending(code=self.code, words="")

    def accounts(self) -> list[str]:
        return [arguments[1] for arguments in self.started]


def change(folder: Path, name: str, **changes: object) -> None:
    store = SqliteStore(folder)
    with store.writing() as writing:
        writing.save_account(replace(store.account(name), **changes))  # type: ignore[arg-type]
    store.close()


def look(config: Config, children: Children, *, stop: threading.Event | None = None) -> None:
    read_own_ads(config, child=children, stop=stop or threading.Event(), got_on=lambda: None)


def test_each_account_whose_turn_has_come_is_read_by_a_child_of_its_own(folder: Path) -> None:
    children = Children(folder, does=lambda name: change(folder, name, ads_read_at=now()))
    look(config(folder), children)
    look(config(folder), children)
    assert children.started == [
        ["listings", "main", "--read", "--scheduled"],
        ["listings", "second", "--read", "--scheduled"],
    ]


def test_one_that_failed_rests(folder: Path) -> None:
    children = Children(folder, code=4)
    look(config(folder), children)
    look(config(folder), children)
    assert children.accounts() == ["main", "second"]


def test_one_that_was_ended_by_force_rests_too_and_one_that_was_busy_does_not(folder: Path) -> None:
    killed, busy = Children(folder, code=None), Children(folder, code=BusyError.scheduled_exit_code)
    look(config(folder), busy)
    look(config(folder), busy)
    assert busy.accounts() == ["main", "second"] * 2
    look(config(folder), killed)
    look(config(folder), killed)
    assert killed.accounts() == ["main", "second"]


def test_a_check_that_comes_due_meanwhile_comes_first(folder: Path) -> None:
    children = Children(folder, does=lambda _: change(folder, "second", next_check_at=now()))
    look(config(folder), children)
    assert children.accounts() == ["main"]


def test_a_watch_that_ends_starts_no_child(folder: Path) -> None:
    stop, children = threading.Event(), Children(folder)
    stop.set()
    look(config(folder), children, stop=stop)
    assert children.started == []


def test_the_rows_are_looked_at_every_few_minutes_and_not_at_all_where_it_is_off(folder: Path) -> None:
    assert look_every(config(folder)) == LOOK
    assert look_every(config(folder, listings=Listings(every="never"))) is None
    assert look_every(config(folder, watch=Watch(mode=("passive",)))) is None
    assert look_every(config(folder, listings=Listings(every="2s"))) == timedelta(seconds=2)


def test_while_one_visit_is_under_way_the_other_lets_its_turn_pass() -> None:
    visits, done = OneAtATime(), []
    check = visits.of(lambda: done.append("check"))

    def read() -> None:
        check()
        done.append("read")

    visits.of(read)()
    check()
    assert done == ["read", "check"]


def test_a_visit_that_breaks_down_blocks_no_other() -> None:
    visits, done = OneAtATime(), []
    with pytest.raises(ZeroDivisionError):
        visits.of(lambda: done.append(1 // 0))()
    visits.of(lambda: done.append(1))()
    assert done == [1]
