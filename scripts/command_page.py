"""Write every command with its options into docs/befehle.md, in German, from the commands themselves; `--check` only looks.

Commands that nobody calls by hand are hidden and left out. What the catalogue has not translated yet stands there in English.
"""

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

import click

from scripts.docs_page import keep
from watcher.texts.language import use

PATH = Path(__file__).parent.parent / "docs" / "befehle.md"
BEGIN = "<!-- the commands are written by scripts/command_page.py -->\n"
END = "<!-- end of the commands -->\n"
SECTIONS = {
    "Ansehen und einrichten": ("demo", "setup", "init", "login", "notify-test", "doctor"),
    "Aufpassen": ("run", "check", "open", "service", "dashboard"),
    "Wie es steht": ("status", "orders", "cases", "show", "money", "calendar", "policy", "carriers"),
    "Einen Fall bearbeiten": ("ack", "snooze", "done", "reason", "text", "note", "cost", "close"),
    "Paket": ("ship", "track"),
    "Vorbeugen": ("listings", "questions", "insights"),
    "Beweise": ("capture", "attach", "archive"),
    "Richtigstellen und helfen": ("confirm", "replay", "probe", "log", "report"),
}
"""Where each command stands: one that has no place, or two, is a fault."""
EVERYWHERE = {"--help", "--config"}
"""Options that the head of the page speaks of."""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Return each command and subcommand that is not hidden, by what one types after `stornowacht`."""
    from watcher.cli.entry import stornowacht  # noqa: PLC0415 - the commands speak the language of their import

    yield from _below(stornowacht, "")


def _below(group: click.Group, prefix: str) -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        yield prefix + name, command
        if isinstance(command, click.Group):
            yield from _below(command, f"{prefix}{name} ")


def tables() -> str:
    """Return the sections of the page.

    Raises:
        SystemExit: a command has no section, or a section names one that does not exist.
    """
    known = dict(commands())
    placed = [name for names in SECTIONS.values() for name in names]
    top = {name for name in known if " " not in name}
    if sorted(placed) != sorted(top):
        raise SystemExit(f"SECTIONS in scripts/command_page.py is wrong about: {sorted(set(placed) ^ top)}")
    return "\n".join(
        f"## {title}\n\n"
        + "\n".join(
            _entry(name, command)
            for top_name in names
            for name, command in known.items()
            if name == top_name or name.startswith(f"{top_name} ")
        )
        for title, names in SECTIONS.items()
    )


def _entry(name: str, command: click.Command) -> str:
    marks = "###" if " " not in name else "####"
    lines = [f"{marks} {name}", "", _one_line(command.help)]
    if not isinstance(command, click.Group):
        lines += ["", f"```text\n{_usage(name, command)}\n```"]
    options = [_option(each) for each in command.params if isinstance(each, click.Option)]
    shown = [each for each in options if each]
    if shown:
        lines += ["", "| Option | |", "|---|---|", *shown]
    return "\n".join(lines) + "\n"


def _usage(name: str, command: click.Command) -> str:
    context = click.Context(command)
    arguments = [each.make_metavar(context) for each in command.params if isinstance(each, click.Argument)]
    return " ".join(("stornowacht", name, *arguments))


def _option(option: click.Option) -> str:
    if option.hidden or EVERYWHERE.intersection(option.opts):
        return ""
    name = ", ".join(option.opts)
    if not option.is_flag and not option.count:
        name += f" {option.make_metavar(click.Context(click.Command('')))}"
    # Markdown's dialects disagree about a bar in code within a table; in markup they do not.
    code = escape(name, quote=False).replace("|", "&#124;")
    return f"| <code>{code}</code> | {_one_line(option.help)} |"


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def main() -> int:
    """Write the commands, or say that they are stale."""
    use("de")
    return keep(PATH, tables, begin=BEGIN, end=END, by="command_page.py")


if __name__ == "__main__":
    sys.exit(main())
