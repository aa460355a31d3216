"""The first look: one check, and what it recognised, what it guessed and what it did not understand."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.bootstrap import House, house
from watcher.config import Config
from watcher.domain.account import Account
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.stage import Stage
from watcher.domain.wording import Tally, tally
from watcher.web.forms import Form, writes
from watcher.web.jobs import Job
from watcher.web.setup.desk import SetupDesk, at_work
from watcher.web.setup.login import named
from watcher.web.setup.page import page
from watcher.web.watch_view import WatchLine, watch_line

NAME = "check"
_MOST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What is known of one account."""

    account: Account
    job: Job | None
    line: WatchLine
    orders: tuple[Order, ...]
    """The latest; the others are counted."""
    more: int
    words: Tally
    open_cases: int
    needs_login: bool

    @property
    def is_running(self) -> bool:
        """Whether a check is at work."""
        return self.job is not None and self.job.is_running

    @property
    def was_read(self) -> bool:
        """Whether the last check has read anything."""
        return self.account.last_outcome is not None and self.account.last_outcome.was_read

    @property
    def guessed(self) -> tuple[Order, ...]:
        """Those whose stage is a guess that a person can confirm."""
        return tuple(
            order
            for order in self.orders
            if order.confidence is not Confidence.CERTAIN and order.stage is not Stage.UNKNOWN
        )

    @property
    def fault(self) -> str:
        """Why the check itself could not be made."""
        if self.job is None or self.job.is_running or isinstance(self.job.result, dict):
            return ""
        return self.job.words


def recognised(our: House, desk: SetupDesk, name: str) -> Recognised:
    """Return what the account's checks have brought."""
    account = our.store.account(name)
    orders = sorted(our.store.orders(name), key=lambda order: order.id, reverse=True)
    cases = [case for case in our.store.cases() if case.account == name]
    known = {Stage.DECLINED, Stage.EXPIRED, Stage.PAID_OUT}
    orders.sort(key=lambda order: order.stage in known)  # what is under way comes first
    return Recognised(
        account=account,
        job=desk.jobs.latest(NAME, about=name),
        line=watch_line(account, orders, cases, comes_by_itself=False, at=desk.clock()),
        orders=tuple(orders[:_MOST]),
        more=max(0, len(orders) - _MOST),
        words=tally(our.store.words(name)),
        open_cases=sum(case.is_open for case in cases),
        needs_login=account.last_outcome in {Outcome.LOGGED_OUT, Outcome.CONSENT, Outcome.CHALLENGE},
    )


def all_recognised(desk: SetupDesk, config: Config) -> tuple[Recognised, ...]:
    """Return what is known of every account."""
    with house(config) as our:
        return tuple(recognised(our, desk, table.name) for table in config.account)


def look(request: Request) -> Response:
    """Show what was recognised."""
    desk, config = at_work(request)
    found = all_recognised(desk, config)
    return page(request, "look.html", found=found, is_running=any(each.is_running for each in found))


def start(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Look now at one account."""
    desk, config = at_work(request)
    name = named(request, config)
    desk.jobs.start("check", name, "--json", name=NAME, about=name)
    return RedirectResponse("/look", status_code=303)


ROUTES = (
    Route("/look", look),
    Route("/look/{account}", writes(start), methods=["POST"]),
)
