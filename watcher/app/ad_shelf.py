"""The ports of what is remembered of the own ads."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from watcher.domain.ad import Ad, KnownAd

Judge = Callable[[Ad, datetime], Sequence[str]]
"""Says which rules find something in an ad at a moment, by their ids."""


class AdShelf(Protocol):
    """What is remembered of the own ads."""

    def of(self, account: str) -> Sequence[KnownAd]:
        """Return every own ad of an account, those that are gone among them; the one seen first comes last."""

    def get(self, account: str, ad_id: str) -> KnownAd | None:
        """Return one own ad."""

    def has_waiting(self, account: str) -> bool:
        """Whether an ad of the account waits for its page to be opened for the first time."""


class AdWriting(Protocol):
    """What may be written of the own ads within one transaction."""

    def save(self, known: KnownAd) -> None:
        """Remember an own ad, new or known."""
