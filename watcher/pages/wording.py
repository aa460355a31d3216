"""What an event type or a card's wording means, as the data files beside this module say."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from watcher.domain.confidence import Confidence
from watcher.domain.stage import Stage

_VIEWER_SUFFIX = re.compile(r"_(?:(?:BUYER|SELLER)_)?MESSAGE$")
_TYPE = re.compile(r"[A-Za-z0-9_]{1,80}")


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


def meaning_of_type(event_type: str) -> Meaning:
    """Return what a `paymentAndShippingMessageType` means.

    1. A type that a source shows is certain.
    2. The other viewer's variant of it, or a type that begins with a known root, is likely.
    3. A type with a token such as CANCEL or REFUND is likely what the token says, unsure with tokens of two kinds.
    4. Everything else is unknown, which the caller must tell and never drop.
    """
    table = _events()
    if event_type in table.seen:
        return Meaning(stage=table.seen[event_type], confidence=Confidence.CERTAIN)
    root = root_of(event_type)
    for known, stage in table.roots:
        if root == known or root.startswith(known + "_"):
            if _tokens_in(root.removeprefix(known)):
                break  # "ITEM_DELIVERED_CANCELLED" begins with a harmless root and is not harmless
            return Meaning(stage=stage, confidence=Confidence.LIKELY)
    hits = _tokens_in(root)
    if not hits:
        return UNKNOWN
    return Meaning(stage=hits[0], confidence=Confidence.LIKELY if len(hits) == 1 else Confidence.UNSURE)


def meaning_of_words(heading: str, text: str = "") -> Meaning:
    """Return what a card says: its heading decides; an unknown heading leaves it to the text, one grade less sure."""
    found = _match_phrase(heading)
    if found is not None:
        return found
    found = _match_phrase(text)
    if found is None or found.is_unknown:
        return UNKNOWN
    return Meaning(stage=found.stage, confidence=found.confidence.lowered())


def root_of(event_type: str) -> str:
    """Strip the viewer from a type: `ITEM_DELIVERED_BUYER_MESSAGE` -> `ITEM_DELIVERED`."""
    root = event_type.upper()
    while (shorter := _VIEWER_SUFFIX.sub("", root)) != root:
        root = shorter
    return root


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
    plain = plain_text(text)
    matches: Iterable[Meaning] = (meaning for pattern, meaning in _phrases() if pattern.search(plain))
    return next(iter(matches), None)


_LONGEST_TEXT = 5_000
"""Wording stands at a card's beginning; a message of megabytes must not cost minutes of pattern matching."""


def plain_text(text: str) -> str:
    """Fold every kind of white space, thin and non-breaking ones included, into single spaces; drop invisible marks."""
    visible = "".join(char for char in text[:_LONGEST_TEXT] if char.isprintable() or char.isspace())
    return " ".join(visible.split())
