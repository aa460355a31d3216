"""What the seller knows about a carrier, beside the shipped facts."""

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, Field, field_validator

from watcher.carriers.knowledge import OTHER, all_carriers, carrier
from watcher.carriers.own import OwnEntry
from watcher.settings.table import Table
from watcher.texts.language import _

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_PHONE = re.compile(r"\+?[0-9 ()/\-]{3,40}", re.ASCII)
_FEWEST_DIGITS = 3


class OwnCarrier(Table):
    """A table [carrier.NAME]."""

    phone: str | None = Field(
        default=None,
        description="The number of customer service, where you have found it yourself. Steps and letters show it as your "
        "own entry.",
        examples=["030 23125 000"],
    )
    cutoff: str | None = Field(
        default=None,
        description="Until when on the day of delivery this carrier takes requests to return a parcel; a time after noon "
        "is one of the evening before. Deadlines follow from it.",
        examples=["22:00"],
    )
    hold_working_days: int | None = Field(
        default=None,
        ge=1,
        le=60,
        description="How many working days (Monday to Saturday) this carrier keeps a parcel that nobody collects.",
        examples=[7],
    )
    note: str = Field(
        default="",
        max_length=300,
        description="What else you want to know when you need it.",
        examples=["The shop in Bahnhofstr. hands parcels back"],
    )

    @field_validator("phone")
    @classmethod
    def _can_be_called(cls, value: str | None) -> str | None:
        if value is None:
            return None
        whole = " ".join(value.split())
        if not _PHONE.fullmatch(whole) or sum(char.isdigit() for char in whole) < _FEWEST_DIGITS:
            raise ValueError(_('write a phone number such as "030 23125 000"'))
        return whole

    @field_validator("cutoff")
    @classmethod
    def _is_a_time(cls, value: str | None) -> str | None:
        if value is not None and not _CLOCK.fullmatch(value):
            raise ValueError(_('write a time such as "17:00"'))
        return value

    @field_validator("note")
    @classmethod
    def _is_one_line(cls, value: str) -> str:
        whole = " ".join(value.split())
        if not whole.isprintable():
            raise ValueError(_("must be plain text"))
        return whole

    @property
    def entry(self) -> OwnEntry:
        """The entry as planning and letters use it."""
        found = _CLOCK.fullmatch(self.cutoff or "")
        return OwnEntry(
            phone=self.phone,
            cutoff=time(int(found[1]), int(found[2])) if found else None,
            hold_working_days=self.hold_working_days,
            note=self.note,
        )


def described(name: str) -> str:
    """Return the name of a carrier.

    Raises:
        ValueError: nobody has described a carrier of that name.
    """
    if carrier(name).id == OTHER:
        names = ", ".join(each.id for each in all_carriers() if each.id != OTHER)
        raise ValueError(_("there is no carrier {name!r}; known are {names}").format(name=name, names=names))
    return name


CarrierName = Annotated[str, AfterValidator(described)]


def by_id(tables: dict[str, OwnCarrier]) -> dict[str, OwnCarrier]:
    """Return the tables by the carrier's id, whichever of its names they have.

    Raises:
        ValueError: two tables are about the same carrier.
    """
    found: dict[str, OwnCarrier] = {}
    for name, table in tables.items():
        known = carrier(name).id
        if known in found:
            raise ValueError(_("two tables are about the same carrier, {name}").format(name=known))
        found[known] = table
    return found
