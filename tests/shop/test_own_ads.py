"""The practice shop's own ads: their list, their pages, their pictures, and that writing really writes."""

from dataclasses import replace

import pytest

from fixtures.shop import Ad, Shop, five_orders, forty_ads, many_ads
from fixtures.shop.pictures import Picture, drawn

LIST = "/m-meine-anzeigen-verwalten.json?sort=DEFAULT&pageNum="


@pytest.fixture
def shop(now):
    with Shop(deals=five_orders(now), own_ads=forty_ads(now), clock=lambda: now) as running:
        running.delay = 0.0
        yield running


def test_the_forty_ads_are_forty_and_the_same_in_each_run(now):
    """No two share an id, a name or a title."""
    ads = forty_ads(now)
    assert len(ads) == 40
    assert ads == forty_ads(now)
    for told in ("id", "name", "title"):
        assert len({getattr(ad, told) for ad in ads}) == 40
    assert len({ad.id for ad in (*ads, *many_ads(200, now))}) == 240


def test_the_list_comes_in_pages_of_25(shop, visitor):
    """And says how many there are."""
    pages = [visitor.www(f"{LIST}{number}").json for number in (1, 2, 3)]
    assert [len(page["ads"]) for page in pages] == [25, 15, 0]
    assert [page["paging"] for page in pages[:2]] == [
        {"pageNum": 1, "pageSize": 25, "numFound": 40, "last": 2, "next": 2},
        {"pageNum": 2, "pageSize": 25, "numFound": 40, "last": 2},
    ]
    states = {row["state"] for page in pages for row in page["ads"]}
    assert states == {"active", "paused"}


def test_list_and_page_are_for_those_who_are_logged_in(shop, stranger):
    """An ad's own page is for everybody."""
    assert stranger.www(f"{LIST}1").status == 401
    assert stranger.www("/m-meine-anzeigen.html").headers["location"].startswith("/m-einloggen.html")
    ad = shop.own_ads()[0]
    assert stranger.www(stranger.www(f"/s-anzeige/{ad.id}").headers["location"]).status == 200


def test_without_ads_of_ones_own_the_list_holds_those_that_are_sold(now, shop, visitor):
    """As on the real site; a paid one is reserved."""
    with Shop(deals=five_orders(now)) as other:
        listed = {ad.title: ad.status for ad in other.own_ads()}
        sold = [deal.ad for deal in other.deals() if deal.role == "Seller"]
        assert set(listed) == {ad.title for ad in sold if ad.status != "DELETED"}
        assert listed[other.deal("lampe").ad.title] == "PAUSED"


def test_a_button_of_the_list_really_writes(shop, visitor):
    """A tool that presses one changes something, and is counted."""
    ad = shop.own_ads()[0]
    assert visitor.www(f"/m-anzeigen-reservieren.json?ids={ad.id}", "POST").status == 204
    assert shop.own_ads()[0].status == "PAUSED"
    assert visitor.www(f"/m-anzeigen-loeschen.json?ids={ad.id}", "GET").status == 405
    assert visitor.www(f"/m-anzeigen-loeschen.json?ids={ad.id}", "POST").status == 204
    assert ad.id not in {each.id for each in shop.own_ads()}
    assert [write.method for write in shop.writes] == ["POST", "POST"]


def test_an_ad_can_be_put_into_the_list_and_changed(shop, visitor):
    """A later page shows the change."""
    new = Ad(title="Frisch eingestellt", price_cents=500)
    shop.put_ad(new)
    assert visitor.www(f"{LIST}1").json["paging"]["numFound"] == 41
    shop.put_ad(replace(new, title="Anders"))
    assert visitor.www(f"{LIST}2").json["ads"][-1]["title"] == "Anders"


@pytest.mark.parametrize(("kind", "head"), [("jpg", b"\xff\xd8"), ("png", b"\x89PNG"), ("webp", b"RIFF")])
def test_pictures_are_real_and_the_same_each_time(kind, head):
    """In the format that their name says."""
    picture = Picture(kind=kind, width=320, height=240)
    content = drawn("x", picture)
    assert content.startswith(head)
    drawn.cache_clear()
    assert drawn("x", picture) == content
    assert drawn("y", picture) != content != drawn("x", replace(picture, view=2))


def test_a_picture_comes_with_its_type_or_not_at_all(shop, visitor):
    """A broken one is cut short, is something else, or is not there."""
    ad = next(ad for ad in shop.own_ads() if ad.name == "kaputte-fotos")
    answers = [visitor.www(f"/bilder/{ad.id}-{number}.jpg") for number in (1, 2, 3, 4, 5)]
    assert [answer.status for answer in answers] == [200, 200, 200, 404, 404]
    assert {answer.headers["content-type"] for answer in answers[:3]} == {"image/jpeg"}
    assert answers[2].body.startswith(b"<html>")
