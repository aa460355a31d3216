"""Who said "I have it", when, which way; and why that is not yet "it is done"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.domain.alert import Alert, AlertKind
from watcher.domain.case import Case
from watcher.domain.quiet_hours import window_of

BEFORE_THE_WINDOW = timedelta(minutes=30)
"""So long before the carrier's window closes it is asked at the latest."""
AT_LEAST = timedelta(minutes=15)
"""Nobody is asked sooner after saying "I have it"."""
PATIENCE = timedelta(hours=1)
"""So long the question waits for an answer."""


class AckEnding(StrEnum):
    """Why an acknowledgement no longer holds."""

    UNANSWERED = "unanswered"
    """It was asked back, and nobody answered."""
    SNOOZE_OVER = "snooze_over"
    REPLACED = "replaced"
    """A later one took its place."""
    OVERTAKEN = "overtaken"
    """Something new happened that it does not cover."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledgement:
    """One time that somebody took a case on."""

    case: str
    at: datetime
    way: str
    """By which way it came: `cli`, `mail`, or the channel's name."""
    who: str = ""
    """Who said so; empty where nobody can tell."""
    snoozed_until: datetime | None = None
    """Set for "not now": then it holds no longer."""
    asked_at: datetime | None = None
    """When it was asked back; that happens once."""
    answered_at: datetime | None = None
    """When somebody answered that."""
    ended_at: datetime | None = None
    ending: AckEnding | None = None


def in_force(acknowledgements: Iterable[Acknowledgement]) -> Acknowledgement | None:
    """Return the one that holds, of a case's acknowledgements; `None` where none does."""
    return next((ack for ack in acknowledgements if ack.ended_at is None), None)


class Back(StrEnum):
    """What follows from an acknowledgement as time passes."""

    ASK = "ask"
    ANSWERED = "answered"
    LAPSE = "lapse"
    WAKE = "wake"
    """The snooze is over."""


def check_back(
    ack: Acknowledgement,
    case: Case,
    *,
    heard_at: datetime | None,
    told_at: datetime | None,
    ask_back: timedelta,
    now: datetime,
) -> Back | None:
    """Return what follows now; `None` where the seller is left alone.

    1. A snooze ends at its time. An acknowledgement of a case in which nothing urgent is open is never questioned, nor
       one after which somebody was heard of: the seller is at it.
    2. It is asked once: after `ask_back`, or half an hour before the carrier's window closes if that is sooner.
    3. What a channel took and nobody answered within an hour makes the acknowledgement lapse; what no channel took does not.

    Args:
        ack: the acknowledgement in force.
        case: its case as it is now.
        heard_at: when the seller was last heard of: a step marked, a note, a word about the parcel.
        told_at: when a channel first took the question; `None` while none has.
        ask_back: how long it takes to have something to tell.
        now: the present moment.
    """
    if not case.is_open or ack.ended_at is not None:
        return None
    if ack.snoozed_until is not None:
        return Back.WAKE if now >= ack.snoozed_until or now < ack.at - AT_LEAST else None
    if ack.answered_at is not None:
        return None
    is_heard = heard_at is not None and heard_at > ack.at
    if is_heard or not is_urgent(case):
        return Back.ANSWERED if ack.asked_at is not None else None
    if ack.asked_at is None:
        return Back.ASK if now >= asks_at(ack, case, ask_back=ask_back) else None
    return Back.LAPSE if told_at is not None and now - told_at >= PATIENCE else None


def asks_at(ack: Acknowledgement, case: Case, *, ask_back: timedelta) -> datetime:
    """Return when it is asked back, as things stand."""
    usual, closes = ack.at + max(ask_back, AT_LEAST), window_of(case)
    if closes is None:
        return usual
    in_time = max(closes - BEFORE_THE_WINDOW, ack.at + AT_LEAST)
    return min(usual, in_time) if in_time < closes else usual


def is_urgent(case: Case) -> bool:
    """Whether a step is open that cannot wait."""
    return any(step.is_open and step.is_task and step.urgent for step in case.steps)


def question(case: Case, ack: Acknowledgement, *, at: datetime) -> Alert:
    """Return the question whether it is done."""
    return Alert(
        key=f"{case.id}/{AlertKind.ASK_BACK}/{ack.at.isoformat()}",
        kind=AlertKind.ASK_BACK,
        account=case.account,
        at=at,
        order=case.order,
        case=case.id,
        details=(("since", ack.at.isoformat()),),
    )
