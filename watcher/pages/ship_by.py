"""Until when a paid card wants the parcel to go: by the wording in `ship_by.toml` beside this module, which nobody has confirmed."""

import re
import tomllib
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from watcher.pages.dates import day_after
from watcher.pages.sentences import is_denied
from watcher.pages.wording import plain_text

LONGEST = timedelta(days=60)
"""Later than that after the payment nobody is told to ship: such a date belongs to something else."""
_LONGEST_CARD = 1_000
_WEEKDAY = r"(?:(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so)\.?,? ?)?"
_DATE = (
    rf"{_WEEKDAY}(?:den |dem )?(?P<date>\d{{1,2}}\. ?(?:\d{{1,2}}\.(?: ?\d{{4}})?|[a-zä]{{3,9}}\b\.?(?: \d{{4}})?)"
    r"(?:,? (?:um )?\d{1,2}:\d{2}(?: uhr)?)?)(?![\d:])"
)


def ship_by_in(text: str, *, paid_at: datetime | None) -> datetime | None:
    """Return until when the text of a paid card wants the parcel to go; `None` where it names no date that makes sense.

    A day counts to its last moment, on a German clock. A date without a year is the first such one since the payment; without
    a moment of payment nothing is resolved, and nothing is guessed.
    """
    if paid_at is None:
        return None
    plain = plain_text(text[:_LONGEST_CARD])
    for pattern in _patterns():
        for match in pattern.finditer(plain):
            if "nicht" not in pattern.pattern and is_denied(plain, match):
                continue
            found = day_after(match["date"], since=paid_at)
            if found is not None and paid_at <= found <= paid_at + LONGEST:
                return found
    return None


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    data = tomllib.loads(files(__package__).joinpath("ship_by.toml").read_text(encoding="utf-8"))
    return tuple(
        re.compile(entry["pattern"].replace("{date}", _DATE), re.IGNORECASE) for entry in data["phrase"]
    )
