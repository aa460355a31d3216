"""Two more ways to the person: a notification on this screen, a push message on the phone."""

import secrets
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from notifiers.contract import DeliveryError
from notifiers.discovery import channel
from notifiers.ntfy_settings import NtfySettings
from notifiers.secret import SecretError
from notifiers.secret_keeping import keep
from watcher.config import Config, ConfigError
from watcher.config_write import not_written
from watcher.texts.language import current
from watcher.web.forms import Form, writes
from watcher.web.setup.desk import ElsewhereError, SetupDesk, at_work, words_of
from watcher.web.setup.page import page
from watcher.web.setup.trying import try_now

DESKTOP, PHONE = "desktop", "ntfy"
TOPIC_FILE = "ntfy-topic"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that are taken for each other when a person types them."""
_GROUPS, _GROUP = 5, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Whether notifications can be shown here."""

    works: bool
    said: str = ""
    advice: str = ""


def new_topic() -> str:
    """Return a topic that nobody can guess and a person can type: 99 random bits."""
    groups = ("".join(secrets.choice(_LETTERS) for _letter in range(_GROUP)) for _group in range(_GROUPS))
    return "-".join(["storno", *groups])


def screen() -> Screen:
    """Ask the desktop whether it shows notifications; shows nothing."""
    kind = channel(DESKTOP)
    if kind is None:
        return Screen(works=False)
    try:
        kind.build(kind.settings(), app_name="Stornowacht", language=current()).probe()
    except DeliveryError as error:
        return Screen(works=False, said=error.message, advice=error.advice)
    return Screen(works=True)


def topic_of(config: Config) -> str:
    """Return the topic that the phone listens to; empty where there is none, or it cannot be had."""
    settings = config.channels.get(PHONE)
    if not isinstance(settings, NtfySettings):
        return ""
    try:
        return settings.resolve_topic(settings.topic, language=current())
    except (SecretError, ValueError):
        return ""


def ways(request: Request) -> Response:
    """Show both, and whether they work."""
    return _ways(request)


def _ways(request: Request, *, status: int = 200, fault: str = "", advice: str = "") -> Response:
    desk, config = at_work(request)
    phone = config.channels.get(PHONE)
    return page(
        request,
        "ways.html",
        status=status,
        screen=screen(),
        has_desktop=DESKTOP in config.channels,
        has_phone=phone is not None,
        has_mail="email" in config.channels,
        topic=topic_of(config),
        server=phone.server if isinstance(phone, NtfySettings) else "",
        trials=desk.trials,
        fault=fault,
        advice=advice,
    )


def switch(request: Request, form: Form) -> Response:
    """Switch a way on or off."""
    desk, config = at_work(request)
    name = _named(request)
    wants = form.text("on") == "yes"
    try:
        if wants and name not in config.channels:
            desk.change({f"notify.{name}": {"topic": _kept_topic(desk)} if name == PHONE else {}})
        elif not wants and name in config.channels:
            desk.change({f"notify.{name}": None})
            desk.trials.pop(name, None)
    except ConfigError as error:
        return _ways(request, status=422, **words_of(error))
    return RedirectResponse(f"/ways#{name}", status_code=303)


def _kept_topic(desk: SetupDesk) -> str:
    file = desk.path.with_name(TOPIC_FILE)
    try:
        return keep(new_topic(), user=TOPIC_FILE, file=file)
    except OSError as error:
        raise not_written(file, error) from error


def test(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Send one test through a way that is set up."""
    desk, config = at_work(request)
    name = _named(request)
    if name in config.channels:
        try_now(desk, config, name)
    return RedirectResponse(f"/ways#{name}", status_code=303)


def _named(request: Request) -> str:
    name: str = request.path_params["way"]
    if name not in {DESKTOP, PHONE}:
        raise ElsewhereError("/ways")
    return name


ROUTES = (
    Route("/ways", ways),
    Route("/ways/{way}", writes(switch), methods=["POST"]),
    Route("/ways/{way}/test", writes(test), methods=["POST"]),
)
