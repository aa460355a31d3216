"""How it stands with a source that is set up: how much it was asked, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime

from watcher.app import poll_book
from watcher.app.ports import Store
from watcher.domain import quota
from watcher.domain.answer import SourceProblem
from watcher.tracking.problem import explained
from watcher.tracking.source import SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """What the user may want to know of a source."""

    name: str
    title: str
    asked_today: int
    """By the day in GMT."""
    per_day: int
    problem: SourceProblem | None = None
    since: datetime | None = None
    message: str = ""
    """What is wrong, in the user's language; empty while nothing is."""
    advice: str = ""
    not_before: datetime | None = None
    """It is left alone until then."""


def state_of(kind: SourceKind, store: Store, *, per_day: int, now: datetime) -> SourceState:
    """Return how it stands with a source; asks nobody but the store."""
    used, trouble = poll_book.used_of(store, kind.name), poll_book.trouble_of(store, kind.name)
    told = explained(trouble.problem, kind, detail=trouble.detail) if trouble else None
    rests = used is not None and used.not_before is not None and used.not_before > now
    return SourceState(
        name=kind.name,
        title=kind.title,
        asked_today=quota.count_on(used, now),
        per_day=min(per_day, kind.quota.per_day),
        problem=trouble.problem if trouble else None,
        since=trouble.since if trouble else None,
        message=told.message if told else "",
        advice=told.advice if told else "",
        not_before=used.not_before if used and rests else None,
    )
