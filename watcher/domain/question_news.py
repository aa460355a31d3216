"""The word that questions wait: each of them is told once, together with the others that are due."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.question import Question, oldest_first

PAUSE = timedelta(hours=1)
"""So long after one word the next may come: what is due in between is told with it."""
FORGOTTEN = timedelta(days=1)
"""What nobody has looked at for so long, beyond the time that the seller set, is looked at first: it may be answered."""


def due_questions(questions: Iterable[Question], *, after: timedelta, now: datetime) -> list[Question]:
    """Return the questions of one account that the seller is to be reminded of now, the oldest first.

    Args:
        questions: what waits.
        after: how long a question may wait.
        now: this moment.
    """
    known = list(questions)
    if any(each.reminded_at is not None and now - each.reminded_at < PAUSE for each in known):
        return []
    return oldest_first(
        each
        for each in known
        if each.is_sure
        and each.reminded_at is None
        and not each.is_old(now=now)
        and now - each.asked_at >= after
        and now - each.seen_at <= after + FORGOTTEN
    )


def questions_wait(account: str, due: Sequence[Question], *, at: datetime) -> Alert:
    """Return the word about these questions, of which there must be one. It names conversations alone."""
    first = due[0]
    return Alert(
        key=f"{account}/{AlertKind.QUESTIONS_WAIT}/{first.conversation}/{first.asked_at.isoformat()}",
        kind=AlertKind.QUESTIONS_WAIT,
        account=account,
        at=at,
        details=tuple(("question", question.conversation) for question in due),
    )


def still_wait(alert: Alert, questions: Iterable[Question]) -> list[Question]:
    """Return the questions that an alert names and that still wait, the oldest first: not those asked after it."""
    named: Collection[str] = {value for name, value in alert.details if name == "question"}
    return oldest_first(
        each for each in questions if each.conversation in named and each.asked_at <= alert.at
    )
