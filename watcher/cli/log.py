"""`log`: what the daemon has written down, for people and for scripts."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from watcher.bootstrap import now
from watcher.cli.common import config_option, load_config, printable, say_beside
from watcher.cli.log_words import event_title
from watcher.config_file import spoken
from watcher.daemon.log_file import FOLDER, NAME, entries, entry_of, log_files, moment_of, unreadable
from watcher.durations import parse_duration
from watcher.errors import UsageError
from watcher.texts.language import _
from watcher.texts.names import BERLIN

_LEVELS = ("debug", "info", "warning", "error", "critical")
_COLOURS = {"warning": "yellow", "error": "red", "critical": "red"}
_USUAL = timedelta(days=1)
_POLL = 0.5
_SAID_OTHERWISE = frozenset({"event", "level", "timestamp"})


@click.command("log", help=_("What `stornowacht run` has written down, without names, titles and addresses."))
@click.option(
    "--since",
    metavar="2h",
    help=_("How far back: a number with s, m, h or d, at most 366d. Default: one day."),
)
@click.option(
    "--level", type=click.Choice(_LEVELS), default="info", help=_("Only what is at least as grave.")
)
@click.option("--follow", is_flag=True, help=_("Go on with what is written from now on, until Ctrl-C."))
@click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object a line."))
@config_option
def log_command(
    *, since: str | None, level: str, follow: bool, as_json: bool, config_path: Path | None
) -> int:
    """Show the log."""
    storage = load_config(config_path).storage_dir
    span = _span(since)
    path = storage / FOLDER / NAME
    if not log_files(storage):
        none_yet = _("There is no log yet: {path}.").format(path=path)
        if not follow:
            raise UsageError(none_yet, advice=_("`stornowacht run` writes one."))
        say_beside(
            none_yet + "\n" + _("What `stornowacht run` writes is shown as it comes; Ctrl-C ends this.")
        )
    shown = False
    following = _new_lines(path) if follow else iter(())
    for entry in entries(storage, since=now() - span):
        shown = _show(entry, level, as_json=as_json) or shown
    if not shown and not follow and not as_json:
        click.echo(_("Nothing was written down in that time."))
    try:
        for entry in following:
            _show(entry, level, as_json=as_json)
    except KeyboardInterrupt:
        pass  # whoever follows has seen enough
    return 0


def _span(since: str | None) -> timedelta:
    if since is None:
        return _USUAL
    try:
        return parse_duration(since)
    except ValueError as error:
        raise UsageError(
            _("--since {since}: {reason}.").format(since=since, reason=spoken(str(error)))
        ) from error


def _show(entry: dict[str, Any], level: str, *, as_json: bool) -> bool:
    """Print one entry if it is grave enough; returns whether it was."""
    gravity = str(entry.get("level", "info"))
    if gravity in _LEVELS and _LEVELS.index(gravity) < _LEVELS.index(level):
        return False
    if as_json:
        import json  # noqa: PLC0415 - people read lines

        click.echo(json.dumps(entry, ensure_ascii=True))
        return True
    at = moment_of(entry)
    facts = ", ".join(
        f"{name} {_value(value)}"
        for name, value in entry.items()
        if name not in _SAID_OTHERWISE and value not in (None, "", [])
    )
    title = click.style(event_title(entry["event"]), fg=_COLOURS.get(gravity), bold=gravity in _COLOURS)
    click.echo(f"{_clock(at)}  {title}" + (f"  ({printable(facts)})" if facts else ""))
    return True


def _value(value: object) -> str:
    if isinstance(value, list):
        return " | ".join(map(_value, value))
    at = _moment(value)
    return _clock(at) if at else str(value)


def _moment(value: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(value)) if isinstance(value, str) and "T" in value else None
    except ValueError:
        return None
    return at if at and at.tzinfo else None


def _clock(at: datetime | None) -> str:
    """Return a moment on a German clock, to the second."""
    return "–" if at is None else f"{at.astimezone(BERLIN):%d.%m. %H:%M:%S}"


def _new_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what is written from now on; a file that was rotated away is read to its end, then the new one."""
    try:
        place = path.stat().st_size
    except FileNotFoundError:
        place = 0
    except OSError as error:
        raise unreadable(path, error) from error
    return _read_on(path, place)


def _read_on(path: Path, place: int) -> Iterator[dict[str, Any]]:
    opened, torn = None, ""
    while True:
        try:
            if opened is None:
                opened = path.open(encoding="utf-8", errors="replace")
                opened.seek(place)
                place = 0
            lines = opened.readlines()
            if not lines and path.stat().st_ino != _inode(opened.fileno()):
                opened.close()
                opened = None
                continue
        except FileNotFoundError:
            opened, lines = None, []  # there is none yet, or it was rotated away just now
        except OSError as error:
            raise unreadable(path, error) from error
        for line in lines:
            torn += line
            if torn.endswith("\n"):
                entry, torn = entry_of(torn), ""
                if entry is not None:
                    yield entry
        if not lines:
            time.sleep(_POLL)


def _inode(handle: int) -> int:
    import os  # noqa: PLC0415 - only where somebody follows

    return os.fstat(handle).st_ino
