"""Dates and times as the pages and apps of carriers show them, in German and English: where they stand in a line.

`watcher/pages/dates.py` reads a text that is one date; this finds dates at either end of a line, and knows other kinds.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from watcher.carriers.knowledge import BERLIN

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_NOON = 12
_AHEAD = timedelta(days=45)
_LEAP_CYCLE = 8
"""Within so many years every date comes at least once, 29 February over a century's turn included."""
_MONTHS = (
    ("jan", "januar", "january", "jän", "jänner"), ("feb", "februar", "february"), ("mär", "mrz", "märz", "mar", "march"),
    ("apr", "april"), ("mai", "may"), ("jun", "juni", "june"), ("jul", "juli", "july"), ("aug", "august"),
    ("sep", "sept", "september"), ("okt", "oktober", "oct", "october"), ("nov", "november"),
    ("dez", "dezember", "dec", "december"),
)  # fmt: skip
_MONTH_NUMBER = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
_NAMES = "|".join(sorted(_MONTH_NUMBER, key=len, reverse=True))
_DAYS_AGO = {"heute": 0, "today": 0, "gestern": 1, "yesterday": 1, "vorgestern": 2}
_WEEKDAY = (
    r"(?:(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|mo|di|mi|do|fr|sa|so"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun)\b\.?,? *)?"
)
_ISO = (
    r"(?P<iso_year>20\d\d)-(?P<iso_month>\d\d)-(?P<iso_day>\d\d)"
    r"(?:[t ] ?(?P<iso_hour>[01]\d|2[0-3]):(?P<iso_minute>[0-5]\d)(?::[0-5]\d(?:[.,]\d{1,9})?)?"
    r" ?(?P<zone>z|[+-][01]\d:?[0-5]\d)?)?(?![\d-])"
)
_DAY = (
    r"(?:(?P<day>\d{1,2})\. ?(?P<month>\d{1,2})\.(?: ?(?P<year>20\d\d|\d\d(?![\d:.]| uhr)))?(?![\d])"
    rf"|(?P<n_day>\d{{1,2}})(?:\.|st|nd|rd|th)?[ -](?P<n_month>{_NAMES})\b\.?,?(?:[ -](?P<n_year>20\d\d)(?!\d))?"
    rf"|(?P<e_month>{_NAMES})\b\.? (?P<e_day>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:.]),?(?: (?P<e_year>20\d\d)(?!\d))?"
    r"|(?P<s_first>\d{1,2})/(?P<s_second>\d{1,2})/(?P<s_year>20\d\d)(?!\d))"
)
_CLOCK = (
    r"(?:(?:um |at )?(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?: ?(?P<half>[ap])\.?m\b\.?)?(?: ?(?:uhr|h)\b)?"
    r"|(?:um )?(?P<u_hour>[01]?\d|2[0-3])(?:\.(?P<u_minute>[0-5]\d))? ?uhr\b)(?![\d:])"
)
_SEPARATOR = r"[\s,;|·•–—\-/()\[\]]*"
_ON = r"(?:am |vom |on |seit )?"
_WORD_DAY = r"(?P<word>heute|gestern|vorgestern|today|yesterday)\b"
_CLOCK_LATER = _CLOCK.replace("?P<", "?P<w_")
_WHEN = (
    rf"(?:{_ON}{_WEEKDAY}(?:{_ISO}|{_DAY})(?:{_SEPARATOR}{_CLOCK})?"
    rf"|{_WORD_DAY}(?:{_SEPARATOR}{_CLOCK_LATER}|(?=[,:|·•–—]|\s*$)))"
)
_BULLET = r"^[\s,;|·•*>›»✓✔–—\-()\[\]]*"
_FLAGS = re.IGNORECASE
_AT_START = re.compile(rf"{_BULLET}(?:{_WHEN}|{_CLOCK.replace('?P<', '?P<x_')}){_SEPARATOR}:?\s*", _FLAGS)
_AT_END = re.compile(
    rf"(?:^|(?<=[\s,;|·•(\[:])){_WHEN}(?:{_SEPARATOR})$|(?<=[|·•(]) *{_CLOCK.replace('?P<', '?P<x_')}{_SEPARATOR}$",
    _FLAGS,
)
_MIDDLE = re.compile(rf"(?<!\w){_WEEKDAY}(?:{_ISO}|{_DAY}){_SEPARATOR}{_CLOCK}{_SEPARATOR}", _FLAGS)
_INSIDE = re.compile(rf"(?<!\w)(?:am|on) {_WEEKDAY}(?:{_ISO}|{_DAY})(?:,? {_CLOCK})?", _FLAGS)
_WINDOW = re.compile(r"\d{1,2}[:.]\d\d(?: ?uhr)? ?(?:-|–|—|bis|und|to|and) ?\d{1,2}[:.]\d\d", _FLAGS)
_ON_IT = re.compile(r"\b(?:am|um|on|at|bis|vor|ab|until|by)\W*$", _FLAGS)
_LEFT_OVER = re.compile(r"[\s,;|·•–—(\[]+(?:am|um|on|at|vom)?$", _FLAGS)
_STAMP = re.compile(
    rf"(?<!\w){_WEEKDAY}(?:{_ISO}|{_DAY})(?:{_SEPARATOR}{_CLOCK})?|(?<!\w){_WORD_DAY}{_SEPARATOR}{_CLOCK_LATER}",
    _FLAGS,
)
_MOST_STAMPS = 1_000
_TAIL = 60
"""Nobody writes a date longer than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A day, a time of day, or both, on German clocks."""

    day: date | None = None
    clock: time | None = None

    def moment(self) -> datetime | None:
        """Return it in UTC; noon where no time is said, `None` without a day. In a repeated hour it is the first one."""
        if self.day is None:
            return None
        return datetime.combine(self.day, self.clock or time(_NOON), BERLIN).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A line without the date at its beginning or end."""

    words: str
    when: When | None = None
    is_inside: bool = False
    """The date is part of the sentence ("wurde am 20.11.2026 zugestellt"), and the words still have it."""


def dated(line: str, *, now: datetime) -> Dated:
    """Take the date off a line.

    A day without a year is the latest such day that is not more than 45 days ahead. "03/04/2026" is no date: nobody knows
    which is the month. A window ("14:00 - 15:30") is none either.
    """
    today = now.astimezone(BERLIN).date()
    if _WINDOW.search(line):
        return Dated(words=line)
    if (found := _AT_START.match(line)) and (when := _when(found, today)):
        words = line[found.end() :]
        if (
            when.clock is None
            and (rest := _AT_START.match(words))
            and (more := _when(rest, today))
            and more.day is None
        ):
            when, words = When(day=when.day, clock=more.clock), words[rest.end() :]
        return Dated(words=words.strip(), when=when)
    tail = max(0, len(line) - _TAIL)
    if (found := _AT_END.search(line, tail)) and (when := _when(found, today)):
        return Dated(words=_LEFT_OVER.sub("", line[: found.start()]).strip(), when=when)
    if (
        (found := _MIDDLE.search(line))
        and not _ON_IT.search(line[: found.start()])
        and (when := _when(found, today))
    ):
        return Dated(
            words=f"{line[: found.start()].strip(' ,|·•–—-')} | {line[found.end() :]}".strip(" |"), when=when
        )
    if (found := _INSIDE.search(line)) and (when := _when(found, today)):
        return Dated(words=line.strip(), when=when, is_inside=True)
    return Dated(words=line.strip())


def stamps_in(line: str) -> list[tuple[int, int]]:
    """Return where the dates stand that a line does not have as part of a sentence ("am 20.11.2026"); none in a window of hours."""
    if _WINDOW.search(line):
        return []
    return [
        found.span()
        for found, _ in zip(_STAMP.finditer(line), range(_MOST_STAMPS), strict=False)
        if not _ON_IT.search(line[max(0, found.start() - _TAIL) : found.start()])
    ]


def _when(found: re.Match[str], today: date) -> When | None:
    part = {name: value.casefold() for name, value in found.groupdict().items() if value is not None}
    if "iso_hour" in part:
        return _exact(part)
    clock = _clock(part)
    day = _day(part, today)
    if day is None and clock is None:
        return None
    if day is None and not part.keys() & {"x_hour", "x_u_hour"}:
        return None  # there is a date, and it is none
    return When(day=day, clock=clock)


def _exact(part: dict[str, str]) -> When | None:
    zone = part.get("zone", "").replace("z", "+00:00")
    try:
        at = datetime.fromisoformat(
            f"{part['iso_year']}-{part['iso_month']}-{part['iso_day']}T{part['iso_hour']}:{part['iso_minute']}{zone}"
        )
    except ValueError:
        return None
    local = at.astimezone(BERLIN) if at.tzinfo else at
    return When(day=local.date(), clock=time(local.hour, local.minute))


def _clock(part: dict[str, str]) -> time | None:
    for start in ("", "w_", "x_"):
        if f"{start}hour" in part:
            hour, half = int(part[f"{start}hour"]), part.get(f"{start}half")
            if half:
                hour = hour % _NOON + (_NOON if half == "p" else 0)
            return time(hour, int(part[f"{start}minute"]))
        if f"{start}u_hour" in part:
            return time(int(part[f"{start}u_hour"]), int(part.get(f"{start}u_minute", 0)))
    return None


def _day(part: dict[str, str], today: date) -> date | None:
    match part:
        case {"word": word}:
            return today - timedelta(days=_DAYS_AGO[word])
        case {"iso_year": year, "iso_month": month, "iso_day": day}:
            return _valid(int(year), int(month), int(day))
        case {"s_first": first, "s_second": second, "s_year": year}:
            return _only_one(int(year), int(first), int(second))
        case {"day": day, "month": month}:
            return _dated(int(day), int(month), part.get("year"), today)
        case {"n_day": day, "n_month": name} | {"e_day": day, "e_month": name}:
            return _dated(int(day), _MONTH_NUMBER[name], part.get("n_year") or part.get("e_year"), today)
        case _:
            return None


def _only_one(year: int, first: int, second: int) -> date | None:
    """Return the date where only one of the two can be the month."""
    days = {_valid(year, first, second), _valid(year, second, first)} - {None}
    return days.pop() if len(days) == 1 else None


def _dated(day: int, month: int, year: str | None, today: date) -> date | None:
    if year:
        return _valid(int(year) + (2000 if len(year) == 2 else 0), month, day)  # noqa: PLR2004
    found = (_valid(today.year + ahead, month, day) for ahead in range(1, -_LEAP_CYCLE, -1))
    return next((each for each in found if each and each <= today + _AHEAD), None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if _FIRST_YEAR <= year <= _LAST_YEAR else None
