"""`setup`: the set-up in the browser, for everybody who would rather not use a terminal or edit a file."""

import shutil
import signal
import sys
import threading
import webbrowser
from pathlib import Path
from shlex import quote

import click

from watcher.browser.login import has_display
from watcher.cli.common import config_option
from watcher.config import Config, default_path
from watcher.errors import UsageError
from watcher.texts.language import _
from watcher.web.listening import LOOPBACK
from watcher.web.server import dashboard_url
from watcher.web.setup.desk import SetupDesk
from watcher.web.setup.server import serving_setup, url_of

_FAREWELL_SECONDS = 2.0
"""So long the last page may take to fetch its styles."""
_DASHBOARD_SECONDS = 60
_STOPPED = 130


@click.command(
    "setup", help=_("Set Stornowacht up in your browser, one question at a time; again to change answers.")
)
@click.option("--print", "only_print", is_flag=True, help=_("Only print the address, which lets you in."))
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    help=_("The port at 127.0.0.1; without it any that is free."),
)
@config_option
@click.pass_context
def setup_command(context: click.Context, *, only_print: bool, port: int, config_path: Path | None) -> int:
    """Serve the set-up until the person is done; then say what comes next, or begin to watch."""
    from watcher.cli.entry import has_command  # noqa: PLC0415 - it imports this module only when it runs it

    # Ctrl-C is the way out, also where whoever started the program had it ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    path = (config_path or default_path()).absolute()
    option = f" --config {quote(str(path))}" if config_path else ""
    try:
        with serving_setup(
            path, port=port, command=own_command(), option=option, has_service=has_command("service")
        ) as desk:
            try:
                _invite(desk, only_print=only_print)
                while not desk.finished.wait(0.5):  # without an end, Windows would not hear Ctrl-C
                    pass
                desk.stopping.wait(_FAREWELL_SECONDS)
            except KeyboardInterrupt:
                click.echo()
                _say_what_comes_next(desk)
                return _STOPPED
    except OSError as error:
        raise UsageError(
            _("No port at {host} can be used: {reason}.").format(
                host=LOOPBACK, reason=error.strerror or error
            )
        ) from error
    config = desk.standing().config
    if desk.watches_next and config is not None:
        return _watch(context, config, config_path, only_print=only_print)
    _say_what_comes_next(desk)
    return 0


def own_command() -> str:
    """Return how this program is called here: by its name where that is found, else by its place."""
    if shutil.which("stornowacht"):
        return "stornowacht"
    beside = Path(sys.executable).with_name("stornowacht")
    return quote(str(beside)) if beside.is_file() else f"{quote(sys.executable)} -m watcher"


def _invite(desk: SetupDesk, *, only_print: bool) -> None:
    url = url_of(desk)
    if only_print or not _opens(url):
        click.echo(url)
    else:
        click.echo(_("The set-up opens in your browser. If it does not, open this address there:"))
        click.echo(f"  {url}")
    click.echo(
        _("Leave this window open meanwhile; Ctrl-C ends the set-up, and what you have answered stays."),
        err=True,
    )


def _opens(url: str) -> bool:
    """Open an address in the person's browser; where there is no screen, a browser in the terminal would only be in the way."""
    return has_display() and webbrowser.open(url)


def _say_what_comes_next(desk: SetupDesk) -> None:
    standing = desk.standing()
    if not standing.is_accepted:
        click.echo(_("Nothing is set up yet, and nothing was visited."))
    elif standing.config is not None:
        click.echo(_("Your answers stand in {path}.").format(path=desk.path))
        click.echo(
            _("This command starts the watch: {command}").format(command=f"{desk.command} run{desk.option}")
        )
    click.echo(
        _("This command leads to the set-up again: {command}").format(
            command=f"{desk.command} setup{desk.option}"
        )
    )


def _watch(context: click.Context, config: Config, config_path: Path | None, *, only_print: bool) -> int:
    """Begin to watch in this very window, and open the dashboard as soon as it is there."""
    from watcher.cli.watch import run_command  # noqa: PLC0415 - only where the person wants it

    click.echo(_("The watch begins. Leave this window open; Ctrl-C ends the watch."))
    if config.dashboard.enabled:
        opener = threading.Thread(
            target=_open_dashboard, args=(config.storage_dir,), kwargs={"only_print": only_print}, daemon=True
        )
        opener.start()
    result: int = context.invoke(run_command, config_path=config_path)
    return result


def _open_dashboard(storage: Path, *, only_print: bool) -> None:
    pause = threading.Event()
    for _second in range(_DASHBOARD_SECONDS):
        url = dashboard_url(storage)
        if url is not None:
            if only_print or not _opens(url):
                click.echo(url)
            return
        pause.wait(1)
