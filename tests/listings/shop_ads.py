"""The practice shop's forty ads as a reading brings them: in the shop's own words, with measured photos."""

from datetime import UTC, datetime
from functools import cache

from fixtures.shop.deals import Ad as ShopAd
from fixtures.shop.own_ads import forty_ads
from fixtures.shop.pictures import drawn
from watcher.domain.ad import Ad, AdStatus, Photo, PriceType, ShippingOffer
from watcher.pages.ad_words import price_of, shipping_of
from watcher.pages.photo import photo_of

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
_STATUSES = {"ACTIVE": AdStatus.ACTIVE, "PAUSED": AdStatus.RESERVED, "DELETED": AdStatus.DELETED}


@cache
def ads_by_name() -> dict[str, Ad]:
    return {ad.name: as_read(ad) for ad in forty_ads(NOW)}


def as_read(ad: ShopAd) -> Ad:
    cents, price_type = price_of(ad.price_shown)
    offer = shipping_of(ad.shipping) if ad.shipping else None
    return Ad(
        id=ad.id,
        title=ad.title,
        text=ad.text,
        price_cents=cents,
        price_type=PriceType.GIVE_AWAY if ad.price_type == "GIVE_AWAY" else price_type,
        wanted=ad.wanted,
        status=_STATUSES.get(ad.status, AdStatus.UNKNOWN),
        category=ad.category[1],
        attributes=dict(ad.details),
        shipping=ShippingOffer(
            ships=offer.ships if offer else None,
            cents=offer.cents if offer else None,
            options=ad.options,
            buys_direct=ad.buys_direct,
        ),
        posted_at=datetime.combine(ad.posted, datetime.min.time(), UTC),
        photo_count=ad.photos,
        photos=photos_of(ad),
    )


def photos_of(ad: ShopAd) -> tuple[Photo, ...]:
    return tuple(
        Photo(number=number, problem="it was not there")
        if picture.broken == "not_there"
        else photo_of(drawn(ad.id, picture), number)
        for number, picture in enumerate(ad.pictures, start=1)
    )
