"""A watch that was not there: for how long, and whether that is worth a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.domain.account import Account
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.cadence import Pace, Reason
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.silence import patience

WORTH_A_WORD = timedelta(hours=1)
"""A restart, or an update of the system, is over before that."""
KEPT_BACK = frozenset({Reason.COOL_DOWN, Reason.BUDGET, Reason.WAITING_FOR_HUMAN})
"""What no absence makes come sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Downtime:
    """A time in which nobody watched."""

    since: datetime
    until: datetime
    urgent: bool
    """A cancelled parcel was on its way meanwhile."""

    def alert(self, account: str) -> Alert:
        """Return the word about it."""
        return Alert(
            key=f"{AlertKind.NOT_WATCHED}/{self.since.isoformat()}",
            kind=AlertKind.NOT_WATCHED,
            account=account,
            at=self.until,
            critical=self.urgent,
            details=(("since", self.since.isoformat()), ("until", self.until.isoformat())),
        )


def downtime(
    account: Account,
    orders: Sequence[Order],
    cases: Sequence[Case],
    *,
    alive_at: datetime | None,
    pace: Pace,
    now: datetime,
) -> Downtime | None:
    """Return the absence that is to be told of an account; `None` where it was none, or short for what is at stake.

    An hour while a cancelled parcel is on its way; else as long as a silence of that account would be borne
    (`patience`). The very first start follows no absence, and an account that was never checked was never watched.

    Args:
        account: its state.
        orders: its orders.
        cases: its cases.
        alive_at: when the watch last said that it is alive; `None`: never.
        pace: the intervals in force.
        now: the moment of the start.
    """
    if alive_at is None or account.watched_since is None:
        return None
    borne, reason = patience(orders, cases, pace)
    if now - alive_at <= max(WORTH_A_WORD, borne):
        return None
    return Downtime(since=alive_at, until=now, urgent=reason is Reason.PARCEL_CASE_OPEN)


def may_be_checked_at_once(account: Account, *, now: datetime) -> bool:
    """Whether an absence may make an account's next check come now."""
    if account.cool_down_until is not None and now < account.cool_down_until:
        return False
    return account.next_check_at is not None and account.next_check_reason not in KEPT_BACK
