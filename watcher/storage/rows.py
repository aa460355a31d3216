"""Between values and table rows: how each value is written down and read back."""

import json
from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from watcher.app.archive import Note, NoteKind, StoredCapture, StoredFile
from watcher.app.history import KnownConversation
from watcher.app.ports import Waiting
from watcher.app.shelf import KeptAd
from watcher.domain.account import Account
from watcher.domain.acknowledgement import AckEnding, Acknowledgement
from watcher.domain.alert import Alert, AlertKind, Wakes
from watcher.domain.answer_token import AnswerToken
from watcher.domain.budget import Loads
from watcher.domain.cadence import Reason
from watcher.domain.capture import PageKind, Role
from watcher.domain.case import Case, Ending
from watcher.domain.channel_health import ChannelHealth
from watcher.domain.confidence import Confidence
from watcher.domain.money import Cost, CostKind, Payer
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.parcel import Milestone, Origin, Sighting
from watcher.domain.reading import Statement
from watcher.domain.reason import CancelReason, FoundReason
from watcher.domain.session import Session
from watcher.domain.signs import Sign
from watcher.domain.stage import Stage
from watcher.domain.step import Because, CaseKind, Step
from watcher.domain.wording import OwnWord, Word, WordKind

Row = Mapping[str, Any]


def time_text(at: datetime | None) -> str | None:
    """Return a moment as it is stored: ISO 8601 in UTC, so that texts sort as times do."""
    return None if at is None else at.astimezone(UTC).isoformat(timespec="microseconds")


def time_of(text: str | None) -> datetime | None:
    """Return a stored moment."""
    return None if text is None else datetime.fromisoformat(text)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def account_row(account: Account) -> dict[str, Any]:
    """Return the columns of an account."""
    row = {field.name: getattr(account, field.name) for field in dataclass_fields(account)}
    row["loads"] = json.dumps(
        [account.loads.day.isoformat() if account.loads.day else None, account.loads.count]
    )
    row["session"] = json.dumps(
        {
            "since": time_text(account.session.since),
            "seen_at": time_text(account.session.seen_at),
            "lives": [life.total_seconds() for life in account.session.lives],
            "warned": account.session.warned,
        }
    )
    return {name: time_text(value) if isinstance(value, datetime) else value for name, value in row.items()}


def account_of(row: Row) -> Account:
    """Return the account of a row."""
    return Account(
        name=row["name"],
        watched_since=time_of(row["watched_since"]),
        last_check_at=time_of(row["last_check_at"]),
        last_outcome=Outcome(row["last_outcome"]) if row["last_outcome"] else None,
        last_cause=Cause(row["last_cause"]) if row["last_cause"] else None,
        last_complete_at=time_of(row["last_complete_at"]),
        last_whole_at=time_of(row["last_whole_at"]),
        list_total=row["list_total"],
        failures=row["failures"],
        blocks=row["blocks"],
        next_check_at=time_of(row["next_check_at"]),
        next_check_reason=Reason(row["next_check_reason"]) if row["next_check_reason"] else None,
        cool_down_until=time_of(row["cool_down_until"]),
        told_outcome=Outcome(row["told_outcome"]) if row["told_outcome"] else None,
        told_at=time_of(row["told_at"]),
        silence_round=row["silence_round"],
        listing_digest=row["listing_digest"],
        ads_read_at=time_of(row["ads_read_at"]),
        ads_complete=None if row["ads_complete"] is None else bool(row["ads_complete"]),
        loads=_loads_of(row["loads"]),
        session=_session_of(row["session"]),
        login=row["login"],
    )


def _loads_of(text: str | None) -> Loads:
    day, count = json.loads(text) if text else (None, 0)
    return Loads(day=date.fromisoformat(day) if day else None, count=count)


def _session_of(text: str | None) -> Session:
    if not text:
        return Session()
    values = json.loads(text)
    return Session(
        since=time_of(values["since"]),
        seen_at=time_of(values["seen_at"]),
        lives=tuple(timedelta(seconds=life) for life in values["lives"]),
        warned=values["warned"],
    )


def statement_of(row: Row) -> Statement:
    """Return the statement of a row."""
    stages = tuple((Stage(stage), count) for stage, count in json.loads(row["stages"]))
    return Statement(page=row["page"], stages=stages, digest=row["digest"])


def word_of(row: Row) -> Word:
    """Return the word of a row."""
    return Word(
        kind=WordKind(row["kind"]),
        token=row["token"],
        stage=Stage(row["stage"]) if row["stage"] else None,
        confidence=Confidence(row["confidence"]),
    )


def own_word_of(row: Row) -> OwnWord:
    """Return the confirmed word of a row."""
    stage = Stage(row["stage"]) if row["stage"] else None
    return OwnWord(kind=WordKind(row["kind"]), token=row["token"], stage=stage)


def order_row(order: Order) -> dict[str, Any]:
    """Return the columns of an order."""
    row = {field.name: getattr(order, field.name) for field in dataclass_fields(order)}
    row |= {
        "deal_ids": json.dumps(sorted(order.deal_ids)),
        "unknown_events": json.dumps(order.unknown_events),
        "words": json.dumps([[w.kind, w.token, w.stage, w.confidence] for w in order.words]),
        "pickup": None if order.pickup is None else int(order.pickup),
    }
    return {name: time_text(value) if isinstance(value, datetime) else value for name, value in row.items()}


def order_of(row: Row) -> Order:
    """Return the order of a row."""
    values = dict(row)
    values |= {
        "deal_ids": frozenset(json.loads(row["deal_ids"])),
        "unknown_events": tuple(json.loads(row["unknown_events"])),
        "words": _words_of(row["words"]),
        "stage": Stage(row["stage"]),
        "reached": Stage(row["reached"]) if row["reached"] else None,
        "confidence": Confidence(row["confidence"]),
        "pickup": None if row["pickup"] is None else bool(row["pickup"]),
    }
    values |= {name: _at(row[name]) for name in ("stage_at", "first_seen_at", "last_seen_at")}
    values |= {
        name: time_of(row[name]) for name in ("made_at", "paid_at", "forgotten_at", "ship_by", "buyer_since")
    }
    return Order(**values)


@lru_cache(maxsize=1024)  # most sales go the same way, in the same words
def _words_of(text: str) -> tuple[Word, ...]:
    return tuple(
        word_of({"kind": kind, "token": token, "stage": stage, "confidence": confidence})
        for kind, token, stage, confidence in json.loads(text)
    )


def step_of(row: Row) -> Step:
    """Return the step of a row."""
    return Step(
        id=row["id"],
        due_at=time_of(row["due_at"]),
        urgent=bool(row["urgent"]),
        moves_to=CaseKind(row["moves_to"]) if row["moves_to"] else None,
        done_at=time_of(row["done_at"]),
        done_by=row["done_by"],
        certainty=Confidence(row["certainty"]),
        because=Because(row["because"]) if row["because"] else None,
    )


def case_of(row: Row, steps: tuple[Step, ...]) -> Case:
    """Return the case of a row and its steps."""
    return Case(
        id=row["id"],
        order=row["order_id"],
        account=row["account"],
        kind=CaseKind(row["kind"]),
        confidence=Confidence(row["confidence"]),
        opened_at=_at(row["opened_at"]),
        steps=steps,
        acknowledged_at=time_of(row["acknowledged_at"]),
        closed_at=time_of(row["closed_at"]),
        ending=Ending(row["ending"]) if row["ending"] else None,
        reason=CancelReason(row["reason"]) if row["reason"] else None,
        reason_found=bool(row["reason_found"]),
    )


def sighting_row(sighting: Sighting) -> dict[str, Any]:
    """Return the columns of a sighting."""
    row = {field.name: getattr(sighting, field.name) for field in dataclass_fields(sighting)}
    row |= {
        "order_id": row.pop("order"),
        "at": time_text(sighting.at),
        "learnt_at": time_text(sighting.learnt_at),
        "at_shop": int(sighting.at_shop),
    }
    return row


def sighting_of(row: Row) -> Sighting:
    """Return the sighting of a row."""
    return Sighting(
        order=row["order_id"],
        milestone=Milestone(row["milestone"]),
        at=_at(row["at"]),
        learnt_at=_at(row["learnt_at"]),
        origin=Origin(row["origin"]),
        confidence=Confidence(row["confidence"]),
        at_shop=bool(row["at_shop"]),
        carrier=row["carrier"],
        number=row["number"],
        words=row["words"],
    )


def note_of(row: Row) -> Note:
    """Return the note of a row."""
    return Note(order=row["order_id"], at=_at(row["at"]), text=row["text"], kind=NoteKind(row["kind"]))


def sign_of(row: Row) -> Sign:
    """Return the sign of a row."""
    return Sign(rule=row["rule"], at=time_of(row["at"]), quote=row["quote"])


def found_reason_of(row: Row) -> FoundReason:
    """Return the found reason of a row."""
    return FoundReason(
        reason=CancelReason(row["reason"]),
        rule=row["rule"],
        sentence=row["sentence"],
        confidence=Confidence(row["confidence"]),
    )


def cost_of(row: Row) -> Cost:
    """Return the cost of a row."""
    return Cost(
        order=row["order_id"],
        at=_at(row["at"]),
        kind=CostKind(row["kind"]),
        cents=row["cents"],
        payer=Payer(row["payer"]),
        text=row["text"],
    )


def channel_health_row(health: ChannelHealth) -> dict[str, Any]:
    """Return the columns of a channel's health."""
    row = {field.name: getattr(health, field.name) for field in dataclass_fields(health)}
    row |= {"permanent": int(health.permanent), "by_test": int(health.by_test)}
    return {name: time_text(value) if isinstance(value, datetime) else value for name, value in row.items()}


def channel_health_of(row: Row) -> ChannelHealth:
    """Return the channel's health of a row."""
    return ChannelHealth(
        channel=row["channel"],
        took_at=time_of(row["took_at"]),
        tested_at=time_of(row["tested_at"]),
        failing_since=time_of(row["failing_since"]),
        failed_at=time_of(row["failed_at"]),
        failures=row["failures"],
        problem=row["problem"],
        advice=row["advice"],
        permanent=bool(row["permanent"]),
        by_test=bool(row["by_test"]),
        rests_until=time_of(row["rests_until"]),
        told_at=time_of(row["told_at"]),
    )


def conversation_of(row: Row) -> KnownConversation:
    """Return the conversation of a row."""
    return KnownConversation(id=row["id"], marks=json.loads(row["marks"]), digest=row["digest"])


def waiting_of(row: Row) -> Waiting:
    """Return the outbox entry of a row."""
    return Waiting(
        id=row["id"],
        channel=row["channel"],
        attempts=row["attempts"],
        problem=row["problem"],
        sent_at=time_of(row["sent_at"]),
        dropped_at=time_of(row["dropped_at"]),
        not_before=_at(row["not_before"]),
        alert=Alert(
            key=row["key"],
            kind=AlertKind(row["kind"]),
            account=row["account"],
            at=_at(row["created_at"]),
            critical=bool(row["critical"]),
            order=row["order_id"],
            case=row["case_id"],
            round=row["round"],
            details=tuple((name, value) for name, value in json.loads(row["details"])),
            wakes=Wakes(row["wakes"]) if row["wakes"] else None,
        ),
    )


def acknowledgement_row(ack: Acknowledgement) -> dict[str, Any]:
    """Return the columns of an acknowledgement."""
    row = {field.name: getattr(ack, field.name) for field in dataclass_fields(ack)}
    row["case_id"] = row.pop("case")
    return {name: time_text(value) if isinstance(value, datetime) else value for name, value in row.items()}


def acknowledgement_of(row: Row) -> Acknowledgement:
    """Return the acknowledgement of a row."""
    return Acknowledgement(
        case=row["case_id"],
        at=_at(row["at"]),
        way=row["way"],
        who=row["who"],
        snoozed_until=time_of(row["snoozed_until"]),
        asked_at=time_of(row["asked_at"]),
        answered_at=time_of(row["answered_at"]),
        ended_at=time_of(row["ended_at"]),
        ending=AckEnding(row["ending"]) if row["ending"] else None,
    )


def capture_of(row: Row, files: tuple[StoredFile, ...]) -> StoredCapture:
    """Return the capture of a row and its files."""
    return StoredCapture(
        id=row["id"],
        account=row["account"],
        conversation=row["conversation"],
        kind=PageKind(row["kind"]),
        taken_at=_at(row["taken_at"]),
        url=row["url"],
        page=row["page"],
        reason=row["reason"],
        complete=bool(row["complete"]),
        verdict=row["verdict"],
        files=files,
    )


def kept_ad_of(row: Row) -> KeptAd:
    """Return the capture of an ad of a row, as far as it decides what is kept next."""
    return KeptAd(conversation=row["conversation"], at=_at(row["taken_at"]), why=row["reason"])


def file_of(row: Row) -> StoredFile:
    """Return the stored file of a row."""
    return StoredFile(
        role=Role(row["role"]),
        media_type=row["media_type"],
        path=row["path"],
        sha256=row["sha256"],
        size=row["size"],
        label=row["label"],
    )


def answer_token_of(row: Row) -> AnswerToken:
    """Return the token of a row."""
    return AnswerToken(
        hash=row["hash"],
        case=row["case_id"],
        round=row["round"],
        channel=row["channel"],
        expires_at=_at(row["expires_at"]),
        used_at=time_of(row["used_at"]),
        used_by=row["used_by"] or "",
    )
