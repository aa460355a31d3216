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
from watcher.pages.sentences import is_denied, is_question, quoted, sentences_of, within_reach

MOST_CHARACTERS = 40_000
"""How much of what the other person wrote is looked at, the latest of it: more than people write about one sale."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignWords:
    """What a sign is called, and what the seller does about it: one sentence each, which accuses nobody."""

    title: str
    what: str
    source: str | None = None
    """A public page that describes it, where there is one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Phrase:
    needs: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    statement: bool
    denies: bool

    def may_be_in(self, text: str) -> bool:
        """Whether a text in small letters holds what the phrase needs; asked first, because it costs next to nothing."""
        return any(piece in text for piece in self.needs)

    def found_in(self, sentence: str) -> re.Match[str] | None:
        """Return where the sentence says it: a denial counts only in a question ("Nehmt ihr kein PayPal?")."""
        match = self.pattern.search(sentence)
        if match is None or (self.unless is not None and self.unless.search(sentence)):
            return None
        if is_question(sentence):
            return None if self.statement else match
        return match if self.denies or not is_denied(sentence, match) else None


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

    def quote_from(self, sentences: Sequence[str], whole: str) -> str | None:
        """Return the words of the first sentence that shows the sign; `whole` is all of them in small letters."""
        phrases = [phrase for phrase in self.phrases if phrase.may_be_in(whole)]
        for sentence in sentences if phrases else ():
            for phrase in phrases:
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
    nothing can have changed since. Of a flood the latest `MOST_CHARACTERS` are looked at.
    """
    found = list(signs_of_account(buyer_since=buyer_since, deal_at=deal_at))
    waiting = [rule for rule in _rules() if rule.phrases]
    latest_first = (message for message in reversed(messages) if message.inbound)
    for message in reversed(list(within_reach(latest_first, most=MOST_CHARACTERS))):
        rules = [rule for rule in waiting if rule.applies(message, deal_at=deal_at, pickup=pickup)]
        sentences = sentences_of(message.text) if rules else []
        whole = "\n".join(sentences).lower()
        for rule in rules:
            quote = rule.quote_from(sentences, whole)
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
        needs=tuple(entry["needs"]),
        pattern=re.compile(entry["pattern"], re.IGNORECASE),
        unless=re.compile(entry["unless"], re.IGNORECASE) if "unless" in entry else None,
        statement=entry.get("statement", False),
        denies=entry.get("denies", False),
    )


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("signs.toml").read_text(encoding="utf-8"))
