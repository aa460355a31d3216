"""The `stornowacht` command: which commands there are, and how faults become words and exit codes."""

import importlib
import io
import os
import sys
from typing import Any

import click

from watcher import __version__
from watcher.errors import StornowachtError
from watcher.texts.language import _

UNHEARD = 141
"""The exit code when stdout was closed early: what any program ends with that SIGPIPE has ended. Never 0: nobody has
heard the answer."""
_COMMANDS = {
    "demo": "demo",
    "init": "setup",
    "setup": "setup_wizard",
    "login": "setup",
    "notify-test": "setup",
    "check": "watch",
    "run": "watch",
    "service": "service",
    "open": "open",
    "dashboard": "dashboard",
    "deliver": "watch",
    "poll": "poll",
    "anchor": "archive_stamp",
    "doctor": "doctor",
    "status": "status",
    "orders": "known",
    "cases": "known",
    "show": "show",
    "ship": "ship",
    "capture": "capture",
    "track": "track",
    "ack": "seller",
    "snooze": "seller",
    "done": "seller",
    "reason": "reason",
    "close": "seller",
    "note": "seller",
    "attach": "attach",
    "text": "text",
    "cost": "money",
    "money": "money",
    "calendar": "calendar",
    "insights": "insights",
    "listings": "listings",
    "questions": "questions",
    "policy": "policy",
    "carriers": "carriers",
    "confirm": "confirm",
    "archive": "archive",
    "replay": "replay",
    "probe": "probe",
    "log": "log",
    "report": "bug_report",
}
"""Command -> module of this package. A command's module is only imported when it is run: `status` must be quick."""


def has_command(name: str) -> bool:
    """Whether there is a command of that name."""
    return name in _COMMANDS


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click calls it so
        """Return the names of all commands, in the order of a seller's day."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return one command."""
        module = _COMMANDS.get(cmd_name)
        if module is None:
            return None
        command: click.Command = getattr(
            importlib.import_module(f"watcher.cli.{module}"), cmd_name.replace("-", "_") + "_command"
        )
        return command


@click.group(
    cls=LazyGroup,
    help=_("Watches your own sales for cancellations, keeps the proof, reminds until you have acted."),
)
@click.version_option(__version__, prog_name="stornowacht")
def stornowacht() -> None:
    """Hold the commands together."""


def run(arguments: list[str] | None = None) -> int:
    """Run a command; returns its exit code. Faults become a message on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an old terminal without umlauts still shows the rest
    try:
        result: Any = stornowacht.main(args=arguments, prog_name="stornowacht", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo(_("Stopped."), err=True)
        return 130
    except click.ClickException as error:
        error.show()
        return 2
    except StornowachtError as error:
        click.echo(error.diagnostics(), err=True)
        return error.exit_code
    except SystemExit:
        _let_go_of_stdout()  # how click and rich end when whoever was to read the answer is gone
        return UNHEARD
    except OSError as error:
        _let_go_of_stdout()
        click.echo(_("The system refused: {reason}.").format(reason=error), err=True)
        return 2
    return result if isinstance(result, int) else 0


def _let_go_of_stdout() -> None:
    """Send what is left in the buffer nowhere: Python would complain about it at its very end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError, AttributeError):
        pass  # there is no file behind it
