"""Something that fails again and again: its pauses grow, and it is told once, until it works again."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.domain.alert import Alert, AlertKind

WATCH = "watch"
"""The watch itself, which starts and dies; all others are jobs of it, but one:"""
DISK = "disk"
"""The disk, which is about to be full: told before nothing can be remembered any more, and nobody told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How patiently something is tried again."""

    first: timedelta
    longest: timedelta
    told_after: int = 5
    """From which failure in a row on it is told."""
    free: int = 0
    """How many failures cost no pause: a power cut is none of a program's faults."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """What has failed of late."""

    job: str
    failures: int = 0
    """How often in a row; 0: it works."""
    since: datetime | None = None
    reason: str = ""
    not_before: datetime | None = None
    told: bool = False

    def failed(self, pauses: Pauses, *, reason: str, at: datetime) -> "Setback":
        """Return what is known after one more failure; it is to be told if `told` has become true."""
        failures = self.failures + 1
        doublings = failures - 1 - pauses.free
        pause = min(pauses.first * 2 ** min(max(doublings, 0), 16), pauses.longest)
        return replace(
            self,
            failures=failures,
            since=self.since or at,
            reason=reason,
            not_before=at + pause if doublings >= 0 else at,
            told=self.told or failures >= pauses.told_after,
        )

    def pause(self, *, at: datetime) -> timedelta:
        """Return how long it still rests; a moment further away than a pause can last was written by a wrong clock."""
        left = (self.not_before or at) - at
        return left if timedelta(0) < left <= timedelta(hours=2) else timedelta(0)

    def alert(self, account: str, *, at: datetime) -> Alert:
        """Return the word about it, the same for as long as it lasts."""
        return self._alert(AlertKind.KEEPS_FAILING, account, at)

    def recovery(self, account: str, *, at: datetime) -> Alert:
        """Return the word that it works again."""
        return self._alert(AlertKind.WORKS_AGAIN, account, at)

    def _alert(self, kind: AlertKind, account: str, at: datetime) -> Alert:
        since = self.since.isoformat() if self.since else ""
        return Alert(
            key=f"{kind}/{self.job}/{since}",
            kind=kind,
            account=account,
            at=at,
            details=(
                ("job", self.job),
                ("reason", self.reason),
                ("failures", str(self.failures)),
                ("since", since),
            ),
        )
