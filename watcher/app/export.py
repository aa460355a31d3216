"""Exporting: the evidence of one order for somebody else, and a line in the ledger that it was handed out."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from pathlib import Path
from typing import Protocol

from watcher.app.evidence import Evidence, Gap
from watcher.app.gather import Sources, gather
from watcher.app.ports import Store
from watcher.app.seller import find
from watcher.app.wishes import Names, SupportWords, Variant, Wishes
from watcher.crash_points import crash_point
from watcher.domain.case import Case
from watcher.domain.ledger import Line
from watcher.domain.order import Order
from watcher.pages.lore import Lore


class Packed(Protocol):
    """Something finished that has not got its name yet. What is not published within its block leaves nothing behind."""

    @property
    def manifest(self) -> str:
        """A hash that stands for all of it."""

    @property
    def gaps(self) -> Sequence[Gap]:
        """What could not be made."""

    @property
    def covered(self) -> dict[str, int]:
        """How many things of which kind are covered in it."""

    def publish(self) -> Path:
        """Give it its name; nothing is overwritten.

        Raises:
            StorageError: it cannot be written there.
        """


class Work(Protocol):
    """One order's evidence on the table."""

    def sealed(self, to: Path) -> AbstractContextManager[Packed]:
        """Make the bag with all of it."""

    def redacted(
        self, to: Path, *, names: Names, cover: Sequence[str], original: str
    ) -> AbstractContextManager[Packed]:
        """Make the bag in which what is private is covered; `original` is the sealed bag's manifest."""

    def support(self, to: Path, words: SupportWords) -> AbstractContextManager[Packed]:
        """Make the folder for the platform's support."""


class Bindery(Protocol):
    """Whoever makes bags and dossiers."""

    def open(
        self,
        evidence: Evidence,
        *,
        ledger: Callable[[], Iterable[Line]],
        say: Callable[[int, int], None],
    ) -> AbstractContextManager[Work]:
        """Put evidence on the table.

        Args:
            evidence: what is to be handed out.
            ledger: reads its lines from the first one on, as often as it is called.
            say: told how many pictures are made, of how many.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One thing that was handed out."""

    variant: Variant
    path: Path
    manifest: str
    covered: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What came of it."""

    order: Order
    evidence: Evidence
    handed: tuple[Handed, ...]
    gaps: tuple[Gap, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was missing."""
        return not self.gaps


def matter(store: Store, wanted: str) -> tuple[Order, Case | None]:
    """Return the order that an id names, or the order of the case that it names, with that case.

    Raises:
        UsageError: there is no such order or case.
    """
    if wanted.startswith("c"):
        case = find(wanted, store.cases(), what="case")
        return find(case.order, store.orders(), what="order"), case
    return find(wanted, store.orders(), what="order"), None


def export(
    sources: Sources,
    bindery: Bindery,
    wanted: str,
    *,
    wishes: Wishes,
    lore_of: Callable[[str], Lore],
    program: str,
    clock: Callable[[], datetime],
    say: Callable[[int, int], None] = lambda _done, _of: None,
) -> Exported:
    """Hand out the evidence of an order, or of a case's order.

    1. It is gathered as of one moment. What cannot be read is named, and stops nothing.
    2. Each thing is made under a temporary name, whole and on the disk. A bag holds the ledger as it was before: the line
       about itself cannot be in it.
    3. That line is written, with the hash of the bag's manifest; then the bag gets its name. So every export that is
       there stands in the ledger.

    Raises:
        UsageError: there is no such order or case.
        StorageError: something cannot be written; nothing half-written stays.
    """
    store = sources.store
    order, case = matter(store, wanted)
    evidence = gather(
        sources,
        order,
        wanted_case=case.id if case else None,
        lore=lore_of(order.account),
        program=program,
        at=clock(),
    )

    def ledger() -> Iterable[Line]:
        return takewhile(lambda line: line.seq <= evidence.lines, store.ledger())

    handed: list[Handed] = []
    gaps = list(evidence.gaps)

    def hand_out(variant: Variant, making: AbstractContextManager[Packed]) -> str:
        with making as packed:
            crash_point("bag_finished")
            _record(store, evidence, variant, packed.manifest, at=clock())
            crash_point("export_recorded")
            path = packed.publish()
            crash_point("bag_named")
            gaps.extend(gap for gap in packed.gaps if gap not in gaps)
            handed.append(
                Handed(variant=variant, path=path, manifest=packed.manifest, covered=packed.covered)
            )
            return packed.manifest

    with bindery.open(evidence, ledger=ledger, say=say) as work:
        original = hand_out(Variant.SEALED, work.sealed(wishes.to))
        if wishes.redact:
            making = work.redacted(wishes.to, names=wishes.names, cover=wishes.cover, original=original)
            hand_out(Variant.REDACTED, making)
        if wishes.support is not None:
            hand_out(Variant.SUPPORT, work.support(wishes.to, wishes.support))
    return Exported(order=order, evidence=evidence, handed=tuple(handed), gaps=tuple(gaps))


def _record(store: Store, evidence: Evidence, variant: Variant, manifest: str, *, at: datetime) -> None:
    case = evidence.wanted_case
    about = {"case": case} if case else {}
    with store.writing() as writing:
        writing.record(
            "exported",
            at=at,
            account=evidence.account,
            order=evidence.order.id,
            variant=variant,
            manifest=manifest,
            lines=evidence.lines,
            **about,
        )
