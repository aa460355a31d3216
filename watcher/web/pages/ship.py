"""May this parcel go? One large answer per sale that is about to be handed in, readable in the queue at the counter."""

from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.app.catalogue import OrderQuery
from watcher.app.hand_in_words import before_you_go, headline, why_words
from watcher.app.parcels import hand_in
from watcher.app.ship_by import ship_dates
from watcher.bootstrap import House
from watcher.domain.hand_in import Answer, Verdict, Why, known_to_be_off
from watcher.domain.order import Order
from watcher.domain.parcel import Origin, parcel_of
from watcher.domain.ship_by import ShipBy, most_urgent_first
from watcher.domain.stage import Stage
from watcher.web.desk import Desk, desk_of
from watcher.web.forms import Form, writes
from watcher.web.jobs import Job
from watcher.web.pages.sale import known_order
from watcher.web.render import page
from watcher.web.ship_by_view import UntilView, until_view

_COUNTED = 15
"""Minutes for which an answer counts; a buyer may cancel on the way to the counter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """One parcel that is about to go."""

    order: Order
    job: Job | None
    """The look that was asked for."""
    answer: str | None = None
    """`yes`, `no`, `unsure`; `None` until somebody has looked."""
    headline: str = ""
    why: str = ""
    mind: tuple[str, ...] = ()
    fault: str = ""
    at: datetime | None = None
    is_old: bool = False
    handed_in_at: datetime | None = None
    until: UntilView | None = None
    """Until when it should leave, and since when it waits; `None` once it has left."""


def ship(request: Request) -> Response:
    """Show every parcel that waits to go, and what is known of whether it may."""
    desk = desk_of(request)
    with desk.house() as our:
        paid, at = _waiting(our), desk.clock()
        dates = ship_dates(paid, our.promise())
        waiting = [
            _dated(_going(our, desk, order), dates.get(order.id), at=at)
            for order in most_urgent_first(paid, dates)
        ]
    template = "ship_part.html" if "HX-Request" in request.headers else "ship.html"
    is_running = any(going.job is not None and going.job.is_running for going in waiting)
    return page(request, template, waiting=waiting, before=before_you_go(), is_running=is_running)


def _waiting(our: House) -> list[Order]:
    """Return every paid sale with a parcel: one that is left out would look like one that need not go."""
    catalogue = our.store.catalogue()
    first = catalogue.find_orders(OrderQuery(stage=Stage.PAID))
    further = (
        catalogue.find_orders(OrderQuery(stage=Stage.PAID, page=number))
        for number in range(2, first.pages + 1)
    )
    paid = [order for page in (first, *further) for order in page.orders]
    return [order for order in paid if not order.pickup]


def _dated(going: Going, until: ShipBy | None, *, at: datetime) -> Going:
    """Return it with the day by which it should leave, unless it has left, or must not go."""
    if going.handed_in_at is not None or going.answer == Answer.NO:
        return going
    return replace(going, until=until_view(going.order, until, at=at))


def _going(our: House, desk: Desk, order: Order) -> Going:
    job = desk.jobs.latest("ship", about=order.id)
    sightings = [each for each in our.store.sightings(order.id) if each.origin is not Origin.PAGE]
    parcel = parcel_of(sightings, now=desk.clock(), carrier=order.carrier, number=order.tracking_number)
    case = next((case for case in our.store.catalogue().cases_of(order.id) if case.is_open), None)
    off = known_to_be_off(order, case)
    verdict, fault = (None, "") if job is None or job.is_running else _verdict(job)
    if off is not None and (verdict is None or verdict.answer is not Answer.NO):
        verdict = Verdict(answer=Answer.NO, why=off)  # it needs no look to be known
    if verdict is None:
        return Going(order=order, job=job, fault=fault, handed_in_at=parcel.handed_in_at)
    at = job.ended_at if job is not None else None
    age = None if at is None else (desk.clock() - at).total_seconds() / 60
    return Going(
        order=order,
        job=job,
        answer=verdict.answer.value,
        headline=headline(verdict, handed_in=parcel.handed_in_at is not None),
        why=why_words(verdict.why),
        mind=tuple(map(why_words, verdict.mind)),
        fault=fault,
        at=at,
        is_old=age is not None and age > _COUNTED,
        handed_in_at=parcel.handed_in_at,
    )


def _verdict(job: Job) -> tuple[Verdict | None, str]:
    """Return what the `ship` command has answered, or why it has not."""
    told = job.result
    try:
        verdict = Verdict(
            answer=Answer(told["answer"]), why=Why(told["why"]), mind=tuple(map(Why, told["mind"]))
        )
    except (TypeError, KeyError, ValueError):
        return None, job.words
    return verdict, str(told.get("fault") or "")


def look(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Look afresh at one sale, as `stornowacht ship` does."""
    desk = desk_of(request)
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
    desk.jobs.start("ship", order.id, "--json", name="ship", about=order.id)
    return RedirectResponse(f"/ship#{order.id}", status_code=303)


def handed_in(request: Request, form: Form) -> Response:
    """Write down that a parcel was handed in, with the number on its receipt where it has one."""
    desk = desk_of(request)
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
        hand_in(
            our.store, order.id, number=form.text("number") or None, rules=our.case_rules(), clock=desk.clock
        )
    return RedirectResponse(f"/orders/{order.id}?saved=receipt#attachments", status_code=303)


ROUTES = (
    Route("/ship", ship),
    Route("/ship/{order}", writes(look), methods=["POST"]),
    Route("/ship/{order}/handed-in", writes(handed_in), methods=["POST"]),
)
