"""Until when a parcel should leave, in words: the day, who says so, how much time is left."""

from datetime import datetime, time

from watcher.domain.hand_in_soon import days_waiting
from watcher.domain.order import Order
from watcher.domain.ship_by import SLOW, ShipBy, ShipByOrigin
from watcher.texts.language import Language, _, current, ngettext
from watcher.texts.names import BERLIN, day, moment

_TO_THE_END = time(23, 59)


def ship_day(until: ShipBy, *, now: datetime, language: Language) -> str:
    """Return the day, with its time where that is not its end: `Sa., 28.11.`, `Sa., 28.11., 18:00 Uhr`."""
    is_whole_day = until.at.astimezone(BERLIN).time() >= _TO_THE_END
    return (day if is_whole_day else moment)(until.at, language=language, now=now)


def origin_words(origin: ShipByOrigin) -> str:
    """Return who says so."""
    return {ShipByOrigin.PAGE: _("as the page says"), ShipByOrigin.PROMISE: _("your promise")}[origin]


def until_words(until: ShipBy, *, now: datetime) -> str:
    """Return until when, and who says so."""
    return _("{day} ({who})").format(
        day=ship_day(until, now=now, language=current()), who=origin_words(until.origin)
    )


def left_words(until: ShipBy, *, now: datetime) -> str:
    """Return how much time is left, by the calendar."""
    left = until.days_left(now=now)
    if left < 0:
        days = max((now.astimezone(BERLIN).date() - until.day).days, 0)
        if not days:
            return _("over since today")
        return ngettext("over since yesterday", "over for {count} days", days).format(count=days)
    if not left:
        return _("today is the last day")
    return ngettext("one more day", "{count} more days", left).format(count=left)


def waiting_words(order: Order, *, now: datetime) -> str:
    """Return since when an order is paid, and that it waits."""
    days = days_waiting(order, now=now)
    if not days:
        return _("paid today, not shipped yet")
    return ngettext(
        "paid since yesterday, not shipped yet", "paid for {count} days, not shipped yet", days
    ).format(count=days)


def is_slow(order: Order, until: ShipBy | None, *, now: datetime) -> bool:
    """Whether it is time to say how long an order waits: its day is over, or there is none and it has waited for days."""
    if until is not None:
        return until.days_left(now=now) < 0
    return days_waiting(order, now=now) >= SLOW
