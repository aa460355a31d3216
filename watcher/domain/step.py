"""One thing for the seller to do within a case, and what holds for such a step in every case."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import StrEnum

from watcher.domain.budget import BERLIN
from watcher.domain.confidence import Confidence


class CaseKind(StrEnum):
    """Where the goods were when the cancellation came: it decides what is urgent."""

    BEFORE_SHIPMENT = "before_shipment"
    IN_TRANSIT = "in_transit"
    AFTER_DELIVERY = "after_delivery"
    UNCLEAR = "unclear"
    DISPUTED = "disputed"


class GetsDone(StrEnum):
    """How a step comes to be done."""

    BY_HAND = "by_hand"
    BY_ITSELF = "by_itself"
    """The next check, or the next word about the parcel, sees it; the seller may mark it, too."""


class Bears(StrEnum):
    """Whose money a step costs."""

    NOBODY = "nobody"
    SELLER = "seller"
    UNKNOWN = "unknown"
    """Nobody has said, or it depends: ask before you agree."""


class Because(StrEnum):
    """Why an open step was dropped."""

    DELIVERED = "delivered"
    LOADED = "loaded"
    WAITS_AT_PICKUP = "waits_at_pickup"
    ON_ITS_WAY_BACK = "on_its_way_back"
    BACK = "back"
    ANSWERED = "answered"
    """The seller's own answer made it moot."""
    SETTLED = "settled"
    """The case has ended by proof."""
    CLOSED = "closed"
    """The seller closed the case."""
    OVERTAKEN = "overtaken"


class Standing(StrEnum):
    """How a step stands within its case: what every list of steps goes by."""

    NEXT = "next"
    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
    LEFT = "left"
    """Optional, and not taken when the case was closed: it may still be, but nobody waits for it, and no time holds."""
    MOOT = "moot"
    """Open when the case was closed, and nobody's any more: an answer that nobody gave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """What holds for a step in every case."""

    gets_done: GetsDone = GetsDone.BY_HAND
    bears: Bears = Bears.NOBODY
    optional: bool = False
    """Worth doing; but the case does not wait for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of one case. Its words live in the texts, under its id."""

    id: str
    due_at: datetime | None = None
    urgent: bool = False
    certainty: Confidence = Confidence.CERTAIN
    """How sure the due time is."""
    moves_to: CaseKind | None = None
    """Set for an *answer*: marking it says where the goods are, or what the seller wants, and the case becomes one of
    that kind."""
    done_at: datetime | None = None
    done_by: str | None = None
    """`seller`, or `seen` when a check saw it done; `dropped` when new facts made it moot."""
    because: Because | None = None
    """Why it was dropped."""

    @property
    def is_open(self) -> bool:
        """Whether it is neither done nor dropped."""
        return self.done_at is None

    @property
    def is_task(self) -> bool:
        """Whether the case waits for it: an answer need not be given, an optional step not be taken."""
        return self.moves_to is None and not self.rule.optional

    @property
    def rule(self) -> StepRule:
        """What holds for it in every case."""
        return rule_of(self.id)

    def dropped(self, *, at: datetime, because: Because) -> "Step":
        """Return the step as one that is no longer needed; a done one stays done."""
        if not self.is_open:
            return self
        return replace(self, done_at=at, done_by="dropped", because=because)


_BY_ITSELF = GetsDone.BY_ITSELF
RULES: Mapping[str, StepRule] = {
    "do_not_hand_in": StepRule(),
    "keep_item": StepRule(),
    "ask_buyer": StepRule(),
    "ask_buyer_to_refuse": StepRule(bears=Bears.UNKNOWN),
    "ask_buyer_at_door": StepRule(bears=Bears.UNKNOWN),
    "ask_buyer_not_to_collect": StepRule(bears=Bears.UNKNOWN),
    "ask_buyer_no_second_try": StepRule(bears=Bears.UNKNOWN),
    "fetch_from_shop": StepRule(),
    "ask_carrier": StepRule(bears=Bears.UNKNOWN),
    "request_shows": StepRule(gets_done=_BY_ITSELF),
    "look_at_tracking": StepRule(),
    "look_at_exception": StepRule(),
    "tell_support": StepRule(),
    "follow_up_support": StepRule(),
    "keep_proof": StepRule(),
    "parcel_back": StepRule(gets_done=_BY_ITSELF, bears=Bears.UNKNOWN),
    "goods_back": StepRule(gets_done=_BY_ITSELF, bears=Bears.UNKNOWN),
    "inspect_goods": StepRule(),
    "refund_seen": StepRule(gets_done=_BY_ITSELF),
    "ask_about_refund": StepRule(),
    "outcome_seen": StepRule(gets_done=_BY_ITSELF),
    "relist": StepRule(optional=True),
    "name_reason": StepRule(optional=True),
    "answer_problem": StepRule(),
    "agree_or_escalate": StepRule(),
    "report_fraud": StepRule(),
    "stop_talking": StepRule(),
    "stay_silent": StepRule(),
    "report_to_police": StepRule(),
    "handed_in": StepRule(),
    "under_way": StepRule(),
    "still_at_home": StepRule(),
    "with_buyer": StepRule(),
    "agree": StepRule(bears=Bears.UNKNOWN),
    "insist": StepRule(),
}
"""Every step that a playbook can plan."""
_ANY = StepRule()


def rule_of(step_id: str) -> StepRule:
    """Return what holds for a step; one of another version is done by hand."""
    return RULES.get(step_id, _ANY)


_DAY_BEGINS, _DAY_ENDS = time(8), time(21)
_NEXT_MORNING, _EVENING_BEFORE = time(9), time(20)


def is_by_day(at: datetime) -> bool:
    """Whether a moment lies outside the German night."""
    return by_day(at) == at


def by_day(at: datetime) -> datetime:
    """Return the moment, or the morning after it when it falls into a German night: what can wait wakes nobody."""
    local = at.astimezone(BERLIN)
    if _DAY_BEGINS <= local.time() < _DAY_ENDS:
        return at
    day = local.date() if local.time() < _DAY_BEGINS else local.date() + timedelta(days=1)
    return datetime.combine(day, _NEXT_MORNING, BERLIN).astimezone(at.tzinfo)


def before_night(at: datetime) -> datetime:
    """Return the moment, or the evening before it when it falls into a German night: while somebody is still up."""
    local = at.astimezone(BERLIN)
    if _DAY_BEGINS <= local.time() < _DAY_ENDS:
        return at
    day = local.date() if local.time() >= _DAY_ENDS else local.date() - timedelta(days=1)
    return datetime.combine(day, _EVENING_BEFORE, BERLIN).astimezone(at.tzinfo)
