"""`demo`: the whole story, played in a minute."""

import signal
import tempfile
from pathlib import Path

import click

from watcher.texts.language import _


@click.command(
    "demo", help=_("Play a whole cancellation against a practice shop in a real browser; ends by itself.")
)
@click.option("--keep", is_flag=True, help=_("Leave shop and daemon running at the end, until Ctrl-C."))
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), help=_("Where mail, screenshots and database go.")
)
@click.option("--browser", type=click.Path(path_type=Path), help=_("The browser to use."))
def demo_command(*, keep: bool, folder: Path | None, browser: Path | None) -> int:
    """Play the demo."""
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from watcher.demo.display import DemoError, Display  # noqa: PLC0415
    from watcher.demo.story import play  # noqa: PLC0415
    from watcher.errors import UsageError  # noqa: PLC0415

    parent = (folder or Path(tempfile.gettempdir())).resolve()  # a path in a config counts from there
    try:
        parent.mkdir(parents=True, exist_ok=True)
        stage = Path(tempfile.mkdtemp(prefix="stornowacht-demo-", dir=parent))
    except OSError as error:
        raise UsageError(
            _("{path} cannot be written: {reason}.").format(path=parent, reason=error.strerror)
        ) from error
    console = Console(highlight=False)
    display = Display(console)
    display.title(
        "Stornowacht",
        _(
            "A practice shop on this machine, rebuilt from public facts; no real site is visited, all people are invented."
        ),
    )
    _end_tidily()
    try:
        code = play(stage, display, executable=browser, keep=keep)
    except DemoError as error:
        console.print(Text(_("The demo waited in vain for: {what}").format(what=error), style="red"))
        console.print(Text(_("The daemon's log: {path}").format(path=stage / "daemon.log")))
        return 1
    console.print()
    for name, path in (
        (_("Alert mails"), stage / "mail"),
        (_("Screenshots"), stage / "data" / "archive"),
        (_("Dossier"), stage / "dossier"),
        (_("Database"), stage / "data" / "stornowacht.db"),
        (_("Look around"), f"stornowacht orders --config {stage / 'config.toml'}"),
    ):
        console.print(Text(f"  {name + ':':<15} {path}"), soft_wrap=True)
    console.print(Text("  " + _("That took {seconds:.0f} seconds.").format(seconds=display.seconds)))
    return code


def _end_tidily() -> None:
    """Let whoever ends the demo end it as Ctrl-C does: its daemon and browser go with it."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None:
            signal.signal(number, signal.default_int_handler)
