"""The start page: what is open, what to do now, until when, and that it is being watched."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.web.desk import desk_of
from watcher.web.render import page


def now(request: Request) -> Response:
    """Show what is open."""
    with desk_of(request).house() as our:
        cases = [case for case in our.store.cases() if case.is_open]
    return page(request, "now.html", cases=cases)


ROUTES = (Route("/", now),)
