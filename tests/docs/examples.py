"""The examples that stand in the docs: command lines and pieces of config, each with its place.

Both fenced and indented blocks count. A line of a block is a command line if it begins with a program that `PROGRAMS` knows;
a block is a piece of config if it says `toml`, or if its first line is a table's heading.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).parent.parent.parent
PAGES = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")))
SHELL = {"console", "shell", "sh", "bash"}
_FENCE = re.compile(r"^(?P<indent> *)(?P<marks>```+|~~~+)\s*(?P<language>[\w-]*)")
_TABLE = re.compile(r"\[\[?[a-z._]+\]\]?\s*(#.*)?$", re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`(stornowacht [^`]+)`(?!`)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of code."""

    page: Path
    line: int
    language: str
    """What the fence says; empty for an indented block."""
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One command line."""

    place: str
    text: str

    @property
    def words(self) -> list[str]:
        """What a shell makes of it, without a comment at its end."""
        return shlex.split(self.text, comments=True)


@cache
def blocks() -> tuple[Block, ...]:
    return tuple(block for page in PAGES for block in _blocks_of(page))


def _blocks_of(page: Path) -> Iterator[Block]:
    lines = page.read_text(encoding="utf-8").splitlines()
    number = 0
    while number < len(lines):
        begun = number + 1
        kept: list[str] = []
        if fence := _FENCE.match(lines[number]):
            number += 1
            while not lines[number].strip().startswith(fence["marks"]):
                kept.append(lines[number])
                number += 1
            language = fence["language"] or "text"
        else:
            while (
                number < len(lines) and lines[number].startswith("    ") and not _FENCE.match(lines[number])
            ):
                kept.append(lines[number])
                number += 1
                if lines[number : number + 1] == [""] and lines[number + 1 : number + 2]:
                    kept.append("")
                    number += 1
            language = ""
            number -= bool(kept)
        if kept:
            yield Block(page=page, line=begun, language=language, text=dedent("\n".join(kept)))
        number += 1


def command_lines() -> list[Line]:
    """Return every command line of a block, each once."""
    found: dict[str, Line] = {}
    for block in blocks():
        if block.language not in {"", *SHELL}:
            continue
        for offset, text in enumerate(block.text.splitlines()):
            line = text.strip().removeprefix("$ ")
            if block.language in SHELL and line and not line.startswith("#"):
                assert line.split()[0] in PROGRAMS, (
                    f"{block.place}: {line!r} calls a program that nobody knows"
                )
            if line and line.split()[0] in PROGRAMS:
                place = f"{block.page.relative_to(ROOT)}:{block.line + offset}"
                found.setdefault(line, Line(place=place, text=line))
    return list(found.values())


def inline_commands() -> list[Line]:
    """Return what stands within the text as a call of the program, each once."""
    found: dict[str, Line] = {}
    for page in PAGES:
        for number, text in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
            for call in _INLINE.findall(text):
                found.setdefault(call, Line(place=f"{page.relative_to(ROOT)}:{number}", text=call))
    return list(found.values())


def pieces_of_config() -> list[Block]:
    """Return every block of TOML."""
    return [
        block
        for block in blocks()
        if block.language == "toml" or (not block.language and _TABLE.match(block.text.lstrip()))
    ]


TRIED = {"stornowacht", "make", "python", "python3", ".venv/bin/python"}
"""First words of command lines that `test_commands.py` tries in one way or another."""
NOT_TRIED = {
    "cd": "the shell's own",
    "source": "the shell's own",
    "git": "clones from wherever the reader has it",
    "rm": "deletes",
    "grep": "looks into a file of the reader's",
    "keyring": "changes the machine's key ring",
    "uv": "installs a program on the machine",
    "pipx": "installs a program on the machine",
    "loginctl": "speaks to the machine's service manager",
    "ssh": "connects to another computer",
}
"""First word of every other command line -> why it is not tried."""
PROGRAMS = TRIED | NOT_TRIED.keys()
