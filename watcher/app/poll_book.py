"""What is remembered of the questions to carriers' interfaces, so that a restart or a sleep forgets none of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from watcher.app.ports import Store, Writing
from watcher.domain import quota
from watcher.domain.answer import SourceProblem
from watcher.domain.polling import Asked
from watcher.domain.quota import Used

_PLAN = "tracking/plan"
_USED = "tracking/used/{source}"
_TROUBLE = "tracking/trouble/{source}"
_ASKED = "tracking/asked/{order}"
_LONGEST_PLAN = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPlan:
    """When somebody has to look again, as things stood when that was planned."""

    planned_at: datetime
    due_at: datetime | None
    """`None`: no parcel is followed."""
    ledger: str | None
    """The ledger's head: once it is another one, something has happened that may change the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with a source, since when."""

    problem: SourceProblem
    since: datetime
    detail: str = ""
    """What that rests on: a stranger's text, as one line."""


def poll_is_due(store: Store, *, now: datetime) -> bool:
    """Whether somebody has to see to the parcels now; reads a row or two, and decides nothing else.

    A plan of a clock that was wrong, or older than a day, does not hold.
    """
    plan = poll_plan(store)
    if plan is None or not plan.planned_at <= now <= plan.planned_at + _LONGEST_PLAN:
        return True
    return (plan.due_at is not None and plan.due_at <= now) or plan.ledger != store.ledger_head()


def poll_plan(store: Store) -> PollPlan | None:
    """Return the plan; `None` before the first, and for one that cannot be read."""
    values = _values(store.remembered(_PLAN))
    planned_at, due_at, ledger = (
        _moment(values, "planned_at"),
        _moment(values, "due_at"),
        values.get("ledger"),
    )
    if planned_at is None or not isinstance(ledger, str | None):
        return None
    return PollPlan(planned_at=planned_at, due_at=due_at, ledger=ledger)


def save_plan(writing: Writing, plan: PollPlan) -> None:
    """Remember when to look again."""
    due_at = plan.due_at.isoformat() if plan.due_at else None
    _save(writing, _PLAN, planned_at=plan.planned_at.isoformat(), due_at=due_at, ledger=plan.ledger)


def used_of(store: Store, source: str) -> Used | None:
    """Return what was used of a source's quota; `None` where nothing ever was."""
    return quota.from_plain(_values(store.remembered(_USED.format(source=source))))


def save_used(writing: Writing, source: str, used: Used) -> None:
    """Remember what was used of a source's quota: before the question goes out."""
    _save(writing, _USED.format(source=source), **quota.plain(used))


def trouble_of(store: Store, source: str) -> Trouble | None:
    """Return what is wrong with a source; `None` while nothing is."""
    values = _values(store.remembered(_TROUBLE.format(source=source)))
    since, problem, detail = _moment(values, "since"), values.get("problem"), values.get("detail")
    if since is None or problem not in set(SourceProblem) or not isinstance(detail, str):
        return None
    return Trouble(problem=SourceProblem(str(problem)), since=since, detail=detail)


def save_trouble(writing: Writing, source: str, trouble: Trouble | None) -> None:
    """Remember what is wrong with a source; `None`: nothing any more."""
    name = _TROUBLE.format(source=source)
    if trouble is None:
        _save(writing, name)
        return
    since, problem = trouble.since.isoformat(), trouble.problem.value
    _save(writing, name, since=since, problem=problem, detail=trouble.detail)


def asked_of(store: Store, order: str) -> Asked | None:
    """Return what is remembered of the questions about an order's parcel; `None` where there were none."""
    values = _values(store.remembered(_ASKED.format(order=order)))
    at, number, misses = _moment(values, "at"), values.get("number"), values.get("misses")
    if at is None or not isinstance(number, str) or not isinstance(misses, int):
        return None
    return Asked(number=number, at=at, misses=max(misses, 0), ended=values.get("ended") is True)


def save_asked(writing: Writing, order: str, asked: Asked) -> None:
    """Remember what came of the questions about an order's parcel."""
    name, at = _ASKED.format(order=order), asked.at.isoformat()
    _save(writing, name, number=asked.number, at=at, misses=asked.misses, ended=asked.ended)


def _save(writing: Writing, name: str, **values: str | int | bool | None) -> None:
    writing.save_remembered(name, json.dumps(values, sort_keys=True))


def _values(text: str | None) -> Mapping[str, object]:
    try:
        values = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _moment(values: Mapping[str, object], name: str) -> datetime | None:
    text = values.get(name)
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return at.astimezone(UTC) if at and at.tzinfo else None
