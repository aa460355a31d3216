"""How figures are said: rates with their counts and ranges, sums, differences. No word says why."""

from collections.abc import Iterator
from datetime import date

from watcher.domain.figure import INTERCEPTS, Row, Topic
from watcher.domain.insights import Insights
from watcher.domain.loss import Loss
from watcher.domain.rate import ENOUGH, Rate
from watcher.texts.insight_names import row_name
from watcher.texts.language import _, current, ngettext
from watcher.texts.names import money

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def percent(share: float) -> str:
    """Write a share: `12 %` in German, `12%` in English; what is nearly none or nearly all, but not quite, with a digit more."""
    return _with_sign(_number(share, digits=0 if _is_rounded_well(share) else 1))


def rate_words(rate: Rate) -> str:
    """Return a rate, or that there are too few to say."""
    return percent(rate.share) if rate.is_enough else _("too few to say")


def interval_words(rate: Rate) -> str:
    """Return between what the true share may lie: `5 to 17 %`; nothing where there are too few."""
    if not rate.is_enough:
        return ""
    low, high = rate.interval
    is_rough_enough = all(map(_is_rounded_well, rate.interval)) and round(low * 100) != round(high * 100)
    digits = 0 if is_rough_enough else 1
    return _("{low} to {high}").format(
        low=_number(low, digits=digits), high=_with_sign(_number(high, digits=digits))
    )


def _is_rounded_well(share: float) -> bool:
    """Whether a whole number of per cent does not turn a little into nothing, or nearly all into all."""
    return share in {0, 1} or 0 < round(share * 100) < 100  # noqa: PLR2004 - per cent


def _number(share: float, *, digits: int) -> str:
    number = f"{share * 100:.{digits}f}".removesuffix(".0")
    return number.replace(".", ",") if current() == "de" else number


def _with_sign(number: str) -> str:
    return f"{number} %" if current() == "de" else f"{number}%"


def count_words(rate: Rate) -> str:
    """Return the count behind a rate."""
    return _("{hits} of {of}").format(hits=rate.hits, of=rate.of)


def rest_words(row: Row) -> str:
    """Say what else became of attempts: some are still open, of some nobody said how they ended."""
    parts = ((_("{count} still open"), row.open), (_("{count} not known"), row.unknown))
    return ", ".join(words.format(count=count) for words, count in parts if count)


def attempts_words(row: Row) -> str:
    """Say how the seller's own attempts to stop a carrier's parcels ended, with their count, or that there are too few to say."""
    if not row.rate.of:
        told = _("With you: none of your attempts is decided yet")
    else:
        told = ngettext(
            "With you: {hits} of {of} came back; {rate}",
            "With you: {hits} of {of} came back; {rate}",
            row.rate.of,
        ).format(hits=row.rate.hits, of=row.rate.of, rate=_rate_and_range(row.rate))
    rest = rest_words(row)
    return f"{told} ({rest})." if rest else f"{told}."


def _rate_and_range(rate: Rate) -> str:
    interval = interval_words(rate)
    return f"{rate_words(rate)} ({interval})" if interval else rate_words(rate)


def difference_words(topic: Topic, pair: tuple[Row, Row]) -> str:
    """Say that one share was higher than another, with both counts. That is all that is said."""
    more, less = pair
    words = (
        _("{one}: {rate} ({count}) came back, more than with {other}: {other_rate} ({other_count}).")
        if topic in INTERCEPTS
        else _("{one}: {rate} ({count}) were cancelled, more than {other}: {other_rate} ({other_count}).")
    )
    return words.format(
        one=row_name(topic, more.key),
        rate=percent(more.rate.share),
        count=count_words(more.rate),
        other=row_name(topic, less.key),
        other_rate=percent(less.rate.share),
        other_count=count_words(less.rate),
    )


def unknown_words(topic: Topic, count: int) -> str:
    """Say how many are in no row, because nobody knows where they belong."""
    if topic is Topic.WAITING:
        words = ngettext(
            "Left out: {count} sale of which the hand-in or the deal is not known to the hour.",
            "Left out: {count} sales of which the hand-in or the deal is not known to the hour.",
            count,
        )
    else:
        words = ngettext(
            "Left out: {count} sale of which that is not known.",
            "Left out: {count} sales of which that is not known.",
            count,
        )
    return words.format(count=count)


def fine_print() -> str:
    """Say how the figures are meant."""
    return _(
        "Below {enough} no rate is told: it would only look like knowledge. The range behind a rate says where the true one "
        "may lie ({level}, Wilson). Figures show what was, never why; two groups are only compared where their ranges do not "
        "overlap."
    ).format(enough=ENOUGH, level=percent(0.95))


def days(number: float) -> str:
    """Write a number of days, with one digit behind the point where they are few."""
    shown = f"{number:.1f}" if number < 10 else f"{number:.0f}"  # noqa: PLR2004 - two digits say enough
    return shown.replace(".", ",") if current() == "de" else shown


def day_words(day: date) -> str:
    """Write a day: `26.11.2026`, `26 Nov 2026`."""
    return f"{day:%d.%m.%Y}" if current() == "de" else f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def headline(told: Insights) -> str:
    """Say how many of the finished sales were cancelled, or that none is known."""
    if not told.cancelled.of:
        return _(
            "No finished sale is known of that time. Figures come with the sales that Stornowacht sees end."
        )
    interval = interval_words(told.cancelled)
    rate = rate_words(told.cancelled)
    return ngettext(
        "{hits} of {of} finished sale was cancelled: {rate}.",
        "{hits} of {of} finished sales were cancelled: {rate}.",
        told.cancelled.of,
    ).format(
        hits=told.cancelled.hits,
        of=told.cancelled.of,
        rate=f"{rate} ({interval})" if interval else rate,
    )


def under_way_words(count: int) -> str:
    """Say how many sales may still go either way."""
    return ngettext(
        "{count} more is under way and counts once it has ended.",
        "{count} more are under way and count once they have ended.",
        count,
    ).format(count=count)


def loss_rows(loss: Loss) -> Iterator[tuple[str, str, str]]:
    """Return what cancellations cost, each line with the count behind it; lines of which nothing is known are left out."""
    if loss.priced:
        yield _("Prices of the cancelled sales"), _euros(loss.price_cents), _cancellations(loss.priced)
    yield _("Costs that you bore"), _euros(loss.own_costs_cents), _cancellations(loss.with_own_costs)
    if loss.with_open_costs:
        yield _("Costs not settled yet"), _euros(loss.open_costs_cents), _cancellations(loss.with_open_costs)
    if loss.missing:
        lost = _("Refunded, and the goods not seen to come back")
        yield lost, _euros(loss.missing_cents), _cancellations(loss.missing)
    for name, spread in (
        (_("Days from the deal to the end of the case"), loss.bound),
        (_("Days from the cancellation to the end of its case"), loss.handling),
    ):
        if spread.median_days is not None:
            sums = _("{total} in all; half took {median} or less").format(
                total=days(spread.total_days), median=days(spread.median_days)
            )
            yield name, sums, _cancellations(spread.count)


def _euros(cents: int) -> str:
    return money(cents, language=current())


def _cancellations(count: int) -> str:
    return ngettext("{count} cancellation", "{count} cancellations", count).format(count=count)
