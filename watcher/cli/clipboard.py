"""The clipboard, through the program that the system has for it: there is no library to keep alive."""

import os
import shutil
import subprocess
from collections.abc import Iterator

from watcher.system import is_mac

_SECONDS = 5.0


def copy_text(text: str) -> str | None:
    """Put a text on the clipboard; returns the name of the program that took it, `None` where none did."""
    for tool, *options in _tools():
        program = shutil.which(tool)
        if program is not None and _takes([program, *options], _encoded(text, tool)):
            return tool
    return None


def _tools() -> Iterator[tuple[str, ...]]:
    """Return the programs worth trying here, in that order: one for another display would hang or copy to nowhere."""
    if is_mac():
        yield ("pbcopy",)
    if os.environ.get("WAYLAND_DISPLAY"):
        yield ("wl-copy",)
    if os.environ.get("DISPLAY"):
        yield ("xclip", "-selection", "clipboard")
        yield ("xsel", "--clipboard", "--input")
    yield ("clip.exe",)  # Windows, and Linux within Windows


def _takes(command: list[str], text: bytes) -> bool:
    # Nothing may be captured: wl-copy and xclip stay in the background with what they inherited, for as long as their text is there.
    try:
        done = subprocess.run(
            command,
            input=text,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "LC_CTYPE": "UTF-8"} if is_mac() else None,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _encoded(text: str, tool: str) -> bytes:
    """Return the text as the tool reads it: `clip` takes UTF-16 with a mark, everything else UTF-8."""
    return text.encode("utf-16" if tool == "clip.exe" else "utf-8", errors="replace")
