"""How often it looks, and when it lets people sleep: the defaults in a few words, and few fields to change them."""

from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from watcher.config import Config, ConfigError
from watcher.durations import duration_text
from watcher.texts.language import _
from watcher.web.forms import Form, writes
from watcher.web.setup.desk import at_work, words_of
from watcher.web.setup.page import page

_LIVE = (timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=30), timedelta(hours=1))
_QUIET = (timedelta(hours=1), timedelta(hours=2), timedelta(hours=4), timedelta(hours=8))


def choices(usual: tuple[timedelta, ...], current: timedelta) -> tuple[timedelta, ...]:
    """Return the spans to choose from; the one in force is always among them."""
    return tuple(sorted({*usual, current}))


def hours_of(config: Config) -> tuple[str, str]:
    """Return from when until when it is quiet; empty where it never is."""
    hours = config.quiet_hours.hours
    return ("", "") if hours is None else (f"{hours[0]:%H:%M}", f"{hours[1]:%H:%M}")


def pace(request: Request) -> Response:
    """Show what is in force."""
    return _pace(request)


def _pace(
    request: Request,
    *,
    status: int = 200,
    typed: dict[str, str] | None = None,
    fault: str = "",
    advice: str = "",
) -> Response:
    _desk, config = at_work(request)
    begins, ends = hours_of(config)
    fields = {
        "live": duration_text(config.watch.live),
        "quiet": duration_text(config.watch.quiet),
        "from": begins or "22:00",
        "until": ends or "07:00",
        "sleeps": "yes" if begins else "",
        "wake": "yes" if config.remind.wake_me else "",
    }
    return page(
        request,
        "pace.html",
        status=status,
        watch=config.watch,
        begins=begins,
        ends=ends,
        wakes=config.remind.wake_me,
        live_choices=[(duration_text(each), each) for each in choices(_LIVE, config.watch.live)],
        quiet_choices=[(duration_text(each), each) for each in choices(_QUIET, config.watch.quiet)],
        fields=fields | (typed or {}),
        is_open=bool(fault) or "change" in request.query_params,
        fault=fault,
        advice=advice,
    )


def change(request: Request, form: Form) -> Response:
    """Take other spans and hours; what stays as it was leaves the config as it is."""
    desk, config = at_work(request)
    typed = {name: form.text(name)[:40] for name in ("live", "quiet", "from", "until", "sleeps", "wake")}
    sleeps, wakes = typed["sleeps"] == "yes", typed["wake"] == "yes"
    hours = f"{typed['from']}-{typed['until']}" if sleeps else ""
    if sleeps and not (typed["from"] and typed["until"]):
        return _pace(request, status=422, typed=typed, fault=_("Say from when until when it shall be quiet."))
    watch: dict[str, Any] = {
        name: typed[name]
        for name in ("live", "quiet")
        if typed[name] != duration_text(getattr(config.watch, name))
    }
    remind: dict[str, Any] = {}
    if hours != "-".join(hours_of(config)).strip("-"):
        remind["quiet_hours"] = hours
    if wakes is not config.remind.wake_me:
        remind["wake_me"] = wakes
    try:
        if watch or remind:
            desk.change({name: keys for name, keys in (("watch", watch), ("remind", remind)) if keys})
    except ConfigError as error:
        return _pace(request, status=422, typed=typed, **words_of(error))
    return RedirectResponse("/pace", status_code=303)


ROUTES = (Route("/pace", pace), Route("/pace", writes(change), methods=["POST"]))
