"""What one person wrote to the other in a conversation."""

from dataclasses import dataclass, field
from datetime import datetime

LONGEST_TEXT = 2_000
"""How many characters of a message are kept; a sign or a reason stands at its beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One plain message, in one line; never empty, never a payment item.

    What people wrote to each other belongs in the evidence alone: the text is left out of `repr`, so that no log line and
    no error can carry it by accident.
    """

    at: datetime | None = None
    inbound: bool | None = None
    """Whether the other person wrote it; `None` where the page does not say."""
    text: str = field(repr=False)
