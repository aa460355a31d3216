"""How the watch itself stands, in one line per account: when it last looked, when it looks next, what is in the way."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.domain.account import Account
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.silence import OVERDUE, is_verified, unverified_orders, unverified_since
from watcher.texts.language import _, current
from watcher.texts.names import cause_name, outcome_name


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchLine:
    """One account."""

    account: str
    is_well: bool
    """Whether the last check saw everything, and the next one is not overdue."""
    last_at: datetime | None
    """When all was last seen for certain."""
    next_at: datetime | None
    trouble: str | None = None
    """What is in the way, as a clause."""
    way_out: str | None = None
    """What the seller can do about it."""
    unseen: tuple[Order, ...] = ()
    """Sales at stake that the last check did not see."""


def watch_line(
    account: Account,
    orders: Iterable[Order],
    cases: Sequence[Case],
    *,
    comes_by_itself: bool,
    at: datetime,
) -> WatchLine:
    """Return how it stands with an account. "All quiet" is only ever said of what was seen."""
    following = account.next_check_at if comes_by_itself else None
    is_late = following is not None and at - following > OVERDUE
    trouble = _trouble(account, is_late=is_late)
    return WatchLine(
        account=account.name,
        is_well=is_verified(account) and not is_late,
        last_at=unverified_since(account) if account.last_complete_at else None,
        next_at=following,
        trouble=trouble,
        way_out=_way_out(account, is_late=is_late),
        unseen=tuple(unverified_orders(account, orders, cases)),
    )


def _trouble(account: Account, *, is_late: bool) -> str | None:
    if account.last_check_at is None or account.last_outcome is None:
        return _("nobody has looked yet")
    if account.last_outcome is not Outcome.OK:
        met = outcome_name(Outcome(account.last_outcome), language=current())
        cause = account.last_cause
        return met if cause is None else f"{met} ({cause_name(Cause(cause), language=current())})"
    return _("the next look is overdue") if is_late else None


def _way_out(account: Account, *, is_late: bool) -> str | None:
    if account.last_check_at is None:
        return _("Log in once: `stornowacht login {account}`").format(account=account.name)
    by_outcome = {
        Outcome.LOGGED_OUT: _("Log in again: `stornowacht login {account}`"),
        Outcome.CONSENT: _("Answer the consent page yourself: `stornowacht login {account}`"),
        Outcome.CHALLENGE: _("Show the site that you are human: `stornowacht login {account}`"),
        Outcome.BLOCKED: _(
            "Wait: Stornowacht does not knock again before its time. Look yourself meanwhile."
        ),
        Outcome.UNREACHABLE: _("Stornowacht tries again by itself. Look yourself if it lasts."),
        Outcome.UNREADABLE: _("Look into your messages yourself, and run `stornowacht probe {account}`."),
        Outcome.PARTIAL: _("Look yourself at the sales below."),
    }
    outcome = account.last_outcome
    if outcome is not None and Outcome(outcome) in by_outcome:
        return by_outcome[Outcome(outcome)].format(account=account.name)
    return _("Is this computer awake and online? `stornowacht doctor` looks.") if is_late else None
