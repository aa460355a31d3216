"""A mail of the platform, or one that claims to be: it can make a check come sooner, and nothing else. One of a carrier. And a reply."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.domain.answer_token import Refusal


class MailVerdict(StrEnum):
    """What a mail is, by its sender checks alone."""

    TRUSTED = "trusted"
    SUSPICIOUS = "suspicious"
    """It claims to come from the platform and does not pass the checks: phishing looks just like this."""
    NOT_PLATFORM = "not_platform"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformMail:
    """One mail, without anything private: no subject, no text, no address."""

    key: str
    """A hash of its Message-ID, or of its headers where it has none."""
    at: datetime
    conversation: str | None
    """The conversation that a trusted mail names; `None`: look at the whole account."""
    verdict: MailVerdict
    reasons: tuple[str, ...] = ()
    """Why it is suspicious, in code words such as `dkim_failed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierMail:
    """A mail of a carrier, whose sender the own provider has checked. It is read once; only a status in it is kept."""

    at: datetime
    """When the mailbox took it."""
    carrier: str | None
    """The carrier's id; `None`: it came from a domain that the user has named."""
    subject: str = field(repr=False)
    text: str = field(repr=False)
    """What a human would read in it, line by line; a stranger's text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyMail:
    """A reply to a mail of this program, by the token in it; its text is not even fetched."""

    key: str
    """A hash of its Message-ID, or of its headers where it has none."""
    at: datetime
    tokens: tuple[str, ...] = field(repr=False)
    sender: str = field(repr=False)
    """The one address it comes from; empty where there is none, or several."""
    refusal: Refusal | None = None
    """What speaks against it before its token is looked at."""
