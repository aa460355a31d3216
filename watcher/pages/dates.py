"""German dates as a list or a card shows them: "Heute, 14:21", "Gestern", "12.05.2026", "vor 5 Minuten"."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from watcher.pages.wording import plain_text

_BERLIN = ZoneInfo("Europe/Berlin")
_LONGEST = 60
_EARLIEST = date(2000, 1, 1)
_LEAP_CYCLE = 8
"""Within so many years every date comes at least once, 29 February over a century's turn included."""

_CLOCK = r"(?:(?: ?[,·|–-] ?| )(?:um )?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?: uhr)?)?"
_WEEKDAY = (
    r"(?:(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so)"
    r"\.?,? ?(?=\d))?"
)
_ON = r"(?:am |vom |seit )?"
_WORD = re.compile(rf"(?P<word>[a-z]{{5,10}}){_CLOCK}", re.ASCII)
_NUMBERS = re.compile(
    rf"{_ON}{_WEEKDAY}(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\.(?: ?(?P<year>\d{{4}}|\d{{2}}))?{_CLOCK}",
    re.ASCII,
)
_NAMED = re.compile(
    rf"{_ON}{_WEEKDAY}(?P<day>\d{{1,2}})\. ?(?P<month>[a-zä]{{3,9}})\.?(?: (?P<year>\d{{4}}))?{_CLOCK}",
    re.ASCII,
)
_AGO = re.compile(
    r"vor (?:(?P<count>\d{1,4})|eine[rm]?) "
    r"(?:(?P<seconds>sekunden?|sek\.?)|(?P<minutes>minuten?|min\.?)|(?P<hours>stunden?|std\.?)"
    r"|(?P<days>tag(?:en|e)?)|(?P<weeks>wochen?))",
    re.ASCII,
)
_DAYS = {"heute": 0, "gestern": 1, "vorgestern": 2}
_WEEKDAYS = {
    "montag": 0, "dienstag": 1, "mittwoch": 2, "donnerstag": 3, "freitag": 4, "samstag": 5, "sonnabend": 5, "sonntag": 6,
}  # fmt: skip
_MONTHS = (
    "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember",
)  # fmt: skip


def moment_of(text: str, *, now: datetime) -> datetime | None:
    """Return the moment that a German date names, in UTC; `None` for everything else, also for a text around a date.

    A date without a year is the latest such date up to tomorrow, a weekday the latest such day before today; a
    weekday beside a date says nothing more. A day without a time of day begins at midnight in Germany. At the hour
    that a clock change repeats, the first of the two is taken.
    """
    plain = plain_text(text).lower()
    if len(plain) > _LONGEST:
        return None
    try:
        found = _some_time_ago(plain, now) or _on_a_day(plain, now)
    except OverflowError:  # no calendar goes that far
        return None
    return found if found is not None and found.date() >= _EARLIEST else None


def day_after(text: str, *, since: datetime) -> datetime | None:
    """Return the end of the day that a German date names; with a time of day, that moment. `None` for everything else.

    A date without a year is the first such one that is not before the day of `since`.
    """
    plain = plain_text(text).lower()
    match = _NUMBERS.fullmatch(plain) or _NAMED.fullmatch(plain)
    if match is None:
        return None
    month = int(match["month"]) if match["month"].isdigit() else _month(match["month"])
    day, first = int(match["day"]), since.astimezone(_BERLIN).date()
    if match["year"]:
        found = _date(day, month, match["year"], first)
    else:
        years = range(first.year, first.year + _LEAP_CYCLE + 1)
        candidates = (_valid(year, month, day) for year in years)
        found = next((one for one in candidates if one and one >= first), None)
    if found is None or found.year < _EARLIEST.year:
        return None
    if match["hour"]:
        return _at(found, match)
    return datetime.combine(found, time(23, 59, 59), _BERLIN).astimezone(UTC)


def _some_time_ago(text: str, now: datetime) -> datetime | None:
    ago = _AGO.fullmatch(text)
    if ago is None:
        return None
    unit = next(name for name in ("seconds", "minutes", "hours", "days", "weeks") if ago[name])
    return now.astimezone(UTC) - timedelta(**{unit: int(ago["count"] or 1)})


def _on_a_day(text: str, now: datetime) -> datetime | None:
    today = now.astimezone(_BERLIN).date()
    if word := _WORD.fullmatch(text):
        return _at(_named_day(word["word"], today), word)
    if numbers := _NUMBERS.fullmatch(text):
        return _at(_date(int(numbers["day"]), int(numbers["month"]), numbers["year"], today), numbers)
    if named := _NAMED.fullmatch(text):
        return _at(_date(int(named["day"]), _month(named["month"]), named["year"], today), named)
    return None


def _at(day: date | None, match: re.Match[str]) -> datetime | None:
    if day is None:
        return None
    clock = time(int(match["hour"] or 0), int(match["minute"] or 0))
    return datetime.combine(day, clock, _BERLIN).astimezone(UTC)


def _named_day(word: str, today: date) -> date | None:
    if word in _DAYS:
        return today - timedelta(days=_DAYS[word])
    if word in _WEEKDAYS:
        return today - timedelta(days=(today.weekday() - _WEEKDAYS[word]) % 7 or 7)
    return None


def _month(name: str) -> int:
    """Return the number of a month by its name or the beginning of it; 0 for any other word."""
    if name == "mrz":
        return 3
    return next((number for number, month in enumerate(_MONTHS, 1) if month.startswith(name)), 0)


def _date(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _valid(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004
    latest = today + timedelta(days=1)
    years = range(latest.year, latest.year - _LEAP_CYCLE - 1, -1)
    candidates = (_valid(candidate, month, day) for candidate in years)
    return next((found for found in candidates if found and found <= latest), None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
