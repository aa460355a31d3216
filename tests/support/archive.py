"""An archive with one of everything that an order may have, for tests of what is kept and what goes."""

import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.clock import NOON, Clock
from tests.support.ready import with_database
from tests.support.values import capture
from watcher.app.attach import Attached, attach
from watcher.app.remember import stored
from watcher.domain.account import Account
from watcher.domain.capture import Body, PageKind
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault
from watcher.texts import language

LONG_AGO = NOON - timedelta(days=400)
MEGABYTES = 1_000_000
NOBODY = 65534


class Archive:
    """Store and vault of one storage folder, and short ways to fill them."""

    def __init__(self, folder: Path, clock: Clock | None = None) -> None:
        self.folder = folder
        self.clock = clock or Clock()
        self.store = SqliteStore(with_database(folder))
        self.vault = FileVault(folder)
        self._count = 0
        with self.store.writing() as writing:
            writing.save_account(Account(name="main"))

    def order(self, name: str, **changes: object) -> Order:
        """Remember an order that was paid out long ago; its names end in its own."""
        values: dict[str, object] = {
            "id": f"o{name}",
            "account": "main",
            "conversation": f"conversation:{name}",
            "deal_ids": frozenset({f"deal-of-{name}"}),
            "stage": Stage.PAID_OUT,
            "reached": Stage.PAID_OUT,
            "stage_at": LONG_AGO,
            "first_seen_at": LONG_AGO,
            "last_seen_at": LONG_AGO,
            "confidence": Confidence.CERTAIN,
            "title": f"Title {name}",
            "buyer": f"Buyer {name}",
            "tracking_number": f"NUMBER{name}",
            "amount_cents": 4500,
        }
        order = Order(**{**values, **changes})  # type: ignore[arg-type]
        with self.store.writing() as writing:
            writing.save_orders([order])
        return order

    def case(self, order: Order, *, closed: bool = True) -> Case:
        case = Case(
            id=f"c{order.id[1:]}",
            order=order.id,
            account=order.account,
            kind=CaseKind.IN_TRANSIT,
            confidence=Confidence.CERTAIN,
            opened_at=LONG_AGO,
            closed_at=LONG_AGO + timedelta(days=1) if closed else None,
        )
        with self.store.writing() as writing:
            writing.save_case(case)
        return case

    def thread(self, order: Order, **changes: object) -> str:
        """Keep a capture of the order's conversation; returns its id."""
        self._count += 1
        words = f"{order.title} {order.buyer} {self._count}"
        values: dict[str, object] = {
            "conversation": order.conversation,
            "taken_at": LONG_AGO,
            "html": f"<p>{words}</p>",
            "screenshot": f"picture {words}".encode(),
            "preview": b"",
            "bodies": (),
        }
        return self._keep(capture(f"thread-{self._count}", **{**values, **changes}))

    def listing(self, orders: Sequence[Order], *, reason: str = "changed", **changes: object) -> str:
        """Keep a capture of the conversation list that shows these orders; returns its id."""
        self._count += 1
        rows = ", ".join(f'"{order.conversation}"' for order in orders)
        values: dict[str, object] = {
            "kind": PageKind.CONVERSATION_LIST,
            "conversation": None,
            "taken_at": LONG_AGO,
            "html": f"<p>list {self._count}</p>",
            "screenshot": f"list {self._count}".encode(),
            "preview": b"",
            "bodies": (Body(url="https://gateway/list", status=200, content=f"[{rows}]".encode()),),
        }
        return self._keep(capture(f"list-{self._count}", **{**values, **changes}), reason=reason)

    def attach(self, order: Order, file: Path, *, largest: int = MEGABYTES, salt: str = "") -> Attached:
        self._count += 1
        return attach(
            self.store,
            self.store.attachments(),
            order,
            file,
            largest=largest,
            clock=self.clock,
            new_id=lambda: f"attachment-{self._count}",
            new_salt=lambda: salt or f"{self._count:032}",
        )

    def file(self, name: str, content: bytes = b"a receipt") -> Path:
        """Write a file outside of the storage folder."""
        path = self.folder.parent / "outside" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    def known(self, order: Order) -> Order:
        return next(known for known in self.store.orders() if known.id == order.id)

    def known_by(self, order_id: str) -> Order:
        return next(known for known in self.store.orders() if known.id == order_id)

    def captures(self) -> list[str]:
        return [capture.id for capture in self.store.captures()]

    def vault_files(self) -> list[Path]:
        return sorted(path for path in (self.folder / "archive").rglob("*") if path.is_file())

    def _keep(self, shown: object, *, reason: str = "changed") -> str:
        staged = self.vault.stage(shown)  # type: ignore[arg-type]
        with self.store.writing() as writing:
            kept = stored(staged, self.vault, reason=reason)
            writing.save_capture(kept)
        self.vault.drop(staged)
        return kept.id


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An archive with nothing in it, which speaks English."""
    monkeypatch.setattr(language, "_in_force", ["en"])
    archive = Archive(tmp_path / "data")
    yield archive
    archive.store.close()


def in_a_child(work: Callable[[], object], *, user: int | None = None) -> int:
    """Do something in a child process, there as another user where one is named; returns how it ended, below zero by signal."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        try:
            if user is not None:
                os.setresgid(user, user, user)
                os.setresuid(user, user, user)
            work()
        except BaseException:  # noqa: BLE001 - whatever it was, the parent sees the exit code
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def as_somebody_else(folder: Path, work: Callable[[], object]) -> None:
    """Do something as a user whom permissions hold back; root owns nothing then, and may nothing."""
    if os.geteuid() != 0:
        work()
        return
    for path in (folder, *folder.rglob("*")):
        os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
    assert in_a_child(work, user=NOBODY) == 0
