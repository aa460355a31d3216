"""What a channel is asked to deliver, and what it hands back."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

_PICTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class Urgency(StrEnum):
    """How loudly a channel may speak."""

    LOW = "low"
    NORMAL = "normal"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A PNG that belongs to a message; its HTML refers to it as ``cid:<name>``.

    Raises:
        ValueError: the name is not made of ASCII letters, digits, ``.``, ``_`` and ``-`` (64 at most), so
            it could not be referred to in the same words everywhere.
    """

    name: str
    png: bytes
    alt: str

    def __post_init__(self) -> None:
        if not _PICTURE_NAME.fullmatch(self.name):
            raise ValueError(f"a picture's name needs 1 to 64 of A-Z a-z 0-9 . _ -, not {self.name!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One alert, ready for every channel: each takes the parts it can show.

    Texts may hold what strangers wrote. Each channel makes them safe for its own surface, except `html`:
    whoever fills the template escapes.

    Attributes:
        key: Names (event, channel, round). The same key is the same message, however often it is delivered.
        thread: Shared by all messages of one case.
        subject: One line that says it all on a lock screen.
        text: The complete message as plain text.
        html: The complete HTML document, or None.
        summary: Two or three short lines for small surfaces.
        urgency: How loudly a channel may speak.
        at: When the fact happened; aware.
        repeat: It may have been delivered before; every channel says so in its own words.
        pictures: Shown inline where a channel can.
        url: Where to look closer.

    Raises:
        ValueError: `at` has no time zone.
    """

    key: str
    thread: str
    subject: str
    text: str
    html: str | None
    summary: str
    urgency: Urgency
    at: datetime
    repeat: bool = False
    pictures: tuple[Picture, ...] = ()
    url: str | None = None

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError("a message's time needs a time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a channel handed something over, in the words of whoever took it."""

    channel: str
    detail: str
