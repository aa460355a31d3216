"""An archive with one of everything that can be verified: captures, a note, a file of the seller's, something forgotten, stamps.

The time stamps come from `openssl ts` on loopback. Where it is missing there are none, and `Witnessed.stamped` says so.
"""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from fixtures.shop import five_orders
from tests.support.archive import Archive
from tests.support.clock import NOON, Clock
from tests.support.rooms import CASE_RULES, Rooms
from tests.timestamping.authority import Office, desk
from watcher.app.anchor import anchor_now
from watcher.app.anchors import StampAuthority
from watcher.app.attach import attach
from watcher.app.forget import BY_SELLER, forget
from watcher.app.forget_plan import plan_forgetting
from watcher.app.seller import write_note
from watcher.domain.anchor import AnchorReason
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault
from watcher.timestamping.authority import AuthorityFacts
from watcher.timestamping.client import HttpAuthority
from watcher.timestamping.judge import KnownAuthorities

AUTHORITY = "practice"


@dataclass(frozen=True, kw_only=True)
class Witnessed:
    """Where it lies, and what somebody else knows of it."""

    folder: Path
    order: str
    """The order that was cancelled, with a note and an attachment."""
    mailed: tuple[str, ...]
    """Heads of the ledger as mails have told them: one from before the stamps, one from the end."""
    stamped: bool
    forgotten_file: bytes
    """The bytes of a file that was forgotten."""
    facts: AuthorityFacts | None = field(repr=False)

    @property
    def judge(self) -> KnownAuthorities:
        return KnownAuthorities(facts={AUTHORITY: self.facts} if self.facts else {})

    def copied(self, to: Path) -> "Witnessed":
        """Return the same archive elsewhere, to be tampered with."""
        shutil.copytree(self.folder, to)
        return Witnessed(**{**self.__dict__, "folder": to})


def make_witnessed(folder: Path) -> Witnessed:
    """Make it, by the program's own ways."""
    clock, numbers = Clock(), count(1)
    data = folder / "data"
    forgotten = _forgotten_order(data, folder, clock)
    rooms = Rooms(data, five_orders(NOON), clock)
    mailed: list[str] = []
    with ExitStack() as open_things:
        office = Office(folder=folder / "office") if shutil.which("openssl") else None
        facts = None
        asked: list[StampAuthority] = []
        if office is not None:
            facts = _facts(open_things.enter_context(desk(office)).url, office)
            asked = [HttpAuthority(facts=facts)]
        rooms.check()
        clock.forward(minutes=20)
        rooms.shop.happen("friteuse", "BUYER_CANCELLED")
        rooms.check()
        mailed.append(rooms.store.ledger_head() or "")
        _anchor(rooms.store, rooms.vault, asked, clock, numbers.__next__)
        order = next(order for order in rooms.store.orders() if order.stage == "cancelled").id
        clock.forward(minutes=5)
        write_note(rooms.store, order, "DHL angerufen, Rückruf zugesagt", rules=CASE_RULES, clock=clock)
        clock.forward(minutes=5)
        _attach(rooms.store, order, folder, clock, numbers.__next__)
        clock.forward(minutes=5)
        _anchor(rooms.store, rooms.vault, asked, clock, numbers.__next__)
        clock.forward(minutes=5)
        write_note(rooms.store, order, "Paket kommt zurück", rules=CASE_RULES, clock=clock)
        mailed.append(rooms.store.ledger_head() or "")
    rooms.store.tidy()
    rooms.store.close()
    return Witnessed(
        folder=data,
        order=order,
        mailed=tuple(mailed),
        stamped=office is not None,
        forgotten_file=forgotten,
        facts=facts,
    )


def _forgotten_order(data: Path, folder: Path, clock: Clock) -> bytes:
    archive = Archive(data, clock)
    old = archive.order("old")
    archive.thread(old)
    content = b"a receipt that is nobody's business any more"
    archive.attach(old, archive.file("receipt.txt", content))
    clock.forward(minutes=1)
    write_note(archive.store, old.id, "Adresse an der Tür erfragt", rules=CASE_RULES, clock=clock)
    clock.forward(minutes=1)
    erasing = archive.store.erasing()
    plan = plan_forgetting(archive.store, erasing, [old], now=clock())
    forget(archive.store, erasing, plan, reason=BY_SELLER, clock=clock)
    archive.store.close()
    shutil.rmtree(folder / "outside")
    clock.forward(minutes=1)
    return content


def _facts(url: str, office: Office) -> AuthorityFacts:
    return AuthorityFacts(name=AUTHORITY, title="Practice authority", url=url, roots=(office.root.pem,),
                          certificates=(office.between.pem,))  # fmt: skip


def _anchor(
    store: SqliteStore,
    vault: FileVault,
    asked: list[StampAuthority],
    clock: Clock,
    new_nonce: Callable[[], int],
) -> None:
    done = anchor_now(
        store, vault, asked, reason=AnchorReason.BY_HAND, clock=clock, new_nonce=lambda: 10_000 + new_nonce()
    )
    assert all(each.stamp is not None for each in done), [each.health.detail for each in done]


def _attach(
    store: SqliteStore, order: str, folder: Path, clock: Clock, new_number: Callable[[], int]
) -> None:
    receipt = folder / "Einlieferungsbeleg.pdf"
    receipt.write_bytes(b"%PDF-1.4\n% a receipt of the parcel shop\n")
    known = next(known for known in store.orders() if known.id == order)
    attach(
        store,
        store.attachments(),
        known,
        receipt,
        largest=1_000_000,
        clock=clock,
        new_id=lambda: f"a{new_number():07}",
        new_salt=lambda: f"{new_number():032}",
    )
