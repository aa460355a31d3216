"""When to say it again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.domain.case import Case

LOUD_FROM_ROUND = 2
"""From this round on a reminder goes out as critical, whatever the case kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """The next round of a case's alert. Round 0 is the first alert, written with the event itself."""

    case: str
    round: int
    due_at: datetime


def next_reminder(case: Case, *, last_round: int, last_at: datetime, every: timedelta) -> Reminder | None:
    """Return the round that follows, or `None` once a person has acknowledged the case or it is closed.

    Rounds are counted, not computed from the clock: after a long sleep one reminder comes, not twenty.
    """
    if case.acknowledged_at is not None or not case.is_open:
        return None
    return Reminder(case=case.id, round=last_round + 1, due_at=last_at + every)
