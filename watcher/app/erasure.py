"""Erasing for good: what goes with an order, and what the use cases need of whoever erases it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from watcher.app.archive import StoredCapture
from watcher.domain.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What is kept of an order besides its row and its captures."""

    attachments: int
    notes: int
    size: int
    """Bytes of the attachments."""
    others: int
    """Other things that hold somebody's words: what was said of the parcel, costs, quotes, names."""

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is left to erase."""
        return not (self.attachments or self.notes or self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What a tombstone says of what went: ids, hashes and numbers alone."""

    captures: tuple[str, ...]
    files: tuple[str, ...]
    """SHA-256 of the files that nothing else needs."""
    attachments: tuple[str, ...] = ()
    notes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftover:
    """What could not be removed yet, and why. The next run tries again."""

    what: str
    reason: str


class Erasing(Protocol):
    """Whoever erases."""

    def holding(self, order: Order) -> Holding:
        """Return what is kept of an order besides its row and its captures."""

    def moved(self) -> Mapping[str, datetime]:
        """Return when something was last kept about each order: a capture, a note, a file, a cost, a word on its parcel."""

    def naming(self, captures: Iterable[StoredCapture], orders: Collection[Order]) -> list[StoredCapture]:
        """Return those captures whose pages name any of the orders.

        A capture that has no readable page is taken for one that names every order that was known at its time.
        """

    def at_work(self) -> AbstractContextManager[None]:
        """Keep backups away for the length of the block: they must not miss a file that is just being removed.

        Raises:
            BusyError: a backup is being made.
        """

    def erase(
        self, orders: Sequence[tuple[Order, Collection[str]]], *, at: datetime
    ) -> list[tuple[Order, Erased]]:
        """Erase the names, words and salts of orders, each with the rows of these captures, within a transaction.

        Their bytes are on the list of what `finish` removes, from the same moment on. A file that several of them share, and
        nothing else needs, is told with each.
        """

    def erase_captures(self, captures: Collection[str], *, at: datetime) -> Erased:
        """Erase captures that are no single order's, within a transaction."""

    def is_unfinished(self) -> bool:
        """Whether something forgotten still lies on the disk."""

    def finish(self) -> list[Leftover]:
        """Remove from the disk what was forgotten: files, staged leftovers, readable names, free pages of the database.

        May be called at any time, again and again; takes up what a killed run left.
        """

    def remove_parts(self, *, before: datetime) -> int:
        """Remove what killed copies left half-written before a moment; returns how many files that were."""

    def old_copies(self) -> list[Path]:
        """Return copies of the database in the storage folder that were made before its form changed."""
