"""The official sources that are asked where a parcel is, each with the user's own key."""

from datetime import timedelta
from typing import Final

from pydantic import Field, field_validator, model_validator

from watcher.durations import Duration, duration_text
from watcher.settings.table import Table, is_bare_address, is_loopback
from watcher.texts.language import _

SHORTEST: Final = timedelta(minutes=15)
"""No parcel is asked about more often."""
LOOPBACK_SHORTEST: Final = timedelta(seconds=1)
"""A practice server on this very machine is nobody's guest."""


class DhlTracking(Table):
    """The table [tracking.dhl]: DHL's "Shipment Tracking - Unified".

    DHL's terms: only parcels of your own; what it says is deleted 30 days after the delivery; "Delivered by Deutsche
    Post DHL Group" stands where it is shown (developer.dhl.com/api-reference/shipment-tracking).
    """

    key: str = Field(
        min_length=1,
        description="Where your own key of developer.dhl.com (API Shipment Tracking - Unified) is found: env:NAME, "
        "file:/path or keyring:service/user.",
        examples=["keyring:stornowacht/dhl"],
    )
    every: Duration = Field(
        default=timedelta(minutes=45), description="How often to ask about each parcel that is under way."
    )
    per_day: int = Field(
        default=250,
        ge=1,
        le=250,
        description="How many questions the key may ask in a day, for all parcels together; less if other programs use "
        "it, too.",
    )
    base_url: str = Field(default="https://api-eu.dhl.com", description="Where DHL is asked.")

    @property
    def is_practice(self) -> bool:
        """Whether a server on this very machine is asked."""
        return is_loopback(self.base_url)

    @property
    def shortest(self) -> timedelta:
        """The shortest time between two questions about one parcel."""
        return LOOPBACK_SHORTEST if self.is_practice else SHORTEST

    @field_validator("key")
    @classmethod
    def _is_a_reference(cls, value: str) -> str:
        if not value.startswith(("env:", "file:", "keyring:")):
            raise ValueError(_("say where the key is found: env:NAME, file:/path or keyring:service/user"))
        return value

    @field_validator("base_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        if not is_bare_address(value):
            raise ValueError(_('write an address without a path, such as "https://www.example.org"'))
        if value.lower().startswith("http:") and not is_loopback(value):
            raise ValueError(_("an address without https is only good for this very machine"))
        return value.rstrip("/")

    @model_validator(mode="after")
    def _is_patient(self) -> "DhlTracking":
        if self.every < self.shortest:
            raise ValueError(
                _("every: {floor} is the shortest; a day has only so many questions").format(
                    floor=duration_text(self.shortest)
                )
            )
        return self


class Tracking(Table):
    """The table [tracking]: a table per source; without one nothing is asked."""

    dhl: DhlTracking | None = None

    @property
    def set_up(self) -> dict[str, DhlTracking]:
        """The tables of the sources that are set up, by the source's name."""
        tables = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: table for name, table in tables.items() if table is not None}
