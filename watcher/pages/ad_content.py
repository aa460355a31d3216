"""What an ad says, as its own page shows it to everybody."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from bs4 import Tag
from bs4.element import NavigableString

from watcher.domain.ad import Ad, AdStatus, Photo, PriceType, ShippingOffer
from watcher.domain.capture import Capture
from watcher.domain.confidence import Confidence, least
from watcher.pages.ad import AdState, ad_id_in, own_path, read_ad
from watcher.pages.ad_words import ad_words, price_of, price_type_of, shipping_of, split_title
from watcher.pages.dates import moment_of
from watcher.pages.page import Page, text_of
from watcher.pages.wording import plain_text

LONGEST_TEXT = 50_000
"""Characters of a description; the site takes a tenth of that."""
_LONGEST_VALUE = 200
_MOST_DETAILS = 60
_MOST_PHOTOS = 60
_HUNDRED = 100
_BLOCKS = {"p", "div", "li", "ul", "ol", "section", "h1", "h2", "h3", "h4", "tr"}
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}|(?:Heute|Gestern)(?:, \d{1,2}:\d{2})?", re.IGNORECASE | re.ASCII)
_PHOTO = re.compile(r"photo-(\d{1,3})")
_LOST_PHOTO = re.compile(r"part photo-(\d{1,3}):")


def ad_content(page: Page, ad_id: str) -> Ad | None:
    """Return what the page of an ad says; `None` where it is not the page of this ad.

    A deleted ad keeps its page for a while: then the status says so. What is not understood stays empty and makes the
    whole less sure; nothing is taken from the pictures and words of other ads at the foot of the page.
    """
    if read_ad(page) is not AdState.SHOWN or ad_id_in(page.capture.final_url) not in {ad_id, None}:
        return None
    settings = _settings(page)
    if settings.ad_id not in {ad_id, None}:
        return None
    selectors = ad_words()["selectors"]
    title, status, title_sure = _title(page, settings)
    text_tag = page.soup.select_one(selectors["text"])
    cents, price_type, price_sure = _price(page, settings)
    shipping, shipping_sure = _shipping(page)
    count = _photo_count(page)
    whole = Confidence.CERTAIN if title and text_tag is not None else Confidence.LIKELY
    return Ad(
        id=ad_id,
        title=title or None,
        text=None if text_tag is None else _lines(text_tag),
        price_cents=cents,
        price_type=price_type,
        wanted=_is_wanted(page),
        status=status,
        category=_category(page),
        attributes=dict(_details(page)),
        shipping=shipping,
        posted_at=next(_dates(page), None),
        photo_count=count,
        photos=_photos(page.capture, count),
        path=own_path(page.capture.final_url, page.capture.final_url),
        confidence=least((whole, title_sure, price_sure, shipping_sure)),
    )


def gallery_selector() -> str:
    """Return the CSS selector of the ad's own photos."""
    return str(ad_words()["gallery"]["photos"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    """What the page is drawn from, as far as it says so."""

    ad_id: str | None = None
    price_type: PriceType = PriceType.UNKNOWN
    cents: int | None = None
    deleted: bool | None = None
    reserved: bool | None = None


def _settings(page: Page) -> _Settings:
    keys = ad_words()["settings"]
    for script in page.soup.find_all("script"):
        told = script.string or ""
        _, found, block = told.partition(keys["start"])
        if not found:
            continue
        block = block[:20_000]
        amount = _value(block, keys["price"], r"\d{1,7}(?:\.\d{1,2})?")
        return _Settings(
            ad_id=_value(block, keys["id"], r"""["']?[0-9A-Za-z_-]{1,64}["']?"""),
            price_type=price_type_of(_value(block, keys["price_type"], r"""["'][A-Z_]{1,40}["']""")),
            cents=None if amount is None else round(float(amount) * _HUNDRED),
            deleted=_flag(block, keys["deleted"]),
            reserved=_flag(block, keys["reserved"]),
        )
    return _Settings()


def _value(block: str, key: str, pattern: str) -> str | None:
    match = re.search(rf"\b{key}\s*:\s*({pattern})(?=\s*[,}}\n]|$)", block, re.ASCII)
    return match[1].strip("\"'") if match else None


def _flag(block: str, key: str) -> bool | None:
    told = _value(block, key, "true|false")
    return None if told is None else told == "true"


def _title(page: Page, settings: _Settings) -> tuple[str, AdStatus, Confidence]:
    """Return the title without what the site puts before it, and what that, or the page's settings, say of the ad."""
    words = ad_words()
    told = text_of(page.soup.select_one(words["selectors"]["title"]), without=words["status"]["hidden"])
    title, status, sure = split_title(told)
    if settings.deleted or status is AdStatus.DELETED:
        return title, AdStatus.DELETED, sure
    if status is not AdStatus.UNKNOWN:
        return title, status, sure
    if settings.reserved:
        return title, AdStatus.RESERVED, sure
    is_active = settings.deleted is False and settings.reserved is False
    return title, AdStatus.ACTIVE if is_active else AdStatus.UNKNOWN, sure


def _price(page: Page, settings: _Settings) -> tuple[int | None, PriceType, Confidence]:
    tag = page.soup.select_one(ad_words()["selectors"]["price"])
    if tag is None:
        return (
            settings.cents,
            settings.price_type,
            Confidence.LIKELY if settings.cents else Confidence.CERTAIN,
        )
    cents, kind = price_of(text_of(tag))
    if kind is PriceType.UNKNOWN:
        return settings.cents, settings.price_type, Confidence.LIKELY
    if settings.price_type not in {kind, PriceType.UNKNOWN}:
        return cents, kind, Confidence.UNSURE
    return (
        cents if settings.cents is None or kind is PriceType.GIVE_AWAY else settings.cents,
        kind,
        Confidence.CERTAIN,
    )


def _shipping(page: Page) -> tuple[ShippingOffer, Confidence]:
    tag = page.soup.select_one(ad_words()["selectors"]["shipping"])
    told = text_of(tag)
    if not told:
        return ShippingOffer(), Confidence.CERTAIN
    offer = shipping_of(told)
    return (offer, Confidence.CERTAIN) if offer is not None else (ShippingOffer(), Confidence.LIKELY)


def _is_wanted(page: Page) -> bool:
    wanted = ad_words()["wanted"]
    tag = page.soup.select_one(ad_words()["selectors"]["title"])
    return tag is not None and str(tag.get(wanted["attribute"], "")).strip() in wanted["words"]


def _category(page: Page) -> str | None:
    """Return the innermost category; the first link leads to the start page and is none."""
    links = page.soup.select(ad_words()["selectors"]["category"], limit=_MOST_DETAILS)
    return (text_of(links[-1])[:_LONGEST_VALUE] or None) if len(links) > 1 else None


def _details(page: Page) -> Iterator[tuple[str, str]]:
    selectors = ad_words()["selectors"]
    for row in page.soup.select(selectors["detail"], limit=_MOST_DETAILS):
        value = text_of(row.select_one(selectors["detail_value"]))[:_LONGEST_VALUE]
        label = text_of(row, without=selectors["detail_value"]).rstrip(": ")[:_LONGEST_VALUE]
        if label and value:
            yield label, value


def _dates(page: Page) -> Iterator[datetime]:
    for tag in page.soup.select(ad_words()["selectors"]["posted"], limit=_MOST_DETAILS):
        match = _DATE.search(text_of(tag))
        at = moment_of(match[0], now=page.capture.taken_at) if match else None
        if at is not None:
            yield at


def _photo_count(page: Page) -> int:
    gallery = ad_words()["gallery"]
    addresses = (
        next((str(image[name]) for name in gallery["address"] if image.get(name)), None)
        for image in page.soup.select(gallery_selector(), limit=10 * _MOST_PHOTOS)
    )
    return len({address for address in addresses if address})


def _photos(capture: Capture, count: int) -> tuple[Photo, ...]:
    """Measure the photos that were kept; of those that could not be had, their place is told."""
    kept = {
        int(match[1]): extra.content
        for extra in capture.extras
        if (match := _PHOTO.fullmatch(extra.label)) is not None
    }
    lost = {int(match[1]): b"" for told in capture.missing if (match := _LOST_PHOTO.match(told)) is not None}
    numbers = sorted(number for number in {*kept, *lost} if 1 <= number <= min(count, _MOST_PHOTOS))
    if not numbers:
        return ()
    from watcher.pages.photo import photo_of  # noqa: PLC0415 - Pillow is only loaded where there are pictures

    return tuple(photo_of(kept.get(number, b""), number) for number in numbers)


def _lines(tag: Tag) -> str:
    """Return a text with its line breaks, at most one empty line at a time."""
    pieces = []
    for node in tag.descendants:
        if isinstance(node, Tag):
            pieces.append("\n" if node.name == "br" or node.name in _BLOCKS else "")
        elif type(node) is NavigableString:
            pieces.append(" ".join(f"x{node}x".split())[1:-1])
    # Word by word: a whole line may be longer than what is looked at in one go.
    lines = "".join(pieces)[:LONGEST_TEXT].split("\n")
    text = "\n".join(" ".join(filter(None, map(plain_text, line.split()))) for line in lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()
