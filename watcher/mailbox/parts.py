"""The readable parts of a mail, whatever is wrong with it."""

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from typing import Final

from watcher.mailbox.headers import Headers

TEXT_LIMIT: Final = 256 * 1024
"""How many bytes of a mail's text are looked at."""
_MOST_PARTS = 30


def readable_parts(headers: Headers, text: bytes) -> Iterator[tuple[Message, bytes]]:
    """Return each part that is text, with its bytes as they were before they were encoded; none where it is too tangled.

    Args:
        headers: the mail's; they say how its text is encoded.
        text: the mail from below its headers, or the beginning of that.
    """
    described = "".join(
        f"{name}: {headers.first(name)}\r\n" for name in ("content-type", "content-transfer-encoding")
    )
    # NUL and what is not ASCII have no place in a description, and the parser trips over some of it.
    top = described.encode("ascii", "ignore").replace(b"\0", b"") + b"\r\n"
    if text.lower().count(b"boundary") > _MOST_PARTS:
        return
    try:
        for part in message_from_bytes(top + text[:TEXT_LIMIT].replace(b"\0", b"")).walk():
            content = part.get_payload(decode=True) if part.get_content_maintype() == "text" else None
            if isinstance(content, bytes):
                yield part, content
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return  # the parser of the standard library promises not to raise, and does: then nothing is readable
