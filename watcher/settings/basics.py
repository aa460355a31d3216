"""Terms, storage, reminders."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field, field_validator

from watcher.durations import Duration
from watcher.settings.table import Table, at_least_a_second, placed


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

    _not_zero = field_validator("every")(at_least_a_second)
