"""Readable names that are missing are looked for once a day, and as long as some cannot be made each time."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.archive import Archive
from tests.support.clock import NOON
from watcher.config_file import load
from watcher.daemon import jobs
from watcher.daemon.config_watch import ConfigWatch
from watcher.daemon.jobs import Jobs
from watcher.daemon.progress import Progress

DAY = timedelta(days=1)


class Watch:
    """The jobs of a watch, and an archive in which something is kept for which no check made a name."""

    def __init__(self, folder: Path) -> None:
        self.at = NOON
        self.orders = folder / "data" / "orders"
        self.archive = Archive(folder / "data")
        config = folder / "config.toml"
        config.write_text(
            f'language = "en"\n[terms]\ni_accept_the_risk = true\n[storage]\ndir = "{folder / "data"}"\n',
            encoding="utf-8",
        )
        self._jobs = Jobs(
            ConfigWatch(config, config.read_text(), load(config), lambda _: load(config)), config, Progress()
        )

    def now(self) -> datetime:
        return self.at

    def keep(self, name: str) -> None:
        self.archive.thread(self.archive.order(name))

    def named_after(self, span: timedelta) -> set[str]:
        """Keep house after a while; returns of which orders there is a folder."""
        self.at += span
        self._jobs._keep_names()
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


def test_what_could_not_be_named_is_tried_again_the_next_time(watch: Watch) -> None:
    watch.orders.write_text("in the way")
    watch.keep("one")
    assert watch.named_after(timedelta(0)) == set()
    watch.orders.unlink()
    assert watch.named_after(timedelta(hours=1)) == {"(oone)"}


def test_a_clock_that_was_put_back_holds_nothing_up(watch: Watch) -> None:
    watch.named_after(timedelta(0))
    watch.keep("one")
    assert watch.named_after(-timedelta(days=30)) == {"(oone)"}
