"""Clearing away what has served its purpose: alerts told long ago, spent tokens, copies from before an update.

The proof that they were is in the ledger, and stays there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

KEPT_FOR = timedelta(days=90)
"""So long what is over can still be looked up, or gone back to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """What was cleared away."""

    alerts: int
    tokens: int
    copies: int
    """Copies of the database from before its form changed."""
    shrunk: int
    """Bytes by which the database's file has become smaller."""


class Clearing(Protocol):
    """Whoever clears away in a storage folder."""

    def clear_alerts(self, *, before: datetime) -> int:
        """Take alerts out of the outbox that were sent or dropped before a moment; returns how many.

        Those that somebody may still ask about stay: of orders that are not over and of open cases, whose word must not come
        twice, and announcements, whose week counts from when they were told.
        """

    def clear_tokens(self, *, before: datetime) -> int:
        """Take answer tokens away that have counted no more since before a moment; returns how many."""

    def remove_copies(self, *, before: datetime) -> int:
        """Remove copies of the database that were made before a moment, ahead of a change of its form; returns how many."""

    def shrink(self) -> int:
        """Write the database anew where much of its file is empty; returns how many bytes that has freed.

        Where somebody else is at work at this moment, that waits for another day.
        """


def clear_away(clearing: Clearing, *, clock: Callable[[], datetime]) -> Cleared:
    """Clear away what was over ninety days ago, and give empty space back where it is much."""
    before = clock() - KEPT_FOR
    return Cleared(
        alerts=clearing.clear_alerts(before=before),
        tokens=clearing.clear_tokens(before=before),
        copies=clearing.remove_copies(before=before),
        shrunk=clearing.shrink(),
    )
