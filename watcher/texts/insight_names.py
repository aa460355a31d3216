"""What figures and their rows are called."""

import re
from collections.abc import Callable, Mapping

from watcher.carriers.knowledge import OTHER
from watcher.carriers.own import carrier_here
from watcher.domain.figure import OTHERS, WITHOUT, Topic
from watcher.domain.insights import PICKUP, PRICE_BANDS, WAITING_DAYS
from watcher.domain.step import CaseKind
from watcher.listings.rules import shipped_rules
from watcher.texts.fill import one_line
from watcher.texts.language import _, current, ngettext
from watcher.texts.names import kind_name, money
from watcher.texts.playbook import Subject, words_for

_WEEKDAYS = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "de": ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}

_SHORT = 12
_HOURS_A_DAY, _DAYS_A_YEAR = 24, 365
_PLACE_ASIDE, _PLACE = re.compile(r" \(\{\w+\}\)"), re.compile(r"\{\w+\}")
"""Where a rule's words have the numbers of one ad."""


def topic_title(topic: Topic) -> str:
    """Return the heading of a figure."""
    return {
        Topic.GOODS: _("Where the goods were when the cancellation came"),
        Topic.MONTH: _("By the month of the sale"),
        Topic.PRICE: _("By price"),
        Topic.CARRIER: _("By carrier"),
        Topic.WEEKDAY: _("By the weekday of the sale"),
        Topic.CATEGORY: _("By the category of the ad"),
        Topic.ANSWERS: _("By how soon you answered"),
        Topic.BUYER_AGE: _("By the age of the buyer's account"),
        Topic.FINDING: _("By what the ad check had found"),
        Topic.WAITING: _("While it waited to be handed in"),
        Topic.INTERCEPT_CARRIER: _("Parcels you tried to stop, by carrier"),
        Topic.INTERCEPT_WAY: _("Parcels you tried to stop, by way"),
    }[topic]


def topic_note(topic: Topic) -> str:
    """Return what is counted, in one sentence."""
    return {
        Topic.GOODS: _("Each cancellation once; the shares are of all cancellations."),
        Topic.MONTH: _("Finished sales that began in that month, and how many of them were cancelled."),
        Topic.PRICE: _("Cancelled of finished sales."),
        Topic.CARRIER: _("Cancelled of finished sales; also those cancelled before anything was shipped."),
        Topic.WEEKDAY: _("Cancelled of finished sales, by the day on which the deal was made."),
        Topic.WAITING: _(
            "Of the sales that still lay with you when a day of waiting began: cancelled in its course. Counted from the payment; "
            "where that is not known, from the deal."
        ),
        Topic.CATEGORY: _("Cancelled of finished sales, by the site's own categories."),
        Topic.ANSWERS: _(
            "Cancelled of finished sales, by the median time that you took to answer in their conversation, as far as it was seen."
        ),
        Topic.BUYER_AGE: _(
            "Cancelled of finished sales, by how long the buyer had been registered when the deal was made."
        ),
        Topic.FINDING: _(
            "Cancelled of finished sales: those whose ad had the finding when it was last read, then the others. The most "
            "frequent findings; among many comparisons one may differ by chance."
        ),
        Topic.INTERCEPT_CARRIER: _("Came back, of those whose end is known."),
        Topic.INTERCEPT_WAY: _(
            "Came back, of those whose end is known. Who tried two ways counts in both rows."
        ),
    }[topic]


def column_name(topic: Topic) -> str:
    """Return what stands above the names of a figure's rows."""
    return {
        Topic.GOODS: _("Case"),
        Topic.MONTH: _("Month"),
        Topic.PRICE: _("Price"),
        Topic.CARRIER: _("Carrier"),
        Topic.WEEKDAY: _("Weekday"),
        Topic.CATEGORY: _("Category"),
        Topic.ANSWERS: _("Answer"),
        Topic.BUYER_AGE: _("Registered"),
        Topic.FINDING: _("Finding"),
        Topic.WAITING: _("Day"),
        Topic.INTERCEPT_CARRIER: _("Carrier"),
        Topic.INTERCEPT_WAY: _("Way"),
    }[topic]


def row_name(topic: Topic, key: str) -> str:
    """Return what a row is called; a carrier that nobody has described keeps the page's word for it, made harmless."""
    return _ROWS[topic](key)


def row_short(topic: Topic, key: str) -> str:
    """Return a row's name as it fits below a chart."""
    if topic is Topic.WEEKDAY:
        return _weekday_name(key)[:2] if current() == "de" else _weekday_name(key)[:3]
    if topic is Topic.MONTH:
        month = _month_name(key)
        return month if key.endswith("-01") else month.partition(" ")[0]
    if topic in {Topic.ANSWERS, Topic.BUYER_AGE}:
        return _band_short(topic, key)
    name = row_name(topic, key)
    return name if len(name) <= _SHORT else name[: _SHORT - 1] + "…"


def _goods_name(kind: str) -> str:
    return kind_name(CaseKind(kind), language=current())


def _month_name(key: str) -> str:
    year, _dash, month = key.partition("-")
    return f"{_MONTHS[current()][int(month) - 1]} {year}"


def _price_name(key: str) -> str:
    begins, language = int(key.partition("-")[0]), current()
    ends = next((each for each in PRICE_BANDS if each > begins), None)
    if ends is None:
        return _("from {price}").format(price=_whole(begins))
    if not begins:
        return _("under {price}").format(price=_whole(ends))
    return f"{begins // 100}–{_whole(ends)}" if language == "de" else f"€{begins // 100}–{ends // 100}"


def _whole(cents: int) -> str:
    """Write an amount of whole euros."""
    return money(cents, language=current()).replace(",00", "").removesuffix(".00")


def _day_name(day: str) -> str:
    words = _("from day {number} on") if int(day) == WAITING_DAYS[-1] else _("day {number}")
    return words.format(number=int(day) + 1)


def _category_name(key: str) -> str:
    return _("all others") if key == OTHERS else one_line(key)


def _answer_name(key: str) -> str:
    begins, ends = _ends(key)
    return _band(begins, ends, unit=_answer_unit(ends or begins))


def _buyer_name(key: str) -> str:
    begins, ends = _ends(key)
    return _band(begins, ends, unit=_buyer_unit(ends or begins))


def _ends(key: str) -> tuple[int, int]:
    """Return where a band begins and ends; an end of 0 is none."""
    begins, _dash, ends = key.partition("-")
    return int(begins), int(ends or 0)


def _band(begins: int, ends: int, *, unit: Callable[[int], str]) -> str:
    if not ends:
        return _("{span} or more").format(span=unit(begins))
    if not begins:
        return _("under {span}").format(span=unit(ends))
    return _("{begins} to under {ends}").format(begins=unit(begins), ends=unit(ends))


def _band_short(topic: Topic, key: str) -> str:
    """Return where a band ends; beside each other that says enough."""
    begins, ends = _ends(key)
    unit = _answer_unit if topic is Topic.ANSWERS else _buyer_unit
    return f"< {unit(ends)(ends)}" if ends else f"≥ {unit(begins)(begins)}"


def _answer_unit(edge: int) -> Callable[[int], str]:
    return _hours_name if edge <= _HOURS_A_DAY else _days_of_hours


def _buyer_unit(edge: int) -> Callable[[int], str]:
    return _days_name if edge < _DAYS_A_YEAR else _years_name


def _hours_name(hours: int) -> str:
    return ngettext("{count} hour", "{count} hours", hours).format(count=hours)


def _days_of_hours(hours: int) -> str:
    return _days_name(hours // _HOURS_A_DAY)


def _days_name(days: int) -> str:
    return ngettext("{count} day", "{count} days", days).format(count=days)


def _years_name(days: int) -> str:
    if days % _DAYS_A_YEAR:
        return _days_name(days)
    return ngettext("{count} year", "{count} years", days // _DAYS_A_YEAR).format(count=days // _DAYS_A_YEAR)


def _finding_name(key: str) -> str:
    """Return what a rule says when it finds something, without its numbers; a rule that is no longer known goes by its id."""
    if key.endswith(WITHOUT):
        return _("ads without that")
    rule = next((rule for rule in shipped_rules() if rule.id == key), None)
    if rule is None:
        return one_line(key)
    return _PLACE.sub("…", _PLACE_ASIDE.sub("", rule.says.said(current()))).rstrip(".")


def _carrier_name(key: str) -> str:
    if key == PICKUP:
        return _("pick-up")
    if key == OTHERS:
        return _("all others")
    if not key:
        return _("carrier not known")
    known = carrier_here(key)
    return known.name if known.id != OTHER else one_line(key)


def _weekday_name(day: str) -> str:
    return _WEEKDAYS[current()][int(day)]


def _way_name(step: str) -> str:
    return words_for(step, Subject(), language=current()).title


_ROWS: Mapping[Topic, Callable[[str], str]] = {
    Topic.GOODS: _goods_name,
    Topic.MONTH: _month_name,
    Topic.PRICE: _price_name,
    Topic.CARRIER: _carrier_name,
    Topic.WEEKDAY: _weekday_name,
    Topic.CATEGORY: _category_name,
    Topic.ANSWERS: _answer_name,
    Topic.BUYER_AGE: _buyer_name,
    Topic.FINDING: _finding_name,
    Topic.WAITING: _day_name,
    Topic.INTERCEPT_CARRIER: _carrier_name,
    Topic.INTERCEPT_WAY: _way_name,
}
