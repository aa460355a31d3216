"""How the watch itself is: the checks of the last days, sessions, channels, and what an examination says."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.app.catalogue import PastCheck
from watcher.app.doctor.title import title
from watcher.bootstrap import House
from watcher.domain.account import Account
from watcher.domain.channel_health import ChannelHealth
from watcher.domain.outcome import Outcome
from watcher.texts.language import _, current
from watcher.texts.names import BERLIN, outcome_name
from watcher.web.desk import Desk, desk_of
from watcher.web.forms import Form, writes
from watcher.web.pages.now import watch_lines
from watcher.web.render import page
from watcher.web.watch_view import WatchLine

DAYS = 7
_HOURS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Hour:
    """What the checks of one hour met."""

    state: str
    """`well`, `doubt`, `needed` (a human is), `none` (nobody looked), `blank` (ahead, or before the watch began)."""
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountHealth:
    """One account."""

    line: WatchLine
    account: Account
    days: tuple[tuple[date, tuple[Hour, ...]], ...]
    checks: int
    good: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One finding of an examination."""

    title: str
    state: str
    said: str
    advice: str


def health(request: Request) -> Response:
    """Show how the watch is."""
    desk = desk_of(request)
    now = desk.clock()
    with desk.house() as our:
        begin = first_day(now)
        past = our.store.catalogue().past_checks(since=begin)
        lines = {line.account: line for line in watch_lines(our, desk, our.store.catalogue().at_stake())}
        accounts = [_health(our, name, line, past, now=now) for name, line in lines.items()]
        channels = [our.store.channel_health(name) for name in desk.config.channels]
    job = desk.jobs.latest("doctor")
    return page(
        request,
        "health_part.html" if request.headers.get("HX-Target") == "doctor" else "health.html",
        accounts=accounts,
        channels=[(channel, channel_state(channel)) for channel in channels],
        job=job,
        findings=findings_of(job.result) if job is not None and not job.is_running else [],
        tests=desk.jobs.latest("notify"),
        storage=desk.config.storage_dir,
    )


def first_day(now: datetime) -> datetime:
    """Return when the first day of the strip begins, on a German clock."""
    local = now.astimezone(BERLIN) - timedelta(days=DAYS - 1)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


def _health(our: House, name: str, line: WatchLine, past: list[PastCheck], *, now: datetime) -> AccountHealth:
    own, account = [check for check in past if check.account == name], our.store.account(name)
    return AccountHealth(
        line=line,
        account=account,
        days=strip(own, since=account.watched_since, now=now),
        checks=len(own),
        good=sum(check.outcome == Outcome.OK for check in own),
    )


def strip(
    checks: list[PastCheck], *, since: datetime | None, now: datetime
) -> tuple[tuple[date, tuple[Hour, ...]], ...]:
    """Return the last days hour by hour; an hour is as good as its worst check, and one without a check says so."""
    met: dict[tuple[date, int], list[str]] = defaultdict(list)
    for check in checks:
        local = check.at.astimezone(BERLIN)
        met[local.date(), local.hour].append(check.outcome)
    first = first_day(now).date()
    begin, end = _place(since or now), _place(now)
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return tuple(
        (
            day,
            tuple(
                _hour(
                    met.get((day, hour), []),
                    is_watched=begin <= (day, hour) <= end,
                    day=day,
                    hour=hour,
                )
                for hour in range(_HOURS)
            ),
        )
        for day in days
    )


def _place(at: datetime) -> tuple[date, int]:
    local = at.astimezone(BERLIN)
    return local.date(), local.hour


def _hour(outcomes: list[str], *, is_watched: bool, day: date, hour: int) -> Hour:
    when = f"{day:%d.%m.} {hour:02}:00"
    if not is_watched and not outcomes:
        return Hour(state="blank", words=when)
    if not outcomes:
        return Hour(state="none", words=f"{when}: {_('nobody looked')}")
    worst = max(outcomes, key=_badness)
    names = ", ".join(dict.fromkeys(_name(outcome) for outcome in outcomes))
    return Hour(state=("well", "doubt", "needed")[_badness(worst)], words=f"{when}: {names}")


def _badness(outcome: str) -> int:
    if outcome == Outcome.OK:
        return 0
    return 1 if outcome in {Outcome.PARTIAL, Outcome.UNREACHABLE} else 2


def _name(outcome: str) -> str:
    try:
        return outcome_name(Outcome(outcome), language=current())
    except ValueError:
        return outcome


def channel_state(health: ChannelHealth) -> str:
    """Return the colour of a channel."""
    return {"untried": "", "works": "calm", "failing": "look"}.get(health.liveness.value, "act")


def findings_of(told: object) -> list[Examined]:
    """Return what an examination has found, what is bad first; nothing where its answer is none."""
    order = {"bad": 0, "warn": 1, "ok": 2, "skipped": 3}
    found = [
        Examined(
            title=title(str(entry.get("name", ""))),
            state=str(entry.get("state", "")),
            said=str(entry.get("said", "")),
            advice=str(entry.get("advice") or ""),
        )
        for entry in (told if isinstance(told, list) else [])
        if isinstance(entry, dict)
    ]
    return sorted(found, key=lambda each: order.get(each.state, 0))


def examine(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Start an examination of all that the watch leans on."""
    desk_of(request).jobs.start("doctor", "--json", name="doctor")
    return RedirectResponse("/health#doctor", status_code=303)


def check(request: Request, form: Form) -> Response:
    """Look now."""
    desk = desk_of(request)
    account = form.text("account")
    known = {table.name for table in desk.config.account}
    names = (account,) if account in known else ()
    desk.jobs.start("check", *names, "--json", name="check", about=account)
    return RedirectResponse("/health", status_code=303)


def try_channels(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Send one test message through each channel."""
    _start_test(desk_of(request))
    return RedirectResponse("/health#channels", status_code=303)


def _start_test(desk: Desk) -> None:
    desk.jobs.start("notify-test", "--json", name="notify")


ROUTES = (
    Route("/health", health),
    Route("/health/doctor", writes(examine), methods=["POST"]),
    Route("/health/check", writes(check), methods=["POST"]),
    Route("/health/channels", writes(try_channels), methods=["POST"]),
)
