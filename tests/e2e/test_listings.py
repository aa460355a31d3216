"""Own ads as a whole process, in a real browser, at the practice shop."""

from datetime import UTC, datetime

import pytest

from fixtures.shop import forty_ads
from watcher.domain.ad import AdStatus
from watcher.storage.store import SqliteStore

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAMES = ("gut", "kein-text", "dunkle-fotos", "kaputte-fotos", "reserviert", "geloescht", "weitergeleitet")


def test_own_ads_are_read_with_their_photos_and_nothing_is_written(logged_in):
    shop = logged_in.shop
    for one in shop.own_ads():
        shop.remove_ad(one.id)
    ads = {ad.name: ad for ad in forty_ads(datetime.now(UTC)) if ad.name in NAMES}
    for ad in ads.values():
        shop.put_ad(ad)
    said = logged_in.run("listings", "--read", "--json")
    assert said.code == 0, said.err
    assert "main: 5 ads, 7 new, 7 pages read, 2 gone." in said.err, "one is deleted, one leads elsewhere"
    assert said.json["complete"] is True
    found = {ad["id"]: {each["rule"] for each in ad["findings"]} for ad in said.json["ads"]}
    assert found[ads["gut"].id] == set()
    assert "text_missing" in found[ads["kein-text"].id]
    assert "photo_dark" in found[ads["dunkle-fotos"].id]
    store = SqliteStore(logged_in.storage)
    try:
        good = store.ads().get("main", ads["gut"].id)
        assert [(photo.number, photo.problem) for photo in good.ad.photos] == [(n, None) for n in range(1, 5)]
        assert (good.ad.text, good.ad.photo_count) == (ads["gut"].text, 4)
        assert store.ads().get("main", ads["reserviert"].id).ad.status is AdStatus.RESERVED
        broken = store.ads().get("main", ads["kaputte-fotos"].id).ad.photos
        assert [photo.number for photo in broken if photo.problem] == [2, 3, 4]
    finally:
        store.close()
    assert logged_in.run("archive", "verify").code == 0

    again = logged_in.run("listings", "--read", "--json")
    assert "0 new, 0 pages read, 0 gone." in again.err, "what was read today is not opened again"
    assert [ad["id"] for ad in again.json["ads"]] == [ad["id"] for ad in said.json["ads"]]


def test_the_ad_of_a_sale_is_known_after_the_check_that_captured_it(watched):
    ad = watched.shop.deal("friteuse").ad
    store = SqliteStore(watched.storage)
    try:
        known = store.ads().get("main", ad.id)
        assert (known.ad.title, known.ad.text) == (ad.title, ad.text)
        assert known.ad.photo_count == len(known.ad.photos) == ad.photos
    finally:
        store.close()
