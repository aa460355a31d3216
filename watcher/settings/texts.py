"""The seller's own versions of ready-made texts."""

from pathlib import Path

from pydantic import Field, field_validator

from watcher.settings.table import Table, placed


class Texts(Table):
    """The table [texts]."""

    folder: Path | None = Field(
        default=None,
        description="Where your own versions of the ready-made texts lie, NAME.de.txt and NAME.en.txt; `stornowacht text` "
        "lists the names. Default: the folder `texts` beside this file.",
        examples=["/home/me/stornowacht-texts"],
    )

    _in_place = field_validator("folder")(placed)
