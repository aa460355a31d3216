"""German dates as a list or a card shows them: "Heute, 14:21", "Gestern", "12.05.2026", "vor 5 Minuten"."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from watcher.pages.wording import plain_text

_BERLIN = ZoneInfo("Europe/Berlin")
_LONGEST = 60
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b(?: ?Uhr)?", re.ASCII)
_NUMBERS = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(?:(\d{4}|\d{2})\b)?", re.ASCII)
_WORDS = re.compile(r"\b(\d{1,2})\. ?([a-zä]{3,9})\.?(?: (\d{4}))?", re.ASCII | re.IGNORECASE)
_AGO = re.compile(
    r"\bvor (?:(\d{1,4})|eine[rm]?) (sekunde|minute|stunde|tag|woche)", re.ASCII | re.IGNORECASE
)
_DAYS = {"heute": 0, "gestern": 1, "vorgestern": 2}
_UNITS = {"sekunde": "seconds", "minute": "minutes", "stunde": "hours", "tag": "days", "woche": "weeks"}
_WEEKDAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")


def moment_of(text: str, *, now: datetime) -> datetime | None:
    """Return the moment that a German date names, in UTC; `None` for everything else.

    A date without a year is the latest such date, a weekday the latest such day; a day without a time of day begins at
    midnight in Germany. At the hour that a clock change repeats, the first of the two is taken.
    """
    plain = plain_text(text[: _LONGEST * 2])[:_LONGEST].lower()
    ago = _AGO.search(plain)
    if ago:
        return now.astimezone(UTC) - timedelta(**{_UNITS[ago[2]]: int(ago[1] or 1)})
    clock = _CLOCK.search(plain)
    here = now.astimezone(_BERLIN)
    day = _day(plain[: clock.start()] + plain[clock.end() :] if clock else plain, here.date())
    if day is None:
        return None
    at = time(int(clock[1]), int(clock[2])) if clock else time()
    return datetime.combine(day, at, _BERLIN).astimezone(UTC)


def _day(text: str, today: date) -> date | None:
    for word in re.findall(r"[a-zä]+", text):
        if word in _DAYS:
            return today - timedelta(days=_DAYS[word])
        if word in _WEEKDAYS:
            return today - timedelta(days=(today.weekday() - _WEEKDAYS.index(word)) % 7 or 7)
    numbers = _NUMBERS.search(text)
    if numbers:
        return _date(int(numbers[1]), int(numbers[2]), numbers[3], today)
    words = _WORDS.search(text)
    month = next(
        (index for index, name in enumerate(_MONTHS, 1) if words and words[2].startswith(name)), None
    )
    return _date(int(words[1]), month, words[3], today) if words and month else None


def _date(day: int, month: int, year: str | None, today: date) -> date | None:
    tomorrow = today + timedelta(days=1)
    years = [int(year) + (2000 if len(year) == 2 else 0)] if year else [today.year, today.year - 1]  # noqa: PLR2004
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or found <= tomorrow:
            return found if date(2000, 1, 1) <= found else None
    return None
