"""What a watch does, each at its time: looks for what is due, and starts a child for it."""

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from shutil import disk_usage

from watcher.app.anchor import work_is_due
from watcher.app.answers import hear_answers
from watcher.app.channel_watch import due_for_test
from watcher.app.clearing import clear_away
from watcher.app.disk_watch import tell_of_disk
from watcher.app.erase_told import erase_told
from watcher.app.failed_check import remember_failed_check
from watcher.app.naming import is_name_missing
from watcher.app.nights import remember_night
from watcher.app.poll_book import poll_is_due
from watcher.app.retention import is_time_to_look
from watcher.app.round import queue_nagging, queue_news_of_time
from watcher.app.steady import remember_alive
from watcher.app.taken_on import Words, newly_taken_on, words_by_case
from watcher.bootstrap import House, house, jitter, kept_after_delivery, now
from watcher.daemon import life
from watcher.daemon.child import Ending, Limits, Why, run_child
from watcher.daemon.config_watch import ConfigWatch
from watcher.daemon.log import log
from watcher.daemon.own_ads import read_own_ads
from watcher.daemon.progress import Progress
from watcher.daemon.waking import Waking
from watcher.domain.answer_token import pause_between
from watcher.domain.outcome import Cause
from watcher.domain.permission import is_due
from watcher.errors import BusyError, StornowachtError
from watcher.storage.store import SqliteStore

NEWS_OF_TIME = timedelta(minutes=1)
"""How often cases follow the time; nothing that it brings is a matter of seconds."""
ALL_NAMES = timedelta(days=1)
"""How often all that is kept is looked through for readable names that are missing."""
NEW_NAMES = timedelta(days=7)
"""What was captured within these days is looked through at each housekeeping: a check that was ended has named nothing of it."""
NAMES_REST = timedelta(hours=1)
"""After all was looked through and some could not be made; twice as long each time, up to a day."""
DELIVERY_SECONDS = 300.0
FORGETTING_SECONDS = 1800.0
"""An archive of many gigabytes is read once, and the database written anew."""
POLL_SECONDS = 500.0
"""Longer than a round of questions of which each takes as long as it may."""
POLL_RESTS = timedelta(minutes=5)
"""After a round that failed as a whole: the next tick would fail just so."""
DELIVERY_RESTS = timedelta(seconds=10)
FORGETTING_RESTS = timedelta(hours=1)
STAMP_SECONDS = 300.0
"""Longer than every authority may take to answer."""
STAMP_RESTS = timedelta(minutes=5)
"""After a round of stamps that failed as a whole."""
STOP_GRACE = 25.0
"""Seconds that a running check may go on after SIGTERM; service managers give 90 by default."""
NORMAL_ENDINGS = frozenset({0, 3, 4, 5})


class Jobs:
    """The jobs under one config. Each opens the database for itself: a connection belongs to one thread."""

    def __init__(self, settings: ConfigWatch, config_path: Path | None, progress: Progress) -> None:
        self.settings = settings
        self.config = settings.config
        self.config_path = config_path
        self.progress = progress
        self.stop = threading.Event()
        self.waking = Waking(now())
        self.followed_at: datetime | None = None
        self.named_at: datetime | None = None
        self.names_failed, self.names_rest = False, ALL_NAMES
        self.heard_at: dict[str, float] = {}
        self.said: Mapping[str, Words] | None = None

    def check_what_is_due(self) -> None:
        """Check the accounts whose time has come, one after the other."""
        for name in self._due_accounts():
            if self.stop.is_set():
                return
            log().info("check_began", account=name)
            ending = self._child(["check", name, "--json", "--scheduled"], self._check_limits())
            self.progress.got_on("check")
            log().info(
                "check_ended",
                account=name,
                code=ending.code,
                why=ending.why.value,
                memory_mb=ending.memory // 10**6,
            )
            if (
                ending.code in NORMAL_ENDINGS
                or ending.code == BusyError.scheduled_exit_code
                or self.stop.is_set()
            ):
                continue
            self._remember_failure(name, ending)

    def read_ads_when_due(self) -> None:
        """Read own ads whose turn has come: rarely, by day, and never while a check is due."""
        read_own_ads(
            self.config,
            child=lambda arguments: self._child(arguments, self._check_limits()),
            stop=self.stop,
            got_on=lambda: self.progress.got_on("ads"),
        )

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
                life.steady(our, self.progress)
                queue_news_of_time(our.store, rules=rules, channels=channels, clock=now)
                _keep_calendar(our)
            due = bool(channels) and (
                our.store.has_due(now=now(), quiet=rules.remind.quiet.is_quiet(now()))
                or bool(due_for_test(our.store, channels=channels, now=now()))
            )
            rests = due and life.rests(our, "deliver")
        if due and not rests and not self.stop.is_set():
            self._try(["deliver"], "deliver", seconds=DELIVERY_SECONDS, first_pause=DELIVERY_RESTS)

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
            before, self.said = self.said, words_by_case(our.store, now=now())
            for case in () if before is None else newly_taken_on(before, self.said):
                our.take_down(case)

    def ask_what_is_due(self) -> None:
        """Start a child when a parcel's turn has come, or something has happened that may have changed whose it is."""
        with house(self.config) as our:
            due = poll_is_due(our.store, now=now()) and not life.rests(our, "poll")
        if due and not self.stop.is_set():
            self._try(["poll"], "poll", seconds=POLL_SECONDS, first_pause=POLL_RESTS)

    def stamp_what_is_due(self) -> None:
        """Start a child when the ledger is to be anchored, or an authority to be asked."""
        with house(self.config) as our:
            due = work_is_due(our.store, self.config.stamped_by, now=now()) and not life.rests(our, "stamp")
        if due and not self.stop.is_set():
            self._try(["anchor"], "stamp", seconds=STAMP_SECONDS, first_pause=STAMP_RESTS)

    def keep_house(self) -> None:
        """Erase what carriers' interfaces have said and may not be kept any longer, and what is over; then let SQLite tidy up.

        It folds the write-ahead log into the file and refreshes the query planner's figures. What [archive] gives an end
        to is announced and forgotten by a child, because that reads the archive.
        """
        store = SqliteStore(self.config.storage_dir)
        try:
            erased = erase_told(store, kept_after_delivery(), clock=now)
            if erased:
                log().info("tracking_erased", words=erased)
            cleared = clear_away(store.clearing(), clock=now)
            store.tidy()
            forgets = is_time_to_look(store, store.erasing(), now=now())
        finally:
            store.close()
        if any((cleared.alerts, cleared.tokens, cleared.copies, cleared.shrunk)):
            log().info("cleared_away", **asdict(cleared))
        if forgets and not self.stop.is_set():
            self._try(
                ["archive", "forget", "--due"],
                "forget",
                seconds=FORGETTING_SECONDS,
                first_pause=FORGETTING_RESTS,
            )
        self.progress.got_on("housekeeping")
        self._look_at_the_disk()
        self._keep_names()

    def _look_at_the_disk(self) -> None:
        free = disk_usage(self.config.storage_dir).free
        with house(self.config) as our:
            if tell_of_disk(our.store, free=free, hearers=life.hearers(self.config), clock=now):
                log().warning("disk_nearly_full", free_mb=free // 10**6)

    def _keep_names(self) -> None:
        """Make the readable names that are missing: of what is new, and once a day of all, an older archive among it.

        All is looked through at once where a check could not make one.
        """
        at = now()
        with house(self.config) as our:
            is_news = is_name_missing(our.store) and not self.names_failed
            is_whole = is_news or _is_over(self.named_at, self.names_rest, at)
            kept = our.sweep_names(since=None if is_whole else at - NEW_NAMES, is_over=self.stop.is_set)
        if is_whole and not kept.is_cut_short:
            longer = min(2 * self.names_rest, ALL_NAMES) if self.names_failed else NAMES_REST
            self.named_at, self.names_failed = at, bool(kept.fault)
            self.names_rest = longer if kept.fault else ALL_NAMES
        if kept.made:
            log().info("names_made", count=kept.made)
        if kept.fault:
            log().error("names_not_made", count=kept.lacking, reason=kept.fault)

    def _is_time_to_follow(self) -> bool:
        at = now()
        if not _is_over(self.followed_at, NEWS_OF_TIME, at):
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

    def _check_limits(self) -> Limits:
        return Limits(
            deadline=self.config.browser.check_seconds, memory=self.config.browser.memory_bytes, humble=True
        )

    def _try(self, arguments: list[str], job: str, *, seconds: float, first_pause: timedelta) -> None:
        """Start a child that does a job; one that fails rests, the longer the more often it does."""
        ending = self._child(arguments, Limits(deadline=seconds, leaves=job == "deliver"))
        log().info("job_ended", job=job, code=ending.code, why=ending.why.value)
        if not self.stop.is_set():
            life.remember_ending(self.config, job, ending, first_pause=first_pause)

    def _child(self, arguments: list[str], limits: Limits) -> Ending:
        ending = run_child(
            arguments,
            config=self.config_path,
            limits=limits,
            stop=self.stop,
            stop_grace=STOP_GRACE,
            environment=self.settings.environment,
        )
        if ending.left_behind:
            log().warning("left_behind", command=arguments[0], processes=ending.left_behind)
        return ending

    def _remember_failure(self, name: str, ending: Ending) -> None:
        log().error("check_failed", account=name, code=ending.code, why=ending.why.value, words=ending.words)
        reason, cause = failure_of(ending)
        try:
            with house(self.config) as our:
                remember_failed_check(
                    our.store,
                    name,
                    reason=reason,
                    cause=cause,
                    pace=self.config.pace,
                    channels=list(self.config.channels),
                    jitter=jitter(),
                    clock=now,
                )
        except StornowachtError as error:
            log().error("failure_not_remembered", reason=error.message)


def failure_of(ending: Ending) -> tuple[str, Cause]:
    """Return why a check's child failed, for the ledger and for the seller."""
    match ending.why:
        case Why.DEADLINE:
            return "ended_at_deadline", Cause.TOOK_TOO_LONG
        case Why.MEMORY:
            return "too_much_memory", Cause.TOO_MUCH_MEMORY
        case Why.BY_ITSELF:
            return f"exit_{ending.code}", Cause.CHECK_FAILED
        case why:
            return why.value, Cause.CHECK_FAILED


def _keep_calendar(our: House) -> None:
    try:
        our.keep_calendar()
    except StornowachtError as error:
        log().error("calendar_not_kept", reason=error.message)


def _is_over(since: datetime | None, span: timedelta, at: datetime) -> bool:
    """Whether a span has passed; so it has where nobody knows when it began, or where the clock was put back behind that."""
    return since is None or not timedelta(0) <= at - since < span
