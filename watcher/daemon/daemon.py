"""`stornowacht run`: looks at the clock and the database, and starts a child for whatever is due.

The daemon itself never opens a browser, a mail server or a page. It stays small, and what hangs or dies is a child.
"""

import math
import signal
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from watcher.app.anchor import work_is_due
from watcher.app.answers import hear_answers
from watcher.app.channel_watch import due_for_test
from watcher.app.erase_told import erase_told
from watcher.app.failed_check import remember_failed_check
from watcher.app.nights import remember_night
from watcher.app.poll_book import poll_is_due
from watcher.app.retention import is_time_to_look
from watcher.app.round import queue_nagging, queue_news_of_time
from watcher.app.steady import remember_alive, tell_of_absence
from watcher.app.taken_on import Words, newly_taken_on, words_by_case
from watcher.bootstrap import House, house, jitter, kept_after_delivery, now
from watcher.config import Config
from watcher.daemon.child import Ending, run_child
from watcher.daemon.log import log, set_up
from watcher.daemon.schedule import Heartbeat
from watcher.daemon.waking import Waking
from watcher.domain.answer_token import pause_between
from watcher.domain.permission import is_due
from watcher.errors import BusyError, StornowachtError
from watcher.storage.database import make_private_folder
from watcher.storage.store import SqliteStore
from watcher.texts.language import _

if TYPE_CHECKING:
    from watcher.daemon.mail import MailListener

LONGEST_TICK = timedelta(seconds=5)
NEWS_OF_TIME = timedelta(minutes=1)
"""How often cases follow the time; nothing that it brings is a matter of seconds."""
HOUSEKEEPING = timedelta(hours=1)
DEADLINE_SLACK = 90.0
"""Seconds beyond the visit's own limit: launching, reading, remembering, delivering."""
DELIVERY_SECONDS = 300.0
FORGETTING_SECONDS = 1800.0
"""An archive of many gigabytes is read once, and the database written anew."""
POLL_SECONDS = 500.0
"""Longer than a round of questions of which each takes as long as it may."""
POLL_RESTS = 300.0
"""Seconds after a round that failed as a whole: the next tick would fail just so."""
STAMP_SECONDS = 300.0
"""Longer than every authority may take to answer."""
STAMP_RESTS = 300.0
"""Seconds after a round of stamps that failed as a whole."""
STOP_GRACE = 25.0
"""Seconds that a running check may go on after SIGTERM; service managers give 90 by default."""
NORMAL_ENDINGS = frozenset({0, 3, 4, 5})


def run_daemon(config: Config, config_path: Path | None) -> int:
    """Watch until SIGTERM or Ctrl-C; a running check is then finished, or rolled back as if it had not begun.

    Raises:
        BusyError: a daemon is already watching these data.
        StorageError: the storage folder cannot be used.
    """
    set_up()
    folder = config.storage_dir
    with house(config):
        pass  # the database is made, migrated and found good before anything starts
    make_private_folder(folder)
    try:
        with FileLock(folder / "daemon.lock", timeout=0):
            _note_start(config)
            _tell_of_absence(config)
            _watch(_Watch(config, config_path))
    except Timeout as error:
        raise BusyError(
            _("Another `stornowacht run` is already watching {folder}.").format(folder=folder),
            advice=_("One is enough; this one leaves."),
        ) from error
    return 0


def _watch(watch: "_Watch") -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: watch.stop.set())
    heartbeat = Heartbeat()
    tick = min(LONGEST_TICK, watch.config.floor)
    heartbeat.every(tick, watch.check_what_is_due, name="check")
    heartbeat.every(tick, watch.deliver_what_is_due, name="deliver")
    if watch.config.channels:
        heartbeat.every(tick, watch.hear_what_is_answered, name="answers")
        heartbeat.every(tick, watch.take_down_what_is_had, name="screen")
    if watch.config.tracking.set_up:
        heartbeat.every(tick, watch.ask_what_is_due, name="poll")
    if watch.config.stamped_by:
        heartbeat.every(tick, watch.stamp_what_is_due, name="stamp")
    heartbeat.every(HOUSEKEEPING, watch.keep_house, name="housekeeping")
    mail = _listener(watch)
    log().info("watch_began", accounts=len(watch.config.account), channels=list(watch.config.channels))
    heartbeat.start()
    if mail is not None:
        mail.start()
    with _dashboard(watch):
        watch.stop.wait()
    log().info("watch_is_ending")
    heartbeat.stop()
    if mail is not None:
        mail.wait()
    log().info("watch_ended")


@contextmanager
def _dashboard(watch: "_Watch") -> Iterator[None]:
    """Serve the dashboard for the length of the block; one that cannot be served holds up no watch."""
    with ExitStack() as stack:
        if watch.config.dashboard.enabled:
            try:
                from watcher.web.server import serving  # noqa: PLC0415 - 20 MB for whoever wants it

                address = stack.enter_context(serving(watch.config, watch.config_path))
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


def _listener(watch: "_Watch") -> "MailListener | None":
    if not watch.config.watches_mailbox:
        return None
    from watcher.daemon.mail import MailListener  # noqa: PLC0415 - most daemons watch no mailbox

    return MailListener(watch.config, watch.stop)


def _keep_calendar(our: House) -> None:
    try:
        our.keep_calendar()
    except StornowachtError as error:
        log().error("calendar_not_kept", reason=error.message)


class _Watch:
    """The jobs. Each opens the database for itself: a connection belongs to one thread."""

    def __init__(self, config: Config, config_path: Path | None) -> None:
        self.config = config
        self.config_path = config_path
        self.stop = threading.Event()
        self.waking = Waking(now())
        self.followed_at: datetime | None = None
        self.polls_from = time.monotonic()
        self.stamps_from = time.monotonic()
        self.heard_at: dict[str, float] = {}
        self.said: Mapping[str, Words] | None = None

    def check_what_is_due(self) -> None:
        """Check the accounts whose time has come, one after the other."""
        for name in self._due_accounts():
            if self.stop.is_set():
                return
            log().info("check_began", account=name)
            ending = self._child(["check", name, "--json", "--scheduled"], self._check_seconds())
            log().info("check_ended", account=name, code=ending.code)
            if (
                ending.code in NORMAL_ENDINGS
                or ending.code == BusyError.scheduled_exit_code
                or self.stop.is_set()
            ):
                continue
            self._remember_failure(name, ending)

    def deliver_what_is_due(self) -> None:
        """Queue what has come due; start a child when an alert waits."""
        self.waking.tick(now())
        channels, awake_since = list(self.config.channels), self.waking.since
        with house(self.config) as our:
            rules = our.round_rules()
            if channels:
                queue_nagging(our.store, rules=rules, channels=channels, clock=now, awake_since=awake_since)
            if self._is_time_to_follow():
                remember_night(our.store, awake_since=awake_since, clock=now)
                remember_alive(our.store, clock=now)
                queue_news_of_time(our.store, rules=rules, channels=channels, clock=now)
                _keep_calendar(our)
            due = bool(channels) and (
                our.store.has_due(now=now(), quiet=rules.remind.quiet.is_quiet(now()))
                or bool(due_for_test(our.store, channels=channels, now=now()))
            )
        if due and not self.stop.is_set():
            ending = self._child(["deliver"], DELIVERY_SECONDS)
            if ending.code != 0:
                log().error("delivery_failed", code=ending.code, words=ending.words)

    def hear_what_is_answered(self) -> None:
        """Ask the channels that gave out a button or the like for answers; the longer ago that was, the rarer.

        Done here and not in a child: it is a look into a folder, or one short question to a server.
        """
        at = time.monotonic()
        with house(self.config) as our:
            awaited = our.store.awaited_answers(now=now())
            due = [
                name
                for name, last in awaited.items()
                if at - self.heard_at.get(name, -math.inf) >= pause_between(now() - last).total_seconds()
            ]
            if not due:
                return
            self.heard_at |= dict.fromkeys(due, at)
            for name, reason in hear_answers(our.store, our.listener(), channels=due, clock=now).items():
                log().warning("answers_not_heard", channel=name, reason=reason)

    def take_down_what_is_had(self) -> None:
        """Take the notifications of those cases off the screen that somebody has taken on meanwhile, whichever way."""
        with house(self.config) as our:
            before, self.said = self.said, words_by_case(our.store)
            for case in () if before is None else newly_taken_on(before, self.said):
                our.take_down(case)

    def ask_what_is_due(self) -> None:
        """Start a child when a parcel's turn has come, or something has happened that may have changed whose it is."""
        if time.monotonic() < self.polls_from:
            return
        with house(self.config) as our:
            due = poll_is_due(our.store, now=now())
        if due and not self.stop.is_set():
            ending = self._child(["poll"], POLL_SECONDS)
            log().info("poll_ended", code=ending.code)
            if ending.code != 0 and not self.stop.is_set():
                self.polls_from = time.monotonic() + POLL_RESTS
                log().error("poll_failed", code=ending.code, words=ending.words)

    def stamp_what_is_due(self) -> None:
        """Start a child when the ledger is to be anchored, or an authority to be asked."""
        if time.monotonic() < self.stamps_from:
            return
        with house(self.config) as our:
            due = work_is_due(our.store, self.config.stamped_by, now=now())
        if due and not self.stop.is_set():
            ending = self._child(["anchor"], STAMP_SECONDS)
            log().info("stamps_asked_for", code=ending.code)
            if ending.code != 0 and not self.stop.is_set():
                self.stamps_from = time.monotonic() + STAMP_RESTS
                log().error("stamps_failed", code=ending.code, words=ending.words)

    def keep_house(self) -> None:
        """Erase what carriers' interfaces have said and may not be kept any longer; then let SQLite tidy up.

        It folds the write-ahead log into the file and refreshes the query planner's figures. What [archive] gives an end
        to is announced and forgotten by a child, because that reads the archive.
        """
        store = SqliteStore(self.config.storage_dir)
        try:
            erased = erase_told(store, kept_after_delivery(), clock=now)
            if erased:
                log().info("tracking_erased", words=erased)
            store.tidy()
            forgets = is_time_to_look(store, store.erasing(), now=now())
        finally:
            store.close()
        if forgets and not self.stop.is_set():
            self._forget_what_is_due()
        self._keep_names()

    def _keep_names(self) -> None:
        """Make the readable names that are missing, those of an older archive among them."""
        with house(self.config) as our:
            kept = our.keep_names()
        if kept.made:
            log().info("names_made", count=kept.made)
        if kept.fault:
            log().error("names_not_made", count=kept.lacking, reason=kept.fault)

    def _forget_what_is_due(self) -> None:
        ending = self._child(["archive", "forget", "--due"], FORGETTING_SECONDS)
        log().info("archive_kept_to_its_times", code=ending.code)
        if ending.code != 0 and not self.stop.is_set():
            log().error("forgetting_failed", code=ending.code, words=ending.words)

    def _is_time_to_follow(self) -> bool:
        at, last = now(), self.followed_at
        if last is not None and timedelta(0) <= at - last < NEWS_OF_TIME:
            return False
        self.followed_at = at
        return True

    def _due_accounts(self) -> list[str]:
        with house(self.config) as our:
            return [
                table.name
                for table in self.config.account
                if is_due(
                    our.store.account(table.name),
                    self.config.watch.mode,
                    asked=bool(our.store.asked_for(table.name)),
                    floor=self.config.floor,
                    now=now(),
                )
            ]

    def _check_seconds(self) -> float:
        return self.config.browser.visit.total_seconds() + DEADLINE_SLACK

    def _child(self, arguments: list[str], deadline: float) -> Ending:
        return run_child(
            arguments, config=self.config_path, deadline=deadline, stop=self.stop, stop_grace=STOP_GRACE
        )

    def _remember_failure(self, name: str, ending: Ending) -> None:
        log().error("check_failed", account=name, code=ending.code, words=ending.words)
        try:
            with house(self.config) as our:
                remember_failed_check(
                    our.store,
                    name,
                    reason="ended_at_deadline" if ending.code is None else f"exit_{ending.code}",
                    pace=self.config.pace,
                    channels=list(self.config.channels),
                    jitter=jitter(),
                    clock=now,
                )
        except StornowachtError as error:
            log().error("failure_not_remembered", reason=error.message)
