"""What an event type or a card's wording means: as the data files beside this module say, and as the user taught."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from watcher.domain.confidence import Confidence
from watcher.domain.stage import Stage
from watcher.domain.wording import OwnWord, WordKind

_VIEWER_SUFFIX = re.compile(r"_(?:(?:BUYER|SELLER)_)?MESSAGE$")
_TYPE = re.compile(r"[A-Za-z0-9_]{1,80}")
_LONGEST_TYPE = 200
_LONGEST_HEADING = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a type or a wording says about the order. `stage` is `None` for items that say nothing about it."""

    stage: Stage | None
    confidence: Confidence

    @property
    def is_unknown(self) -> bool:
        """Whether no table knows it."""
        return self.stage is Stage.UNKNOWN


UNKNOWN = Meaning(stage=Stage.UNKNOWN, confidence=Confidence.UNSURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What the user taught: it is certain, and it wins over every table that is shipped."""

    types: Mapping[str, Stage | None] = field(default_factory=dict)
    """Event type -> what it means."""
    headings: Mapping[str, Stage | None] = field(default_factory=dict)
    """A card's whole heading, case folded -> what it means."""
    patterns: tuple[tuple[re.Pattern[str], Stage | None], ...] = ()
    """Patterns for headings and texts, in the order in which they are asked."""


def vocabulary_of(words: Iterable[OwnWord]) -> Vocabulary:
    """Return the vocabulary of these words; the later of two about the same thing wins.

    Raises:
        ValueError: a pattern is no regular expression.
    """
    types: dict[str, Stage | None] = {}
    headings: dict[str, Stage | None] = {}
    patterns: list[tuple[re.Pattern[str], Stage | None]] = []
    for word in words:
        if word.kind is WordKind.TYPE:
            types[word.token.upper()] = word.stage
        elif word.is_pattern:
            try:
                patterns.insert(0, (re.compile(word.token, re.IGNORECASE), word.stage))
            except (re.error, RecursionError, OverflowError) as error:
                raise ValueError(f"{word.token!r} is no regular expression: {error}") from error
        else:
            headings[heading_token(word.token).casefold()] = word.stage
    return Vocabulary(types=types, headings=headings, patterns=tuple(patterns))


SHIPPED = Vocabulary()
"""Nothing but the tables that are shipped."""


def meaning_of_type(event_type: str, vocabulary: Vocabulary = SHIPPED) -> Meaning:
    """Return what a `paymentAndShippingMessageType` means.

    0. What the user taught is certain.
    1. A type that a source shows is certain.
    2. The other viewer's variant of it, or a type that begins with a known root, is likely.
    3. A type with a token such as CANCEL or REFUND is likely what the token says, unsure with tokens of two kinds.
    4. Everything else is unknown, which the caller must tell and never drop.
    """
    table = _events()
    event_type = event_type[:_LONGEST_TYPE]
    if event_type.upper() in vocabulary.types:
        return _taught(vocabulary.types[event_type.upper()])
    if event_type in table.seen:
        return Meaning(stage=table.seen[event_type], confidence=Confidence.CERTAIN)
    root = root_of(event_type)
    for known, stage in table.roots:
        if root == known or root.startswith(known + "_"):
            if _tokens_in(root.removeprefix(known)):
                break  # "ITEM_DELIVERED_CANCELLED" begins with a harmless root and is not harmless
            return Meaning(stage=stage, confidence=Confidence.LIKELY)
    hits = _tokens_in(root)
    if not hits or hits[0] is Stage.UNKNOWN:
        return UNKNOWN
    return Meaning(stage=hits[0], confidence=Confidence.LIKELY if len(hits) == 1 else Confidence.UNSURE)


def _taught(stage: Stage | None) -> Meaning:
    return UNKNOWN if stage is Stage.UNKNOWN else Meaning(stage=stage, confidence=Confidence.CERTAIN)


def meaning_of_words(heading: str, text: str = "", vocabulary: Vocabulary = SHIPPED) -> Meaning:
    """Return what a card says: its heading decides; an unknown heading leaves it to the text, one grade less sure.

    What the user taught about this very heading, or by a pattern for headings and texts, comes first.
    """
    taught = _taught_words(heading, text, vocabulary)
    if taught is not None:
        return taught
    found = _match_phrase(heading)
    if found is not None:
        return UNKNOWN if found.is_unknown else found
    found = _match_phrase(text)
    if found is None or found.is_unknown:
        return UNKNOWN
    return Meaning(stage=found.stage, confidence=found.confidence.lowered())


def _taught_words(heading: str, text: str, vocabulary: Vocabulary) -> Meaning | None:
    plain = plain_text(heading)
    if plain and heading_token(plain).casefold() in vocabulary.headings:
        return _taught(vocabulary.headings[heading_token(plain).casefold()])
    for told in (plain, plain_text(text)):
        for pattern, stage in vocabulary.patterns:
            if pattern.search(told[:_LONGEST_CARD]):
                return _taught(stage)
    return None


def stages_in(text: str, vocabulary: Vocabulary = SHIPPED) -> list[Stage]:
    """Return the stages that a text of many lines speaks of, one for each line that a phrase knows."""
    found = (meaning_of_words(line, vocabulary=vocabulary) for line in text.splitlines() if line.strip())
    return [meaning.stage for meaning in found if meaning.stage is not None and not meaning.is_unknown]


def root_of(event_type: str) -> str:
    """Strip the viewer from a type: `ITEM_DELIVERED_BUYER_MESSAGE` -> `ITEM_DELIVERED`."""
    root = event_type.upper()
    while (shorter := _VIEWER_SUFFIX.sub("", root)) != root:
        root = shorter
    return root


def heading_token(heading: str) -> str:
    """Return the part of a heading by which it is remembered: one line, at most 80 characters."""
    return plain_text(heading)[:_LONGEST_HEADING]


def type_token(event_type: str) -> str:
    """Return a type that is safe to show and to store: hostile or overlong ones are named as such."""
    return event_type if _TYPE.fullmatch(event_type) else "TYPE_NOT_A_NAME"


@dataclass(frozen=True, slots=True)
class _EventTable:
    seen: dict[str, Stage | None]
    roots: tuple[tuple[str, Stage | None], ...]
    tokens: tuple[tuple[tuple[str, ...], Stage], ...]


@cache
def _events() -> _EventTable:
    data = tomllib.loads(files(__package__).joinpath("events.toml").read_text(encoding="utf-8"))
    events = [(entry["root"], _stage(entry["stage"]), entry["seen_as"]) for entry in data["event"]]
    return _EventTable(
        seen={name: stage for _, stage, names in events for name in names},
        # Longest root first: ITEM_MARKED_AS_SHIPPED_TRACKING_AVAILABLE before ITEM_MARKED_AS_SHIPPED.
        roots=tuple(sorted(((root, stage) for root, stage, _ in events), key=lambda pair: -len(pair[0]))),
        tokens=tuple((tuple(entry["tokens"]), Stage(entry["stage"])) for entry in data["token"]),
    )


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], Meaning], ...]:
    data = tomllib.loads(files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))
    grades = {"seen": Confidence.CERTAIN, "inferred": Confidence.LIKELY}
    return tuple(
        (
            re.compile(entry["pattern"], re.IGNORECASE),
            Meaning(stage=_stage(entry["stage"]), confidence=grades[entry["confidence"]]),
        )
        for entry in data["phrase"]
    )


def _stage(name: str) -> Stage | None:
    return None if name == "none" else Stage(name)


def _tokens_in(root: str) -> list[Stage]:
    return [stage for tokens, stage in _events().tokens if any(token in root for token in tokens)]


def _match_phrase(text: str) -> Meaning | None:
    """Return the meaning of the first phrase that the text holds; denied or conditional everywhere, it is unknown."""
    plain = plain_text(text[:_LONGEST_CARD])
    for pattern, meaning in _phrases():
        found = False
        for match in pattern.finditer(plain):
            if not _is_doubtful(plain, match):
                return meaning
            found = True
        if found:
            return UNKNOWN
    return None


_LONGEST_CARD = 1_000
"""A card says what happened in its first sentences; two thousand cards of nonsense must not cost a minute."""
_CLAUSE = 60
"""How many characters before a phrase can turn it round."""
_JOINT = r"(?!(?:und|oder|aber|sondern)\b)"
_DENIED_BEFORE = re.compile(rf"\b(?:nicht|nie|kein\w{{0,2}})(?: {_JOINT}\w+){{0,2}} ?$", re.IGNORECASE)
_DENIED_INSIDE = re.compile(r"\b(?:nicht|nie|kein\w{0,2})\b", re.IGNORECASE)
_DENIED_AFTER = re.compile(
    rf"^\w*(?: {_JOINT}\w+)? (?:nicht|fehlgeschlagen|gescheitert|abgelehnt|unmöglich)\b", re.IGNORECASE
)
_CONDITION = re.compile(
    r"\b(?:sonst|ansonsten|andernfalls|falls|wenn|sofern|bevor)\b[^.!?:;]*$", re.IGNORECASE
)


def _is_doubtful(text: str, match: re.Match[str]) -> bool:
    """Whether the words around a phrase deny it or make it a condition: that is for a person to read.

    "Keine Rückerstattung", "Auszahlung fehlgeschlagen", "sonst wird der Kauf storniert" do not say what happened.
    """
    before, after = text[max(0, match.start() - _CLAUSE) : match.start()], text[match.end() :][:_CLAUSE]
    if _CONDITION.search(before):
        return True
    if "nicht" in match.re.pattern:  # a phrase about a failure says itself what it means
        return False
    return any((_DENIED_BEFORE.search(before), _DENIED_INSIDE.search(match[0]), _DENIED_AFTER.search(after)))


_LONGEST_TEXT = 5_000
"""A message of megabytes must not cost minutes; what matters stands at the beginning."""
_TERMINAL_CODE = re.compile("(?:\x1b\\[|\x9b)[0-?]{0,20}[ -/]{0,5}[@-~]")
"""A terminal's control sequence: without its first, invisible sign the rest would be part of the next word."""


def plain_text(text: str) -> str:
    """Fold every kind of white space, thin and non-breaking ones included, into single spaces; drop invisible marks.

    An umlaut is one character, however it was written.
    """
    visible = text[:_LONGEST_TEXT]
    if not visible.isprintable():
        visible = _TERMINAL_CODE.sub("", visible)
        visible = "".join(char for char in visible if char.isprintable() or char.isspace())
    return unicodedata.normalize("NFC", " ".join(visible.split()))
