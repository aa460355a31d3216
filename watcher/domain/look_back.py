"""A look back on one closed case: which of its own facts point to something that would have helped, or may help next time."""

from dataclasses import dataclass
from datetime import timedelta

from watcher.domain.reason import CancelReason
from watcher.domain.step import CaseKind

MOST = 3
"""More than three suggestions are a sermon, and nobody follows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What is known of a closed case. `None` and `False` mean that it is not known, and then no rule speaks."""

    goods: CaseKind
    """Where the goods were when the cancellation came."""
    reason: CancelReason | None = None
    """The seller's word, else what was found in the chat."""
    waited: timedelta | None = None
    """From the payment, else the deal, to the hand-in, or to the cancellation where that came first."""
    after_ship_by: bool = False
    """By then the day was over that the page names for shipping."""
    findings: frozenset[str] = frozenset()
    """The rules that found something in the ad when it was last read."""
    answered_in: timedelta | None = None
    """How long the seller took to answer in the conversation: the median."""
    handed_in_after: bool = False
    """The parcel was handed in although the sale was off already."""
    first_try: timedelta | None = None
    """From the cancellation to the first attempt to get the parcel back."""
    tried: bool = False
    came_back: bool = False
    own_costs: bool = False
    """The seller paid something besides."""
    under_insured: bool = False
    """The carrier was liable for less than the price."""
    without_number: bool = False
    """The parcel left without a tracking number that anybody knows of."""
    without_own_files: bool = False
    """The seller had added no photo, receipt or other file of his own."""
    signs: bool = False
    """Something in the chat was worth a second look, before the parcel left or the cancellation came."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookBackRule:
    """When a suggestion fits: all of what it names must hold; what it leaves out does not matter."""

    id: str
    reasons: frozenset[CancelReason] = frozenset()
    unless_reasons: frozenset[CancelReason] = frozenset()
    """Not where one of these is known: another suggestion says it better."""
    goods: frozenset[CaseKind] = frozenset()
    findings: frozenset[str] = frozenset()
    """One of these was found in the ad."""
    unless_findings: frozenset[str] = frozenset()
    """Not where one of these was found: another suggestion says it better."""
    answered_hours: int | None = None
    """The answers took at least so long."""
    waited_days: int | None = None
    """At least so many days."""
    first_try_hours: int | None = None
    """The first attempt came later than that."""
    flags: frozenset[str] = frozenset()
    """Names of yes-or-no facts that must hold; with "not_" before them, that must not."""
    no_reason: bool = False
    """Only where no reason is known."""

    def fits(self, facts: CaseFacts) -> bool:
        """Whether the facts point to this suggestion."""
        days, hours, answered = self.waited_days, self.first_try_hours, self.answered_hours
        return (
            (not self.reasons or facts.reason in self.reasons)
            and facts.reason not in self.unless_reasons
            and (not self.goods or facts.goods in self.goods)
            and (not self.no_reason or facts.reason in {None, CancelReason.NONE_GIVEN})
            and (not self.findings or not self.findings.isdisjoint(facts.findings))
            and self.unless_findings.isdisjoint(facts.findings)
            and (answered is None or _at_least(facts.answered_in, timedelta(hours=answered)))
            and (days is None or _at_least(facts.waited, timedelta(days=days)))
            and (hours is None or _at_least(facts.first_try, timedelta(hours=hours)))
            and all(_holds(facts, flag) for flag in self.flags)
        )


FLAGS = frozenset(
    {
        "handed_in_after",
        "after_ship_by",
        "tried",
        "came_back",
        "own_costs",
        "under_insured",
        "without_number",
        "without_own_files",
        "signs",
    }
)
"""The yes-or-no facts that a rule may name."""


def suggestions(rules: tuple[LookBackRule, ...], facts: CaseFacts) -> tuple[LookBackRule, ...]:
    """Return the suggestions that the case's own facts point to, in the order of the rules; at most three, often none."""
    return tuple(rule for rule in rules if rule.fits(facts))[:MOST]


def _at_least(span: timedelta | None, least: timedelta) -> bool:
    return span is not None and span >= least


def _holds(facts: CaseFacts, flag: str) -> bool:
    name = flag.removeprefix("not_")
    holds: bool = getattr(facts, name)
    return holds is not flag.startswith("not_")
