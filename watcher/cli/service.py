"""`service install`, `uninstall`, `status`: whether the watch starts with the computer."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from watcher.bootstrap import house
from watcher.cli.common import (
    config_option,
    json_option,
    load_config,
    moment,
    print_json,
    printable,
    require_terms,
    say_beside,
)
from watcher.cli.service_plan import names_from_environment, plan_for
from watcher.config import Config, ConfigError, default_path
from watcher.errors import BusyError, UsageError
from watcher.service.here import manager_here
from watcher.service.manager import Manager
from watcher.service.plan import Plan
from watcher.service.seal import Hand
from watcher.service.standing import Installed, Standing, install, standing, uninstall
from watcher.storage.examine import is_held
from watcher.texts.language import _

_force = click.option(
    "--force",
    is_flag=True,
    help=_("Also where the service was changed by hand, or watches with another config."),
)


@click.group("service", help=_("Let the watch start with the computer, and look whether it does."))
def service_command() -> None:
    """Hold the service's commands together."""


@service_command.command("install", help=_("Start the watch now, and from now on with the computer."))
@click.option("--print", "only_print", is_flag=True, help=_("Only print what would be written."))
@click.option("--restart", is_flag=True, help=_("Start the watch anew, also where nothing has changed."))
@_force
@config_option
@json_option
def install_command(
    *, only_print: bool, restart: bool, force: bool, config_path: Path | None, as_json: bool
) -> int:
    """Install the service: exit code 0 when the watch runs, 1 when something remains to be done by hand."""
    config = load_config(config_path)
    require_terms(config)
    manager = _manager()
    plan = plan_for(config, (config_path or default_path()).absolute(), interpreter=Path(sys.executable))
    if only_print:
        click.echo(manager.written(plan), nl=False)
        return 0
    _require_lasting(plan.interpreter)
    found = standing(manager, plan)
    if not found.running.is_running and is_held(plan.storage / "daemon.lock"):
        raise BusyError(
            _("A watch is already at work on {folder}; a second one could not start.").format(
                folder=plan.storage
            ),
            advice=_("End it (Ctrl-C in its window), then install the service."),
        )

    def prepare() -> None:
        with house(config):
            pass  # as the watch begins itself: none is started that could not; a service's view is made of what is there

    done = install(manager, plan, prepare=prepare, force=force, restart=restart)
    names = names_from_environment(config)
    if as_json:
        print_json(_as_json(done.standing) | {"written": done.has_written, "by_hand": list(done.by_hand)})
    else:
        _tell_installed(done, plan)
    if names and not _are_named_in(plan.secrets, names):
        say_beside(_secret_words(names, plan, manager))
    return 0 if done.standing.is_at_work else 1


@service_command.command("uninstall", help=_("End the watch, and let it no longer start with the computer."))
@_force
@json_option
def uninstall_command(*, force: bool, as_json: bool) -> int:
    """Remove what `install` has made: exit code 0, also where there is nothing; 1 when something remains to be done."""
    manager = _manager()
    done = uninstall(manager, force=force)
    if as_json:
        print_json({"removed": [str(path) for path in done.files], "refusal": done.refusal})
    elif not done.files:
        click.echo(_("There is no service here; nothing was changed."))
    else:
        for path in done.files:
            click.echo(_("Removed: {path}").format(path=path))
        click.echo(_("The watch no longer starts with the computer. What it has kept stays where it is."))
    if done.refusal:
        say_beside(
            _(
                "{manager} could not be told ({reason}); if the watch still runs, it ends with your session."
            ).format(manager=manager.name, reason=done.refusal)
        )
        return 1
    return 0


@service_command.command("status", help=_("Whether the watch starts with the computer, and whether it runs."))
@config_option
@json_option
def status_command(*, config_path: Path | None, as_json: bool) -> int:
    """Say how it stands: exit code 0 when the service runs and starts with the computer, 1 otherwise."""
    try:
        config = load_config(config_path)
    except ConfigError:
        config = None  # a config with mistakes is no reason not to look
    found = look(config, config_path or default_path())
    if as_json:
        print_json(_as_json(found))
    else:
        for line in _lines(found):
            click.echo(line)
    return 0 if found.is_at_work else 1


def look(config: Config | None, path: Path) -> Standing:
    """Return how it stands with the service, compared with what the config wants of it where that can be read.

    Raises:
        UsageError: this system has no service manager that this program knows.
    """
    manager = _manager()
    if config is None:
        return standing(manager)
    place = path.absolute()
    found = standing(manager, plan_for(config, place, interpreter=Path(sys.executable)))
    # One for another config is no worse for not being about this one.
    return found if found.seal.config in {None, place} else standing(manager)


def _manager() -> Manager:
    manager = manager_here()
    if manager is None:
        raise UsageError(
            _("This system has no service manager that Stornowacht knows."),
            advice=_("Let the system start this command itself: `stornowacht run`"),
        )
    return manager


def _require_lasting(interpreter: Path) -> None:
    """Stop where this program only lies in a cache, as `uvx` and `pipx run` keep it: it would be gone one day."""
    from platformdirs import user_cache_path  # noqa: PLC0415 - only where something is installed

    passing = (user_cache_path(), Path(tempfile.gettempdir()), Path.home() / ".local" / "pipx" / ".cache")
    if any(interpreter.is_relative_to(folder) for folder in passing):
        raise UsageError(
            _("Stornowacht runs from a folder that will be cleared one day: {folder}.").format(
                folder=interpreter.parent
            ),
            advice=_("Install it first, as docs/install.md tells."),
        )


def _tell_installed(done: Installed, plan: Plan) -> None:
    found = done.standing
    words = _("Written: {path}") if done.has_written else _("It is there already: {path}")
    click.echo(words.format(path=found.file))
    if done.by_hand:
        click.echo(
            _("The watch does not run yet: {manager} does not answer here ({reason}).").format(
                manager=found.manager, reason=printable(found.refusal)
            )
        )
        click.echo(_("Log in as yourself at that computer, and say there:"))
        for command in done.by_hand:
            click.echo(f"  {command}")
        return
    if found.is_at_work:
        click.echo(_("The watch runs, and from now on it starts with the computer."))
    else:
        click.echo(_("The watch does not run: {detail}.").format(detail=found.running.detail or "–"))
    for remark in done.remarks:
        click.echo(remark)
    click.echo(
        _("It watches with {config}; `stornowacht service status` tells how it stands.").format(
            config=plan.config
        )
    )


def _secret_words(names: tuple[str, ...], plan: Plan, manager: Manager) -> str:
    listed = ", ".join(names)
    if manager.name != "systemd":
        return _(
            "Your config takes these from the environment, which a service does not see: {names}. "
            "Better: file:/path or keyring:service/user in the config."
        ).format(names=listed)
    return _(
        "Your config takes these from the environment, which a service does not see: {names}. "
        "Write them into {file}, one NAME=value a line, readable by you alone (chmod 600); "
        "then install the service again. Or use file:/path or keyring:service/user in the config."
    ).format(names=listed, file=plan.secrets)


def _are_named_in(file: Path, names: tuple[str, ...]) -> bool:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        return False
    return set(names) <= {line.partition("=")[0].strip() for line in lines}


def _lines(found: Standing) -> list[str]:
    if not found.is_installed:
        return [
            _("Not installed: the watch does not start with the computer."),
            _("`stornowacht service install` changes that."),
        ]
    lines = [_("Installed ({manager}): {path}").format(manager=found.manager, path=found.file)]
    running = found.running
    if found.refusal:
        lines.append(
            _("Whether it runs is not known: {manager} does not answer here ({reason}).").format(
                manager=found.manager, reason=printable(found.refusal)
            )
        )
    elif running.is_running:
        since = running.since
        lines.append(
            _("It has been running since {at} (process {pid}).").format(at=moment(since), pid=running.pid)
            if since
            else _("It runs.")
        )
    else:
        lines.append(_("It does not run: {detail}.").format(detail=printable(running.detail) or "–"))
    if not found.refusal and not running.is_enabled:
        lines.append(_("It does not start with the computer; `stornowacht service install` changes that."))
    if found.seal.config is not None:
        lines.append(_("It watches with {config}.").format(config=found.seal.config))
    lines += _doubts(found)
    return lines


def _doubts(found: Standing) -> list[str]:
    if found.seal.hand is Hand.CHANGED:
        return [_("The file was changed by hand; Stornowacht leaves it alone.")]
    if found.seal.hand is Hand.FOREIGN:
        return [_("The file was not written by Stornowacht, which leaves it alone.")]
    if found.is_current is False:
        return [
            _(
                "Program or config have changed since it was installed; `stornowacht service install` brings it up to date."
            )
        ]
    return []


def _as_json(found: Standing) -> dict[str, Any]:
    known = not found.refusal
    since = found.running.since
    return {
        "manager": found.manager,
        "file": str(found.file),
        "installed": found.is_installed,
        "by": found.seal.hand.value,
        "current": found.is_current,
        "config": str(found.seal.config) if found.seal.config else None,
        "enabled": found.running.is_enabled if known else None,
        "running": found.running.is_running if known else None,
        "since": since.isoformat() if since else None,
        "pid": found.running.pid,
        "detail": found.running.detail or found.refusal,
    }
