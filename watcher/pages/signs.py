"""Signs worth a look in what a buyer wrote: hints by the table beside this module, never verdicts."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from watcher.domain.message import Message
from watcher.domain.signs import LONGEST_QUOTE, Sign, signs_of_account
from watcher.pages.sentences import is_denied, is_question, quoted, sentences_of

MOST_MESSAGES = 2_000
"""How many of the other person's messages are looked at, the latest ones: more than people write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWords:
    """What a sign is called, and what the seller does about it: one sentence each, which accuses nobody."""

    title: str
    what: str
    source: str | None = None
    """A public page that describes it, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    statement: bool

    def found_in(self, sentence: str) -> re.Match[str] | None:
        """Return where the sentence says it: a denial counts only in a question ("Nehmt ihr kein PayPal?")."""
        match = self.pattern.search(sentence)
        if match is None or (self.unless is not None and self.unless.search(sentence)):
            return None
        asks = is_question(sentence)
        if asks:
            return None if self.statement else match
        return None if is_denied(sentence, match) else match


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    id: str
    phrases: tuple[_Phrase, ...]
    no_pickup: bool
    after_deal: bool

    def applies(self, message: Message, *, deal_at: datetime | None, pickup: bool | None) -> bool:
        """Whether this message is to be asked at all."""
        if self.no_pickup and pickup:
            return False
        if not self.after_deal:
            return True
        return deal_at is not None and message.at is not None and message.at > deal_at

    def quote_from(self, sentences: Sequence[str]) -> str | None:
        """Return the words of the first sentence that shows the sign."""
        for sentence in sentences:
            for phrase in self.phrases:
                match = phrase.found_in(sentence)
                if match is not None:
                    return quoted(sentence, match, longest=LONGEST_QUOTE)
        return None


def signs_in(
    messages: Sequence[Message],
    *,
    buyer_since: datetime | None,
    deal_at: datetime | None,
    pickup: bool | None,
) -> tuple[Sign, ...]:
    """Return what is worth a look in the chat of a deal; only what the other person wrote counts.

    Each rule speaks once, with the first message that shows it, so that a later reading of the same chat says the same. A
    message whose direction the page does not tell counts as nobody's. `deal_at` is when the deal was made; without it
    nothing can have changed since.
    """
    found = list(signs_of_account(buyer_since=buyer_since, deal_at=deal_at))
    waiting = [rule for rule in _rules() if rule.phrases]
    for message in [message for message in messages if message.inbound][-MOST_MESSAGES:]:
        rules = [rule for rule in waiting if rule.applies(message, deal_at=deal_at, pickup=pickup)]
        sentences = sentences_of(message.text) if rules else []
        for rule in rules:
            quote = rule.quote_from(sentences)
            if quote is not None:
                found.append(Sign(rule=rule.id, at=message.at, quote=quote))
                waiting.remove(rule)
    return tuple(found)


def words_of(sign_rule: str, language: Literal["de", "en"]) -> SignWords:
    """Return the words of a sign; one of a version that knew other rules gets words that fit any."""
    entry = next((entry for entry in _data()["sign"] if entry["id"] == sign_rule), _data()["unknown"])
    return SignWords(title=entry["title"][language], what=entry["what"][language], source=entry.get("source"))


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            id=entry["id"],
            phrases=tuple(_phrase(phrase) for phrase in entry.get("phrase", ())),
            no_pickup=entry.get("no_pickup", False),
            after_deal=entry.get("after_deal", False),
        )
        for entry in _data()["sign"]
    )


def _phrase(entry: Mapping[str, Any]) -> _Phrase:
    return _Phrase(
        pattern=re.compile(entry["pattern"], re.IGNORECASE),
        unless=re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
        statement=entry.get("statement", False),
    )


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("signs.toml").read_text(encoding="utf-8"))
