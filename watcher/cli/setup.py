"""`init`, `login`, `notify-test`: from nothing to a program that can tell."""

import sys
from pathlib import Path
from typing import Any

import click

from watcher.bootstrap import has_desktop, house, now
from watcher.cli.common import (
    account_names,
    config_option,
    json_option,
    load_config,
    print_json,
    printable,
    require_terms,
)
from watcher.config import Config, ConfigError, default_path
from watcher.errors import UsageError
from watcher.texts.language import LANGUAGES, _, current, use
from watcher.texts.terms import TERMS


@click.command("init", help=_("Write a commented config; asks the few questions that have no default."))
@click.option("--accept-risk", is_flag=True, help=_("Answer the question about the terms with yes."))
@click.option("--email", help=_("Where alerts go."))
@click.option("--language", type=click.Choice(LANGUAGES), help=_("The language you are spoken to."))
@click.option("--force", is_flag=True, help=_("Replace a config that is there (it is kept as .bak)."))
@config_option
def init_command(
    *, accept_risk: bool, email: str | None, language: str | None, force: bool, config_path: Path | None
) -> int:
    """Write the config."""
    from watcher.config_write import put  # noqa: PLC0415 - what only this command needs
    from watcher.example import example_config  # noqa: PLC0415
    from watcher.first_answers import first_answers, stamp_words  # noqa: PLC0415

    path = config_path or default_path()
    if _is_taken(path) and not force:
        raise ConfigError(
            _("There is a config at {path} already; nothing was changed.").format(path=path),
            advice=_("Edit it, or use --force: the old one is kept beside it."),
        )
    if language is not None:
        use(language)  # type: ignore[arg-type]
    interactive = sys.stdin.isatty()
    click.echo(_(TERMS) + "\n")
    accepted = accept_risk or (
        interactive
        and _is_yes(
            click.prompt(_("Have you read this, and do you accept that risk? (yes/no)"), default=_("no"))
        )
    )
    answers = first_answers(language=current(), accepted=accepted)
    if email is None and interactive:
        email = click.prompt(
            _("Your e-mail address for alerts (empty: none)"), default="", show_default=False
        ).strip()
    if email:
        answers["notify.email"] = _mail_answers(_address(email))
    if has_desktop(current()):
        answers["notify.desktop"] = {}
    put(path, example_config(answers), keep_old=True)
    click.echo(_("Written: {path}").format(path=path))
    click.echo(stamp_words(asks="timestamp" in answers))
    for line in _next_steps(accepted=accepted, has_mail=bool(email)):
        click.echo(line)
    return 0


def _is_taken(path: Path) -> bool:
    """Whether a config is there already; a folder in its place is never moved aside."""
    try:
        if not path.is_dir():
            return path.exists()
        reason = _("it is a folder")
    except OSError as error:
        reason = error.strerror or str(error)
    raise ConfigError(_("{path} cannot be written: {reason}.").format(path=path, reason=reason))


def _address(email: str) -> str:
    """Return the bare address, without the name that may stand before it."""
    from notifiers.mail_address import parsed  # noqa: PLC0415

    try:
        return parsed(email, language=current()).addr_spec
    except ValueError as error:
        raise UsageError(str(error), advice=_("Nothing was written.")) from error


def _is_yes(answer: str) -> bool:
    """Understand both languages, whichever is spoken."""
    return answer.strip().lower() in {"y", "yes", "j", "ja"}


def _mail_answers(email: str) -> dict[str, Any]:
    from notifiers.mail_preset import preset_for  # noqa: PLC0415
    from watcher.first_answers import mail_place  # noqa: PLC0415

    preset = preset_for(email)
    if preset is not None:
        click.echo(preset.needs.said(current()))
    login = {"to": email, "username": email, "password": f"keyring:stornowacht/{email}"}
    return login | mail_place(email)


def _next_steps(*, accepted: bool, has_mail: bool) -> list[str]:
    steps = [_("What comes next:")]
    if not accepted:
        steps.append("  " + _("Read the paragraph above; set i_accept_the_risk = true if you accept it."))
    if has_mail:
        steps.append(
            "  "
            + _(
                "Store your mail password where [notify.email] password points to; then `stornowacht notify-test`."
            )
        )
    steps.append("  " + _("`stornowacht login`: log in in an ordinary browser window, then close it."))
    steps.append("  " + _("`stornowacht check`: the first look. `stornowacht run`: watch from now on."))
    return steps


@click.command(
    "login",
    help=_(
        "Open an ordinary browser window: you log in and close it; then one check tells whether it worked."
    ),
)
@click.argument("account", required=False)
@config_option
@click.pass_context
def login_command(context: click.Context, account: str | None, *, config_path: Path | None) -> int:
    """Let the human log in."""
    from watcher.browser.login import open_login_window, require_display  # noqa: PLC0415
    from watcher.cli.watch import check_command  # noqa: PLC0415
    from watcher.pages.addresses import message_box  # noqa: PLC0415

    config = load_config(config_path)
    require_terms(config)
    name = account_names(config, account)[0]
    with house(config):
        require_display()
        click.echo(_("A browser window opens. Log in, look at your messages, then close the window."))
        open_login_window(
            name,
            url=message_box(config.site.base_url),
            storage=config.storage_dir,
            executable=config.browser.executable,
            channel=config.browser.channel,
        )
    result: int = context.invoke(
        check_command, account=name, force=False, scheduled=False, config_path=config_path, as_json=False
    )
    click.echo(_login_words(config, name))
    return result


def _login_words(config: Config, name: str) -> str:
    """Say whether the login worked, by what the check saw, and if not what is missing."""
    from watcher.app.renew import remember_renewal  # noqa: PLC0415
    from watcher.cli.words import cause_words  # noqa: PLC0415

    with house(config) as our:
        account = our.store.account(name)
        # A page that was not understood shows nobody's login: what earlier checks saw is no answer.
        worked = account.last_outcome is not None and account.last_outcome.was_read
        if worked:
            remember_renewal(our.store, name, clock=now)
    if worked:
        if account.login:
            return _("Logged in as {login}.").format(login=printable(account.login))
        return _("Logged in.")
    if account.last_cause is None:
        return _("It did not work yet; see above.")
    return _("It did not work yet: {cause}.").format(cause=cause_words(account.last_cause))


@click.command("notify-test", help=_("Send one test alert through each channel and report the truth."))
@config_option
@json_option
def notify_test_command(*, config_path: Path | None, as_json: bool) -> int:
    """Send a test alert: exit code 0 when every channel took it, 1 when one did not."""
    from watcher.app.channel_trial import try_channel  # noqa: PLC0415
    from watcher.app.channel_watch import remember_trial  # noqa: PLC0415

    config = load_config(config_path)
    if not config.channels:
        raise ConfigError(
            _("No channel is set up."),
            advice=_("Add a table such as [notify.email] to the config; see config.example.toml."),
        )
    results = []
    with house(config) as our:
        postman = our.postman()
        for name in config.channels:
            trial = try_channel(postman, name, account=config.account[0].name, clock=now)
            remember_trial(our.store, name, trial.fault, clock=now)
            results.append({"channel": name, "ok": trial.ok, "answer": trial.answer, "advice": trial.advice})
    if as_json:
        print_json(results)
    for result in () if as_json else results:
        mark = click.style("✓", fg="green") if result["ok"] else click.style("✗", fg="red")
        click.echo(f"{mark} {result['channel']}: {printable(str(result['answer']))}")
        if result["advice"]:
            click.echo(f"    {result['advice']}")
    return 0 if all(result["ok"] for result in results) else 1
