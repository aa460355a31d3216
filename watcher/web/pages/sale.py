"""One sale: what happened, what to do, where money and parcel are, the proof; and what a person adds to it."""

import shutil
from dataclasses import dataclass
from pathlib import PurePosixPath

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.app.archive import NoteKind
from watcher.app.attach import attach as attach_file
from watcher.app.parcel_words import news_words, problem_words
from watcher.app.parcels import Tracked, take_number, take_text
from watcher.app.seller import find, write_note
from watcher.bootstrap import House, attributions, new_id, new_salt
from watcher.carriers.tracking_text import is_number
from watcher.domain.order import Order
from watcher.domain.silence import unverified_orders
from watcher.errors import UsageError
from watcher.scratch import scratch
from watcher.texts.language import _
from watcher.web.desk import Desk, desk_of
from watcher.web.forms import Form, writes
from watcher.web.render import page
from watcher.web.sale_view import mark_of, sale_view
from watcher.web.time_line import time_line

LONGEST_NOTE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed and could not be taken: it stands in its field again."""

    note: str = ""
    track: str = ""


_NOTHING = Typed()


def sale(request: Request) -> Response:
    """Show one sale."""
    return _shown(request)


def _shown(
    request: Request, *, status: int = 200, said: str = "", fault: str = "", typed: Typed = _NOTHING
) -> Response:
    """Show a sale with what came of a form; what was typed and could not be taken stands in its field again."""
    desk = desk_of(request)
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
        view = sale_view(
            our.store,
            our.store.attachments(),
            order,
            base_url=desk.config.site.base_url,
            state=desk.config.seller.state,
            is_verified=_is_verified(our, order),
            all_notes=request.query_params.get("notes") == "all",
            promise=our.promise(),
            at=desk.clock(),
        )
        thanks = attributions(our.store.sightings(order.id))
    jobs = {
        name: job
        for name in ("capture", "export", "forget")
        if (job := desk.jobs.latest(name, about=order.id)) is not None
    }
    return page(
        request,
        "sale.html",
        status=status,
        view=view,
        attributions=thanks,
        jobs=jobs,
        said=said,
        fault=fault,
        typed=typed,
        longest_note=LONGEST_NOTE,
    )


def news(request: Request) -> Response:
    """Tell an open page whether it is out of date. It is not replaced by itself: somebody may be typing in it."""
    desk = desk_of(request)
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
        mark = mark_of(our.store, our.store.attachments(), order)
    is_new = mark != request.query_params.get("seen")
    return page(request, "news.html", order=order.id, is_new=is_new)


def known_order(our: House, wanted: str) -> Order:
    """Return the order of exactly that id.

    Raises:
        UsageError: there is none.
    """
    return our.store.catalogue().order(wanted) or find(wanted, [], what="order")


def _is_verified(our: House, order: Order) -> bool:
    cases = our.store.catalogue().cases_of(order.id)
    return not unverified_orders(our.store.account(order.account), [order], cases)


def moments(request: Request) -> Response:
    """Show what happened with a sale, entry by entry."""
    desk = desk_of(request)
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
        told = time_line(our.store, desk, order)
    template = "moments_part.html" if "HX-Request" in request.headers else "moments.html"
    return page(request, template, order=order, moments=told)


def note(request: Request, form: Form) -> Response:
    """Keep a note, or a contact with the platform's support."""
    desk, text = desk_of(request), form.text("text")
    if not text:
        return _shown(request, status=422, fault=_("The note is empty."))
    if len(text) > LONGEST_NOTE:
        fault = _("The note is too long: {most} letters at most.").format(most=LONGEST_NOTE)
        return _shown(request, status=422, fault=fault, typed=Typed(note=text))
    kind = NoteKind.SUPPORT if form.text("support") else NoteKind.NOTE
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
        write_note(our.store, order.id, text, rules=our.case_rules(), clock=desk.clock, kind=kind)
    return _back(order, "?saved=note#notes")


def track(request: Request, form: Form) -> Response:
    """Take a tracking number, or what was copied from the carrier's page."""
    desk, text = desk_of(request), form.text("text")
    if not text:
        return _shown(request, status=422, fault=_("Type the number, or paste what the carrier's page says."))
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
        take = take_number if is_number(text) else take_text
        tracked: Tracked = take(our.store, order.id, text, rules=our.case_rules(), clock=desk.clock)
    if tracked.problem is not None:
        return _shown(request, status=422, fault=problem_words(tracked), typed=Typed(track=text))
    return _shown(request, said=news_words(tracked.new))


def attach(request: Request, form: Form) -> Response:
    """Add files: a photo from the phone's camera, a receipt, a mail."""
    desk = desk_of(request)
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
    files = [file for file in form.files if file.filename]
    if not files:
        return _shown(request, status=422, fault=_("Choose a file first."))
    refused = _attach(desk, order, files)
    if refused:
        return _shown(request, status=422, fault="\n".join(refused))
    return _back(order, "#attachments")


def _attach(desk: Desk, order: Order, files: list[UploadFile]) -> list[str]:
    """Add each file by itself; returns why some were refused. One that is refused keeps none of the others out."""
    refused = []
    with scratch("upload") as folder, desk.house() as our:
        for number, file in enumerate(files):
            place = folder / str(number) / (_base_name(file.filename or "") or _("file"))
            place.parent.mkdir()
            with place.open("wb") as target:
                shutil.copyfileobj(file.file, target, 1 << 20)
            try:
                attach_file(
                    our.store,
                    our.store.attachments(),
                    order,
                    place,
                    largest=desk.config.archive.largest_attachment,
                    clock=desk.clock,
                    new_id=new_id,
                    new_salt=new_salt,
                )
            except UsageError as error:
                refused.append(error.message.replace(str(place), place.name))
    return refused


def _base_name(name: str) -> str:
    """Return a file's own name, whatever path a browser sends along; never one that leads elsewhere."""
    base = PurePosixPath(name.replace("\\", "/")).name
    harmless = "".join(char for char in base if char.isprintable() and char not in '<>:"|?*').strip(". ")
    return harmless.encode()[-180:].decode(errors="ignore")


def start(request: Request, form: Form) -> Response:
    """Start a command about the sale: a fresh capture, an export."""
    desk, what = desk_of(request), request.path_params["what"]
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
    redact = ("--redact",) if form.text("redact") else ()
    support = ("--for", "support") if form.text("support") else ()
    commands = {
        "capture": ("capture", order.id, "--json"),
        "export": ("archive", "export", order.id, "--json", *redact, *support),
    }
    if what not in commands:
        raise UsageError(_("That cannot be done here."))
    desk.jobs.start(*commands[what], about=order.id, name=what)
    return _back(order, "#archive")


def _back(order: Order, rest: str = "") -> Response:
    return RedirectResponse(f"/orders/{order.id}{rest}", status_code=303)


ROUTES = (
    Route("/orders/{order}", sale),
    Route("/orders/{order}/news", news),
    Route("/orders/{order}/moments", moments),
    Route("/orders/{order}/notes", writes(note), methods=["POST"]),
    Route("/orders/{order}/track", writes(track), methods=["POST"]),
    Route("/orders/{order}/attach", writes(attach), methods=["POST"]),
    Route("/orders/{order}/start/{what}", writes(start), methods=["POST"]),
)
