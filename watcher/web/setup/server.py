"""Serves the set-up on this machine's own address, for as long as one person needs it."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from watcher.config_file import peek_language
from watcher.texts.language import use
from watcher.web.application import gated
from watcher.web.gate import TOKEN_PARAMETER, Key
from watcher.web.jobs import Jobs
from watcher.web.listening import open_door, served
from watcher.web.setup import browser, done, login, look, mail, pace, ways, welcome
from watcher.web.setup.desk import ElsewhereError, SetupDesk
from watcher.web.setup.page import page

COOKIE = "stornowacht-setup"
ROUTES = tuple(
    route for module in (welcome, browser, mail, ways, pace, login, look, done) for route in module.ROUTES
)
_TOKEN_BYTES = 32


def application(desk: SetupDesk) -> Starlette:
    """Return the application of one set-up."""
    app = gated(ROUTES, key=desk.key, show=page, stranger="setup/stranger.html", foreign="setup/foreign.html")
    app.state.desk = desk
    app.add_exception_handler(ElsewhereError, _elsewhere)
    return app


@contextmanager
def serving_setup(
    path: Path, *, port: int = 0, command: str = "stornowacht", option: str = "", has_service: bool = False
) -> Iterator[SetupDesk]:
    """Serve the set-up of that config for the length of the block; `url_of` it lets in.

    The token is made anew each time: there is nothing here to come back to.

    Raises:
        OSError: no port is free.
    """
    door = open_door(port)
    key = Key(token=secrets.token_urlsafe(_TOKEN_BYTES), hosts=door.hosts, cookie=COOKIE)
    language = peek_language(path)
    use(language)
    desk = SetupDesk(
        path=path,
        key=key,
        jobs=Jobs(config_path=path),
        address=door.address,
        language=language,
        command=command,
        option=option,
        has_service=has_service,
    )
    with served(application(desk), door, stopping=desk.stopping, name="setup"):
        yield desk


def url_of(desk: SetupDesk) -> str:
    """Return the address that lets the person in."""
    return f"{desk.address}?{urlencode({TOKEN_PARAMETER: desk.key.token})}"


def _elsewhere(_request: Request, error: Exception) -> Response:
    return RedirectResponse(error.path if isinstance(error, ElsewhereError) else "/", status_code=303)
