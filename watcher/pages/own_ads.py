"""The list of the own ads: one page of it, from the JSON that the page itself received and from what it shows."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from bs4 import Tag

from watcher.domain.ad import Ad, AdStatus, OwnAds, PriceType, ShippingOffer
from watcher.domain.confidence import Confidence, least
from watcher.pages.ad import is_ad_id, own_path
from watcher.pages.ad_words import price_of, price_type_of, split_title
from watcher.pages.addresses import is_own_ads_answer
from watcher.pages.dates import moment_of
from watcher.pages.fields import (
    Fields,
    as_cents,
    as_fields,
    as_flag,
    as_id,
    as_items,
    as_name,
    as_text,
    first,
    parse_object,
)
from watcher.pages.page import Page, text_of

_OK = 200
_MOST_ROWS = 1_000
_MOST_PAGES = 10_000
_MOST_OPTIONS = 20
_LONGEST_OPTION = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What one reader found."""

    ads: dict[str, Ad]
    page: int
    pages: int | None = None
    total: int | None = None


def read_own_ads(page: Page, number: int) -> OwnAds | None:
    """Read one page of the list with both readers; `None` when neither could.

    1. The JSON tells more, and how long the list is; rows that only one reader saw are kept.
    2. An ad is *certain* only if both readers saw it and agree, on words that a source has shown. One reader alone makes it
       *likely*, a disagreement *unsure*.
    3. `page` is the number that the answer gives itself: it is another one than `number` where the site showed another page.
       `pages` is `None` where nothing says how long the list is. Then nobody may call it whole.
    """
    by_json, by_dom = _by_json(page, number), _by_dom(page, number)
    if by_json is None and by_dom is None:
        return None
    if by_json is None or by_dom is None:
        alone = by_json or by_dom
        assert alone is not None  # noqa: S101 - narrows the type; the lines above decide
        ads = [_lowered(ad) for ad in alone.ads.values()]
        return OwnAds(ads=tuple(ads), page=alone.page, pages=alone.pages, total=alone.total)
    shown = dict(by_dom.ads)
    joined = [_joined(ad, shown.pop(ad.id, None)) for ad in by_json.ads.values()]
    return OwnAds(
        ads=(*joined, *(_lowered(ad) for ad in shown.values())),
        page=by_json.page,
        pages=by_json.pages if by_json.pages is not None else by_dom.pages,
        total=by_json.total,
    )


def rows_selector() -> str:
    """Return the CSS selector of the list's rows."""
    known = own_ads_words()["list"]
    return ", ".join(f"{known['container']} {row.strip()}" for row in known["row"].split(","))


@cache
def own_ads_words() -> Mapping[str, Any]:
    """Return the words, selectors and keys of the list, each with its source."""
    return tomllib.loads(files(__package__).joinpath("own_ads.toml").read_text(encoding="utf-8"))


def _joined(told: Ad, shown: Ad | None) -> Ad:
    if shown is None:
        return _lowered(told)
    same = (
        (told.title is None or shown.title is None or told.title == shown.title)
        and (told.price_cents is None or shown.price_cents is None or told.price_cents == shown.price_cents)
        and (AdStatus.UNKNOWN in {told.status, shown.status} or told.status is shown.status)
    )
    return replace(
        told,
        title=told.title or shown.title,
        status=shown.status if told.status is AdStatus.UNKNOWN else told.status,
        path=told.path or shown.path,
        price_cents=shown.price_cents if told.price_cents is None else told.price_cents,
        price_type=shown.price_type if told.price_type is PriceType.UNKNOWN else told.price_type,
        confidence=told.confidence if same else Confidence.UNSURE,
    )


def _lowered(ad: Ad) -> Ad:
    return replace(ad, confidence=least((ad.confidence, Confidence.LIKELY)))


# --- the first reader


def _by_json(page: Page, number: int) -> _Rows | None:
    """Read the answer that is this page of the list; of several the last one, and another page's only if there is no other."""
    keys = own_ads_words()["keys"]
    answers = [
        answer
        for body in page.capture.bodies
        if body.status == _OK and is_own_ads_answer(body.url)
        if isinstance((answer := parse_object(body.content)).get(keys["ads"]), list)
    ]
    if not answers:
        return None
    numbered = [
        (_count(as_fields(answer.get(keys["paging"])), keys["number"]) or number, answer)
        for answer in answers
    ]
    found, answer = next((each for each in reversed(numbered) if each[0] == number), numbered[-1])
    ads: dict[str, Ad] = {}
    for row in as_items(answer[keys["ads"]])[:_MOST_ROWS]:
        ad = _ad(as_fields(row), page, keys)
        if ad is not None:
            ads[ad.id] = ad
    paging = as_fields(answer.get(keys["paging"]))
    return _Rows(ads=ads, page=found, pages=_pages(paging, keys), total=as_cents(paging.get(keys["total"])))


def _pages(paging: Fields, keys: Mapping[str, Any]) -> int | None:
    """Return how many pages there are: as the answer says, else as many as its total needs, and no fewer than it points to."""
    last, following = _count(paging, keys["last"]), _count(paging, keys["next"])
    total, size = as_cents(paging.get(keys["total"])), _count(paging, keys["size"])
    if last is None and total is not None and size is not None:
        last = max(-(-total // size), 1)
    return None if last is None else max(last, following or 0)


def _count(fields: Fields, key: str) -> int | None:
    value = as_cents(fields.get(key))
    return value if value is not None and 0 < value <= _MOST_PAGES else None


def _ad(row: Fields, page: Page, keys: Mapping[str, Any]) -> Ad | None:
    ad_id = as_id(row.get(keys["id"]))
    if ad_id is None or not is_ad_id(ad_id):
        return None
    title, prefixed, _ = split_title(as_name(row.get(keys["title"])) or "")
    status, state_sure = _state(as_text(row.get(keys["state"])))
    cents, shown_type = price_of(as_name(row.get(keys["price"])) or "")
    told_type = price_type_of(as_text(row.get(keys["price_type"])))
    types_differ = PriceType.UNKNOWN not in {shown_type, told_type} and shown_type is not told_type
    link = as_text(row.get(keys["path"]))
    options = _options(row)
    sure = (
        Confidence.UNSURE
        if types_differ
        else least((state_sure, Confidence.LIKELY if options else state_sure))
    )
    return Ad(
        id=ad_id,
        title=title or None,
        price_cents=cents,
        price_type=shown_type if told_type is PriceType.UNKNOWN else told_type,
        wanted=as_flag(row.get(keys["wanted"])) is True,
        status=prefixed if status is AdStatus.UNKNOWN else status,
        category=first([row], keys["category"][0], as_name) or first([row], keys["category"][1], as_name),
        shipping=ShippingOffer(buys_direct=as_flag(row.get(keys["buys_direct"])), options=options),
        posted_at=next(_moments(row, keys["posted"], page.capture.taken_at), None),
        photo_count=as_cents(row.get(keys["photos"])),
        path=None if link is None else own_path(link, page.capture.final_url),
        confidence=sure,
    )


def _options(row: Fields) -> tuple[str, ...]:
    entries = as_items(row.get(own_ads_words()["guessed_keys"]["options"]))[:_MOST_OPTIONS]
    names = (as_name(as_fields(entry).get("id") if isinstance(entry, dict) else entry) for entry in entries)
    return tuple(name[:_LONGEST_OPTION] for name in names if name)


def _moments(row: Fields, names: Iterable[str], now: datetime) -> Iterator[datetime]:
    texts = (as_name(row.get(name)) for name in names)
    return (at for text in texts if text is not None and (at := moment_of(text, now=now)) is not None)


def _state(word: str | None) -> tuple[AdStatus, Confidence]:
    """Return what a state means; one that nobody has shown leaves the ad's status unknown, and likely at most."""
    found = next((entry for entry in own_ads_words()["state"] if entry["word"] == (word or "").lower()), None)
    if found is None:
        return AdStatus.UNKNOWN, Confidence.LIKELY
    return AdStatus(found["status"]), Confidence.CERTAIN if found[
        "confidence"
    ] == "seen" else Confidence.LIKELY


# --- the second reader


def _by_dom(page: Page, number: int) -> _Rows | None:
    """Read what the page shows; `None` where it has no list, or one without rows, which may be one that has not loaded."""
    known = own_ads_words()["list"]
    container = page.soup.select_one(known["container"])
    rows = container.select(known["row"], limit=_MOST_ROWS) if container is not None else []
    ads = {ad.id: ad for row in rows if (ad := _shown(row, page)) is not None}
    return _Rows(ads=ads, page=number, pages=_shown_pages(page, number)) if ads else None


def _shown_pages(page: Page, number: int) -> int | None:
    """Return how many pages there are, as far as the page shows: that this is the last one."""
    known = own_ads_words()["paging"]
    container = page.soup.select_one(known["container"])
    button = container.select_one(known["next"]) if container is not None else None
    return number if button is not None and button.has_attr("disabled") else None


def _shown(row: Tag, page: Page) -> Ad | None:
    known = own_ads_words()["list"]
    ad_id = str(row.get(known["id"], "")).strip()
    if not is_ad_id(ad_id):
        return None
    title, prefixed, _ = split_title(text_of(row.select_one(known["title"])))
    link = row.select_one(known["link"])
    cents, price_type = price_of(text_of(row.select_one(known["price"])))
    status = _by_buttons(row)
    return Ad(
        id=ad_id,
        title=title or None,
        price_cents=cents,
        price_type=price_type,
        status=prefixed if status is AdStatus.UNKNOWN else status,
        path=None if link is None else own_path(str(link.get("href", "")), page.capture.final_url),
    )


def _by_buttons(row: Tag) -> AdStatus:
    texts = {text_of(button) for button in row.select("button, a", limit=40)}
    found = {AdStatus(entry["status"]) for entry in own_ads_words()["button"] if entry["text"] in texts}
    return found.pop() if len(found) == 1 else AdStatus.UNKNOWN
