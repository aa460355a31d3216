"""The list of own ads: whether all of it was seen, what it says about the ads that are known, whose page is to be read."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from watcher.domain.ad import Ad, AdStatus, KnownAd, OwnAds, PriceType, ShippingOffer

AGAIN_AFTER = timedelta(days=1)
"""How old a reading that found something must be before the page is read again: it may have been mended."""
_OUT_OF_SIGHT = {AdStatus.PAUSED, AdStatus.DELETED}
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def ends_here(pages: Sequence[OwnAds]) -> bool:
    """Whether the last of these pages is the list's last, or shows nothing that those before it did not show."""
    last = pages[-1]
    if last.pages is not None and last.page >= last.pages:
        return True
    before = {ad.id for page in pages[:-1] for ad in page.ads}
    return all(ad.id in before for ad in last.ads)


def is_whole(pages: Sequence[OwnAds]) -> bool:
    """Whether these pages are the whole list, from its first page to its last.

    A list that says nowhere how long it is is never whole, nor one that changed its length while it was being read: an ad
    may have slipped from one page to another unseen.
    """
    if not pages or [page.page for page in pages] != list(range(1, len(pages) + 1)):
        return False
    last = pages[-1]
    if last.pages is None or last.page < last.pages or len({page.total for page in pages}) > 1:
        return False
    return last.total is None or len({ad.id for page in pages for ad in page.ads}) >= last.total


def mark_of(ad: Ad) -> str:
    """Return a digest of what the list says an ad offers. Its state and its date change by themselves, and do not count."""
    offer = ad.shipping
    said = [
        ad.title, ad.text, ad.price_cents, ad.price_type, ad.wanted, ad.category, sorted(ad.attributes.items()),
        offer.ships, offer.cents, offer.options, offer.buys_direct, ad.photo_count,
    ]  # fmt: skip
    return sha256(json.dumps(said).encode()).hexdigest()


def listed(
    account: str, ads: Sequence[Ad], known: Mapping[str, KnownAd], *, whole: bool, at: datetime
) -> dict[str, KnownAd]:
    """Return what is known once the list was read, by id; an ad that the whole list has no more is gone.

    One whose own page said that it is gone stays so until its page is there again: the list is a little behind.

    Args:
        account: whose list it is.
        ads: what its pages say.
        known: what was known of this account's ads.
        whole: whether the list was read to its end.
        at: the moment.
    """
    after = dict(known)
    for ad in ads:
        before, mark = known.get(ad.id), mark_of(ad)
        if before is None:
            after[ad.id] = KnownAd(account=account, ad=ad, first_seen_at=at, seen_at=at, mark=mark)
        else:
            keeps = before.read_at is not None and before.mark
            after[ad.id] = replace(
                before,
                ad=_with_list(before.ad, ad, was_read=before.read_at is not None),
                seen_at=at,
                gone_at=before.gone_at if _page_says_gone(before) else None,
                mark=before.mark if keeps else mark,
            )
    shown = {ad.id for ad in ads}
    for ad_id, before in known.items():
        if whole and ad_id not in shown and before.gone_at is None:
            after[ad_id] = replace(before, gone_at=at)
    return after


def to_read(ads: Sequence[Ad], known: Mapping[str, KnownAd], *, at: datetime) -> list[Ad]:
    """Return whose page is to be read, in that order; what the list shows first comes first where nothing else decides.

    1. Those that were never read, and those of which the list says something else since, the longest untried first: so no
       page that cannot be read holds up the others for ever.
    2. Then those in which something was found, for that may be mended by now: a text can change without the list's knowing;
       and those whose page was away, for the list has them still.

    No buyer sees an ad that is paused or deleted; its page is let be.
    """
    wanted = []
    for ad in {ad.id: ad for ad in ads}.values():
        one = known[ad.id]
        if ad.status in _OUT_OF_SIGHT:
            continue
        is_news = one.gone_at is None and (one.read_at is None or one.mark != mark_of(ad))
        is_old = one.tried_at is None or not timedelta(0) <= at - one.tried_at < AGAIN_AFTER
        if is_news or (is_old and (one.findings or one.gone_at is not None)):
            wanted.append((not is_news, one.tried_at or _LONG_AGO, ad))
    return [ad for *_, ad in sorted(wanted, key=lambda each: each[:2])]


def with_page(one: KnownAd, content: Ad, *, mark: str, findings: Sequence[str], at: datetime) -> KnownAd:
    """Return what is known once an ad's own page was read; `mark`: what the list says now, empty where nobody looked."""
    return replace(
        one,
        ad=joined(one.ad, content),
        seen_at=at,
        read_at=at,
        tried_at=at,
        mark=mark or one.mark,
        gone_at=None,
        findings=tuple(findings),
    )


def without_page(one: KnownAd, *, is_gone: bool, at: datetime) -> KnownAd:
    """Return what is known once an ad's own page could not be read, or said that there is none."""
    return replace(one, tried_at=at, gone_at=at if is_gone else one.gone_at)


def joined(before: Ad, content: Ad) -> Ad:
    """Return an ad as its own page says; what only the list tells stays.

    Photos and what was chosen from lists are the page's alone: a photo that is no longer there was taken out.
    """
    page = replace(_filled(before, content), attributes=content.attributes, photos=content.photos)
    return replace(page, confidence=content.confidence)


def _page_says_gone(one: KnownAd) -> bool:
    return one.gone_at is not None and one.gone_at == one.tried_at


def _with_list(before: Ad, ad: Ad, *, was_read: bool) -> Ad:
    """Return an ad with what the list says now. Where its page was read, that knows better but for title, price and state."""
    if not was_read:
        return _filled(before, ad)
    return replace(
        before,
        title=before.title if ad.title is None else ad.title,
        price_cents=_price(before, ad),
        price_type=before.price_type if ad.price_type is PriceType.UNKNOWN else ad.price_type,
        status=before.status if ad.status is AdStatus.UNKNOWN else ad.status,
    )


def _filled(before: Ad, now: Ad) -> Ad:
    """Return what is said now, and where nothing is said, what was said before."""
    offer, old = now.shipping, before.shipping
    return replace(
        now,
        title=before.title if now.title is None else now.title,
        text=before.text if now.text is None else now.text,
        price_cents=_price(before, now),
        price_type=before.price_type if now.price_type is PriceType.UNKNOWN else now.price_type,
        wanted=now.wanted or before.wanted,
        status=before.status if now.status is AdStatus.UNKNOWN else now.status,
        category=before.category if now.category is None else now.category,
        shipping=ShippingOffer(
            ships=old.ships if offer.ships is None else offer.ships,
            cents=old.cents if offer.cents is None and offer.ships is not False else offer.cents,
            options=(() if offer.ships is False else old.options) if not offer.options else offer.options,
            buys_direct=old.buys_direct if offer.buys_direct is None else offer.buys_direct,
        ),
        posted_at=before.posted_at if now.posted_at is None else now.posted_at,
        photo_count=before.photo_count if now.photo_count is None else now.photo_count,
        path=before.path if now.path is None else now.path,
    )


def _price(before: Ad, now: Ad) -> int | None:
    """Return the price; one that is negotiable or given away may have none, and then the old one is none, either."""
    if now.price_cents is not None or now.price_type is not PriceType.UNKNOWN:
        return now.price_cents
    return before.price_cents
