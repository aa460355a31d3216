"""What the commands share: options, the config, tables, JSON."""

import json
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from watcher.config import Config, ConfigError, default_path
from watcher.config_file import load, text_in_force
from watcher.domain.account import Account
from watcher.errors import UsageError
from watcher.texts.language import _
from watcher.texts.names import BERLIN
from watcher.texts.terms import TERMS

Command = TypeVar("Command", bound=Callable[..., Any])

_UNBROKEN = 500


def config_option(command: Command) -> Command:
    """Add --config."""
    return click.option(
        "--config",
        "config_path",
        type=click.Path(path_type=Path),
        default=None,
        help=_("The config file to use."),
    )(command)


def json_option(command: Command) -> Command:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help=_("Print one JSON object for scripts."))(
        command
    )


def load_config(path: Path | None) -> Config:
    """Load the config that --config, the environment or the platform names, and speak its language.

    Raises:
        ConfigError: it is missing or has mistakes.
    """
    return load(path or default_path(), text=text_in_force())


def require_terms(config: Config) -> None:
    """Stop unless the user has said that the risk is known.

    Raises:
        ConfigError: [terms] i_accept_the_risk is not true.
    """
    if not config.terms.i_accept_the_risk:
        raise ConfigError(
            _("Nothing is visited before you have accepted the risk.") + "\n\n" + _(TERMS) + "\n",
            advice=_("If you accept that, set i_accept_the_risk = true under [terms] in the config."),
        )


def account_names(config: Config, wanted: str | None) -> list[str]:
    """Return the accounts a command is about: the named one, else all.

    Raises:
        UsageError: the config knows no such account.
    """
    known = [account.name for account in config.account]
    if wanted is None:
        return known
    if wanted not in known:
        raise UsageError(
            _("There is no account {name!r} in the config.").format(name=wanted),
            advice=_("It knows: {names}.").format(names=", ".join(known)),
        )
    return [wanted]


def print_json(value: Any) -> None:
    """Print one JSON value. What could steer a terminal stands in it as an escape."""
    encoding = getattr(sys.stdout, "encoding", None) or ""
    text = json.dumps(value, ensure_ascii=encoding.lower() not in {"utf-8", "utf8"}, indent=2)
    click.echo("".join(char if char.isprintable() or char == "\n" else _json_escape(char) for char in text))


def say_beside(line: str) -> None:
    """Say something beside the answer: on stderr, so that the answer alone can be piped."""
    click.echo(line, err=True)


def _json_escape(char: str) -> str:
    return json.dumps(char)[1:-1] if char != "\x7f" else "\\u007f"


def moment(at: datetime | None) -> str:
    """Return a moment on a German clock, where sellers, buyers and carriers are; the date only where it is not today."""
    if at is None:
        return "–"
    local = at.astimezone(BERLIN)
    today = datetime.now(BERLIN)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%d.%m. %H:%M}" if local.year == today.year else f"{local:%d.%m.%Y}"


def euros(cents: int | None) -> str:
    """Return an amount as a German reader expects it."""
    return "–" if cents is None else f"{cents // 100},{cents % 100:02} €"


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; texts of strangers are shown as they are, never as markup.

    Nothing is cut: where the terminal is narrow, cells break their lines, except ids, which people copy: they stand in
    the first column. Outside of a terminal each row is one line.
    """
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - only commands that print tables pay for it
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(column, overflow="fold", no_wrap=index == 0)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(width=None if sys.stdout is not None and sys.stdout.isatty() else _UNBROKEN).print(table)


def printable(text: str) -> str:
    """Return a text without control and direction marks: a buyer's name must not steer the terminal."""
    return "".join(char if char.isprintable() else " " for char in text)


def last_check_words(account: Account) -> str:
    """Say when an account was last read for certain."""
    if account.last_complete_at is None:
        return _("never read completely")
    return _("last read completely {at}").format(at=moment(account.last_complete_at))
