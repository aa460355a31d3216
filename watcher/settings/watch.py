"""When and how often to look."""

from datetime import time, timedelta
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from watcher.durations import Duration, duration_text
from watcher.settings.hours import span_of_hours
from watcher.settings.table import Table
from watcher.texts.language import _


class Watch(Table):
    """The table [watch]."""

    hot: Duration = Field(
        default=timedelta(minutes=10), description="How often to look while a cancelled parcel is on its way."
    )
    live: Duration = Field(default=timedelta(minutes=20), description="How often while a sale is under way.")
    quiet: Duration = Field(default=timedelta(hours=2), description="How often when nothing is under way.")
    mode: tuple[Literal["scheduled", "mail", "passive"], ...] = Field(
        default=("scheduled",),
        description='What makes `run` visit the site: "scheduled" (the clock), "mail" (a mail of the platform, see '
        '[mailbox]), "passive" (nothing; you browse with `stornowacht open`). One of them, or several in a list.',
        examples=[["mail"]],
    )
    night: str | None = Field(
        default=None,
        description="When you sleep, on a German clock: then only an open case is looked at more often than `quiet`.",
        examples=["23:00-06:30"],
    )
    whole_list: Duration = Field(
        default=timedelta(days=1),
        description="How often the conversation list is read to its very end; in between, only as far as something can "
        "have changed.",
    )
    pages_per_day: int | None = Field(
        default=None,
        ge=10,
        le=3000,
        description="How many pages may be loaded in a day at most; visits become rarer before that. Default: 800.",
        examples=[800],
    )
    threads_per_check: int = Field(
        default=40, ge=1, le=200, description="How many conversations one visit may open; the others wait."
    )

    @field_validator("mode", mode="before")
    @classmethod
    def _is_a_list(cls, value: object) -> object:
        return (value,) if isinstance(value, str) else value

    @field_validator("mode")
    @classmethod
    def _is_not_empty(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value:
            raise ValueError(_("at least one entry is needed, and it must be right"))
        return value

    @field_validator("night")
    @classmethod
    def _is_a_span_of_hours(cls, value: str | None) -> str | None:
        if value is not None:
            span_of_hours(value)
        return value

    @property
    def night_hours(self) -> tuple[time, time] | None:
        """From when until when it is night."""
        return None if self.night is None else span_of_hours(self.night)

    @field_validator("hot", "live", "quiet")
    @classmethod
    def _keeps_the_floor(cls, value: timedelta, info: ValidationInfo) -> timedelta:
        floor = (info.context or {}).get("floor")
        if floor is not None and value < floor:
            raise ValueError(below(floor))
        return value


def below(floor: timedelta) -> str:
    """Return what to say of an interval that is shorter than allowed."""
    return _("{floor} is the shortest; the site is not ours").format(floor=duration_text(floor))
