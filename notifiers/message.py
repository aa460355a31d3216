"""What a channel is asked to deliver, and what it hands back."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

_PICTURE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_WEB_ADDRESS = re.compile(r"https?://[!-~]+")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")


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
class Link:
    """A button that opens an address, or a link where there are no buttons.

    Raises:
        ValueError: it is no address of the web.
    """

    label: str
    url: str

    def __post_init__(self) -> None:
        if not is_web_address(self.url):
            raise ValueError("a link needs an address that begins with http:// or https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A button that answers, such as "I take care of it".

    Attributes:
        label: What stands on it.
        token: What comes back when it is pressed, and whose return proves that it was: random, used for one
            button of one message only. A channel passes it on only where an answer can come back from.

    Raises:
        ValueError: the token is not made of 16 to 128 ASCII letters, digits, ``-`` and ``_``.
    """

    label: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        if not is_token(self.token):
            raise ValueError("a token needs 16 to 128 of A-Z a-z 0-9 - _")


Action = Link | Reply


@dataclass(frozen=True, slots=True, kw_only=True)
class Discreet:
    """What a message may say where strangers can read along.

    It holds no name, no title, no number and no word of a stranger, and its address leads into no conversation.

    Attributes:
        subject: One line.
        summary: Two or three short lines.
        url: Where to look closer; says nothing about whom or what.
    """

    subject: str
    summary: str
    url: str | None = None


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
        actions: Buttons, the most important one first; a channel shows as many as it can.
        discreet: What may be said in public; None: a channel that speaks there says only that something is up.

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
    actions: tuple[Action, ...] = ()
    discreet: Discreet | None = None

    def __post_init__(self) -> None:
        if self.at.utcoffset() is None:
            raise ValueError("a message's time needs a time zone")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Proof that a channel handed something over, in the words of whoever took it."""

    channel: str
    detail: str


def is_web_address(text: str) -> bool:
    """Whether it is an address that a browser may be sent to; what else there is runs programs."""
    return _WEB_ADDRESS.fullmatch(text) is not None


def is_token(text: str) -> bool:
    """Whether it has the form of a reply's token, so that it is the same in an address, a file's name and a bus."""
    return _TOKEN.fullmatch(text) is not None
