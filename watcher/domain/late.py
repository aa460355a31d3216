"""When an alert comes too late to be news, and must say so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.quiet_hours import QuietHours

CRITICAL_FOR = timedelta(hours=1)
ORDINARY_FOR = timedelta(days=1)
ROUNDS = frozenset({AlertKind.CASE_OPENED, AlertKind.CASE_REMINDER})
"""What tells of a case, again and again; the last one says all of it."""
MOST_STALE = 3
"""More stale alerts than that become one message."""
_ENDS = ("closes", "until")
"""Under these names an alert's details hold the end of what it speaks of."""


def useful_until(alert: Alert, quiet: QuietHours) -> datetime:
    """Return until when an alert is news: its own deadline, else an hour for a critical one, a day for another.

    What quiet hours held back counts from their end: it comes when it was meant to come.
    """
    released = alert.at if alert.wakes else quiet.ends_at(alert.at)
    usual = released + (CRITICAL_FOR if alert.critical else ORDINARY_FOR)
    ends = [at for name, value in alert.details if name in _ENDS and (at := _moment(value)) is not None]
    return min([usual, *(end for end in ends if end > released)])


def is_late(alert: Alert, quiet: QuietHours, *, now: datetime) -> bool:
    """Whether it would be told after its usefulness."""
    return now > useful_until(alert, quiet)


def by_urgency(alerts: Iterable[Alert]) -> list[Alert]:
    """Return alerts as a digest tells them: the critical ones first, then the oldest; of a case's rounds only the last."""
    last: dict[tuple[str, str], Alert] = {}
    for alert in sorted(alerts, key=lambda one: (one.at, one.round, one.key)):
        is_round = alert.kind in ROUNDS and alert.case
        last[("case", alert.case or "") if is_round else ("key", alert.key)] = alert
    return sorted(last.values(), key=lambda one: (not one.critical, one.at, one.key))


def digest(channel: str, stale: Iterable[Alert], *, at: datetime) -> Alert:
    """Return the one message that stands for several stale ones of a channel; a stale digest among them is taken apart.

    Raises:
        ValueError: there is nothing to tell.
    """
    given = list(stale)
    entries = [entry for alert in given if alert.kind is AlertKind.DIGEST for entry in alert.details]
    told = by_urgency(alert for alert in given if alert.kind is not AlertKind.DIGEST)
    if not given:
        raise ValueError("a digest of nothing")
    first = (told or given)[0]
    return Alert(
        key=f"{AlertKind.DIGEST}/{channel}/{at.isoformat()}",
        kind=AlertKind.DIGEST,
        account=first.account,
        at=at,
        critical=any(alert.critical for alert in given),
        wakes=next((alert.wakes for alert in given if alert.wakes), None),
        details=(*(("entry", _entry(alert)) for alert in told), *entries),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a digest: ids, kinds and times alone."""

    at: datetime
    kind: AlertKind
    order: str | None
    case: str | None


def entries(alert: Alert) -> tuple[Entry, ...]:
    """Return what a digest tells of, the urgent first; what cannot be understood is left out."""
    found = (_entry_of(value) for name, value in alert.details if name == "entry")
    return tuple(entry for entry in found if entry is not None)


def _entry(alert: Alert) -> str:
    return " ".join([alert.at.isoformat(), alert.kind, alert.order or "-", alert.case or "-"])


def _entry_of(text: str) -> Entry | None:
    match text.split(" "):
        case [moment, kind, order, case] if (at := _moment(moment)) is not None and kind in set(AlertKind):
            return Entry(
                at=at,
                kind=AlertKind(kind),
                order=None if order == "-" else order,
                case=None if case == "-" else case,
            )
        case _:
            return None


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
