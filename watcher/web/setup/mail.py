"""E-mail: where alerts go, through which mailbox, and a real test mail before anything is written into the config."""

import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from notifiers.mail_preset import presets
from notifiers.mail_settings import MailSettings
from notifiers.secret_keeping import keep, write_private
from watcher.app.channel_trial import Trial
from watcher.app.channel_watch import remember_trial
from watcher.bootstrap import house
from watcher.config import Config, ConfigError
from watcher.config_write import checked, not_written
from watcher.texts.language import _, current, use
from watcher.web.forms import Form, writes
from watcher.web.setup.desk import ElsewhereError, SetupDesk, at_work, words_of
from watcher.web.setup.mail_draft import (
    OTHER,
    SECURITIES,
    MailDraft,
    addresses,
    draft_of,
    first_draft,
    table_of,
)
from watcher.web.setup.page import page
from watcher.web.setup.trying import try_now

TABLE, CHANNEL = "notify.email", "email"
PASSWORD_FILE = "mail-password"  # noqa: S105 - the name of a file
_SHOWN_LENGTH = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why it did not work."""

    words: str
    advice: str = ""
    hint: str = ""
    can_be_kept: bool = False
    """Whether the answers may be kept all the same: they have the right form."""


def settings_of(config: Config) -> MailSettings | None:
    """Return what the config says about e-mail."""
    found = config.channels.get(CHANNEL)
    return found if isinstance(found, MailSettings) else None


def mail(request: Request) -> Response:
    """Show where alerts go, or ask for it."""
    return _mail(request)


def _mail(request: Request, *, status: int = 200, typed: str | None = None, fault: str = "") -> Response:
    desk, config = at_work(request)
    settings = settings_of(config)
    is_asked = settings is None or "change" in request.query_params or fault
    known = ", ".join(settings.to) if settings else desk.draft.to
    return page(
        request,
        "mail.html" if is_asked else "mail_ready.html",
        status=status,
        settings=settings,
        trial=desk.trials.get(CHANNEL),
        address=known if typed is None else typed[:_SHOWN_LENGTH],
        fault=fault,
    )


def ask(request: Request, form: Form) -> Response:
    """Take the address; the provider follows from it."""
    desk, config = at_work(request)
    typed = form.text("address")
    try:
        to = addresses(typed, language=current())
    except ValueError as error:
        return _mail(request, status=422, typed=typed, fault=str(error))
    desk.draft = _drafted(desk.draft, to, settings_of(config))
    return RedirectResponse("/mail/login", status_code=303)


def _drafted(begun: MailDraft, to: tuple[str, ...], settings: MailSettings | None) -> MailDraft:
    """Return the draft for these addresses; what was typed before about the same provider's mailbox is kept."""
    if begun.to:
        before = addresses(begun.to, language=current())
        if first_draft(before).provider == first_draft(to).provider:
            username = to[0] if begun.username == before[0] else begun.username
            return replace(begun, to=", ".join(to), username=username)
    return replace(draft_of(settings), to=", ".join(to)) if settings else first_draft(to)


def login(request: Request) -> Response:
    """Ask for the mailbox that sends: what its provider wants first, login name, password."""
    desk, config = at_work(request)
    if not desk.draft.to:
        settings = settings_of(config)
        if settings is None:
            raise ElsewhereError("/mail")
        desk.draft = draft_of(settings)
    chosen = request.query_params.get("provider", "")
    if (chosen in presets() or chosen == OTHER) and chosen != desk.draft.provider:
        to = addresses(desk.draft.to, language=current())
        desk.draft = first_draft(to, chosen)
    return _login(request, desk, config)


def _login(
    request: Request, desk: SetupDesk, config: Config, *, status: int = 200, fault: Fault | None = None
) -> Response:
    draft = desk.draft
    return page(
        request,
        "mail_login.html",
        status=status,
        draft=draft,
        needs=draft.preset.needs.said(current()) if draft.preset else "",
        presets=presets().values(),
        other=OTHER,
        securities=SECURITIES,
        has_password=bool(draft.password) or _reference(draft, settings_of(config)) is not None,
        failure=fault,
    )


def _reference(draft: MailDraft, settings: MailSettings | None) -> str | None:
    """Return where the password lies already, if the mailbox is still the same."""
    if settings is None or draft.username != (settings.username or ""):
        return None
    is_same = (settings.preset or OTHER) == draft.provider and (settings.host or "") == draft.host
    return settings.password if is_same else None


def send(request: Request, form: Form) -> Response:
    """Send a test mail with what was typed; only what works is written, unless the person wants it all the same."""
    desk, config = at_work(request)
    desk.draft = _typed(desk.draft, form)
    if not desk.draft.to:
        raise ElsewhereError("/mail")
    try:
        if form.text("untested"):
            desk.trials.pop(CHANNEL, None)
        else:
            trial = _tried(desk, config)
            if not trial.ok:
                return _login(request, desk, config, status=422, fault=_fault(trial, desk.draft))
        _keep(desk, config)
    except ValueError as error:
        return _login(request, desk, config, status=422, fault=Fault(words=str(error)))
    except ConfigError as error:
        words = words_of(error)
        fault = Fault(words=words["fault"], advice=words["advice"])
        return _login(request, desk, config, status=422, fault=fault)
    return RedirectResponse("/mail", status_code=303)


def _typed(draft: MailDraft, form: Form) -> MailDraft:
    """Return the draft with the fields of the form; a password that was left empty is the one that was typed before."""
    password = form.fields.get("password", "")
    provider = form.text("provider")
    security = form.text("security")
    return replace(
        draft,
        provider=provider if provider in presets() else OTHER,
        username=_line(form, "username"),
        password=password or draft.password,
        host=_line(form, "host"),
        port=_line(form, "port"),
        security=security if security in SECURITIES else "",
    )


def _line(form: Form, name: str) -> str:
    """Return a field that is one line of a person's typing."""
    return "".join(char for char in form.text(name) if char.isprintable())[:_SHOWN_LENGTH]


def _fault(trial: Trial, draft: MailDraft) -> Fault:
    hint = ""
    if draft.password != draft.password.strip():
        hint = _("The password begins or ends with a blank: was that meant?")
    return Fault(words=trial.answer, advice=trial.advice, hint=hint, can_be_kept=True)


def _tried(desk: SetupDesk, config: Config) -> Trial:
    """Send a test mail with the config as it would be. The password lies in a file of its own for as long as that takes."""
    settings = settings_of(config)
    trial_file = desk.path.with_name(f"{PASSWORD_FILE}.{secrets.token_hex(4)}")
    try:
        if desk.draft.password and desk.draft.username:
            reference: str | None = f"file:{trial_file.name}"
        else:
            reference = _reference(desk.draft, settings)
        table = table_of(desk.draft, reference=reference, before=settings, language=current())
        _write(desk, trial_file, desk.draft.password)
        candidate = checked(desk.path, desk.text_with({TABLE: table}))
        return try_now(desk, candidate, CHANNEL, counts=False)
    finally:
        use(desk.language)
        with suppress(OSError):
            trial_file.unlink(missing_ok=True)


def _write(desk: SetupDesk, file: Any, password: str) -> None:
    try:
        write_private(file, password)
    except OSError as error:
        raise not_written(desk.path.with_name(PASSWORD_FILE), error) from error


def _keep(desk: SetupDesk, config: Config) -> None:
    """Keep the password where only the person finds it, and write the rest into the config."""
    draft, settings = desk.draft, settings_of(config)
    reference = _reference(draft, settings)
    if draft.password and draft.username:
        # Before anything is kept: are the answers in order?
        table_of(draft, reference="file:-", before=settings, language=current())
        try:
            file = desk.path.with_name(PASSWORD_FILE)
            reference = keep(draft.password, user=draft.username, file=file)
        except OSError as error:
            raise not_written(desk.path.with_name(PASSWORD_FILE), error) from error
    table = table_of(draft, reference=reference, before=settings, language=current())
    written = desk.change({TABLE: table})
    desk.draft = replace(draft, password="")
    if (trial := desk.trials.get(CHANNEL)) is not None and trial.ok:
        with house(written) as our:
            remember_trial(our.store, CHANNEL, None, clock=desk.clock)


def test(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Send one more test mail with what the config says."""
    desk, config = at_work(request)
    if settings_of(config) is None:
        raise ElsewhereError("/mail")
    try_now(desk, config, CHANNEL)
    return RedirectResponse("/mail", status_code=303)


def off(request: Request, form: Form) -> Response:  # noqa: ARG001 - a button has no fields
    """Send no mails any more."""
    desk, config = at_work(request)
    if settings_of(config) is not None:
        try:
            desk.change({TABLE: None})
        except ConfigError as error:
            return _mail(request, status=422, fault=words_of(error)["fault"])
        desk.trials.pop(CHANNEL, None)
    return RedirectResponse("/mail", status_code=303)


ROUTES = (
    Route("/mail", mail),
    Route("/mail", writes(ask), methods=["POST"]),
    Route("/mail/login", login),
    Route("/mail/login", writes(send), methods=["POST"]),
    Route("/mail/test", writes(test), methods=["POST"]),
    Route("/mail/off", writes(off), methods=["POST"]),
)
