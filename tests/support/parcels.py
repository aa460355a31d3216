"""Parcels under way, and an interface that answers as a test wants."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from tests.support.clock import Clock
from tests.support.ready import with_database
from tests.support.rooms import CASE_RULES
from tests.support.values import ACCOUNT, ORDER
from watcher.app.ask_parcel import Asking
from watcher.app.case_book import CaseRules
from watcher.app.poll_parcels import Polled, poll
from watcher.app.ports import TrackingSource
from watcher.domain.answer import Answer
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.parcel import Parcel, parcel_of
from watcher.domain.playbook import plan
from watcher.domain.polling import Rhythm
from watcher.domain.quota import Quota
from watcher.domain.situation import Situation
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.storage.store import SqliteStore

NUMBER = "00340434999000011126"
RHYTHM = Rhythm(every=timedelta(minutes=45))
_QUOTA = Quota(per_day=250, shortest_pause=timedelta(seconds=5))


@dataclass
class FakeSource:
    """Implements the port `TrackingSource`: answers what it is told to, and remembers what it was asked."""

    answer: Answer = field(default_factory=Answer)
    name: str = "dhl"
    carriers: frozenset[str] = frozenset({"dhl"})
    quota: Quota = _QUOTA
    asked: list[str] = field(default_factory=list)
    while_asked: Callable[[], object] = lambda: None

    def ask(self, number: str, *, postcode: str | None) -> Answer:
        assert postcode is None
        self.asked.append(number)
        self.while_asked()
        return self.answer


class Depot:
    """Orders of one account with their parcels, in a real store, and the rounds of questions about them."""

    def __init__(
        self, folder: Path, source: TrackingSource, clock: Clock, *, rhythm: Rhythm = RHYTHM
    ) -> None:
        self.folder = folder
        self.clock = clock
        self.store = SqliteStore(with_database(folder))
        self.polled = [Polled(source=source, rhythm=rhythm)]
        self.rules: CaseRules = CASE_RULES
        self.waits: list[timedelta] = []
        with self.store.writing() as writing:
            writing.save_account(ACCOUNT)

    def order(self, name: str = "o1abcdef", **changes: object) -> Order:
        """A parcel of DHL's on its way to the buyer, unless changes say otherwise."""
        values: dict[str, object] = {
            "id": name,
            "conversation": f"{name}:b:c",
            "stage": Stage.SHIPPED,
            "reached": Stage.SHIPPED,
            "stage_at": self.clock() - timedelta(days=3),
            "confidence": Confidence.CERTAIN,
            "carrier": "dhl",
            "tracking_number": NUMBER,
        }
        order = replace(ORDER, **values | changes)  # type: ignore[arg-type]
        with self.store.writing() as writing:
            writing.save_orders([order])
        return order

    def case(self, order: Order, kind: CaseKind = CaseKind.IN_TRANSIT) -> Case:
        """A case that was opened just now."""
        now = self.clock()
        case = Case(
            id="c" + order.id[1:],
            order=order.id,
            account=order.account,
            kind=kind,
            confidence=Confidence.CERTAIN,
            opened_at=now,
            steps=plan(Situation(kind=kind, at=now)),
        )
        with self.store.writing() as writing:
            writing.save_case(case)
            writing.record("order_cancelled", at=now, account=order.account, order=order.id)
        return case

    def poll(self) -> list[Asking]:
        return poll(
            self.store,
            self.polled,
            rules=self.rules,
            channels=["email"],
            clock=self.clock,
            wait=self._wait,
        )

    def restart(self) -> None:
        """Go on with another connection to the same data, as after a restart."""
        self.store.close()
        self.store = SqliteStore(self.folder)

    def parcel(self, order: Order) -> Parcel:
        return parcel_of(
            self.store.sightings(order.id),
            now=self.clock(),
            carrier=order.carrier,
            number=order.tracking_number,
        )

    def case_of(self, order: Order) -> Case:
        return next(case for case in self.store.cases() if case.order == order.id)

    def ledger_kinds(self) -> list[str]:
        import json

        return [json.loads(line.text)["kind"] for line in self.store.ledger()]

    def _wait(self, span: timedelta) -> None:
        self.waits.append(span)
        self.clock.now += span
