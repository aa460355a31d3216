"""The login window: an ordinary browser that belongs to the person. Its closing is followed by one check."""

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.bootstrap import house
from watcher.browser.login import has_display
from watcher.config import Config
from watcher.domain.account import Account
from watcher.domain.outcome import Cause
from watcher.texts.language import _, current
from watcher.texts.names import cause_name, outcome_name
from watcher.web.forms import Form, writes
from watcher.web.jobs import Job
from watcher.web.setup.desk import ElsewhereError, SetupDesk, at_work
from watcher.web.setup.page import page

NAME = "login"
_USAGE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginState:
    """How it stands with one account's login."""

    account: str
    job: Job | None
    worked: bool
    """Whether the last check saw the account logged in."""
    login: str = ""
    """As whom."""
    at: datetime | None = None
    trouble: str = ""
    """What the last check met, as a sentence."""

    @property
    def is_running(self) -> bool:
        """Whether the window, or the check after it, is open."""
        return self.job is not None and self.job.is_running


def state_of(account: Account, job: Job | None) -> LoginState:
    """Return how it stands, by what the last check saw and how the window ended."""
    worked = account.last_outcome is not None and account.last_outcome.was_read
    trouble = "" if worked else _trouble(account)
    if job is not None and not job.is_running and job.code in {_USAGE, -1}:
        worked, trouble = False, job.words or _("The window could not be opened.")
    return LoginState(
        account=account.name,
        job=job,
        worked=worked,
        login=account.login or "",
        at=account.last_check_at,
        trouble=trouble,
    )


def _trouble(account: Account) -> str:
    if account.last_outcome is None:
        return ""
    met = outcome_name(account.last_outcome, language=current())
    if account.last_cause is None:
        return met
    return f"{met} ({cause_name(Cause(account.last_cause), language=current())})"


def states(desk: SetupDesk, config: Config) -> tuple[LoginState, ...]:
    """Return how it stands with every account of the config."""
    with house(config) as our:
        accounts = [our.store.account(table.name) for table in config.account]
    return tuple(state_of(account, desk.jobs.latest(NAME, about=account.name)) for account in accounts)


def login(request: Request) -> Response:
    """Show whether somebody is logged in, and how that is done."""
    desk, config = at_work(request)
    found = states(desk, config)
    return page(
        request,
        "login.html",
        states=found,
        is_running=any(state.is_running for state in found),
        all_worked=all(state.worked for state in found),
        has_display=has_display(),
    )


def start(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Open the window of one account."""
    desk, config = at_work(request)
    name = named(request, config)
    desk.jobs.start("login", name, name=NAME, about=name)
    return RedirectResponse("/login", status_code=303)


def named(request: Request, config: Config) -> str:
    """Return the account that an address names."""
    name: str = request.path_params["account"]
    if name not in {table.name for table in config.account}:
        raise ElsewhereError("/login")
    return name


ROUTES = (
    Route("/login", login),
    Route("/login/{account}", writes(start), methods=["POST"]),
)
