"""The last page: what is set up, what is missing, and how the watch is started."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from watcher.config import Config
from watcher.first_answers import STAMPED_BY, stamp_words
from watcher.storage.examine import is_held
from watcher.texts.language import _
from watcher.web.forms import Form, writes
from watcher.web.setup.desk import SetupDesk, at_work
from watcher.web.setup.login import states
from watcher.web.setup.page import page


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is set up."""

    channels: tuple[str, ...]
    logged_in: bool
    stamps: str
    """Who is asked for time stamps; empty for nobody."""
    is_running: bool
    """Whether a watch is at work already."""


def channel_words(name: str) -> str:
    """Return what a way to the person is called."""
    return {
        "email": _("e-mail"),
        "desktop": _("this screen"),
        "ntfy": _("phone (ntfy)"),
    }.get(name, name)


def summary(desk: SetupDesk, config: Config) -> Summary:
    """Return what is set up and what is missing."""
    return Summary(
        channels=tuple(map(channel_words, config.channels)),
        logged_in=all(state.worked for state in states(desk, config)),
        stamps=stamp_words(asks=True) if config.stamped_by == STAMPED_BY else "",
        is_running=is_held(config.storage_dir / "daemon.lock"),
    )


def done(request: Request) -> Response:
    """Show it."""
    desk, config = at_work(request)
    return page(
        request, "done.html", summary=summary(desk, config), ended=False, has_service=desk.has_service
    )


def end(request: Request, form: Form) -> Response:
    """End the set-up; with `watch` the watch begins in its place."""
    desk, config = at_work(request)
    found = summary(desk, config)
    desk.watches_next = form.text("watch") == "yes" and not found.is_running
    answer = page(
        request,
        "ended.html",
        summary=found,
        watches=desk.watches_next,
        serves=config.dashboard.enabled,
    )
    desk.finished.set()
    return answer


ROUTES = (Route("/done", done), Route("/done", writes(end), methods=["POST"]))
