"""What a person does with a case: take it on, put it off, mark a step, name the reason, close it.

Everything goes through the same use cases as the command line, and ends where the person was.
"""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.app.seller import acknowledge, close_case, find, mark_done, name_reason
from watcher.domain.case import Case
from watcher.domain.reason import CancelReason
from watcher.durations import parse_duration
from watcher.errors import UsageError
from watcher.texts.language import _
from watcher.web.desk import desk_of
from watcher.web.forms import Form, writes

WAY = "dashboard"
LONGEST_SNOOZE = timedelta(days=7)


def ack(request: Request, form: Form) -> Response:
    """Take a case on: the reminders stop. Twice is once."""
    desk, case = desk_of(request), request.path_params["case"]
    with desk.house() as our:
        found = acknowledge(our.store, _known(our.store.cases(), case), clock=desk.clock, way=WAY)
    return back(form, found.order)


def snooze(request: Request, form: Form) -> Response:
    """Put a case off for a while."""
    desk, case = desk_of(request), request.path_params["case"]
    try:
        span = parse_duration(form.text("span"), longest=timedelta.max)
    except ValueError as error:
        raise UsageError(_("{span!r} is no span of time.").format(span=form.text("span"))) from error
    until = desk.clock() + min(max(span, timedelta(minutes=1)), LONGEST_SNOOZE)
    with desk.house() as our:
        found = acknowledge(
            our.store, _known(our.store.cases(), case), clock=desk.clock, way=WAY, until=until
        )
    return back(form, found.order)


def done(request: Request, form: Form) -> Response:
    """Mark a step, or give the answer that decides."""
    desk, case = desk_of(request), request.path_params["case"]
    with desk.house() as our:
        found = mark_done(
            our.store,
            _known(our.store.cases(), case),
            request.path_params["step"],
            rules=our.case_rules(),
            clock=desk.clock,
        )
    return back(form, found.order)


def reason(request: Request, form: Form) -> Response:
    """Keep why the buyer cancelled."""
    desk, case = desk_of(request), request.path_params["case"]
    try:
        named = CancelReason(form.text("reason"))
    except ValueError as error:
        raise UsageError(_("There is no such reason.")) from error
    with desk.house() as our:
        known = _known(our.store.cases(), case)
        found = name_reason(our.store, known, named, rules=our.case_rules(), clock=desk.clock)
    return back(form, found.order)


def close(request: Request, form: Form) -> Response:
    """Close a case because the person says that it is over."""
    desk, case = desk_of(request), request.path_params["case"]
    with desk.house() as our:
        found = close_case(our.store, _known(our.store.cases(), case), clock=desk.clock)
    return back(form, found.order)


def _known(cases: list[Case], wanted: str) -> str:
    """Return the id of a case; half an id, which the command line takes, names nothing here."""
    return find(wanted, [case for case in cases if case.id == wanted], what="case").id


def back(form: Form, order: str) -> Response:
    """Lead back to the start page where the form stood there, else to the sale."""
    return RedirectResponse("/" if form.text("from") == "now" else f"/orders/{order}", status_code=303)


ROUTES = (
    Route("/cases/{case}/ack", writes(ack), methods=["POST"]),
    Route("/cases/{case}/snooze", writes(snooze), methods=["POST"]),
    Route("/cases/{case}/steps/{step}", writes(done), methods=["POST"]),
    Route("/cases/{case}/reason", writes(reason), methods=["POST"]),
    Route("/cases/{case}/close", writes(close), methods=["POST"]),
)
