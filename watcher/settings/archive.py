"""What the archive takes in, and for how long it keeps it."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from watcher.domain.retention import Keeping
from watcher.settings.table import Table
from watcher.texts.language import _

NEVER = "never"
LONGEST = timedelta(days=36_500)
_FORM = re.compile(r"(\d{1,5})\s*d")
_MEGABYTE = 1_000_000
SHORTEST = timedelta(days=14)
"""A buyer has fourteen days to report a problem; before that, nothing goes by itself."""


def parse_days(value: object) -> timedelta:
    """Return the span of a text such as `180d`.

    Raises:
        ValueError: the text has another form, or says more than a hundred years.
    """
    if isinstance(value, timedelta):
        return value
    match = _FORM.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(_('write a number of days: "180d"'))
    span = timedelta(days=int(match[1]))
    if span > LONGEST:
        raise ValueError(_("must be at most 36500d"))
    return span


def _parse_kept(value: object) -> timedelta | str:
    if isinstance(value, str) and value.strip() == NEVER:
        return NEVER
    try:
        span = parse_days(value)
    except ValueError as error:
        raise ValueError(_('write a number of days, such as "180d", or "never"')) from error
    if span < SHORTEST:
        raise ValueError(_("must be at least 14d: until then a problem can be reported"))
    return span


def _text(value: timedelta | str) -> str:
    return value if isinstance(value, str) else f"{value.days}d"


Kept = Annotated[timedelta | str, BeforeValidator(_parse_kept), PlainSerializer(_text)]
"""A span in days, or `never`: then it is not erased by itself."""


class Archive(Table):
    """The table [archive]."""

    forget_orders: Kept = Field(
        default="180d",
        validate_default=True,
        description='How long after the last that happened an order without a case is erased: names, texts, captures. "never": '
        "not by itself. You are told a week before. `stornowacht archive forget` does it at once.",
    )
    forget_cases: Kept = Field(
        default="1461d",
        validate_default=True,
        description="The same for an order whose case is closed. Four years, because claims lapse after three (§ 195 BGB), "
        "counted from the end of the year (§ 199 BGB).",
    )
    forget_lists: Kept = Field(
        default="180d",
        validate_default=True,
        description="The same for captures of the conversation list, as far as no order under way and no case stands in them.",
    )
    forget_problems: Kept = Field(
        default="180d",
        validate_default=True,
        description="The same for captures of a page that could not be read, if it was no order's.",
    )
    largest_attachment_mb: int = Field(
        default=200,
        ge=1,
        le=100_000,
        description="How large a file `stornowacht attach` takes, in megabytes.",
    )

    @property
    def keeping(self) -> Keeping:
        """How long what is kept."""
        return Keeping(
            orders=_span(self.forget_orders),
            cases=_span(self.forget_cases),
            lists=_span(self.forget_lists),
            problems=_span(self.forget_problems),
        )

    @property
    def largest_attachment(self) -> int:
        """How many bytes an attachment may have."""
        return self.largest_attachment_mb * _MEGABYTE


def _span(value: timedelta | str) -> timedelta | None:
    return None if isinstance(value, str) else value
