"""The last page: what is set up, what is missing, and how the watch is started."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.config import Config
from watcher.first_answers import STAMPED_BY, stamp_words
from watcher.service.here import manager_here
from watcher.storage.examine import is_held
from watcher.texts.language import _
from watcher.web.forms import Form, writes
from watcher.web.jobs import Job
from watcher.web.setup.desk import SetupDesk, at_work
from watcher.web.setup.login import states
from watcher.web.setup.page import page

SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What is set up."""

    channels: tuple[str, ...]
    logged_in: bool
    stamps: str
    """Who is asked for time stamps; empty for nobody."""
    is_running: bool
    """Whether a watch is at work already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Whether the watch starts with the computer."""

    is_there: bool
    job: Job | None

    @property
    def is_running(self) -> bool:
        """Whether it is being installed at this moment."""
        return self.job is not None and self.job.is_running

    @property
    def works(self) -> bool:
        """Whether it was installed just now, and the watch runs."""
        return self._told("running") is True

    @property
    def by_hand(self) -> tuple[str, ...]:
        """What remains to be done, as commands."""
        commands = self._told("by_hand")
        return tuple(map(str, commands)) if isinstance(commands, list) else ()

    @property
    def fault(self) -> str:
        """Why it was not installed, or what else is to be known."""
        if self.job is None or self.job.is_running:
            return ""
        return self.job.words or ("" if self.works or self.by_hand else str(self._told("detail") or ""))

    def _told(self, key: str) -> object:
        result = None if self.job is None else self.job.result
        return result.get(key) if isinstance(result, dict) else None


def service_of(desk: SetupDesk) -> Service:
    """Return how it stands with the start with the computer."""
    manager = manager_here() if desk.has_service else None
    return Service(is_there=manager is not None and manager.place().is_file(), job=desk.jobs.latest(SERVICE))


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
        request,
        "done.html",
        summary=summary(desk, config),
        ended=False,
        has_service=desk.has_service,
        service=service_of(desk),
    )


def serve(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Let the watch start with the computer, and now; one that does already is started anew with the new answers."""
    desk, _config = at_work(request)
    if desk.has_service:
        desk.jobs.start("service", "install", "--restart", "--json", name=SERVICE)
    return RedirectResponse("/done", status_code=303)


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


ROUTES = (
    Route("/done", done),
    Route("/done", writes(end), methods=["POST"]),
    Route("/done/service", writes(serve), methods=["POST"]),
)
