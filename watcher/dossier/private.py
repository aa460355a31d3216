"""What counts as private."""

from dataclasses import dataclass
from enum import StrEnum


class Private(StrEnum):
    """What kind of thing is covered."""

    NAME = "name"
    ADDRESS = "address"
    PHONE = "phone"
    MAIL = "mail"
    ACCOUNT = "account"
    """A bank account, a card, a payment service."""
    OWN = "own"
    """What the seller named."""
    PHOTO = "photo"
    """A part of a picture of which nobody knows what can be read in it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a text."""

    start: int
    end: int
    kind: Private
