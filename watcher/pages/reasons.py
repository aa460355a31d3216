"""Why a buyer cancelled, as far as the chat tells: wording in German and English, from the table beside this module."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from watcher.domain.confidence import Confidence
from watcher.domain.message import Message
from watcher.domain.reason import CancelReason, FoundReason
from watcher.pages.sentences import (
    is_condition,
    is_denied,
    is_question,
    quoted,
    sentences_of,
    within_reach,
)

_LONGEST_QUOTE = 200
_WINDOW = timedelta(days=14)
"""What was written longer before or after the cancellation is not about it."""
_CLOSE = timedelta(days=3)
"""Within it a reason counts, unsurely, even where nobody speaks of cancelling."""
MOST_CHARACTERS = 20_000
"""How much of what was written around the cancellation is looked at, the nearest of it."""
_BECAUSE = "because"
"""The rule that finds a reason which no phrase knows."""


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    reason: CancelReason
    phrases: tuple[re.Pattern[str], ...]
    denials: tuple[re.Pattern[str], ...]
    unless: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class _Table:
    cancelling: re.Pattern[str]
    because: re.Pattern[str]
    rules: tuple[_Rule, ...]


def reason_in(messages: Sequence[Message], *, cancelled_at: datetime) -> FoundReason | None:
    """Return the reason that the buyer gave in the chat, or `None`.

    1. Only messages of the other person count, those nearest to the cancellation first, within 14 days of it; messages
       without a time come last, the latest of them first.
    2. A reason in a message that speaks of cancelling is likely. Any other is unsure, and must be within three days.
    3. A message that cancels "because" of something that no phrase knows gives the reason `other`, unsurely.
    4. That something seems fraudulent is never found: what a buyer writes of fraud is the buyer's distrust.
    """
    unsure: FoundReason | None = None
    for message in within_reach(_nearest(messages, cancelled_at), most=MOST_CHARACTERS):
        sentences = sentences_of(message.text)
        cancels = any(_table().cancelling.search(sentence) for sentence in sentences)
        is_close = message.at is not None and abs(message.at - cancelled_at) <= _CLOSE
        if not cancels and (unsure is not None or not is_close):
            continue
        found = next(_found(sentences, cancels=cancels), None)
        if found is not None and found.confidence is Confidence.LIKELY:
            return found
        unsure = unsure or found
    return unsure


def _nearest(messages: Sequence[Message], cancelled_at: datetime) -> list[Message]:
    """Return the other person's messages around the cancellation, the nearest first."""
    timed: list[tuple[timedelta, int, Message]] = []
    untimed: list[Message] = []
    for place, message in enumerate(messages):
        if message.inbound and message.at is None:
            untimed.append(message)
        elif message.inbound and message.at is not None and abs(message.at - cancelled_at) <= _WINDOW:
            timed.append((abs(message.at - cancelled_at), -place, message))
    timed.sort(key=lambda entry: entry[:2])
    return [*(message for *_, message in timed), *reversed(untimed)]


def _found(sentences: Sequence[str], *, cancels: bool) -> Iterator[FoundReason]:
    confidence = Confidence.LIKELY if cancels else Confidence.UNSURE
    for sentence in sentences:
        if is_question(sentence) and not _table().cancelling.search(sentence):
            continue
        for rule in _table().rules:
            match = _match(rule, sentence)
            if match is not None:
                words = quoted(sentence, match, longest=_LONGEST_QUOTE)
                yield FoundReason(reason=rule.reason, rule=rule.id, sentence=words, confidence=confidence)
    for sentence in sentences if cancels else ():
        match = _table().because.search(sentence)
        if match is not None and not is_condition(sentence, match):
            words = quoted(sentence, match, longest=_LONGEST_QUOTE)
            yield FoundReason(
                reason=CancelReason.OTHER, rule=_BECAUSE, sentence=words, confidence=Confidence.UNSURE
            )


def _match(rule: _Rule, sentence: str) -> re.Match[str] | None:
    """Return where the sentence gives this reason: not denied, and not behind an "if"."""
    if rule.unless is not None and rule.unless.search(sentence):
        return None
    for patterns, denies_itself in ((rule.denials, True), (rule.phrases, False)):
        for pattern in patterns:
            match = pattern.search(sentence)
            if match is None or is_condition(sentence, match):
                continue
            if denies_itself or not is_denied(sentence, match):
                return match
    return None


@cache
def _table() -> _Table:
    data = tomllib.loads(files(__package__).joinpath("reasons.toml").read_text(encoding="utf-8"))
    return _Table(
        cancelling=_compiled(data["cancelling"]),
        because=_compiled(data["because"]),
        rules=tuple(
            _Rule(
                id=entry["id"],
                reason=CancelReason(entry.get("reason", entry["id"])),
                phrases=tuple(_compiled(phrase) for phrase in entry.get("phrases", ())),
                denials=tuple(_compiled(phrase) for phrase in entry.get("denials", ())),
                unless=_compiled(entry["unless"]) if "unless" in entry else None,
            )
            for entry in data["reason"]
        ),
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
