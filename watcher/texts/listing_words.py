"""What the judgement on own ads is called."""

import re
from datetime import datetime, timedelta

from watcher.domain.ad import Ad, AdStatus, Photo, PriceType
from watcher.domain.confidence import Confidence
from watcher.domain.fact import Grade
from watcher.listings.judge import Judgement
from watcher.listings.rule import Rule, Topic
from watcher.texts.language import _, current, ngettext
from watcher.texts.names import BERLIN, money

_PLACE = re.compile(r"\{\w+\}")


def topic_words(topic: Topic) -> str:
    """Return what a group of rules is called."""
    return {
        Topic.TITLE: _("Title"),
        Topic.TEXT: _("Description"),
        Topic.PHOTOS: _("Photos"),
        Topic.PRICE: _("Asking price"),
        Topic.SHIPPING: _("Shipping"),
        Topic.TERMS: _("What applies"),
        Topic.AGE: _("Age"),
        Topic.OWN: _("Your own rules"),
    }[topic]


def fine_words(rule: Rule) -> str:
    """Say in a few words that what a rule looks for is in order; a rule of the user's own goes by its name."""
    return _FINE().get(rule.id, rule.id)


def _FINE() -> dict[str, str]:  # noqa: N802 - a table whose words follow the language
    return {
        "title_short": _("title"),
        "text_missing": _("description"),
        "text_short": _("length of the description"),
        "no_condition": _("condition"),
        "no_dimensions": _("dimensions or size"),
        "no_material": _("material"),
        "no_defects": _("flaws"),
        "new_but_used": _("condition and text agree"),
        "no_photos": _("photo there"),
        "few_photos": _("number of photos"),
        "photo_small": _("size of the photos"),
        "photo_dark": _("brightness of the photos"),
        "photo_blurred": _("sharpness of the photos"),
        "photo_twice": _("different views"),
        "photo_broken": _("photos can be opened"),
        "no_price": _("price"),
        "shipping_unset": _("shipping chosen"),
        "shipping_in_text": _("shipping not only in the text"),
        "pickup_in_text": _("shipping and text agree"),
        "pickup_only": _("can be shipped"),
        "shipping_no_price": _("price of shipping"),
        "shipping_dear": _("shipping cheaper than the item"),
        "shipping_untracked": _("tracking"),
        "parcel_too_heavy": _("weight fits the parcel"),
        "parcel_too_long": _("length fits the parcel"),
        "no_returns": _("returns"),
        "no_payment_deadline": _("payment deadline"),
        "no_shipping_time": _("shipping time"),
        "old": _("age of the ad"),
    }


def status_words(status: AdStatus) -> str:
    """Return what stands beside an ad's title; nothing for one that is simply online."""
    return {
        AdStatus.ACTIVE: "",
        AdStatus.RESERVED: _("reserved"),
        AdStatus.PAUSED: _("paused"),
        AdStatus.DELETED: _("deleted"),
        AdStatus.UNKNOWN: _("status not known"),
    }[status]


def certainty_words(certainty: Confidence) -> str:
    """Say how sure a finding is."""
    return {
        Confidence.CERTAIN: _("certain"),
        Confidence.LIKELY: _("likely"),
        Confidence.UNSURE: _("hint"),
    }[certainty]


def why_words(rule: Rule) -> str:
    """Say why, and which of the seven tips that is."""
    why = rule.why.said(current())
    if rule.tip is None:
        return why
    return _("{why} (Tip {number})").format(why=why, number=rule.tip)


def rule_source_words(rule: Rule) -> str:
    """Say where a rule comes from."""
    if rule.fact is None:
        return _("From your config.")
    grade = {
        Grade.SEEN: _("the source says so"),
        Grade.INFERRED: _("our own reading of it"),
        Grade.UNVERIFIED: _("nobody has confirmed it"),
    }[rule.fact.confidence]
    return _("Source: {source}, read {month}; {grade}.").format(
        source=rule.fact.source, month=f"{rule.fact.seen:%m/%Y}", grade=grade
    )


def bare_words(says: str) -> str:
    """Return the words of a rule without what only a finding fills in."""
    return _PLACE.sub("…", says)


def price_words(ad: Ad) -> str:
    """Return what an ad asks for; nothing where the page showed no price."""
    if ad.price_type is PriceType.GIVE_AWAY:
        return _("to give away")
    if ad.price_cents is None:
        return ""
    price = money(ad.price_cents, language=current())
    return f"{price} VB" if ad.price_type is PriceType.NEGOTIABLE else price


def overview_words(judgement: Judgement) -> str:
    """Say in one line how an ad stands."""
    if not judgement.is_read:
        return _("not read yet")
    count = len(judgement.findings)
    if not count:
        return _("nothing found")
    return ngettext("{n} finding", "{n} findings", count).format(n=count)


def incomplete_words() -> str:
    """Say that ads may be missing."""
    return _("The list of your ads was not read to its end: some may be missing here.")


def foreign_words() -> str:
    """Say that the words of an ad were left alone."""
    return _("Written in another language: only photos, price and shipping were looked at.")


def photo_notes(photos: tuple[Photo, ...], photo_count: int | None) -> list[str]:
    """Say which photos nobody could look at, and why."""
    notes = [
        _("Photo {number} was not measured: {reason}.").format(
            number=photo.number, reason=_problem(photo.problem)
        )
        for photo in photos
        if photo.problem is not None
    ]
    missing = (photo_count or 0) - len(photos)
    if missing > 0:
        notes.append(
            ngettext("{n} photo was not looked at.", "{n} photos were not looked at.", missing).format(
                n=missing
            )
        )
    return notes


def read_words(read_at: datetime | None, *, now: datetime) -> str:
    """Say when an ad was last read."""
    if read_at is None:
        return _("not read yet")
    return _("read {day}").format(day=day_words(read_at, now=now))


def day_words(at: datetime, *, now: datetime) -> str:
    """Return a day as a German reader expects it."""
    day, today = at.astimezone(BERLIN), now.astimezone(BERLIN).date()
    if day.date() == today:
        return _("today at {time}").format(time=f"{day:%H:%M}")
    if day.date() == today - timedelta(days=1):
        return _("yesterday at {time}").format(time=f"{day:%H:%M}")
    return f"{day:%d.%m.%Y}"


def _problem(problem: str | None) -> str:
    return {
        "empty": _("it has no content"),
        "svg": _("it is a drawing"),
        "unknown_kind": _("its kind is not known"),
        "broken": _("it is damaged"),
        "too_large": _("it is too large"),
        "animated": _("it moves"),
        "colours": _("it is in the colours of printing"),
    }.get(problem or "", _("it could not be loaded"))
