"""When an alert comes back, through which channels, how loud, and when it stops coming back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.playbook import ASKS
from watcher.domain.step import CaseKind, GetsDone, by_day

LOUD_FROM_ROUND = 2
"""From this round on a reminder is loud, whatever the case kind."""
FIRST_REMINDER_BY_DAY = timedelta(hours=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One telling of a case's alert."""

    after: timedelta = timedelta(0)
    """How long after the round before it, the first one after the case was opened."""
    channels: frozenset[str] | None = None
    """Through which channels; `None`: through all that are set up."""
    critical: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How the alert of a case is told until somebody has it."""

    rounds: tuple[Round, ...] = (Round(),)
    """The first rounds, at least one; the last of them is repeated."""
    repeat: timedelta
    """How long after the last of the rounds, and after each repetition, it is said again."""
    by_day: bool = False
    """Whether repetitions wait for the German day: there are days to act, not hours."""

    grows_loud: bool = True
    """Whether reminders are critical from the second on, however quietly it began."""

    def at(self, place: int) -> Round:
        """Return the round at a place, counted from 0; beyond the last one it is the last one, repeated."""
        known = place < len(self.rounds)
        found = self.rounds[max(place, 0)] if known else replace(self.rounds[-1], after=self.repeat)
        is_loud = found.critical or (self.grows_loud and place >= LOUD_FROM_ROUND)
        return replace(found, critical=is_loud)


Policies = Mapping[CaseKind, Policy]
HOURS_TO_ACT = frozenset({CaseKind.BEFORE_SHIPMENT, CaseKind.IN_TRANSIT, CaseKind.UNCLEAR})
"""Here the goods can be lost within hours."""


def default_policies(every: timedelta) -> Policies:
    """Return what holds where the user has set nothing: loud and often where hours count, by day where there are days."""
    return {kind: _default(kind, every) for kind in CaseKind}


def _default(kind: CaseKind, every: timedelta) -> Policy:
    if kind in HOURS_TO_ACT:
        return Policy(rounds=(Round(critical=True),), repeat=every)
    return Policy(rounds=(Round(), Round(after=FIRST_REMINDER_BY_DAY)), repeat=timedelta(days=1), by_day=True)


def policy_for(kind: CaseKind, policies: Policies) -> Policy:
    """Return the policy of a case kind; one that nobody has named has the default's half hours."""
    return policies.get(kind) or default_policies(timedelta(minutes=30))[kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """How far the alerts of a case have come."""

    last: int
    at: datetime
    """When the last round was queued."""
    begun: int = 0
    """The number of the round that stands at place 0 of the policy: rounds are numbered on when they begin anew."""
    stopped_at: datetime | None = None
    """When the rounds stopped although nobody has acknowledged the case."""

    def anew(self, *, at: datetime) -> "Rounds":
        """Return the rounds as they begin anew: the next one is the policy's first."""
        return Rounds(last=self.last, at=at, begun=self.last + 1)

    def restarted(self, *, at: datetime) -> "Rounds":
        """Return the rounds after an alert that was itself the first telling of something new."""
        return Rounds(last=self.last, at=at, begun=self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRound:
    """A round whose time has come."""

    case: str
    number: int
    channels: frozenset[str] | None
    critical: bool


class Stops(StrEnum):
    """Why nothing more is said although nobody has acknowledged the case."""

    CLOSED = "closed"
    PARCEL_BACK = "parcel_back"
    WINDOW_OVER = "window_over"
    """The parcel can no longer be stopped, and nothing else is urgent."""
    NOTHING_URGENT = "nothing_urgent"

    @property
    def is_told(self) -> bool:
        """Whether it needs words of its own: the end of a case has its own letter, or the seller closed it."""
        return self is not Stops.CLOSED


def why_it_stops(case: Case) -> Stops | None:
    """Return why reminding somebody of a case would be pointless; `None` while it is not.

    1. The case is closed, or the goods are back and nobody contests anything.
    2. Where hours count (and in a dispute): no urgent step is open. Where there are days: nothing is left to do by hand.
    """
    if not case.is_open:
        return Stops.CLOSED
    is_back = case.was_done("parcel_back") or case.was_done("goods_back")
    if is_back and case.kind is not CaseKind.DISPUTED:
        return Stops.PARCEL_BACK
    open_tasks = [step for step in case.steps if step.is_open and step.is_task]
    if case.kind is CaseKind.AFTER_DELIVERY:
        by_hand = any(step.rule.gets_done is GetsDone.BY_HAND for step in open_tasks)
        return None if by_hand else Stops.NOTHING_URGENT
    if any(step.urgent for step in open_tasks):
        return None
    asked = any(case.was_done(step) for step in (*ASKS, "insist"))
    return Stops.WINDOW_OVER if case.kind is CaseKind.IN_TRANSIT and not asked else Stops.NOTHING_URGENT


def next_round(case: Case, policy: Policy, rounds: Rounds, *, now: datetime) -> DueRound | None:
    """Return the round that is due now; `None` where none is, or somebody has acknowledged the case, or it is moot.

    Rounds are counted, not computed from the clock: after a long sleep one comes, not twenty. A clock that was set back
    by more than a round silences nobody.
    """
    if case.acknowledged_at is not None or why_it_stops(case) is not None:
        return None
    if not is_time(policy, rounds, now=now):
        return None
    number = rounds.last + 1
    round_ = policy.at(number - rounds.begun)
    return DueRound(case=case.id, number=number, channels=round_.channels, critical=round_.critical)


def is_time(policy: Policy, rounds: Rounds, *, now: datetime) -> bool:
    """Whether the next round's time has come: to say it again, or to say why not."""
    place = rounds.last + 1 - rounds.begun
    after = policy.at(place).after
    due_at = by_day(rounds.at + after) if policy.by_day and place > 0 else rounds.at + after
    was_set_back = rounds.at - now > max(after, timedelta(minutes=1))
    return now >= due_at or was_set_back


def through(channels: frozenset[str] | None, known: Sequence[str]) -> list[str]:
    """Return the channels to use, of those that are set up; all of them where none of the named ones is."""
    if channels is None:
        return list(known)
    return [name for name in known if name in channels] or list(known)


def reminder(case: Case, due: DueRound, *, at: datetime) -> Alert:
    """Return the alert of a round."""
    return Alert(
        key=f"{case.id}/{due.number}",
        kind=AlertKind.CASE_REMINDER,
        account=case.account,
        at=at,
        critical=due.critical,
        order=case.order,
        case=case.id,
        round=due.number,
    )


def reminders_stop(case: Case, why: Stops, *, at: datetime) -> Alert:
    """Return the one word that no more reminders come, and why."""
    return Alert(
        key=f"{case.id}/{AlertKind.REMINDERS_STOP}/{why}",
        kind=AlertKind.REMINDERS_STOP,
        account=case.account,
        at=at,
        order=case.order,
        case=case.id,
        details=(("why", why.value),),
    )


def unknown_channels(policies: Policies, known: Collection[str]) -> list[str]:
    """Return the channels that policies name and nobody has set up."""
    named = {name for policy in policies.values() for one in policy.rounds for name in one.channels or ()}
    return sorted(named.difference(known))
