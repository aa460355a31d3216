"""One sale as the dashboard shows it: where it stands, its money, its parcel, its cases, its proof."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.app.archive import Note, StoredCapture
from watcher.app.attachments import Attachment, Attachments
from watcher.app.case_book import as_tracked
from watcher.app.insights import own_attempts
from watcher.app.ports import Store
from watcher.carriers.own import carrier_here
from watcher.carriers.waiting import GoesBack, goes_back, waits_since
from watcher.domain.case import Case
from watcher.domain.hand_in_soon import waits_to_go
from watcher.domain.money import Cost, OrderMoney, money_of
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Parcel, Sighting, parcel_of
from watcher.domain.reason import CancelReason, FoundReason
from watcher.domain.ship_by import Promise, ship_by
from watcher.domain.signs import Sign
from watcher.domain.stage import Stage, has_reached
from watcher.pages.signs import SignWords, words_of
from watcher.texts.language import current
from watcher.texts.names import milestone_name, money_name, reason_name, stage_name
from watcher.web.case_view import CaseView, case_view
from watcher.web.ship_by_view import UntilView, until_view

_WAY = (Stage.REQUESTED, Stage.AWAITING_PAYMENT, Stage.PAID, Stage.SHIPPED, Stage.DELIVERED, Stage.PAID_OUT)
_ROUTE = (
    Milestone.LABEL_CREATED,
    Milestone.HANDED_IN,
    Milestone.IN_TRANSIT,
    Milestone.AT_DEPOT,
    Milestone.OUT_FOR_DELIVERY,
    Milestone.DELIVERED,
)
_MOST_NOTES, _MOST_LETTERS = 50, 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One station on a way: of the sale, or of its parcel."""

    name: str
    state: str
    """`past`, `here`, `ahead`."""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelView:
    """Where the parcel is."""

    carrier: str
    number: str | None
    url: str | None
    words: str
    at: datetime | None
    is_sure: bool
    stops: tuple[Stop, ...]
    back: GoesBack | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignView:
    """Something worth a second look."""

    sign: Sign
    words: SignWords


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonView:
    """Why the buyer cancelled, as far as it was named or found."""

    named: str | None
    found: FoundReason | None
    found_name: str | None
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleView:
    """Everything about one sale."""

    order: Order
    is_verified: bool
    stops: tuple[Stop, ...]
    money: OrderMoney
    money_words: str
    costs: tuple[Cost, ...]
    parcel: ParcelView | None
    until: UntilView | None
    """Until when the parcel should leave; `None` once it has left, or must not."""
    cases: tuple[CaseView, ...]
    reasons: dict[str, ReasonView]
    signs: tuple[SignView, ...]
    notes: tuple[Note, ...]
    """The latest ones, oldest first."""
    more_notes: int
    captures: tuple[StoredCapture, ...]
    more_captures: int
    attachments: tuple[Attachment, ...]
    mark: str
    """Changes whenever what is shown here does."""

    @property
    def open_case(self) -> CaseView | None:
        """The case that is to be dealt with."""
        return next((view for view in self.cases if view.case.is_open), None)


def sale_view(
    store: Store,
    attachments: Attachments,
    order: Order,
    *,
    base_url: str,
    state: str | None,
    is_verified: bool,
    all_notes: bool = False,
    promise: Promise | None = None,
    at: datetime,
) -> SaleView:
    """Return a sale with everything that is known of it, as of this moment."""
    catalogue, sightings = store.catalogue(), store.sightings(order.id)
    tracked = as_tracked(order, sightings, at=at)
    cases, costs = catalogue.cases_of(order.id), store.costs(order.id)
    money = money_of(order, cases, costs, now=at)
    kept = catalogue.find_captures(order=order)
    notes = store.notes(order.id)
    shown = notes if all_notes else latest_notes(notes)
    attempts = own_attempts(store) if any(case.is_open for case in cases) else {}
    return SaleView(
        order=tracked,
        is_verified=is_verified,
        stops=stage_stops(order),
        money=money,
        money_words=money_name(money.state, language=current()),
        costs=tuple(costs),
        parcel=None if order.pickup else parcel_view(tracked, sightings, state=state, at=at),
        until=_until(order, sightings, cases, promise=promise, at=at),
        cases=tuple(
            case_view(store, case, tracked, base_url=base_url, at=at, attempts=attempts) for case in cases
        ),
        reasons={case.id: _reason(case, store.found_reason(case.id)) for case in cases},
        signs=tuple(
            SignView(sign=sign, words=words_of(sign.rule, current())) for sign in store.signs(order.id)
        ),
        notes=tuple(shown),
        more_notes=len(notes) - len(shown),
        captures=kept.captures,
        more_captures=kept.found - len(kept.captures),
        attachments=tuple(attachments.of(order.id)),
        mark=mark_of(store, attachments, order),
    )


def _until(
    order: Order,
    sightings: Sequence[Sighting],
    cases: Sequence[Case],
    *,
    promise: Promise | None,
    at: datetime,
) -> UntilView | None:
    if not waits_to_go(order, cases, parcel_of(sightings, now=at)):
        return None
    return until_view(order, ship_by(order, promise), at=at)


def latest_notes(notes: Sequence[Note]) -> Sequence[Note]:
    """Return the notes that a page shows at first: the latest, as many as one can look through; one at least."""
    letters, begin = 0, len(notes)
    for index in range(len(notes) - 1, max(len(notes) - _MOST_NOTES, 0) - 1, -1):
        letters += len(notes[index].text)
        if letters > _MOST_LETTERS and begin < len(notes):
            break
        begin = index
    return notes[begin:]


def mark_of(store: Store, attachments: Attachments, order: Order) -> str:
    """Return what tells two states of a sale apart. That it was seen again unchanged is none."""
    shown = (
        order.stage,
        order.stage_at,
        order.ship_by,
        order.title,
        order.buyer,
        order.amount_cents,
        store.catalogue().cases_of(order.id),
        [sighting.milestone for sighting in store.sightings(order.id)],
        store.catalogue().find_captures(order=order).found,
        [note.at for note in store.notes(order.id)],
        [attachment.id for attachment in attachments.of(order.id)],
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def stage_stops(order: Order) -> tuple[Stop, ...]:
    """Return the stations of a sale. One that left the ordinary way stands at the last one that it reached, and says where to."""
    language, reached = current(), order.reached
    stops = []
    for index, stage in enumerate(_WAY):
        is_past = has_reached(reached, stage)
        following = _WAY[index + 1] if index + 1 < len(_WAY) else None
        is_last = is_past and (following is None or not has_reached(reached, following))
        here = is_last and order.stage.is_progress
        stops.append(
            Stop(
                name=stage_name(stage, language=language),
                state="here" if here else "past" if is_past else "ahead",
                at=order.stage_at if here else None,
            )
        )
        if is_last and not order.stage.is_progress:
            # What would have come next does not come any more.
            off = Stop(name=stage_name(order.stage, language=language), state="off", at=order.stage_at)
            return (*stops, off)
    if reached is None and not order.stage.is_progress:
        stops.insert(0, Stop(name=stage_name(order.stage, language=language), state="off", at=order.stage_at))
    return tuple(stops)


def parcel_view(
    order: Order, sightings: Sequence[Sighting], *, state: str | None, at: datetime
) -> ParcelView:
    """Return where the parcel is, on its way there and back."""
    parcel = parcel_of(sightings, now=at, carrier=order.carrier, number=order.tracking_number)
    known, language = carrier_here(parcel.carrier), current()
    since = waits_since(parcel, sightings)
    return ParcelView(
        carrier=known.name or parcel.carrier or "",
        number=parcel.number,
        url=known.tracking_url(parcel.number),
        words=milestone_name(parcel.milestone, language=language),
        at=parcel.at,
        is_sure=parcel.is_sure,
        stops=_route(parcel),
        back=None if since is None else goes_back(known, since, state=state),
    )


def _route(parcel: Parcel) -> tuple[Stop, ...]:
    language = current()
    if parcel.milestone not in _ROUTE:
        return tuple(Stop(name=milestone_name(stop, language=language), state="ahead") for stop in _ROUTE)
    here = _ROUTE.index(parcel.milestone)
    return tuple(
        Stop(
            name=milestone_name(stop, language=language),
            state="past" if index < here else "here" if index == here else "ahead",
            at=parcel.at if index == here else None,
        )
        for index, stop in enumerate(_ROUTE)
    )


def _reason(case: Case, found: FoundReason | None) -> ReasonView:
    language = current()
    named = case.reason if case.reason is not None and not case.reason_found else None
    return ReasonView(
        named=reason_name(named, language=language) if named else None,
        found=found,
        found_name=reason_name(found.reason, language=language) if found else None,
        choices=tuple((reason.value, reason_name(reason, language=language)) for reason in CancelReason),
    )
