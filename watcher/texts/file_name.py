"""Strangers' words as a part of a file's name: harmless on every system, whatever they are."""

import re
import unicodedata

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x7f]')
"""What Windows forbids; the slashes are why a name cannot lead anywhere."""
_DROPPED = {"Cf", "Cs", "Co", "Cn"}
"""Invisible signs (what turns the direction of writing among them), halves of letters, and what is no letter."""
_SPACES = {"Cc", "Zl", "Zp", "Zs"}


def file_name_part(text: str, *, most_bytes: int) -> str:
    """Return a text as one line of at most `most_bytes` bytes of UTF-8; empty where nothing of it can stand in a name.

    It does not begin or end with a dot or a space, so that it is no folder of its own, not hidden, and Windows cuts nothing
    off. Names that Windows reserves (`CON`, `NUL` ...) are left to the caller: they are harmless as a part of a name.
    """
    plain = "".join(
        " " if unicodedata.category(sign) in _SPACES else sign
        for sign in unicodedata.normalize("NFC", text)
        if unicodedata.category(sign) not in _DROPPED
    )
    one_line = " ".join(_FORBIDDEN.sub("_", plain).split()).strip(". ")
    if len(one_line.encode()) <= most_bytes:
        return one_line
    cut = one_line.encode()[: most_bytes - len("…".encode())].decode(errors="ignore")
    return f"{cut.rstrip('. ')}…"
