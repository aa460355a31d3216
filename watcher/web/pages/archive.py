"""The evidence: every capture, whether the archive is as it was written, and two captures beside each other."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.app.anchor import stamp_states
from watcher.app.archive import StoredCapture, StoredFile
from watcher.app.catalogue import CapturePage
from watcher.bootstrap import House
from watcher.domain.capture import Role
from watcher.domain.order import Order
from watcher.errors import StorageError, UsageError
from watcher.texts.language import _
from watcher.web.desk import desk_of
from watcher.web.forms import Form, writes
from watcher.web.pages.orders import page_number
from watcher.web.pages.sale import known_order
from watcher.web.picture_view import PictureView, picture_view
from watcher.web.render import page

_LONGEST_TEXT = 200_000
_MOST_CHOICES = 200


def archive(request: Request) -> Response:
    """Show captures page by page, of one sale or of all."""
    desk = desk_of(request)
    wanted = request.query_params.get("order")
    with desk.house() as our:
        catalogue = our.store.catalogue()
        order = known_order(our, wanted) if wanted else None
        found = catalogue.find_captures(order=order, page=page_number(request.query_params))
        titles = _titles(our, found)
        head = our.store.ledger_head()
        stamps = stamp_states(our.store, our.config.stamped_by) if our.config.stamped_by else []
    job = desk.jobs.latest("verify")
    if request.headers.get("HX-Target") == "verify":
        return page(request, "verify_part.html", job=job)
    return page(
        request,
        "archive.html",
        found=found,
        titles=titles,
        order=order,
        head=head,
        job=job,
        stamps=stamps,
        stamping=desk.jobs.latest("stamp"),
    )


def _titles(our: House, found: CapturePage) -> dict[tuple[str, str], Order]:
    conversations = [
        (capture.account, capture.conversation) for capture in found.captures if capture.conversation
    ]
    return our.store.catalogue().titles(conversations)


def capture(request: Request) -> Response:
    """Show one capture: its pictures, what it is made of, and the page's words as text."""
    desk = desk_of(request)
    with desk.house() as our:
        known = _known(our, request.path_params["capture"])
        order = (
            our.store.catalogue()
            .titles([(known.account, known.conversation)])
            .get((known.account, known.conversation))
            if known.conversation
            else None
        )
        text = _text(our, known.files)
    pictures = [
        picture_view(desk.config.storage_dir, file)
        for file in known.files
        if file.media_type.startswith("image/") and file.role is not Role.THUMBNAIL
    ]
    return page(
        request,
        "capture.html",
        capture=known,
        order=order,
        pictures=[picture for picture in pictures if picture.role is not Role.PART],
        parts=[picture for picture in pictures if picture.role is Role.PART],
        text=text,
    )


def _text(our: House, files: tuple[StoredFile, ...]) -> str | None:
    """Return the page's words as a screen reader hears them; `None` where none were kept."""
    outline = next((file for file in files if file.role is Role.OUTLINE), None)
    if outline is None:
        return None
    try:
        return our.vault.read(outline)[:_LONGEST_TEXT].decode(errors="replace")
    except StorageError:
        return None


def _known(our: House, wanted: str) -> StoredCapture:
    found = our.store.catalogue().capture(wanted)
    if found is None:
        raise UsageError(_("There is no such capture."), advice=_("It may have been erased."))
    return found


def compare(request: Request) -> Response:
    """Show two captures of one sale beside each other, or one over the other."""
    desk = desk_of(request)
    sent = request.query_params
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
        captures = our.store.catalogue().latest_captures(order, most=_MOST_CHOICES)
    with_picture = [capture for capture in captures if _picture(capture) is not None]
    left = next((one for one in with_picture if one.id == sent.get("left")), None)
    right = next((one for one in with_picture if one.id == sent.get("right")), None)
    if len(with_picture) > 1:
        right = right or with_picture[-1]
        left = left or _one_before(right, with_picture)
    return page(
        request,
        "compare.html",
        order=order,
        captures=with_picture,
        left=left,
        right=right,
        left_picture=_shown(desk.config.storage_dir, left),
        right_picture=_shown(desk.config.storage_dir, right),
    )


def _one_before(right: StoredCapture, captures: list[StoredCapture]) -> StoredCapture:
    """Return what a capture is best compared with: the one before it of the same page, else any other."""
    others = [one for one in captures if one.id != right.id]
    before = [one for one in others if one.kind is right.kind and one.taken_at <= right.taken_at]
    return (before or others)[-1]


def _shown(storage: Path, capture: StoredCapture | None) -> PictureView | None:
    file = None if capture is None else _picture(capture)
    return None if file is None else picture_view(storage, file)


def _picture(capture: StoredCapture) -> StoredFile | None:
    return next((file for file in capture.files if file.role is Role.SCREENSHOT), None)


def verify(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Start the archive's check."""
    desk_of(request).jobs.start("archive", "verify", "--json", name="verify")
    return RedirectResponse("/archive#verify", status_code=303)


def stamp(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Have the ledger stamped now by the authorities that the config names."""
    desk_of(request).jobs.start("archive", "stamp", "--json", name="stamp")
    return RedirectResponse("/archive#stamps", status_code=303)


def forget(request: Request, form: Form) -> Response:
    """Erase a sale for good; only after its title was typed, for it cannot be undone."""
    desk = desk_of(request)
    with desk.house() as our:
        order = known_order(our, request.path_params["order"])
    wanted = (order.title or order.id).strip()
    if " ".join(form.text("sure").split()).casefold() != " ".join(wanted.split()).casefold():
        raise UsageError(
            _("Nothing was erased: what you typed is not the sale's title."),
            advice=_("Type exactly: {title}").format(title=wanted),
        )
    desk.jobs.start("archive", "forget", order.id, "--yes", "--json", name="forget", about=order.id)
    return RedirectResponse(f"/orders/{order.id}#archive", status_code=303)


def find_by_id(request: Request) -> Response:
    """Lead to the sale of a case: links of mails name cases."""
    with desk_of(request).house() as our:
        case = our.store.catalogue().case(request.path_params["case"])
    if case is None:
        raise UsageError(_("There is no such case."), advice=_("It may have been erased."))
    return RedirectResponse(f"/orders/{case.order}#{case.id}", status_code=303)


ROUTES = (
    Route("/archive", archive),
    Route("/archive/verify", writes(verify), methods=["POST"]),
    Route("/archive/stamp", writes(stamp), methods=["POST"]),
    Route("/captures/{capture}", capture),
    Route("/cases/{case}", find_by_id),
    Route("/orders/{order}/compare", compare),
    Route("/orders/{order}/forget", writes(forget), methods=["POST"]),
)
