"""When the policy's periods end.

A day is 24 hours: no source says how it counts its days, so none is rounded up to a midnight, and a night on which the
clocks change moves the end by an hour on the clock. By German civil law (section 188 BGB) a period of days ends with its
last day; so for what the *buyer* may still do, the end can lie up to a day later than said here.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timezone

from watcher.domain.confidence import Confidence
from watcher.policy.rule import Rule
from watcher.policy.rules import rule_named

_LAST = datetime(9999, 12, 30, tzinfo=UTC)
"""The end of what ends after the calendar; every time zone can still show it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The end of a period, and the rule that says so."""

    at: datetime
    """In UTC."""
    rule: Rule

    @property
    def certainty(self) -> Confidence:
        """How sure the end is; never `CERTAIN` for what one payment provider alone has promised."""
        return self.rule.certainty


def due(rule: Rule, *, since: datetime) -> datetime | None:
    """Return when the rule's period ends, in UTC; `None` for a rule without one.

    Args:
        rule: the rule.
        since: when that happened which the period counts from.

    Raises:
        ValueError: `since` has no time zone.
    """
    return None if rule.period is None else _end(rule, since)


def agree_until(reported_at: datetime) -> Due:
    """Return until when buyer and seller were to agree after a problem report.

    Raises:
        ValueError: the moment has no time zone.
    """
    return _due("agree_within_5_days", reported_at)


def problem_until(paid_at: datetime) -> Due:
    """Return until when the buyer could report a problem.

    Raises:
        ValueError: the moment has no time zone.
    """
    return _due("report_problem", paid_at)


def confirm_until(paid_at: datetime) -> Due:
    """Return until when the seller confirms that the item is available, or the sale is cancelled by itself.

    Raises:
        ValueError: the moment has no time zone.
    """
    return _due("confirm_availability", paid_at)


def release_at(paid_at: datetime) -> Due:
    """Return when the former provider released the money without a word of the buyer; unsure for today's.

    Raises:
        ValueError: the moment has no time zone.
    """
    return _due("release_after_14_days", paid_at)


def _due(rule_id: str, since: datetime) -> Due:
    rule = rule_named(rule_id)
    return Due(at=_end(rule, since), rule=rule)


def _end(rule: Rule, since: datetime) -> datetime:
    offset = since.utcoffset()
    if offset is None:
        raise ValueError("a period needs a beginning with a time zone")
    if rule.period is None:
        raise ValueError(f"{rule.id} has no period")
    try:
        # At a fixed offset, because within a zone Python adds on the clock's face and not in elapsed time.
        return (since.replace(tzinfo=timezone(offset)) + rule.period.length).astimezone(UTC)
    except OverflowError:
        return _LAST
