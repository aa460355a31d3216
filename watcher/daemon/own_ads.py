"""Own ads by the clock: a child for each account whose turn has come, and never while a check is at work."""

import threading
from collections.abc import Callable
from datetime import timedelta

from watcher.app.ads_due import accounts_to_read, let_rest
from watcher.bootstrap import house, now
from watcher.config import Config
from watcher.daemon.child import Ending
from watcher.daemon.log import log
from watcher.errors import BusyError, StornowachtError

LOOK = timedelta(minutes=5)
"""How often the rows are looked at; readings are days apart."""


class OneAtATime:
    """Jobs that visit the site: while one is at work the others let their turn pass, and look again with the next tick."""

    def __init__(self) -> None:
        self._at_work = threading.Lock()

    def of(self, job: Callable[[], None]) -> Callable[[], None]:
        """Return the job as one of these."""

        def run() -> None:
            if not self._at_work.acquire(blocking=False):
                return
            try:
                job()
            finally:
                self._at_work.release()

        return run


def look_every(config: Config) -> timedelta | None:
    """Return how often to look whether own ads are to be read; `None` where the clock brings no reading."""
    interval = config.listings.interval
    return None if interval is None or "scheduled" not in config.watch.mode else min(LOOK, interval)


def read_own_ads(
    config: Config, *, child: Callable[[list[str]], Ending], stop: threading.Event, got_on: Callable[[], None]
) -> None:
    """Start a child for one account after the other whose own ads are to be read; one that comes to nothing rests a day.

    Before each it is looked again: a check may have come due meanwhile.
    """
    done = set[str]()
    while not stop.is_set():
        name = next((name for name in _due(config) if name not in done), None)
        if name is None:
            return
        done.add(name)
        log().info("ads_reading_began", account=name)
        ending = child(["listings", name, "--read", "--scheduled"])
        got_on()
        log().info("ads_reading_ended", account=name, code=ending.code, why=ending.why.value)
        if ending.code not in {0, BusyError.scheduled_exit_code} and not stop.is_set():
            _let_rest(config, name, ending)


def _due(config: Config) -> list[str]:
    interval = config.listings.interval
    if interval is None:
        return []
    with house(config) as our:
        return accounts_to_read(
            our.store,
            [table.name for table in config.account],
            every=interval,
            modes=config.watch.mode,
            pace=config.pace,
            quiet=config.quiet_hours,
            now=now(),
        )


def _let_rest(config: Config, name: str, ending: Ending) -> None:
    log().warning("ads_not_read", account=name, code=ending.code, words=ending.words)
    try:
        with house(config) as our:
            let_rest(our.store, name, clock=now)
    except StornowachtError as error:
        log().error("rest_not_remembered", reason=error.message)
