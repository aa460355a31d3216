"""How it stands with a channel: when it last took something, since when it fails, and what follows from that."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.step import is_by_day

DEAD_AFTER = timedelta(minutes=30)
"""A mail server that is being restarted is back before that."""
SAY_AGAIN = timedelta(days=1)
SELF_TEST = timedelta(days=1)
"""How often a channel that nothing was sent through is tested."""
TEST_AGAIN = timedelta(minutes=30)
"""How soon one that failed is tested again, while nothing waits for it: what waits tests it by itself."""
TEST_REFUSED_AGAIN = timedelta(hours=6)
"""A login that was refused is not tried over and over: providers lock accounts for that."""
SHORTEST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=2)
"""A new alert waits no longer than this for a channel that has just failed with another one."""
LONGEST_ASKED_REST = timedelta(hours=1)
"""A server that wants to be left alone for longer is asked again all the same: an alert is worth the question."""


class Liveness(StrEnum):
    """How it stands with a channel."""

    UNTRIED = "untried"
    WORKS = "works"
    FAILING = "failing"
    """The last try failed, and it may pass."""
    DEAD = "dead"
    """Only a person can mend it, or it has failed for half an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a channel took nothing."""

    problem: str
    permanent: bool
    advice: str = ""
    retry_after: timedelta | None = None
    """How long the other side asked to be left alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelHealth:
    """What is remembered of one channel. Everything is `None` before its first delivery or self-test."""

    channel: str
    took_at: datetime | None = None
    """When it last took an alert."""
    tested_at: datetime | None = None
    """When a self-test last succeeded."""
    failing_since: datetime | None = None
    failed_at: datetime | None = None
    """When it last failed; kept when it works again."""
    failures: int = 0
    """How many tries in a row have failed."""
    problem: str = ""
    """Why; for the seller's own screen, and never in the ledger."""
    advice: str = ""
    permanent: bool = False
    by_test: bool = False
    """The failure was met by a self-test alone."""
    rests_until: datetime | None = None
    """Nothing is handed to it before this moment."""
    told_at: datetime | None = None
    """When the others were last told of this failure; `None` while they do not know of it."""

    @property
    def liveness(self) -> Liveness:
        """How it stands, by the latest try. Half an hour has passed only if a try at its end has failed, too."""
        if self.failing_since is None or self.failed_at is None:
            return Liveness.UNTRIED if self.worked_at is None else Liveness.WORKS
        lasting = self.failed_at - self.failing_since >= DEAD_AFTER
        return Liveness.DEAD if self.permanent or lasting else Liveness.FAILING

    @property
    def worked_at(self) -> datetime | None:
        """When it last worked, in earnest or in a test."""
        return max(filter(None, (self.took_at, self.tested_at)), default=None)

    def took(self, *, at: datetime) -> "ChannelHealth":
        """Return what is known once it has taken an alert."""
        return replace(self._working(), took_at=at)

    def passed_test(self, *, at: datetime, something_waits: bool) -> "ChannelHealth":
        """Return what is known after a self-test that succeeded.

        A test sends nothing: what a delivery has met (a recipient who is refused) it may not meet. So it ends a failure
        only where a test has found it, or where nothing waits any more that would try in earnest.
        """
        ends = self.by_test or not something_waits
        return replace(self._working() if ends else self, tested_at=at)

    def failed(self, failure: Failure, *, at: datetime, by_test: bool = False) -> "ChannelHealth":
        """Return what is known after a failure."""
        failures = self.failures + 1
        rest = max(rest_after(failures), min(failure.retry_after or timedelta(0), LONGEST_ASKED_REST))
        goes_on = self.failing_since is not None
        return replace(
            self,
            failing_since=self.failing_since or at,
            failed_at=at,
            failures=failures,
            problem=failure.problem,
            advice=failure.advice,
            permanent=failure.permanent,
            by_test=by_test and (self.by_test or not goes_on),
            rests_until=at + rest,
        )

    def test_is_due(self, *, now: datetime, something_waits: bool) -> bool:
        """Whether it is to be tested quietly: by day, while nothing waits for it, and long after its last try."""
        if something_waits or not is_by_day(now) or (self.rests_until is not None and now < self.rests_until):
            return False
        if self.failing_since is not None and self.failed_at is not None:
            pause = TEST_REFUSED_AGAIN if self.permanent else TEST_AGAIN
            return not timedelta(0) <= now - self.failed_at < pause
        return self.worked_at is None or not timedelta(0) <= now - self.worked_at < SELF_TEST

    def _working(self) -> "ChannelHealth":
        return ChannelHealth(
            channel=self.channel,
            took_at=self.took_at,
            tested_at=self.tested_at,
            failed_at=self.failed_at,
            told_at=self.told_at,
        )


def rest_after(failures: int) -> timedelta:
    """Return how long a channel is left alone after so many failures in a row."""
    doubled: int = 2 ** min(max(failures, 1) - 1, 12)
    return min(SHORTEST_REST * doubled, LONGEST_REST)


def channel_news(health: ChannelHealth, *, account: str, now: datetime) -> tuple[Alert, ChannelHealth] | None:
    """Return what the other channels must be told of this one, and what is known once they are; `None` for nothing.

    1. That it is dead, once, and again each day for as long as it lasts.
    2. That it works again, once, if they were told that it did not.
    """
    if health.failing_since is not None:
        said_lately = health.told_at is not None and timedelta(0) <= now - health.told_at < SAY_AGAIN
        if health.liveness is not Liveness.DEAD or said_lately:
            return None
        details: tuple[tuple[str, str], ...] = (
            ("channel", health.channel),
            ("since", health.failing_since.isoformat()),
            ("problem", health.problem),
            ("advice", health.advice),
        )
        return _alert(AlertKind.CHANNEL_DEAD, health, account, now, details), replace(health, told_at=now)
    if health.told_at is None:
        return None
    details = (("channel", health.channel),)
    return _alert(AlertKind.CHANNEL_BACK, health, account, now, details), replace(health, told_at=None)


def _alert(
    kind: AlertKind,
    health: ChannelHealth,
    account: str,
    now: datetime,
    details: tuple[tuple[str, str], ...],
) -> Alert:
    return Alert(
        key=f"{kind}/{health.channel}/{now.isoformat()}", kind=kind, account=account, at=now, details=details
    )
