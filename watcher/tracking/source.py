"""What a source of tracking is, before it is set up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from watcher.app.ports import TrackingSource
from watcher.domain.quota import Quota


class Build(Protocol):
    """How a source is set up."""

    def __call__(
        self, *, key: str, base_url: str | None = None, per_day: int | None = None, timeout: float = 15.0
    ) -> TrackingSource:
        """Return the source; does no input or output.

        Args:
            key: the user's own key, the secret itself.
            base_url: another address than the carrier's; without https only one on this very machine.
            per_day: fewer questions a day than the source allows.
            timeout: seconds that one question may take.

        Raises:
            ValueError: the address is none, or the key would go over an open line.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind:
    """A source that could be set up, and the terms on which it gives what it knows."""

    name: str
    """The name of its table under [tracking]."""
    title: str
    carriers: frozenset[str]
    quota: Quota
    portal: str
    """Where the user gets a key."""
    attribution: str
    """Must stand wherever its data are shown."""
    kept_after_delivery: timedelta
    """What it said must be deleted by then."""
    build: Build
