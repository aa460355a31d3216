"""The practice shop's ad pages, and what it answers where an ad is gone."""

from dataclasses import replace

import pytest

from fixtures.shop import Ad


def with_status(shop, deal_id, status):
    deal = shop.deal(deal_id)
    shop.add(replace(deal, ad=replace(deal.ad, status=status)))
    return deal.ad.id


@pytest.mark.parametrize("deal", ["friteuse", "lampe", "jacke", "brettspiel", "regal"])
def test_the_message_boxes_link_leads_to_the_ads_own_page(shop, visitor, deal):
    """Also where the title has umlauts or quotation marks."""
    leads = visitor.www(f"/zur-anzeige/{shop.deal(deal).ad.id}")
    assert leads.status == 302
    page = visitor.www(leads.headers["location"])
    assert page.status == 200
    assert 'id="viewad-title"' in page.text


def test_an_ad_shows_title_price_text_and_every_photo(shop, stranger):
    """To everybody, logged in or not."""
    ad = shop.deal("friteuse").ad
    page = stranger.www(stranger.www(f"/s-anzeige/{ad.id}").headers["location"]).text
    assert "45\N{NO-BREAK SPACE}€" in page
    assert "zweimal benutzt, gereinigt" in page
    for number in range(1, ad.photos + 1):
        picture = f"/bilder/{ad.id}-{number}.svg"
        assert picture in page
        assert stranger.www(picture).headers["content-type"] == "image/svg+xml"


def test_the_photos_of_an_ad_differ(shop, stranger):
    """Each shows another side."""
    ad = shop.deal("friteuse").ad
    pictures = {stranger.www(f"/bilder/{ad.id}-{number}.svg").body for number in range(1, ad.photos + 1)}
    assert len(pictures) == ad.photos


def test_a_sold_ad_says_that_it_is_reserved(shop, visitor):
    """As the message box does."""
    path = visitor.www(f"/s-anzeige/{shop.deal('lampe').ad.id}").headers["location"]
    text = visitor.www(path).text
    assert '<span class="pvap-reserved-title">Reserviert • </span>' in text
    assert '<span class="pvap-reserved-title is-hidden">Gelöscht • </span><span>Stehlampe' in text


def test_an_ad_that_is_gone_has_several_ways_to_say_so(shop, visitor):
    """Deleted, unknown, or led to another page."""
    assert visitor.www(f"/zur-anzeige/{with_status(shop, 'lampe', 'DELETED')}").status == 410
    assert visitor.www("/zur-anzeige/3999999999").status == 404
    banned = visitor.www(f"/s-anzeige/{with_status(shop, 'jacke', 'BANNED')}")
    assert banned.status == 302
    assert "viewad-title" not in visitor.www(banned.headers["location"]).text


def test_the_text_of_an_ad_is_text(shop, visitor):
    """Whatever somebody writes into it."""
    hostile = Ad(title="<b>x</b>", price_cents=100, text="<script>alert(1)</script>\nzweite Zeile")
    shop.add(replace(shop.deal("lampe"), ad=hostile))
    page = visitor.www(visitor.www(f"/s-anzeige/{hostile.id}").headers["location"]).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>zweite Zeile" in page
