"""Working days by the German calendar: on which days parcels are delivered and waiting periods run.

Nationwide holidays, and those of one state where it is named (PyPI `holidays`). Whether a carrier works on a holiday of the
recipient's state is not known where the state is not.
"""

from datetime import date, timedelta
from functools import cache

STATES = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")
"""The German states, by their usual letters."""
_SATURDAY, _SUNDAY = 5, 6


def is_working_day(day: date, *, saturdays: bool = True, state: str | None = None) -> bool:
    """Whether a day is a working day ("Werktag": Monday to Saturday without holidays); `saturdays=False`: Monday to Friday."""
    if day.weekday() == _SUNDAY or (day.weekday() == _SATURDAY and not saturdays):
        return False
    return day not in _holidays(day.year, state)


def next_delivery_day(after: date, *, state: str | None = None) -> date:
    """Return the first working day after a day, Saturdays included: the earliest day of a delivery."""
    return add_working_days(after, 1, state=state)


def add_working_days(day: date, count: int, *, saturdays: bool = True, state: str | None = None) -> date:
    """Return the day on which so many working days after `day` are over."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day, saturdays=saturdays, state=state)
    return day


@cache
def _holidays(year: int, state: str | None) -> frozenset[date]:
    from holidays import country_holidays  # noqa: PLC0415 - half a second that reading commands do not need

    return frozenset(country_holidays("DE", subdiv=state, years=year))
