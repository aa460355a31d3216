"""`stornowacht run`: looks at the clock and the database, and starts a child for whatever is due.

The daemon itself never opens a browser, a mail server or a page. It stays small, and what hangs or dies is a child.
"""

import math
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from watcher.app.refused_config import forget_refused_config, remember_refused_config
from watcher.app.steady import tell_of_absence
from watcher.bootstrap import house, now
from watcher.config import Config, default_path
from watcher.daemon import life
from watcher.daemon.config_watch import ConfigWatch, Ready
from watcher.daemon.jobs import DELIVERY_SECONDS, FORGETTING_SECONDS, POLL_SECONDS, STAMP_SECONDS, Jobs
from watcher.daemon.log import keep_in, log, set_up
from watcher.daemon.own_ads import OneAtATime, look_every
from watcher.daemon.progress import Progress
from watcher.daemon.schedule import Heartbeat
from watcher.daemon.service_manager import ServiceManager
from watcher.daemon.signals import Signals
from watcher.daemon.watchdog import Watchdog
from watcher.domain.setback import Setback
from watcher.errors import BusyError, StornowachtError
from watcher.storage.database import make_private_folder
from watcher.texts.language import _

if TYPE_CHECKING:
    from watcher.daemon.mail import MailListener

LONGEST_TICK = timedelta(seconds=5)
HOUSEKEEPING = timedelta(hours=1)
STOP_SECONDS = 60.0
"""Longer than a stopped watch needs to end its children and its mailbox; service managers give 90 by default."""
SLOWNESS = 600.0
"""Seconds beyond its own limits after which a job is taken for stuck: a slow machine, a locked database."""
CONFIG_EVERY = 5.0
"""Seconds between two looks at the config file."""


def run_daemon(config: Config, config_path: Path | None, *, text: str, ready: Ready) -> int:
    """Watch until SIGTERM or Ctrl-C; a running check is then finished, or rolled back as if it had not begun.

    Args:
        config: what is in force at first.
        config_path: where it was read from; `None`: the platform's place.
        text: what the file said then.
        ready: makes a config of a changed file's text, if a watch can work with it.

    Raises:
        BusyError: a daemon is already watching these data.
        StorageError: the storage folder cannot be used.
    """
    set_up()
    manager = ServiceManager(os.environ)
    folder = config.storage_dir
    with house(config):
        pass  # the database is made, migrated and found good before anything starts
    make_private_folder(folder)
    try:
        with FileLock(folder / "daemon.lock", timeout=0):
            keep_in(folder, alone=not manager.clears_stderr)
            settings = ConfigWatch(config_path or default_path(), text, config, ready)
            _live(settings, config_path, manager)
    except Timeout as error:
        raise BusyError(
            _("Another `stornowacht run` is already watching {folder}.").format(folder=folder),
            advice=_("One is enough; this one leaves."),
        ) from error
    return 0


def _live(settings: ConfigWatch, config_path: Path | None, manager: ServiceManager) -> None:
    """Watch under supervision, with one config after the other, until somebody stops it."""
    signals, progress = Signals(), Progress()
    signals.listen()
    watchdog = Watchdog(
        progress, manager, last_words=lambda late: life.last_words(settings.config, f"stuck:{late.job}")
    )
    progress.expect_only("start", within=DELIVERY_SECONDS + SLOWNESS)
    progress.began("start")
    watchdog.start()
    manager.ready(_("The watch is running."))
    try:
        setback = life.begin(settings.config)
        settings.keep()
        with house(settings.config) as our:
            forget_refused_config(our.store)
        _note_start(settings.config)
        _tell_of_absence(settings.config)
        if setback is not None:
            _rest(Jobs(settings, config_path, progress), setback, signals, manager)
        progress.begin()
        while not signals.stop.is_set():
            _watch(Jobs(settings, config_path, progress), signals, manager)
    except Exception as error:
        life.last_words(settings.config, f"fault:{type(error).__name__}")
        raise
    life.end(settings.config)
    log().info("watch_ended")
    watchdog.stop()


def _rest(jobs: Jobs, setback: Setback, signals: Signals, manager: ServiceManager) -> None:
    """Rest after a watch that died young, but not before what waits was delivered: the word about it is there, too."""
    pause = setback.pause(at=now())
    if not pause:
        return
    signals.hold(jobs.stop)
    jobs.deliver_what_is_due()
    jobs.progress.expect_nothing()
    rests = _("The watch died several times: it rests before the next try.")
    manager.status(rests)
    _until_asked(jobs, signals, manager, rests, left=lambda: setback.pause(at=now()).total_seconds())


def _watch(jobs: Jobs, signals: Signals, manager: ServiceManager) -> None:
    """Watch until somebody stops it, or another config is in force."""
    signals.hold(jobs.stop)
    jobs.progress.expect_nothing()
    heartbeat = Heartbeat(jobs.progress)
    tick = min(LONGEST_TICK, jobs.config.floor)
    visits = OneAtATime()
    heartbeat.every(
        tick,
        visits.of(jobs.check_what_is_due),
        name="check",
        seconds=jobs.config.browser.check_seconds + SLOWNESS,
    )
    heartbeat.every(tick, jobs.deliver_what_is_due, name="deliver", seconds=DELIVERY_SECONDS + SLOWNESS)
    if jobs.config.channels:
        heartbeat.every(tick, jobs.hear_what_is_answered, name="answers", seconds=SLOWNESS)
        heartbeat.every(tick, jobs.take_down_what_is_had, name="screen", seconds=SLOWNESS)
    if jobs.config.tracking.set_up:
        heartbeat.every(tick, jobs.ask_what_is_due, name="poll", seconds=POLL_SECONDS + SLOWNESS)
    if jobs.config.stamped_by:
        heartbeat.every(tick, jobs.stamp_what_is_due, name="stamp", seconds=STAMP_SECONDS + SLOWNESS)
    look = look_every(jobs.config)
    if look is not None:
        seconds = jobs.config.browser.check_seconds + SLOWNESS
        heartbeat.every(look, visits.of(jobs.read_ads_when_due), name="ads", seconds=seconds)
    heartbeat.every(HOUSEKEEPING, jobs.keep_house, name="housekeeping", seconds=FORGETTING_SECONDS + SLOWNESS)

    def for_ever() -> float:
        heartbeat.catch_up()
        return math.inf

    mail = _listener(jobs)
    log().info("watch_began", accounts=len(jobs.config.account), channels=list(jobs.config.channels))
    heartbeat.start()
    if mail is not None:
        mail.start()
    manager.ready(_("The watch is running."))
    with _dashboard(jobs):
        _until_asked(jobs, signals, manager, _("The watch is running."), left=for_ever)
        log().info("watch_is_ending" if signals.stop.is_set() else "watch_begins_anew")
    if signals.stop.is_set():
        manager.stopping()
        life.end(jobs.config)  # now: whoever loses patience with the ending may kill it
    patience = STOP_SECONDS if signals.stop.is_set() else jobs.config.browser.check_seconds
    jobs.progress.expect_only("ending", within=patience + STOP_SECONDS)
    # A new config waits for the jobs under way, but not for ever: what is cut short goes on with the next tick.
    cut_short = threading.Timer(patience, jobs.stop.set)
    cut_short.daemon = True
    cut_short.start()
    heartbeat.stop()
    cut_short.cancel()
    jobs.stop.set()
    if mail is not None:
        mail.wait()


def _until_asked(
    jobs: Jobs, signals: Signals, manager: ServiceManager, status: str, *, left: Callable[[], float]
) -> None:
    """Wait until somebody stops the watch, or a changed config is taken over; one with mistakes changes nothing.

    Args:
        jobs: what is done under the config in force.
        signals: what the watch is told.
        manager: is told what goes on.
        status: what the watch does meanwhile.
        left: returns for how many seconds at most to wait on; looked at every few seconds.
    """
    while not signals.stop.is_set() and (seconds := left()) > 0:
        asked = signals.wait(min(seconds, CONFIG_EVERY))
        if signals.stop.is_set() or not (asked or jobs.settings.has_changed()):
            continue
        manager.reloading()
        if _takes_over(jobs, at_once=asked):
            return
        manager.ready(status)


def _takes_over(jobs: Jobs, *, at_once: bool) -> bool:
    """Whether another config is in force now."""
    before = jobs.config
    try:
        config = jobs.settings.take_over(at_once=at_once)
        if config is None:
            return False
        log().info("config_taken_over", accounts=len(config.account), channels=list(config.channels))
        with house(config) as our:
            forget_refused_config(our.store)
    except StornowachtError as error:
        log().error("config_refused", reason=error.diagnostics())
        if jobs.settings.config is before:
            _remember_refusal(before, error)
    return jobs.settings.config is not before


def _remember_refusal(config: Config, error: StornowachtError) -> None:
    try:
        with house(config) as our:
            remember_refused_config(
                our.store,
                error.message,
                account=config.account[0].name,
                channels=list(config.channels),
                clock=now,
            )
    except StornowachtError as fault:
        log().error("refusal_not_remembered", reason=fault.message)


@contextmanager
def _dashboard(jobs: Jobs) -> Iterator[None]:
    """Serve the dashboard for the length of the block; one that cannot be served holds up no watch."""
    with ExitStack() as stack:
        if jobs.config.dashboard.enabled:
            try:
                from watcher.web.server import serving  # noqa: PLC0415 - 20 MB for whoever wants it

                address = stack.enter_context(serving(jobs.config, jobs.config_path))
                log().info("dashboard_began", address=address)
            except (ImportError, OSError, StornowachtError) as error:
                log().error("dashboard_not_served", reason=str(error))
        yield


def _note_start(config: Config) -> None:
    with house(config) as our:
        our.note_start(always=True)


def _tell_of_absence(config: Config) -> None:
    """Say that nobody watched for a while; every account is then due at once."""
    with house(config) as our:
        absence = tell_of_absence(
            our.store,
            accounts=[account.name for account in config.account],
            pace=config.pace,
            channels=list(config.channels),
            clock=now,
        )
    if absence is not None:
        log().warning("not_watched", since=absence.since.isoformat(), until=absence.until.isoformat())


def _listener(jobs: Jobs) -> "MailListener | None":
    if not jobs.config.watches_mailbox:
        return None
    from watcher.daemon.mail import MailListener  # noqa: PLC0415 - most daemons watch no mailbox

    return MailListener(jobs.config, jobs.stop, jobs.progress, slowness=SLOWNESS)
