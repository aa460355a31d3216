"""Acknowledging from anywhere: what comes back through a channel stops a case's reminders, if its one-time token says so."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from watcher.app.ports import Listener, Store, Unheard, Waiting, Writing
from watcher.app.seller import acknowledge_within
from watcher.crash_points import crash_point
from watcher.domain.alert import AlertKind
from watcher.domain.answer_token import CAN_BE_ANSWERED, LASTS, AnswerToken, Refusal, hash_of, why_not
from watcher.domain.case import Case
from watcher.domain.mail import ReplyMail

MAIL = "email"
"""The channel whose answers come as mails of their own."""
_WAYS = {MAIL: "mail"}
_REFUSED = "answers/refused"
_TOLD_FOR = timedelta(days=3)


class Taken(StrEnum):
    """What became of an answer."""

    ACKNOWLEDGED = "acknowledged"
    KNOWN = "known"
    """The same answer, told again."""
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedAnswer:
    """The last answer that had no effect."""

    channel: str
    why: Refusal
    at: datetime


def give_token(store: Store, waiting: Waiting, token: str, *, clock: Callable[[], datetime]) -> bool:
    """Remember the token that goes out with an alert through a channel; False where there is nothing to answer.

    A message that is delivered once more has a token of its own: the one before may have arrived, and counts, too.
    """
    alert, now = waiting.alert, clock()
    if alert.kind not in CAN_BE_ANSWERED or alert.case is None:
        return False
    with store.writing() as writing:
        case = store.catalogue().case(alert.case)
        asks_again = alert.kind is AlertKind.ASK_BACK
        if case is None or not case.is_open or (case.acknowledged_at is not None and not asks_again):
            return False
        given = AnswerToken(
            hash=hash_of(token),
            case=case.id,
            round=alert.round,
            channel=waiting.channel,
            expires_at=now + LASTS,
        )
        writing.save_answer_token(given, at=now)
    return True


def hear_answers(
    store: Store, listener: Listener, *, channels: Iterable[str], clock: Callable[[], datetime]
) -> dict[str, str]:
    """Ask those channels that can be asked for answers, and do what those say; returns why one could not tell.

    How far a channel was heard is remembered in the same transaction as what its answers changed. Two may ask at the same time: the
    one that comes second finds that out, and leaves it at that.
    """
    silent = {}
    for channel in (name for name in channels if name in listener.names()):
        since = store.remembered(_heard(channel))
        try:
            heard = listener.hear(channel, since=since)
        except Unheard as fault:
            silent[channel] = fault.reason
            continue
        if not heard.tokens and heard.since == (since or ""):
            continue
        crash_point("answer_heard")
        with store.writing() as writing:
            if store.remembered(_heard(channel)) == since:
                _take_all(store, writing, channel, heard.tokens, at=clock())
                writing.save_remembered(_heard(channel), heard.since)
    return silent


def take_reply(store: Store, mail: ReplyMail, *, clock: Callable[[], datetime]) -> Taken:
    """Do what a reply to a mail says, once. One that does not count is said in the ledger and in `status`, and changes nothing."""
    now = clock()
    with store.writing() as writing:
        known = [store.answer_token(hash_of(token)) for token in mail.tokens]
        if any(token and token.used_by == mail.key for token in known):
            return Taken.KNOWN
        refusals = [mail.refusal or _why_not(store, token, channel=MAIL, now=now) for token in known]
        for token, refusal in zip(known, refusals, strict=True):
            if token is not None and refusal is None:
                _take(store, writing, token, at=now, by=mail.key, who=mail.sender)
                return Taken.ACKNOWLEDGED
        _refuse(writing, MAIL, next(filter(None, refusals), Refusal.UNKNOWN), at=now)
    return Taken.REFUSED


def refused_answer(store: Store, *, now: datetime) -> RefusedAnswer | None:
    """Return the last answer that had no effect, if that was within the last days."""
    text = store.remembered(_REFUSED)
    if text is None:
        return None
    told = json.loads(text)
    at = datetime.fromisoformat(told["at"])
    if now - at > _TOLD_FOR:
        return None
    return RefusedAnswer(channel=told["channel"], why=Refusal(told["why"]), at=at)


def _heard(channel: str) -> str:
    return f"answers/{channel}"


def _take_all(store: Store, writing: Writing, channel: str, tokens: Iterable[str], *, at: datetime) -> None:
    """Take every answer that counts; of those that do not the ledger gets one line, for strangers could send thousands."""
    refusals: list[Refusal] = []
    for token in tokens:
        known = store.answer_token(hash_of(token))
        refusal = _why_not(store, known, channel=channel, now=at)
        if known is None or refusal is not None:
            refusals.append(refusal or Refusal.UNKNOWN)
        else:
            _take(store, writing, known, at=at)
    if refusals:
        told = next((each for each in refusals if each is not Refusal.UNKNOWN), Refusal.UNKNOWN)
        _refuse(writing, channel, told, at=at, count=len(refusals))


def _take(
    store: Store, writing: Writing, token: AnswerToken, *, at: datetime, by: str = "", who: str | None = None
) -> None:
    case = _case(store, token)
    if case is not None:
        writing.use_answer_token(token.hash, at=at, by=by)
        acknowledge_within(writing, store, case, way=_WAYS.get(token.channel, token.channel), who=who, at=at)


def _why_not(store: Store, token: AnswerToken | None, *, channel: str, now: datetime) -> Refusal | None:
    refusal = why_not(token, channel=channel, now=now)
    if refusal is None and token is not None and _case(store, token) is None:
        return Refusal.CLOSED
    return refusal


def _case(store: Store, token: AnswerToken) -> Case | None:
    return next((case for case in store.open_cases() if case.id == token.case), None)


def _refuse(writing: Writing, channel: str, why: Refusal, *, at: datetime, count: int = 1) -> None:
    writing.record("answer_refused", at=at, channel=channel, reason=why, count=count)
    told = {"channel": channel, "why": why, "at": at.isoformat()}
    writing.save_remembered(_REFUSED, json.dumps(told))
