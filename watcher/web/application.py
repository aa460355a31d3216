"""The dashboard as one ASGI application: the gate, the pages, and friendly words for what goes wrong."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from watcher.errors import BusyError, StornowachtError, UsageError
from watcher.texts.language import _, current
from watcher.web import pages
from watcher.web.desk import Desk
from watcher.web.gate import Gate, Key
from watcher.web.live import live
from watcher.web.render import environment, page

_STATIC = Path(__file__).with_name("static")
_NOT_FOUND, _FORBIDDEN, _BUSY, _FAULT = 404, 403, 503, 500


Show = Callable[..., Response]
"""What makes a page of a request, a template and values: `render.page`, or the set-up's own."""


def application(desk: Desk) -> ASGIApp:
    """Return the application of one dashboard."""
    app = gated([Route("/live", live), *_routes()], key=desk.key, show=page)
    app.state.desk = desk
    return app


def gated(
    routes: Sequence[BaseRoute],
    *,
    key: Key,
    show: Show,
    stranger: str = "stranger.html",
    foreign: str = "foreign.html",
) -> Starlette:
    """Return an application behind the gate: these routes, the program's own styles, words for what goes wrong."""
    app = Starlette(
        routes=[Mount("/static", StaticFiles(directory=_STATIC)), *routes],
        exception_handlers={
            HTTPException: partial(_refused, show),
            StornowachtError: partial(_fault, show),
            Exception: partial(_unexpected, show),
        },
        middleware=[
            Middleware(
                Gate,
                key=key,
                stranger=_bare(stranger, status=_FORBIDDEN),
                foreign=_bare(foreign, status=_FORBIDDEN),
            )
        ],
    )
    app.state.key = key
    return app


def _routes() -> Iterator[BaseRoute]:
    """Find every page: a module of `pages` with a constant ROUTES."""
    for found in sorted(iter_modules(pages.__path__), key=lambda module: module.name):
        yield from import_module(f"{pages.__name__}.{found.name}").ROUTES


def _bare(template: str, *, status: int) -> Response:
    """Return an answer for somebody who is not let in: it says how to come in, and nothing else."""
    return HTMLResponse(environment().get_template(template).render(language=current()), status_code=status)


def _refused(show: Show, request: Request, error: Exception) -> Response:
    """Answer what Starlette or a page refuses."""
    status = error.status_code if isinstance(error, HTTPException) else _FAULT
    words = {
        _NOT_FOUND: (
            _("There is nothing here."),
            _("The address may be old, or the entry may have been erased."),
        ),
        405: (_("That cannot be done here."), _("Go back and use the page's own buttons.")),
        413: (_("That file is too large."), _("Make it smaller, or add it with `stornowacht attach`.")),
    }
    detail = error.detail if isinstance(error, HTTPException) else ""
    title, advice = words.get(status, (_("That did not work."), detail))
    return show(request, "trouble.html", status=status, title=title, advice=advice)


def _fault(show: Show, request: Request, error: Exception) -> Response:
    """Answer a fault that has words of its own."""
    status = (
        _NOT_FOUND if isinstance(error, UsageError) else _BUSY if isinstance(error, BusyError) else _FAULT
    )
    message, advice = (
        (error.message, error.advice) if isinstance(error, StornowachtError) else (str(error), "")
    )
    return show(request, "trouble.html", status=status, title=message, advice=advice)


def _unexpected(show: Show, request: Request, _error: Exception) -> Response:
    """Answer a fault that nobody has foreseen; its trace goes to the log, never to the page."""
    return show(
        request,
        "trouble.html",
        status=_FAULT,
        title=_("Something went wrong inside Stornowacht."),
        advice=_("The log has the details. Nothing that was stored is lost; the watch goes on."),
    )
