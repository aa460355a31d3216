"""What the seller must be told."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AlertKind(StrEnum):
    """What an alert is about; each kind has its own words."""

    CASE_OPENED = "case_opened"
    CASE_REMINDER = "case_reminder"
    REMINDERS_STOP = "reminders_stop"
    """No more reminders come, although nobody has acknowledged the case; it says why."""
    ASK_BACK = "ask_back"
    """Somebody has the case: is it done?"""
    DIGEST = "digest"
    """One message for many that come too late."""
    REFUND_SEEN = "refund_seen"
    CASE_CLOSED = "case_closed"
    """A case has come to its end by proof."""
    STEP_DUE = "step_due"
    """The time of a step has come, and it is still open."""
    PAYOUT_OVERDUE = "payout_overdue"
    """The seller's money should be there by now."""
    NIGHT_WATCH = "night_watch"
    """The parcel is decided on this night, and the machine is likely to sleep."""
    HAND_IN_SOON = "hand_in_soon"
    """Paid orders wait, and the usual time to hand parcels in is near."""
    SHIP_BY_NEAR = "ship_by_near"
    """A paid order should leave by today or tomorrow."""
    SHIP_BY_OVER = "ship_by_over"
    """The day by which a paid order should have left is over."""
    QUESTIONS_WAIT = "questions_wait"
    """Buyers' questions have waited for longer than the seller wants."""
    SIGNS_SEEN = "signs_seen"
    """Something in an order is worth a closer look."""
    ORDER_UNKNOWN = "order_unknown"
    ORDER_MISSING = "order_missing"
    ACCOUNT_TROUBLE = "account_trouble"
    ACCOUNT_RECOVERED = "account_recovered"
    ACCOUNT_UNVERIFIED = "account_unverified"
    """Nobody knows for certain how things stand, and this has lasted: silence alarms, too."""
    SESSION_ENDING = "session_ending"
    ORDER_REINSTATED = "order_reinstated"
    """A cancellation that the page no longer shows."""
    PAGE_WORDS = "page_words"
    """A page that the seller added shows words of a cancellation, a refund or a problem."""
    MAIL_SUSPICIOUS = "mail_suspicious"
    MAILBOX_TROUBLE = "mailbox_trouble"
    """The mailbox that makes checks come is not watched, and only a human can mend it."""
    BUDGET_SPENT = "budget_spent"
    KEY_REFUSED = "key_refused"
    """A carrier's interface refuses the seller's key: parcels are no longer asked about."""
    CHANNEL_DEAD = "channel_dead"
    """A channel takes nothing; the others say so."""
    CHANNEL_BACK = "channel_back"
    SUMMARY = "summary"
    """All is well, or what is not, once a day or a week."""
    NOT_WATCHED = "not_watched"
    """The watch itself was not there."""
    STAMPS_MISSING = "stamps_missing"
    """An authority has given no time stamp for days."""
    FORGET_SOON = "forget_soon"
    """Orders whose time is over are erased by themselves in a week."""
    KEEPS_FAILING = "keeps_failing"
    """The watch, or a job of it, dies again and again."""
    WORKS_AGAIN = "works_again"
    CONFIG_REFUSED = "config_refused"
    """The config was changed, and the running watch cannot take it over."""
    TEST = "test"


class Wakes(StrEnum):
    """Why an alert breaks through quiet hours."""

    WINDOW_CLOSES = "window_closes"
    """The parcel can still be stopped, and no longer once the quiet hours are over."""
    PLACE_UNKNOWN = "place_unknown"
    """Nobody knows where the goods are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One message to the seller, before it is split up by channels.

    The key is the same for the same event and round, so that nothing is queued twice.
    """

    key: str
    kind: AlertKind
    account: str
    at: datetime
    critical: bool = False
    order: str | None = None
    case: str | None = None
    round: int = 0
    details: tuple[tuple[str, str], ...] = ()
    wakes: Wakes | None = None
    """Why it breaks through quiet hours; `None`: it waits for their end."""
