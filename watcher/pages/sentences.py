"""What people write, sentence by sentence, in German or English: what denies a phrase, what only asks."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from watcher.domain.message import LONGEST_TEXT, Message
from watcher.pages.wording import plain_text

_EACH = 20
"""What a message counts beside its characters: a million empty ones have an end, too."""
_END = re.compile(r"(?<=[.!?]) ")
_APOSTROPHES = str.maketrans({"’": "'", "`": "'", "´": "'"})
_CLAUSE = 60
"""How many characters around a phrase can turn it round."""
_JOINT = (
    r"(?!(?:und|oder|aber|sondern|lieber|weil|da|denn|wenn|falls|dass|hier"
    r"|and|or|but|rather|because|since|if|when|that|here)\b)"
)
_DENIED_BEFORE = re.compile(
    rf"(?:\b(?:nicht|nie|niemals|nirgend\w{{1,3}}|not|never|nowhere)|n't)(?: {_JOINT}[\w-]{{1,30}}){{0,3}} ?$"
    rf"|\b(?:kein\w{{0,2}}|ohne|statt|anstatt|no|without|instead of)(?: {_JOINT}[\w-]{{1,30}}){{0,1}} ?$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    rf"^[\w-]{{0,20}}(?: {_JOINT}[\w-]{{1,30}}){{0,3}} (?:nicht|nie|kein\w{{0,2}}|not|never|no)\b",
    re.IGNORECASE,
)
_DENIED_INSIDE = re.compile(r"\b(?:nicht|nie|niemals|kein\w{0,2}|not|never)\b|n't\b", re.IGNORECASE)
_CONDITION = re.compile(r"\b(?:wenn|falls|sofern|sollte|if|unless|should)\b", re.IGNORECASE)


def within_reach(messages: Iterable[Message], *, most: int) -> Iterator[Message]:
    """Return messages as they come, the ones that matter most first, until about `most` characters are told.

    This is what bounds the work on a chat: the patterns of the tables know no repetition without an end, so the time follows
    the characters, and these end here, whatever was written and however often.
    """
    for message in messages:
        most -= min(len(message.text), LONGEST_TEXT) + _EACH
        if most < 0:
            return
        yield message


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a message, ready to be searched.

    Letters of other widths are plain ones, every apostrophe is the typewriter's, invisible marks are gone. No more of it is
    looked at than is kept of a message.
    """
    plain = unicodedata.normalize("NFKC", plain_text(text[:LONGEST_TEXT]))[:LONGEST_TEXT]
    return [sentence for part in _END.split(plain.translate(_APOSTROPHES)) if (sentence := part.strip())]


def is_denied(sentence: str, match: re.Match[str]) -> bool:
    """Whether the words in a phrase or right around it deny it: "nicht per PayPal", "WhatsApp habe ich nicht"."""
    before = sentence[max(0, match.start() - _CLAUSE) : match.start()]
    after = sentence[match.end() : match.end() + _CLAUSE]
    return any((_DENIED_BEFORE.search(before), _DENIED_INSIDE.search(match[0]), _DENIED_AFTER.search(after)))


def is_condition(sentence: str, match: re.Match[str]) -> bool:
    """Whether a phrase stands behind an "if"."""
    return _CONDITION.search(sentence[max(0, match.start() - _CLAUSE) : match.start()]) is not None


def is_question(sentence: str) -> bool:
    """Whether a sentence asks."""
    return "?" in sentence[-3:]


def quoted(sentence: str, match: re.Match[str], *, longest: int) -> str:
    """Return the sentence, or of a long one the part around the phrase: one line of at most `longest` characters."""
    if len(sentence) <= longest:
        return sentence
    room = max(0, longest - 2 - (match.end() - match.start()))
    begin = min(max(0, match.start() - room // 2), len(sentence) - (longest - 2))
    part = sentence[begin : begin + longest - 2].strip()
    return ("…" if begin else "") + part + ("…" if begin + longest - 2 < len(sentence) else "")
