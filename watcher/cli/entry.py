"""The `stornowacht` command: which commands there are, and how faults become words and exit codes."""

import importlib
from typing import Any

import click

from watcher import __version__
from watcher.errors import StornowachtError
from watcher.texts.language import _

_COMMANDS = {
    "demo": "demo",
    "init": "setup",
    "login": "setup",
    "notify-test": "setup",
    "check": "watch",
    "run": "watch",
    "deliver": "watch",
    "status": "known",
    "orders": "known",
    "cases": "known",
    "show": "show",
    "ack": "seller",
    "done": "seller",
    "note": "seller",
    "archive": "archive",
}
"""Command -> module of this package. A command's module is only imported when it is run: `status` must be quick."""


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
    except BrokenPipeError:
        return 0
    return result if isinstance(result, int) else 0
