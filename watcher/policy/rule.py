"""One rule of the platform or of the law: what it says, for which payment provider, and where it matters."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from watcher.domain.confidence import Confidence
from watcher.domain.fact import Fact, Grade, Saying
from watcher.domain.step import CaseKind


class Provider(StrEnum):
    """Under which payment provider a rule was written."""

    OLD = "old"
    """Online Payment Platform (OPP)."""
    NEW = "new"
    """Adyen, with the "Kleinanzeigen Geldbeutel"."""
    BOTH = "both"


class Topic(StrEnum):
    """What a rule is about, in the order of the page."""

    SALE = "sale"
    MONEY = "money"
    PROBLEM = "problem"
    PROTECTION = "protection"
    LAW = "law"


class CountsFrom(StrEnum):
    """What a period begins with."""

    PAID = "paid"
    REPORTED = "reported"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """How long something lasts, in the unit in which the source says it: one of the two is 0."""

    hours: int = 0
    days: int = 0
    counts_from: CountsFrom

    @property
    def length(self) -> timedelta:
        """Return the length as elapsed time: a day is 24 hours."""
        return timedelta(hours=self.hours, days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as data."""

    id: str
    topic: Topic
    provider: Provider
    title: Saying
    says: Saying
    period: Period | None
    fact: Fact
    kinds: frozenset[CaseKind]
    """The kinds of cases in which it is shown."""
    steps: tuple[str, ...]
    """The steps at which it is shown."""
    unknown: bool
    """Nobody has described it publicly; the source is where it was looked for in vain."""
    replaced_by: str | None
    """The id of the rule of the new provider that says it otherwise."""

    @property
    def certainty(self) -> Confidence:
        """How far a sale of today can rely on it: nobody knows which provider handles it.

        A rule of one provider alone is at most likely; one that the new provider says otherwise, a source that nobody
        has confirmed, and a gap are unsure.
        """
        if self.unknown or self.replaced_by is not None or self.fact.confidence is Grade.UNVERIFIED:
            return Confidence.UNSURE
        is_plain = self.fact.confidence is Grade.SEEN and self.provider is Provider.BOTH
        return Confidence.CERTAIN if is_plain else Confidence.LIKELY

    def holds_for(self, provider: Provider | None) -> bool:
        """Whether the rule is one of that provider's; of an unknown provider every rule may be."""
        return provider in {None, Provider.BOTH, self.provider} or self.provider is Provider.BOTH
