"""One rule about an ad: what it looks for, what it says when it finds that, and where the tip comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from watcher.domain.confidence import Confidence
from watcher.domain.fact import Fact, Saying
from watcher.listings.phrases import NO_PHRASES, Phrases


class Topic(StrEnum):
    """What a rule is about, in the order in which a seller writes an ad."""

    TITLE = "title"
    TEXT = "text"
    PHOTOS = "photos"
    PRICE = "price"
    SHIPPING = "shipping"
    TERMS = "terms"
    AGE = "age"
    OWN = "own"
    """The user's own rules."""


class Check(StrEnum):
    """What a rule looks for."""

    LACKS = "lacks"
    """None of the words in `needs` stands in the ad."""
    HAS = "has"
    """One of the words in `never` stands in the ad, and nothing denies it."""
    TITLE_WORDS = "title_words"
    """The title has fewer words than `limit`."""
    TEXT_EMPTY = "text_empty"
    TEXT_WORDS = "text_words"
    """The description has words, but fewer than `limit`."""
    NOT_NEW = "not_new"
    """The list says new, and the text has one of the words in `never`, which nothing denies."""
    NO_PHOTO = "no_photo"
    PHOTO_COUNT = "photo_count"
    """There are photos, but fewer than `limit`."""
    PHOTO_SIZE = "photo_size"
    """The longer side of a photo has fewer pixels than `limit`."""
    PHOTO_DARK = "photo_dark"
    """A photo's mean brightness, from 0 to 1, is below `limit`."""
    PHOTO_BLURRED = "photo_blurred"
    """A photo's sharpness is below `limit`."""
    PHOTO_TWICE = "photo_twice"
    """The fingerprints of two photos differ in no more bits than `limit`."""
    PHOTO_BROKEN = "photo_broken"
    NO_PRICE = "no_price"
    SHIPPING_UNSET = "shipping_unset"
    """The ad says nothing about shipping, and the text neither."""
    SHIPPING_IN_TEXT = "shipping_in_text"
    """Only the text offers shipping."""
    PICKUP_IN_TEXT = "pickup_in_text"
    """The ad offers shipping, the text does not."""
    PICKUP_ONLY = "pickup_only"
    SHIPPING_NO_PRICE = "shipping_no_price"
    SHIPPING_DEAR = "shipping_dear"
    """Shipping costs at least `limit` times what the thing costs."""
    UNTRACKED = "untracked"
    TOO_HEAVY = "too_heavy"
    """The text names a weight, and no chosen option carries it."""
    TOO_LONG = "too_long"
    """The text names a length of at least `limit` centimetres, and shipping options are chosen."""
    AGE_DAYS = "age_days"
    """The ad is older than `limit` days."""


class Kind(StrEnum):
    """What kind of ad it is."""

    OFFER = "offer"
    GIVE_AWAY = "give_away"
    WANTED = "wanted"


class Unless(StrEnum):
    """What makes a rule pointless."""

    PICKUP = "pickup"
    """Nothing is shipped."""
    DIRECT = "direct"
    """"Direkt kaufen": whoever buys pays at once."""
    NEW = "new"
    """The list says that the thing is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as data."""

    id: str
    tip: int | None
    """Which of the seven tips it serves; `None` for a rule of the user's own."""
    topic: Topic
    check: Check
    says: Saying
    """What was found; `{}` names are filled by the check."""
    why: Saying
    better: Saying
    """An example of better words, or what else helps; may be empty in a rule of the user's own."""
    is_wording: bool
    """Whether `better` is a text for the ad, to be copied."""
    certainty: Confidence
    fact: Fact | None
    """Where it comes from; `None` for a rule of the user's own."""
    limit: float | None = None
    likely_limit: float | None = None
    """Beyond this the finding is likely, whatever `certainty` says."""
    needs: Phrases = NO_PHRASES
    attributes: tuple[str, ...] = ()
    """Choices from lists whose being made says what is needed: `Zustand`."""
    never: Phrases = NO_PHRASES
    only_for: Phrases = NO_PHRASES
    """Things, by title and category, for which alone it makes sense; empty: for all."""
    not_for: Phrases = NO_PHRASES
    surer_for: Phrases = NO_PHRASES
    """Things for which the finding is likely, whatever `certainty` says."""
    kinds: frozenset[Kind] = frozenset({Kind.OFFER, Kind.GIVE_AWAY})
    unless: frozenset[Unless] = frozenset()

    @property
    def reads_words(self) -> bool:
        """Whether it needs to understand the language of the ad."""
        return self.check in _READS_WORDS and self.tip is not None


_READS_WORDS = {
    Check.LACKS,
    Check.HAS,
    Check.NOT_NEW,
    Check.SHIPPING_UNSET,
    Check.SHIPPING_IN_TEXT,
    Check.PICKUP_IN_TEXT,
    Check.PICKUP_ONLY,
    Check.TOO_HEAVY,
    Check.TOO_LONG,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """One of the seven tips against cancellations."""

    number: int
    title: Saying
    unseen: Saying
    """Why no rule looks for it, where none does."""
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule found in one ad."""

    rule: Rule
    certainty: Confidence
    filling: Mapping[str, str] = field(default_factory=dict)
    """What stands in the places of the rule's words: numbers of photos, days."""

    def what(self, language: Literal["de", "en"]) -> str:
        """Return what was found, in words."""
        said = self.rule.says.said(language)
        for name, value in self.filling.items():
            said = said.replace(f"{{{name}}}", value)
        return said
