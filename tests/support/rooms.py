"""A house without a browser and without channels: real store, real vault, the practice shop's deals, a clock."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from fixtures.shop import Deal, Shop
from tests.support.clock import Clock
from tests.support.ready import with_database
from tests.support.visiting import FakeVisitor
from watcher.app.case_book import CaseRules
from watcher.app.check_account import CheckOrders, check_account
from watcher.app.ports import Undelivered, Waiting
from watcher.app.questions import AnswerRules
from watcher.app.remember import Report, Rules
from watcher.app.shelf import Why
from watcher.domain.cadence import Pace
from watcher.domain.capture import AddedPage
from watcher.domain.remind import RemindRules
from watcher.domain.situation import Window
from watcher.pages.lore import SHIPPED, Lore
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault

PACE = Pace(
    floor=timedelta(minutes=5),
    hot=timedelta(minutes=10),
    live=timedelta(minutes=20),
    quiet=timedelta(hours=2),
)


REMIND_RULES = RemindRules()
ANSWER_RULES = AnswerRules()
CASE_RULES = CaseRules(window_of=lambda _, at: Window(closes_at=at + timedelta(hours=6)))


def rules(
    *,
    channels: Collection[str] = ("email", "desktop"),
    pace: Pace = PACE,
    cases: CaseRules = CASE_RULES,
    remind: RemindRules = REMIND_RULES,
    answers: AnswerRules = ANSWER_RULES,
) -> Rules:
    return Rules(
        pace=pace,
        channels=list(channels),
        cases=cases,
        jitter=0.5,
        remind=remind,
        answers=answers,
    )


class Rooms:
    """Store, vault and visitor of one account, and a check as the command line would make it."""

    def __init__(self, folder: Path, deals: Iterable[Deal], clock: Clock) -> None:
        self.folder = folder
        self.clock = clock
        self.shop = Shop(deals, clock=clock)
        self.visitor = FakeVisitor(self.shop, clock)
        self.store = SqliteStore(with_database(folder))
        self.vault = FileVault(folder)
        self.case_rules = CASE_RULES
        self.remind = REMIND_RULES
        self.answers = ANSWER_RULES

    def check(
        self,
        *,
        threads_at_most: int = 40,
        channels: Collection[str] = ("email", "desktop"),
        account: str = "main",
        pace: Pace = PACE,
        whole_list_every: timedelta = timedelta(0),
        pages: Sequence[AddedPage] = (),
        lore: Lore = SHIPPED,
        by_hand: bool = False,
        keep: Mapping[str, Why] | None = None,
    ) -> Report:
        orders = CheckOrders(
            account=account,
            rules=rules(
                channels=channels,
                pace=pace,
                cases=self.case_rules,
                remind=self.remind,
                answers=self.answers,
            ),
            threads_at_most=threads_at_most,
            whole_list_every=whole_list_every,
            pages=pages,
            lore=lore,
            by_hand=by_hand,
            keep=keep or {},
        )
        return check_account(
            orders, visitor=self.visitor, store=self.store, vault=self.vault, clock=self.clock
        )

    def second_store(self) -> SqliteStore:
        """Another connection to the same data, as another process would have."""
        return SqliteStore(self.folder)

    def ledger_kinds(self) -> list[str]:
        return [str(line["kind"]) for line in self.ledger()]

    def ledger(self) -> list[dict[str, object]]:
        import json

        return [json.loads(line.text) for line in self.store.ledger()]


class FakePostman:
    """Implements the port `Postman`: remembers what it was given, and fails as it is told."""

    def __init__(self, *names: str) -> None:
        self._names = names or ("email", "desktop")
        self.taken: list[Waiting] = []
        self.tried: list[Waiting] = []
        self.faults: dict[str, BaseException] = {}
        """Channel -> what it raises."""

    def names(self) -> tuple[str, ...]:
        return self._names

    def hand_over(self, waiting: Waiting) -> str:
        self.tried.append(waiting)
        if waiting.channel in self.faults:
            raise self.faults[waiting.channel]
        self.taken.append(waiting)
        return "250 taken"

    def fail(self, channel: str, *, permanent: bool = False, reason: str = "no answer") -> None:
        self.faults[channel] = Undelivered(reason, permanent=permanent)

    def keys(self, channel: str | None = None) -> list[str]:
        return [entry.alert.key for entry in self.taken if channel in {None, entry.channel}]
