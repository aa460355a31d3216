"""One machine with Stornowacht for a year: checks, rounds and housekeeping as the watch makes them, on a simulated clock.

Store, vault, readers, cases, letters and retention are the real ones; the visit shows the practice shop's deals without a
browser, and the only channel keeps nothing of what it is given. What has not changed is drawn once, and read once a day and as
a sample (`bench/year/site.py`).
"""

import json
import os
import random
import sqlite3
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.year.bad_days import Bad, Killed, Spell, draw, full_disk, killed_somewhere, put_in_the_way
from bench.year.market import Market
from bench.year.site import KeptReadings, KeptVisitor
from notifiers.contract import DeliveryError
from notifiers.message import Message, Receipt
from tests.support.clock import Clock
from tests.support.rooms import PACE, Rooms, rules
from watcher.app.case_book import CaseRules
from watcher.app.clearing import clear_away
from watcher.app.erase_told import erase_told
from watcher.app.failed_check import remember_failed_check
from watcher.app.read_listings import ListingsOrders, read_listings
from watcher.app.retention import is_time_to_look, keep_to_it
from watcher.app.round import RoundRules, deliver_round
from watcher.app.seller import acknowledge, close_case, mark_done, write_note
from watcher.app.steady import remember_alive
from watcher.app.verify import verify
from watcher.carriers.window import window_of
from watcher.domain.alert import AlertKind
from watcher.domain.case import Case
from watcher.domain.outcome import Outcome
from watcher.domain.retention import Keeping
from watcher.domain.stage import Stage
from watcher.domain.summary import SummaryEvery, SummaryPlan
from watcher.errors import BusyError, StornowachtError
from watcher.postman.postman import ChannelPostman
from watcher.storage.database import FILE_NAME
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

BEGINS = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
YEAR = timedelta(days=365)
SPELLS = 120
"""Bad spells in a year, whatever the number of checks."""
CHANNELS = ["email"]
THREADS = 100
"""So many a check may open: whoever has two thousand sales a year has fifty under way, and more than the usual 40 would wait."""
_Act = Callable[[SqliteStore, Case], object]
"""What a seller does about a case, with a command."""
_HOUSEKEEPING = timedelta(hours=1)
_IMPATIENT = 0.05
"""Seconds that a locked database is waited for: the clock of the year stands still meanwhile."""
_TOLD_LONG_AGO = timedelta(days=93)
"""Ninety days, and three for a machine that slept."""
_DIED, _STOPPED = 3, 4
"""How a child of the watch ends that the power was cut to, and one that a bad day stopped."""
_STANDING = """
SELECT
    (SELECT count(*) FROM cases WHERE closed_at IS NULL)
    + (SELECT count(*) FROM orders WHERE stage IN (SELECT value FROM json_each(?1))) AS open,
    (SELECT count(*) FROM outbox WHERE coalesce(sent_at, dropped_at) < ?2 AND kind <> 'forget_soon'
        AND coalesce(case_id, '') NOT IN (SELECT id FROM cases WHERE closed_at IS NULL)
        AND coalesce(order_id, '') NOT IN (SELECT order_id FROM cases WHERE closed_at IS NULL)
        AND coalesce(order_id, '') NOT IN (SELECT id FROM orders WHERE stage NOT IN (SELECT value FROM json_each(?3)))
    ) AS stale
"""


@dataclass(slots=True)
class Mail:
    """A channel that counts what it is given, and is down at times."""

    name: str = "email"
    down: bool = False
    taken: int = 0

    def deliver(self, message: Message) -> Receipt:
        """Take a message, unless the server is down."""
        if self.down:
            raise DeliveryError("no answer", permanent=False, advice="")
        self.taken += bool(message.subject)
        return Receipt(channel=self.name, detail="250 taken")

    def probe(self) -> Receipt:
        """Go every step of a delivery but the message itself."""
        return Receipt(channel=self.name, detail="250 ready")


@dataclass(slots=True)
class Spent:
    """What was done since somebody looked last, and the processor time it took, the pretended visits and the letters left out."""

    checks: int = 0
    rounds: int = 0
    pages: int = 0
    check_seconds: float = 0.0
    round_seconds: float = 0.0
    gaps: int = 0
    """Checks that lacked something although nothing was wrong."""
    troubles: int = 0
    """How often the seller was told that the account cannot be read, or not all of it."""
    ended: Counter[str] = field(default_factory=Counter)
    bad: Counter[str] = field(default_factory=Counter)


class Year:
    """One account's year."""

    def __init__(self, folder: Path, *, seed: int, checks: int, orders: int, swift: int = 1) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - the same seed must give the same year
        self.now = BEGINS
        """The true time; the machine's clock may be wrong."""
        self.clock = Clock(BEGINS)
        self.folder = folder
        self.step = YEAR / checks
        self.rooms = Rooms(folder, [], self.clock)
        self.rooms.case_rules = CaseRules(window_of=window_of)
        self.rooms.visitor = site = KeptVisitor(self.rooms.shop, self.clock)
        self._readings = KeptReadings(random.Random(seed + 2))  # noqa: S311
        self._pretended, self._written = _watch_the_clock(self.rooms), [0.0]
        luck = random.Random(seed + 1)  # noqa: S311
        ends = BEGINS + YEAR
        self.market = Market(self.rooms.shop, luck, begins=BEGINS, ends=ends, orders=orders, swift=swift)
        site.happened = lambda: self.market.happened
        self.mail = Mail()
        self.spent = Spent()
        self._spell: Spell | None = None
        self._seller: dict[str, list[tuple[datetime, _Act]]] = {}
        self._kept_house_at = self._read_ads_at = BEGINS

    def go_on(self) -> None:
        """Let the time to the next check pass, and make it."""
        self.now += self.step * self.dice.uniform(0.5, 1.5)
        self._begin_and_end_spells()
        self.clock.now = self.now - (timedelta(hours=2) if self._is(Bad.CLOCK_BACK) else timedelta(0))
        self.market.until(self.now)
        if self._is(Bad.ASLEEP):
            return
        account = self.rooms.store.account("main")
        if account.cool_down_until is None or account.cool_down_until <= self.clock():
            self._look()
        self._round()
        self._seller_acts()
        if self.now - self._kept_house_at >= _HOUSEKEEPING:
            self._kept_house_at = self.now
            self._guarded(self._keep_house)

    def close(self) -> None:
        """Let go of the store."""
        self.rooms.store.close()

    def rows(self) -> dict[str, int]:
        """Return how many rows each table has."""
        counting = sqlite3.connect(f"file:{self.folder / FILE_NAME}?mode=ro", uri=True)
        try:
            tables = [
                name for (name,) in counting.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            ]
            return {
                name: counting.execute(f"SELECT count(*) FROM {name}").fetchone()[0]  # noqa: S608 - names of our own
                for name in tables
            }
        finally:
            counting.close()

    def standing(self) -> tuple[int, int]:
        """Return how many cases are open and sales under way, and how many rows of the outbox should be gone: about neither, told long ago."""
        live = json.dumps([stage for stage in Stage if stage.is_live])
        ended = json.dumps([stage for stage in Stage if stage.is_ended])
        long_ago = (self.now - _TOLD_LONG_AGO).isoformat()
        with closing(sqlite3.connect(f"file:{self.folder / FILE_NAME}?mode=ro", uri=True)) as counting:
            opened, stale = counting.execute(_STANDING, (live, long_ago, ended)).fetchone()
        return opened, stale

    def is_whole(self) -> bool:
        """Whether ledger and archive are as they were written, and the site saw no write."""
        return verify(self.rooms.store, self.rooms.vault).ok and not self.rooms.shop.writes

    # --- bad days

    def _is(self, kind: Bad) -> bool:
        return self._spell is not None and self._spell.kind is kind

    def _begin_and_end_spells(self) -> None:
        if self._spell is not None and self._spell.until <= self.now:
            self._spell = None
        # A spell of an hour must meet a check, however rare they are.
        if self._spell is None and self.dice.random() < SPELLS * (self.step / YEAR):
            self._spell = draw(self.dice, now=self.now)
            self.spent.bad[self._spell.kind] += 1
            if self._is(Bad.RESTART):
                self._start_anew()
        self.mail.down = self._is(Bad.MAIL_DOWN)
        put_in_the_way(self.rooms.visitor, self._spell.kind if self._spell else None)

    def _start_anew(self, *, patience: float | None = None) -> None:
        self.rooms.store.close()
        self.rooms.store = SqliteStore(self.folder, patience=patience)
        self.rooms.vault = FileVault(self.folder)

    # --- what the watch does

    def _look(self) -> None:
        begin, pretended = time.process_time(), self._pretended[0]
        if self._is(Bad.DISK_FULL):
            with full_disk():
                ended = self._check()
        elif self._is(Bad.BUSY):
            ended = self._check_while_busy()
        elif self._is(Bad.KILLED):
            ended = self._check_and_die()
        else:
            ended = self._check()
        self.spent.check_seconds += time.process_time() - begin - (self._pretended[0] - pretended)
        self.spent.checks += 1
        self.spent.ended[ended] += 1

    def _check(self) -> str:
        try:
            with self._readings.in_force():
                report = self.rooms.check(
                    channels=CHANNELS, whole_list_every=timedelta(days=1), threads_at_most=THREADS
                )
        except BusyError:
            return "busy"
        except StornowachtError as error:
            reason = f"exit_{error.exit_code}"
            self._guarded(lambda: self._remember_failure(reason))
            return "failed"
        self.spent.pages += report.reading.pages
        self.spent.gaps += self._spell is None and report.reading.outcome is Outcome.PARTIAL
        self.spent.troubles += sum(alert.kind is AlertKind.ACCOUNT_TROUBLE for alert in report.plan.alerts)
        for case in report.cases:
            self._seller.setdefault(case.id, self._intentions())
        return str(report.reading.outcome)

    def _remember_failure(self, reason: str) -> None:
        remember_failed_check(
            self.rooms.store,
            "main",
            reason=reason,
            pace=PACE,
            channels=CHANNELS,
            jitter=0.5,
            clock=self.clock,
        )

    def _check_while_busy(self) -> str:
        self._start_anew(patience=_IMPATIENT)
        other = SqliteStore(self.folder)
        try:
            with other.writing():
                return self._check()
        finally:
            other.close()
            self._start_anew()

    def _check_and_die(self) -> str:
        try:
            with killed_somewhere(self.dice):
                return self._check()
        except Killed:
            self._start_anew()
            return "killed"

    def _round(self) -> None:
        begin, written = time.process_time(), self._written[0]
        self._guarded(self._deliver)
        self.spent.round_seconds += time.process_time() - begin - (self._written[0] - written)
        self.spent.rounds += 1

    def _deliver(self) -> None:
        store = self.rooms.store
        postman = ChannelPostman(
            channels={self.mail.name: self.mail},
            store=store,
            vault=self.rooms.vault,
            language="de",
            base_url="https://www.kleinanzeigen.de",
            clock=self.clock,
            new_token=lambda: f"{self.dice.getrandbits(128):032x}",
            reads_replies=True,
        )
        in_force = RoundRules(
            accounts=["main"],
            pace=PACE,
            cases=self.rooms.case_rules,
            summary=SummaryPlan(every=SummaryEvery.WEEKLY),
        )
        remember_alive(store, clock=self.clock)
        deliver_round(store, _Timed(postman, self._written), rules=in_force, clock=self.clock)

    def _keep_house(self) -> None:
        """Do what `Jobs.keep_house` does, in its order, but for the readable names."""
        store = self.rooms.store
        erase_told(store, {}, clock=self.clock)
        clear_away(store.clearing(), clock=self.clock)
        store.tidy()
        if is_time_to_look(store, store.erasing(), now=self.clock()):
            self._in_a_child(
                lambda own: keep_to_it(own, own.erasing(), Keeping(), channels=CHANNELS, clock=self.clock)
            )
            store = self.rooms.store
        if self.now - self._read_ads_at >= timedelta(days=7):
            self._read_ads_at = self.now
            orders = ListingsOrders(
                account="main",
                rules=rules(channels=CHANNELS, cases=self.rooms.case_rules),
                judge=lambda _ad, _at: (),
                ads_at_most=10,
            )
            read_listings(
                orders, visitor=self.rooms.visitor, store=store, vault=self.rooms.vault, clock=self.clock
            )

    def _in_a_child(self, work: Callable[[SqliteStore], object]) -> None:
        """Do something with the store in a process of its own, as the watch's children and the seller's commands do.

        They read all of the history, and nothing of that outlives them. Where the disk is full, the process that knows that does it.
        """
        if self._is(Bad.DISK_FULL):
            work(self.rooms.store)
            return
        self.rooms.store.close()  # no connection may be open while a process forks
        child = os.fork()
        if child == 0:
            code = 1
            try:
                with closing(SqliteStore(self.folder)) as own:
                    work(own)
                code = 0
            except Killed:
                code = _DIED
            except StornowachtError:
                code = _STOPPED
            except BaseException:  # noqa: BLE001 - whatever it was, the parent sees the exit code
                traceback.print_exc()
            finally:
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        self._start_anew()
        if code == _DIED:
            raise Killed
        if code == _STOPPED:
            raise StornowachtError("a bad day stopped a child")
        if code:
            raise RuntimeError(f"a child ended with {code}")

    def _guarded(self, work: Callable[[], object]) -> None:
        """Do something that a bad day may stop, as it would stop a child of the watch."""
        try:
            if self._is(Bad.DISK_FULL):
                with full_disk():
                    work()
            elif self._is(Bad.KILLED):
                with killed_somewhere(self.dice):
                    work()
            else:
                work()
        except StornowachtError:
            self.spent.ended["fault beside a check"] += 1
        except Killed:
            self.spent.ended["killed beside a check"] += 1
            self._start_anew()

    # --- what the seller does

    def _intentions(self) -> list[tuple[datetime, _Act]]:
        """Return what the seller will do about a new case: mostly soon; sometimes it lies there for months."""
        dice, now = self.dice, self.now
        forgets, kind = dice.random() < 0.06, timedelta
        acts: list[tuple[datetime, _Act]] = []
        if not forgets:
            acts.append((now + kind(hours=dice.uniform(0.1, 30)), self._acknowledge))
            acts += [(now + kind(days=dice.uniform(0.2, 12)), self._do_a_step) for _ in range(4)]
        if dice.random() < 0.3:
            acts.append((now + kind(days=dice.uniform(0.1, 8)), self._write))
        acts.append((now + kind(days=120 if forgets else 25), self._close))
        return acts

    def _seller_acts(self) -> None:
        for case_id in [*self._seller]:
            acts = self._seller[case_id]
            for due in [act for act in acts if act[0] <= self.now]:
                acts.remove(due)
                case = self.rooms.store.catalogue().case(case_id)
                if case is not None and case.is_open:
                    self._guarded(lambda act=due[1], case=case: self._in_a_child(lambda own: act(own, case)))  # type: ignore[misc]
            if not acts:
                del self._seller[case_id]

    def _acknowledge(self, store: SqliteStore, case: Case) -> None:
        acknowledge(store, case.id, clock=self.clock)

    def _do_a_step(self, store: SqliteStore, case: Case) -> None:
        step = next((step for step in case.steps if step.is_open and step.is_task), None)
        if step is not None:
            mark_done(store, case.id, step.id, rules=self.rooms.case_rules, clock=self.clock)

    def _write(self, store: SqliteStore, case: Case) -> None:
        text = "Beim Paketdienst angerufen, niemand wusste etwas."
        write_note(store, case.order, text, rules=self.rooms.case_rules, clock=self.clock)

    def _close(self, store: SqliteStore, case: Case) -> None:
        close_case(store, case.id, clock=self.clock)


def _watch_the_clock(rooms: Rooms) -> list[float]:
    """Let the pretended visits say how much processor time they take: it is no part of a check's."""
    spent, visit = [0.0], rooms.visitor.visit

    @contextmanager
    def timed(account: str) -> Iterator[Any]:
        with visit(account) as real:
            yield _Timed(real, spent)

    rooms.visitor.visit = timed  # type: ignore[method-assign]
    return spent


class _Timed:
    """A visit, or a postman, that measures itself."""

    def __init__(self, worker: Any, spent: list[float]) -> None:
        self._worker, self._spent = worker, spent

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._worker, name)

        def timed(*args: Any, **named: Any) -> Any:
            begin = time.process_time()
            try:
                return found(*args, **named)
            finally:
                self._spent[0] += time.process_time() - begin

        return timed if callable(found) else found


def bytes_of(folder: Path) -> tuple[int, int, int]:
    """Return how large the database, its log and the archive's files are.

    It goes from folder to folder: a list of a hundred thousand files would leave its traces in the memory that is measured.
    """
    database, log = folder / FILE_NAME, folder / f"{FILE_NAME}-wal"
    archive = sum(
        Path(inside, name).stat().st_size
        for inside, _, names in os.walk(folder / "archive")
        for name in names
    )
    return database.stat().st_size, log.stat().st_size if log.exists() else 0, archive
