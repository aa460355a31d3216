"""What a letter is written from, and the small phrases that every letter needs."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from urllib.parse import urlsplit

from watcher.carriers.knowledge import OTHER, Carrier
from watcher.carriers.own import carrier_here
from watcher.domain.account import Account
from watcher.domain.alert import Alert, Wakes
from watcher.domain.case import Case
from watcher.domain.look_back import CaseFacts
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.question import Question
from watcher.domain.reason import FoundReason
from watcher.domain.ship_by import ShipBy
from watcher.domain.signs import Sign
from watcher.domain.summary import Summary
from watcher.postman.letter_view import LinkView
from watcher.postman.letter_words import said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import BERLIN, moment, money
from watcher.texts.playbook import Subject

_TITLE_IN_SUBJECT = 40
"""A lock screen shows little more than that, and the deadline must fit behind it."""
_SHORT_NAME = 3
"""Carriers with names of up to three letters (DPD, GLS, UPS) write them in capitals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """Everything a letter is written from, as it is known when the letter is written."""

    alert: Alert
    order: Order | None
    case: Case | None
    picture: bytes | None
    """A PNG of the page; other bytes are left out."""
    picture_taken_at: datetime | None
    account: str
    conversation_url: str | None
    base_url: str
    ledger_head: str | None
    now: datetime
    repeat: bool
    outcome: Outcome | None
    cause: Cause | None = None
    """What exactly stood in the way."""
    remembered: Account | None = None
    """What is remembered of the account."""
    unverified: tuple[Order, ...] = ()
    """Live orders that nobody has seen for certain of late, the one first that was not seen longest."""
    waiting: tuple[Order, ...] = ()
    """Paid orders that wait to be handed in, the most urgent first."""
    ship_dates: Mapping[str, ShipBy] = field(default_factory=dict)
    """Until when orders should leave, by their ids, where somebody says so."""
    questions: tuple[Question, ...] = ()
    """Questions of buyers that the alert names and that still wait, the oldest first."""
    platform: str = ""
    """What the machine is: `linux`, `mac`, `windows`."""
    signs: tuple[Sign, ...] = ()
    """What is worth a closer look about the order."""
    found: FoundReason | None = None
    """The reason that a rule found in the chat; the seller's own word stands in the case."""
    reply_token: str | None = None
    """What an answer to this message carries; `None`: it cannot be answered."""
    answered_by_mail: bool = False
    """Whether a reply to the message as a mail is such an answer."""
    case_facts: CaseFacts | None = None
    """What is known of a closed case, for a look back on it."""
    summary: Summary | None = None
    orders: tuple[Order, ...] = ()
    """The orders that a digest or a summary's open steps speak of."""
    late: bool = False
    """Whether it comes after its usefulness."""
    woke: Wakes | None = None
    """Why it comes within quiet hours."""
    tz: tzinfo = field(default=BERLIN)

    @property
    def is_answered_by_mail(self) -> bool:
        """Whether it may say that a reply is enough."""
        return self.answered_by_mail and self.reply_token is not None

    def detail(self, name: str) -> str | None:
        """Return what the alert says of itself under that name; `None` when it says nothing."""
        return next((value for key, value in self.alert.details if key == name and value), None)

    def moment_of(self, name: str) -> datetime | None:
        """Return a moment that the alert names; `None` when it names none that can be understood."""
        try:
            at = datetime.fromisoformat(self.detail(name) or "")
        except ValueError:
            return None
        return at if at.tzinfo else None


def carrier_of(order: Order | None) -> Carrier:
    """Return what is known about the order's carrier, with the seller's own entries."""
    return carrier_here(order.carrier if order else None)


def carrier_name(order: Order | None) -> str | None:
    """Return what to call the order's carrier; `None` where the page names none."""
    known = carrier_of(order)
    if known.id != OTHER:
        return known.name
    name = one_line(order.carrier) if order and order.carrier else ""
    if not name or name.casefold() == OTHER:
        return None
    return name.upper() if len(name) <= _SHORT_NAME else name


def subject_of(order: Order | None, case: Case | None, *, tz: tzinfo = BERLIN) -> Subject:
    """Return what the ready-made texts are filled with."""
    whole = Subject(kind=case.kind if case else None, cancelled_at=case.opened_at if case else None, tz=tz)
    if order is None:
        return whole
    return replace(
        whole,
        order=order.id,
        conversation=order.conversation,
        title=order.title,
        buyer=order.buyer,
        ad_id=order.ad_id,
        transaction=", ".join(sorted(order.deal_ids)) or None,
        amount_cents=order.amount_cents,
        carrier=carrier_of(order).id,
        carrier_name=carrier_name(order),
        tracking_number=order.tracking_number,
    )


def item(order: Order | None, *, language: Language) -> str:
    """Return `Friteuse (45,00 €)`, short enough for a subject line."""
    title = one_line(order.title, limit=_TITLE_IN_SUBJECT) if order and order.title else ""
    cents = order.amount_cents if order else None
    shown = title or {"de": "ein Verkauf", "en": "a sale"}[language]
    return shown if cents is None else f"{shown} ({money(cents, language=language)})"


def when(at: datetime, facts: LetterFacts, *, language: Language) -> str:
    """Return day and time, with the year if it is not the present one."""
    return moment(at, language=language, tz=facts.tz, now=facts.now)


def rows(facts: LetterFacts, given: Mapping[str, str], *, language: Language) -> tuple[tuple[str, str], ...]:
    """Return the table at the top: what is known of the order, then what is given, by the label's name."""
    order = facts.order
    known: dict[str, str | None] = {}
    if order is not None:
        parcel = " ".join(filter(None, (carrier_name(order), order.tracking_number)))
        known = {
            "item": order.title,
            "amount": None if order.amount_cents is None else money(order.amount_cents, language=language),
            "buyer": order.buyer,
            "parcel": None if order.pickup else parcel,
        }
    lines = ((name, one_line(value or "", limit=200)) for name, value in {**known, **given}.items())
    return tuple((said(f"label.{name}", language=language), value) for name, value in lines if value)


def links(facts: LetterFacts, *, language: Language) -> tuple[LinkView, ...]:
    """Return where to look closer; the thread comes first, the site where there is no thread."""
    thread = facts.conversation_url
    found: list[tuple[str, str | None]] = [
        ("open_thread", thread) if thread else ("open_site", facts.base_url)
    ]
    if facts.order and not facts.order.pickup:
        found.append(("track", carrier_of(facts.order).tracking_url(facts.order.tracking_number)))
    return tuple(
        LinkView(label=said(f"label.{name}", language=language), url=url)
        for name, url in found
        if url and is_web_address(url)
    )


def is_web_address(url: str) -> bool:
    """Whether a link may lead there: http or https, one host, no blanks or controls."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    whole = one_line(url, limit=len(url)) == url and " " not in url
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and whole


def command(*words: str) -> str:
    """Return a command line that a shell reads as exactly these words."""
    return " ".join(("stornowacht", *(shlex.quote(one_line(word)) for word in words)))
