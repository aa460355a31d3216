"""The seller's own ways: where, and when."""

import re
from datetime import time, timedelta
from pathlib import Path

from pydantic import Field, field_validator

from watcher.carriers.calendar import STATES
from watcher.durations import Duration
from watcher.settings.table import Table, at_least_a_second, placed
from watcher.texts.language import _

_DAYS = re.compile(r"([1-9]|[1-5]\d|60) ?(?:d|days?|Tage?)", re.ASCII)
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)


class Seller(Table):
    """The table [seller]."""

    state: str | None = Field(
        default=None,
        description="The German state whose holidays count besides the nationwide ones, by its letters (BY, NW ...).",
        examples=["BY"],
    )
    hand_in: str | None = Field(
        default=None,
        description="When you usually hand parcels in. Two hours before, paid orders that wait are told, so that you ask "
        "`stornowacht ship` before you leave.",
        examples=["17:00"],
    )
    ships_within: str | None = Field(
        default=None,
        description="Within how many days you promise to ship: working days (Monday to Saturday without the holidays of your "
        "`state`), counted from the day after the payment. A date that the page itself names comes first.",
        examples=["2 days"],
    )
    support_again: Duration = Field(
        default=timedelta(days=3),
        description="How long support gets for an answer before one follow-up; earlier ones are warned against.",
    )

    calendar: Path | None = Field(
        default=None,
        description="A calendar file (.ics) that is kept up to date with what is due in open cases, for your calendar to "
        "subscribe to. It holds the items' titles, and no names.",
        examples=["/home/me/stornowacht.ics"],
    )

    _not_zero = field_validator("support_again")(at_least_a_second)
    _in_place = field_validator("calendar")(placed)

    @field_validator("state")
    @classmethod
    def _is_a_state(cls, value: str | None) -> str | None:
        if value is not None and value.upper() not in STATES:
            raise ValueError(_("write one of {states}").format(states=", ".join(STATES)))
        return value.upper() if value else None

    @field_validator("hand_in")
    @classmethod
    def _is_a_time(cls, value: str | None) -> str | None:
        if value is not None and not _CLOCK.fullmatch(value):
            raise ValueError(_('write a time such as "17:00"'))
        return value

    @field_validator("ships_within")
    @classmethod
    def _are_days(cls, value: str | None) -> str | None:
        if value is not None and not _DAYS.fullmatch(value.strip()):
            raise ValueError(_('write a number of days from 1 to 60, such as "2 days"'))
        return value

    @property
    def ships_within_days(self) -> int | None:
        """Within how many working days the seller promises to ship."""
        found = _DAYS.fullmatch((self.ships_within or "").strip())
        return int(found[1]) if found else None

    @property
    def hand_in_time(self) -> time | None:
        """When parcels are usually handed in, on the seller's clock."""
        found = _CLOCK.fullmatch(self.hand_in or "")
        return time(int(found[1]), int(found[2])) if found else None
