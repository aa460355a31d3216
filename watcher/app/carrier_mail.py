"""A carrier's mail about a parcel that is known: what it says becomes a word about the parcel, likely at most."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from watcher.app.case_book import CaseRules
from watcher.app.parcels import learn
from watcher.app.poll_parcels import carrier_of, tell_ending
from watcher.app.ports import Store
from watcher.carriers.harmless import harmless_line
from watcher.carriers.mails.table import meaning_of_subject
from watcher.carriers.paste import Statement, read_pasted
from watcher.carriers.statuses.meaning import meaning_of
from watcher.domain.confidence import Confidence, least
from watcher.domain.mail import CarrierMail
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Parcel, Sighting, parcel_of

_LONGEST_SUBJECT = 200
_FEWEST_SIGNS = 8
"""A shorter number would be found in anything."""
_BACK = frozenset({Milestone.DELIVERED, Milestone.RETURNED})


class MailRead(StrEnum):
    """What became of a carrier's mail."""

    LEARNT = "learnt"
    KNOWN = "known"
    """It was read before."""
    NOT_OURS = "not_ours"
    """It names no parcel of an order under way, or another carrier's."""
    SEVERAL = "several"
    """It names several of them: which of them its status is about cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _About:
    order: Order
    parcel: Parcel
    is_way_back: bool


def read_carrier_mail(
    store: Store,
    mail: CarrierMail,
    *,
    rules: CaseRules,
    channels: Sequence[str],
    clock: Callable[[], datetime],
) -> MailRead:
    """Take from a carrier's mail where a parcel is; in one transaction with the case that follows it.

    1. The mail must name the tracking number of exactly one order that is under way, and come from its carrier.
    2. The subject counts, else the single status in the text. Where the two disagree, or several statuses stand there, they
       are kept as unsure, and nothing is concluded.
    3. Nothing in it makes anything more than likely. What nobody understands is kept with its subject, to be seen.
    """
    now = clock()
    found = list(_named(store, mail, now))
    if not found:
        return MailRead.NOT_OURS
    if len(found) > 1:
        return MailRead.SEVERAL
    tracked = learn(store, found[0].order, _sightings(mail, found[0], at=now), rules=rules, at=now)
    tell_ending(store, tracked, channels=channels, at=now)
    return MailRead.LEARNT if tracked.new else MailRead.KNOWN


def _named(store: Store, mail: CarrierMail, now: datetime) -> Iterator[_About]:
    whole = f"{mail.subject}\n{mail.text}".upper()
    open_cases = {case.order for case in store.open_cases()}
    for order in store.orders_under_way():
        if order.pickup or not (order.stage.is_live or order.id in open_cases):
            continue
        said = store.sightings(order.id)
        parcel = parcel_of(said, now=now, carrier=order.carrier, number=order.tracking_number)
        names_back = _names(whole, parcel.number_back)
        is_named = names_back or _names(whole, parcel.number)
        if is_named and mail.carrier in {None, carrier_of(parcel)}:
            yield _About(order=order, parcel=parcel, is_way_back=names_back)


def _names(text: str, number: str | None) -> bool:
    """Whether a text in capitals names this number; blanks and hyphens between its signs do not matter."""
    signs = [sign for sign in (number or "").upper() if sign.isalnum()]
    if len(signs) < _FEWEST_SIGNS:
        return False
    spelt = r"[ \u00a0\u202f.-]?".join(map(re.escape, signs))
    return re.search(rf"(?<![0-9A-Z]){spelt}(?![0-9A-Z])", text) is not None


def _sightings(mail: CarrierMail, about: _About, *, at: datetime) -> tuple[Sighting, ...]:
    carrier = mail.carrier or carrier_of(about.parcel)
    subject = harmless_line(mail.subject, limit=_LONGEST_SUBJECT)
    headed = meaning_of_subject(subject, carrier=carrier or "") or meaning_of(subject, carrier=carrier)
    told = _told(mail, about, carrier)
    body = {statement.milestone for statement in told}
    if headed.milestone is Milestone.UNKNOWN or (headed.confidence is Confidence.UNSURE and told):
        several = len(body) > 1 and any(statement.at is None for statement in told)
        return tuple(_sighting(about, each, mail, at=at, unsure=several) for each in told) or (
            _unread(about, subject, mail, at=at),
        )
    disagrees = bool(body - {headed.milestone})
    said = Statement(
        milestone=headed.milestone, words=subject, confidence=headed.confidence, at_shop=headed.at_shop
    )
    return (_sighting(about, said, mail, at=at, unsure=disagrees),)


def _told(mail: CarrierMail, about: _About, carrier: str | None) -> list[Statement]:
    """Return the statuses in the text that are known, and not those of another parcel."""
    numbers = {about.parcel.number, about.parcel.number_back}
    return [
        statement
        for statement in read_pasted(mail.text, carrier=carrier, now=mail.at).statements
        if statement.milestone is not Milestone.UNKNOWN
        and (not statement.numbers or statement.numbers & numbers)
    ]


def _sighting(about: _About, said: Statement, mail: CarrierMail, *, at: datetime, unsure: bool) -> Sighting:
    milestone = said.milestone
    if about.is_way_back:
        milestone = Milestone.RETURNED if milestone in _BACK else Milestone.RETURNING
    limit = Confidence.UNSURE if unsure else Confidence.LIKELY
    return Sighting(
        order=about.order.id,
        milestone=milestone,
        at=said.at or mail.at,
        learnt_at=at,
        origin=Origin.MAIL,
        confidence=least((said.confidence, limit)),
        at_shop=said.at_shop,
        words=said.words,
    )


def _unread(about: _About, subject: str, mail: CarrierMail, *, at: datetime) -> Sighting:
    return Sighting(
        order=about.order.id,
        milestone=Milestone.UNKNOWN,
        at=mail.at,
        learnt_at=at,
        origin=Origin.MAIL,
        confidence=Confidence.UNSURE,
        words=subject,
    )
