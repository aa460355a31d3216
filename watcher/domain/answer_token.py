"""One-time tokens: whoever sends one back has received the alert that it went out with.

Guaranteed: only the hash of a token is remembered; a token counts once, for its own case, through its own channel, and not for
ever. So nobody can silence an alert who has not received it, and what strangers read of one channel is worth nothing in another.
"""

import base64
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from watcher.domain.alert import AlertKind

RANDOM_BYTES = 15
LASTS = timedelta(days=7)
FORM = re.compile(r"[a-z2-7]{24}")
"""Lower-case letters and digits alone: mail servers change the case of addresses."""
CAN_BE_ANSWERED = frozenset({AlertKind.CASE_OPENED, AlertKind.CASE_REMINDER, AlertKind.ASK_BACK})
"""What "I take care of it" is an answer to; the last of them asks whether that is still so."""


class Refusal(StrEnum):
    """Why an answer has no effect."""

    UNKNOWN = "unknown"
    """Nobody has ever been given this token, or through another channel."""
    USED = "used"
    EXPIRED = "expired"
    CLOSED = "closed"
    """The case has come to its end."""
    STRANGER = "stranger"
    """A mail from an address that gets no alerts."""
    UNPROVEN = "unproven"
    """A mail whose sender did not pass the checks of the own provider."""
    AUTOMATIC = "automatic"
    """A mail that a machine wrote, such as an out-of-office note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerToken:
    """What is remembered of a token."""

    hash: str
    case: str
    round: int
    channel: str
    expires_at: datetime
    used_at: datetime | None = None
    used_by: str = ""
    """The name of the answer that used it, where answers have names: the same one, told again, is no second one."""


def token_of(randomness: bytes) -> str:
    """Return a token made of fifteen random bytes."""
    if len(randomness) != RANDOM_BYTES:
        raise ValueError(f"a token is made of {RANDOM_BYTES} bytes, not {len(randomness)}")
    return base64.b32encode(randomness).decode("ascii").lower()


def hash_of(token: str) -> str:
    """Return what is remembered in a token's place: it holds too much chance to be found by trying."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def why_not(known: AnswerToken | None, *, channel: str, now: datetime) -> Refusal | None:
    """Return why a token that came back through a channel does not count; `None`: it does."""
    if known is None or known.channel != channel:
        return Refusal.UNKNOWN
    if known.used_at is not None:
        return Refusal.USED
    return Refusal.EXPIRED if known.expires_at <= now else None


def pause_between(age: timedelta) -> timedelta:
    """Return how long to wait between two looks for answers; `age`: how long ago the last alert of the channel went out."""
    if age < timedelta(minutes=30):
        return timedelta(seconds=15)
    return timedelta(minutes=1) if age < timedelta(days=1) else timedelta(minutes=5)
