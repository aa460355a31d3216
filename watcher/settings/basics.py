"""Terms, storage, reminders."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, field_validator

from watcher.domain.quiet_hours import QuietHours
from watcher.durations import Duration
from watcher.settings.hours import span_of_hours
from watcher.settings.table import Table, at_least_a_second, placed

_NIGHT = "22:00-07:00"


class Terms(Table):
    """The table [terms]."""

    i_accept_the_risk: bool = Field(
        default=False,
        description="Say true when you have read what the platform's terms say about automated reading (see README). "
        "Without it nothing is visited.",
    )


class Storage(Table):
    """The table [storage]."""

    dir: Path | None = Field(
        default=None,
        description="Where the database, the archive and the browser profiles lie. Default: your data folder.",
        examples=["/home/me/stornowacht"],
    )

    _in_place = field_validator("dir")(placed)


class Remind(Table):
    """The table [remind]."""

    every: Duration = Field(
        default=timedelta(minutes=30), description="How often an alert comes back until you acknowledge it."
    )

    ask_back: Duration = Field(
        default=timedelta(hours=3),
        description='How long after your "I have it" you are asked once whether it is done; sooner where the carrier\'s '
        "deadline is near. Without an answer within an hour the reminders begin anew.",
    )
    quiet_hours: str | None = Field(
        default=None,
        description='When alerts wait until you are up, on a German clock; "" for never. Default: "22:00-07:00".',
        examples=["22:00-07:00"],
    )
    wake_me: bool = Field(
        default=True,
        description="Whether you may be woken all the same: when a parcel can still be stopped and it is too late for that "
        "in the morning, or when nobody knows where the goods are.",
    )

    _not_zero = field_validator("every", "ask_back")(at_least_a_second)

    @field_validator("quiet_hours")
    @classmethod
    def _is_a_span_of_hours(cls, value: str | None) -> str | None:
        if value and value.strip():
            span_of_hours(value)
        return value if value is None else value.strip()

    def quiet(self, *, by_default: bool) -> QuietHours:
        """Return when ordinary alerts wait; `by_default`: whether there is a night where the config names none."""
        hours = (_NIGHT if by_default else "") if self.quiet_hours is None else self.quiet_hours
        return QuietHours(hours=span_of_hours(hours) if hours else None, wake_me=self.wake_me)
