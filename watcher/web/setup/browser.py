"""The browser: which one was found, and whether the read-only guard holds in it."""

from dataclasses import dataclass
from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.app.doctor.title import title
from watcher.app.doctor.visiting import BrowserFacts
from watcher.app.doctor.visiting import browser as said_of_browser
from watcher.browser.examine import examine_browser
from watcher.config import Config, ConfigError
from watcher.errors import BrowserError
from watcher.system import here
from watcher.web.forms import Form, writes
from watcher.web.jobs import Job
from watcher.web.setup.desk import SetupDesk, at_work, words_of
from watcher.web.setup.page import page

_VERSION_SECONDS = 6.0
_SHOWN = ("guard", "sandbox", "display", "storage", "disk", "clock")
"""What of the doctor's report belongs to this machine and its browser."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the doctor's report."""

    name: str
    state: str
    said: str
    advice: str = ""

    @property
    def title(self) -> str:
        """What was examined."""
        return title(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The browser of this machine."""

    said: str
    is_there: bool
    advice: str = ""


def prove(desk: SetupDesk) -> None:
    """Start the proof of the guard, with everything else that the doctor looks at."""
    desk.jobs.start("doctor", "--prove", "--json", name="doctor")


def lines_of(job: Job | None) -> tuple[Line, ...]:
    """Return what the doctor has found of this machine; nothing while it is at work, or where it could not."""
    told = job.result if job is not None else None
    if not isinstance(told, list):
        return ()
    lines = [
        Line(name=each["name"], state=each["state"], said=each["said"], advice=each["advice"])
        for each in told
        if isinstance(each, dict) and each.get("name") in _SHOWN
    ]
    return tuple(line for line in lines if line.name == "guard" or line.state in {"warn", "bad"})


def found(config: Config) -> Found:
    """Look for the browser, as a visit would."""
    chosen = config.browser
    try:
        facts: BrowserFacts = examine_browser(chosen.executable, chosen.channel, seconds=_VERSION_SECONDS)
    except BrowserError as error:
        return Found(said=error.message, is_there=False, advice=error.advice)
    finding = said_of_browser(facts)
    return Found(said=finding.said, is_there=True, advice=finding.advice)


def browser(request: Request) -> Response:
    """Show the browser and the proof."""
    return _browser(request)


def _browser(
    request: Request, *, status: int = 200, typed: str = "", fault: str = "", advice: str = ""
) -> Response:
    desk, config = at_work(request)
    job = desk.jobs.latest("doctor")
    lines = lines_of(job)
    guard = next((line for line in lines if line.name == "guard"), None)
    return page(
        request,
        "browser.html",
        status=status,
        found=found(config),
        job=job,
        is_running=job is not None and job.is_running,
        guard=guard,
        lines=[line for line in lines if line.name != "guard"],
        system=here().value,
        executable=typed or config.browser.executable or "",
        fault=fault,
        advice=advice,
    )


def again(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Look for a browser again, and prove the guard in it."""
    desk, _config = at_work(request)
    prove(desk)
    return RedirectResponse("/browser", status_code=303)


def choose(request: Request, form: Form) -> Response:
    """Take another browser; an empty field lets Stornowacht find one by itself."""
    desk, config = at_work(request)
    typed = form.text("executable")
    try:
        if typed:
            given = Path(typed)
            chosen = examine_browser(given, None, seconds=_VERSION_SECONDS).program
            desk.change({"browser": {"executable": str(chosen), "channel": None}})
        elif config.browser.executable is not None:
            desk.change({"browser": {"executable": None}})
    except (BrowserError, OSError, ValueError) as error:
        words = error.message if isinstance(error, BrowserError) else str(error)
        return _browser(request, status=422, typed=typed, fault=words)
    except ConfigError as error:
        return _browser(request, status=422, typed=typed, **words_of(error))
    prove(desk)
    return RedirectResponse("/browser", status_code=303)


ROUTES = (
    Route("/browser", browser),
    Route("/browser/again", writes(again), methods=["POST"]),
    Route("/browser/choose", writes(choose), methods=["POST"]),
)
