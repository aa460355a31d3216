"""Readable names that are missing: of what is new they are looked for each hour, of all once a day or where one could not be made."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.archive import Archive
from tests.support.clock import NOON
from watcher.app.naming import NamesKept, is_name_missing, keep_names
from watcher.bootstrap import House
from watcher.config_file import load
from watcher.daemon import jobs
from watcher.daemon.config_watch import ConfigWatch
from watcher.daemon.jobs import Jobs
from watcher.daemon.progress import Progress
from watcher.storage.names import ReadableNames

DAY = timedelta(days=1)


class Watch:
    """The jobs of a watch, and an archive in which something is kept for which no check made a name."""

    def __init__(self, folder: Path) -> None:
        self.at = NOON
        self.orders = folder / "data" / "orders"
        self.archive = Archive(folder / "data")
        config = folder / "config.toml"
        config.write_text(
            f'language = "en"\n[terms]\ni_accept_the_risk = true\n[storage]\ndir = "{(folder / "data").as_posix()}"\n',
            encoding="utf-8",
        )
        self.jobs = Jobs(
            ConfigWatch(config, config.read_text(), load(config), lambda _: load(config)), config, Progress()
        )

    def now(self) -> datetime:
        return self.at

    def keep(self, name: str, **changes: object) -> None:
        self.archive.thread(self.archive.order(name), **changes)

    def in_the_way(self) -> None:
        self.orders.write_text("no folder")

    def out_of_the_way(self) -> None:
        self.orders.unlink()

    def check_names(self, conversation: str) -> None:
        """Name what a check has kept of a conversation."""
        names = ReadableNames(self.archive.folder)
        keep_names(self.archive.store, names, conversations=[conversation])

    def named_after(self, span: timedelta) -> set[str]:
        """Keep house after a while; returns of which orders there is a folder."""
        self.at += span
        self.jobs._keep_names()
        return {path.name.split()[-1] for path in self.orders.glob("*") if path.is_dir()}


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watch:
    watch = Watch(tmp_path)
    monkeypatch.setattr(jobs, "now", watch.now)
    return watch


def test_all_that_is_kept_is_looked_through_at_the_start_and_then_once_a_day(watch: Watch) -> None:
    watch.keep("one")
    assert watch.named_after(timedelta(0)) == {"(oone)"}
    watch.keep("two")
    assert watch.named_after(DAY - timedelta(seconds=1)) == {"(oone)"}
    assert watch.named_after(timedelta(seconds=1)) == {"(oone)", "(otwo)"}


def test_what_a_check_left_unnamed_that_was_ended_is_named_at_the_next_housekeeping(watch: Watch) -> None:
    watch.named_after(timedelta(0))
    watch.keep("one", taken_at=watch.at)
    assert watch.named_after(timedelta(hours=1)) == {"(oone)"}


def test_where_a_check_could_not_make_a_name_all_is_looked_through_at_the_next_housekeeping(
    watch: Watch,
) -> None:
    watch.named_after(timedelta(0))
    watch.keep("one")
    watch.in_the_way()
    watch.check_names("conversation:one")
    watch.out_of_the_way()
    watch.check_names("conversation:other")
    assert is_name_missing(watch.archive.store), "another check knows nothing of it"
    assert watch.named_after(timedelta(hours=1)) == {"(oone)"}
    assert not is_name_missing(watch.archive.store)


def test_what_can_never_be_named_is_tried_ever_less_often(
    watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.keep("one")
    watch.in_the_way()
    tried: list[float] = []
    real = House.sweep_names

    def sweep(our: House, *, since: datetime | None, is_over: Callable[[], bool]) -> NamesKept:
        tried.extend([(watch.at - NOON) / timedelta(hours=1)] if since is None else [])
        return real(our, since=since, is_over=is_over)

    monkeypatch.setattr(House, "sweep_names", sweep)
    for _ in range(80):
        watch.named_after(timedelta(hours=1))
    assert tried == [1, 2, 4, 8, 16, 32, 56, 80]


def test_a_watch_that_is_stopped_looks_no_further_and_takes_nothing_for_done(watch: Watch) -> None:
    watch.keep("one")
    watch.jobs.stop.set()
    assert watch.named_after(timedelta(0)) == set()
    watch.jobs.stop.clear()
    assert watch.named_after(timedelta(hours=1)) == {"(oone)"}


def test_a_clock_that_was_put_back_holds_nothing_up(watch: Watch) -> None:
    watch.named_after(timedelta(0))
    watch.keep("one")
    assert watch.named_after(-timedelta(days=30)) == {"(oone)"}
