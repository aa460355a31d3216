"""What is known of a closed case, for a look back on it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from watcher.app.ports import Store
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.look_back import CaseFacts
from watcher.domain.order import Order
from watcher.domain.parcel import Sighting
from watcher.domain.past_sale import HANDED_IN, Cancellation, ParcelEnd, cancellation_of, parcel_end
from watcher.domain.playbook import ASKS
from watcher.domain.signs import Sign
from watcher.domain.step import CaseKind
from watcher.texts.language import current
from watcher.texts.look_back import LookBack, look_back

_NO_PARCEL_LEFT = frozenset({CaseKind.BEFORE_SHIPMENT, CaseKind.UNCLEAR})


def look_back_on(store: Store, order: Order, case: Case) -> LookBack | None:
    """Return what would have helped in a closed case, in the language in force; `None` while it is open."""
    return None if case.is_open else look_back(facts_of(store, order, case), language=current())


def facts_of(store: Store, order: Order, case: Case) -> CaseFacts:
    """Return what is known of a case, from what is remembered."""
    sightings = store.sightings(order.id)
    told = cancellation_of(
        order,
        case,
        found=store.found_reason(case.id),
        sightings=sightings,
        costs=store.costs(order.id),
    )
    gone = None if order.pickup else min((each.at for each in sightings if _is_gone(each)), default=None)
    ended_by = min(filter(None, (gone, case.opened_at)))
    tried_at = [step.done_at for step in case.steps if step.id in told.asks and step.done_at is not None]
    waits_from, around = order.paid_at or order.made_at, store.past_sales().background(order)
    price, liability = order.amount_cents, order.liability_cents
    return CaseFacts(
        goods=told.goods,
        reason=told.named or told.found,
        waited=None if waits_from is None or order.pickup else max(ended_by - waits_from, timedelta()),
        after_ship_by=not order.pickup and order.ship_by is not None and ended_by > order.ship_by,
        findings=around.findings,
        answered_in=around.answered_in,
        handed_in_after=gone is not None and gone > case.opened_at,
        first_try=max(min(tried_at) - case.opened_at, timedelta()) if tried_at else None,
        tried=bool(told.asks) or _fell_away(case),
        came_back=parcel_end(case, sightings) is ParcelEnd.CAME_BACK,
        own_costs=told.own_costs_cents > 0,
        under_insured=not order.pickup and price is not None and liability is not None and liability < price,
        without_number=_is_without_number(order, told, sightings),
        without_own_files=order.forgotten_at is None and not store.attachments().of(order.id),
        signs=_was_warned(store.signs(order.id), by=_left_at(sightings, case)),
    )


def _is_gone(sighting: Sighting) -> bool:
    return sighting.milestone in HANDED_IN and sighting.confidence is Confidence.CERTAIN


def _left_at(sightings: list[Sighting], case: Case) -> datetime:
    """Return when the parcel left, as well as it is known; else when the cancellation came."""
    left = (sighting.at for sighting in sightings if sighting.milestone in HANDED_IN)
    return min((*left, case.opened_at))


def _was_warned(signs: Iterable[Sign], *, by: datetime) -> bool:
    """Whether something was worth a look while there was still time for it: what came with the cancellation helped nobody."""
    return any(sign.at is not None and sign.at < by for sign in signs)


def _fell_away(case: Case) -> bool:
    """Whether the attempts were taken off the list by what happened to the parcel: then nobody left them undone."""
    asked_for = [step for step in case.steps if step.id in ASKS]
    return not asked_for


def _is_without_number(order: Order, told: Cancellation, sightings: list[Sighting]) -> bool:
    """Whether a parcel left of which nobody knows a number; of a forgotten order nobody knows any more."""
    if order.pickup or order.forgotten_at is not None or told.goods in _NO_PARCEL_LEFT:
        return False
    return not order.tracking_number and not any(sighting.number for sighting in sightings)
