"""The line by which a file is known as written by this program, and as changed by nobody since."""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import quote, unquote

from watcher import __version__

_LINE = re.compile(
    r"^.*written by `stornowacht service install` (?P<version>\S+) for config=(?P<config>\S+) "
    r"sha256=(?P<hash>[0-9a-f]{64}).*\n",
    re.MULTILINE,
)


class Hand(StrEnum):
    """In whose hand a file is."""

    NOBODY = "absent"
    OURS = "ours"
    CHANGED = "changed"
    """This program wrote it, and somebody has changed it since."""
    FOREIGN = "foreign"
    """Somebody else wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """What a file says of itself."""

    hand: Hand
    config: Path | None = None
    """For which config it was written."""


def sealed(body: str, *, config: Path, line: int, comment: tuple[str, str]) -> str:
    """Return a text with the line in it, as that line of the file, between what opens and closes a comment there.

    It names the version, too: with another one the file is not the same any more, and the watch is started anew.
    """
    # Two hyphens may not stand in a comment of XML.
    named = quote(str(config), safe="/:").replace("-", "%2D")
    mark = (
        f"written by `stornowacht service install` {__version__} for config={named} "
        f"sha256={_hash(body, named, __version__)}"
    )
    lines = body.splitlines(keepends=True)
    lines.insert(line, f"{comment[0]}{mark}{comment[1]}\n")
    return "".join(lines)


def seal_of(text: str | None) -> Seal:
    """Return what the line says, and whether it speaks the truth."""
    if text is None:
        return Seal(hand=Hand.NOBODY)
    text = text.replace("\r\n", "\n")
    found = _LINE.search(text)
    if found is None:
        return Seal(hand=Hand.FOREIGN)
    rest = text[: found.start()] + text[found.end() :]
    is_true = _hash(rest, found["config"], found["version"]) == found["hash"]
    return Seal(hand=Hand.OURS if is_true else Hand.CHANGED, config=Path(unquote(found["config"])))


def _hash(body: str, config: str, version: str) -> str:
    return hashlib.sha256(f"{version}\n{config}\n{body}".encode()).hexdigest()
