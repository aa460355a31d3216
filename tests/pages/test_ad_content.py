"""What an ad's page says: forty of the practice shop, and pages that are less than that."""

from collections.abc import Iterator
from html import escape
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.shop import Ad as ShopAd
from fixtures.shop import Shop, forty_ads
from fixtures.shop.pictures import Picture, drawn
from tests.pages.captures import BASE, NOW, steady
from tests.pages.test_hostile_pages import markup
from tests.support.every import every
from watcher.app.understanding import understand
from watcher.domain.ad import Ad, AdStatus, PriceType, ShippingOffer
from watcher.domain.capture import Capture, CapturedFile, PageKind, Role
from watcher.domain.confidence import Confidence
from watcher.pages.ad import AdState, ad_id_in
from watcher.pages.ad_content import LONGEST_TEXT, ad_content
from watcher.pages.ad_words import ad_words, price_of, shipping_of, split_title
from watcher.pages.page import parse

ID = "3210987654"
ADDRESS = f"{BASE}/s-anzeige/lampe/{ID}-80-3331"
ADS = forty_ads(NOW)


def capture(html: str, **changes: object) -> Capture:
    values: dict[str, object] = {"url": ADDRESS, "final_url": ADDRESS, "status": 200, "page": ID} | changes
    return Capture(id="c", account="main", kind=PageKind.AD, taken_at=NOW, html=html, **values)  # type: ignore[arg-type]


def page_of(
    title: str = "Lampe",
    *,
    text: str | None = "Schön.",
    price: str = "45 €",
    shipping: str = "+ Versand ab 6,19 €",
    settings: str = "adId: '3210987654', adPriceType: 'FIXED', adPrice: 45.00,\n showPausedVeil: false, showDeletedVeil: false",
    more: str = "",
) -> str:
    shown = "" if text is None else f'<p id="viewad-description-text">{text}</p>'
    return (
        f"<html><body><script>Belen.Search.ViewAdView.init({{ {settings}\n}});</script>"
        f'<h1 id="viewad-title" data-soldlabel="Nicht mehr verfügbar">{title}</h1><h2 id="viewad-price">{price}</h2>'
        f'<span class="boxedarticle--details--shipping">{shipping}</span>'
        f'<div id="viewad-extra-info"><div><span>21.11.2026</span></div></div>{shown}{more}</body></html>'
    )


def read(html: str, **changes: object) -> Ad | None:
    return ad_content(parse(capture(html, **changes)), ID)


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    with Shop(own_ads=ADS) as running:
        yield running


def opened(shop: Shop, ad: ShopAd) -> Capture:
    """The ad's page as it comes over the line: all of its words are in the document itself."""
    path = f"/s-anzeige/{ad.id}"
    try:
        with urlopen(f"{shop.base_url}{path}") as answer:  # noqa: S310 - the shop on loopback
            status, url, html = answer.status, answer.url, answer.read().decode()
    except HTTPError as error:
        status, url, html = error.code, error.url, error.read().decode()
        error.close()
    return capture(html, url=shop.base_url + path, final_url=url, status=status, page=ad.id)


SHOWN = [ad for ad in ADS if ad.name not in {"geloescht", "weitergeleitet"}]


@pytest.mark.slow
@every("ad", SHOWN, ids=lambda ad: ad.name)
def test_every_word_of_an_ad_is_read(shop: Shop, ad: ShopAd) -> None:
    found = understand(opened(shop, ad)).ad_content
    assert found is not None
    assert (found.id, found.confidence) == (ad.id, Confidence.CERTAIN)
    assert found.photo_count == ad.photos
    assert dict(found.attributes) == dict(ad.details)
    assert found.category == ad.category[-1]
    assert found.wanted is ad.wanted
    assert found.price_type == ad.price_type.lower()
    assert found.price_cents == (ad.price_cents or None)
    assert found.shipping == (shipping_of(ad.shipping) or ShippingOffer())
    expected = {"PAUSED": AdStatus.RESERVED, "DELETED": AdStatus.DELETED}.get(ad.status, AdStatus.ACTIVE)
    assert found.status is expected
    if ad.name != "feindlich":
        assert (found.title, found.text) == (ad.title, ad.text)
    assert found.posted_at is not None
    assert found.photos == ()


def test_hostile_words_become_harmless_ones_and_keep_their_lines(shop: Shop) -> None:
    found = understand(opened(shop, next(ad for ad in ADS if ad.name == "feindlich"))).ad_content
    assert found is not None
    assert found.title == "<b>Spiegel</b> & Rahmen 🪞"
    assert found.text is not None
    assert found.text.splitlines()[:5] == [
        "<script>alert('x')</script>", "Zeile zwei umgedreht", "", "Emoji 🪞 und {{7*7}} und ${HOME}", "Spiegel mit Rahmen.",
    ]  # fmt: skip


def test_an_ad_that_is_gone_has_no_content(shop: Shop) -> None:
    understood = understand(opened(shop, next(ad for ad in ADS if ad.name == "geloescht")))
    assert (understood.ad, understood.ad_content) == (AdState.GONE, None)


def test_a_deleted_ad_whose_page_is_still_served_says_that_it_is_deleted(shop: Shop) -> None:
    understood = understand(opened(shop, next(ad for ad in ADS if ad.name == "verschleiert")))
    assert understood.ad is AdState.SHOWN
    assert understood.ad_content is not None
    assert understood.ad_content.status is AdStatus.DELETED


# --- single places


@every(
    ("text", "expected"),
    [
        ("45 €", (4_500, PriceType.FIXED)),
        ("45\u00a0€", (4_500, PriceType.FIXED)),
        ("1.250,50 € VB", (125_050, PriceType.NEGOTIABLE)),
        ("12.345.678 €", (None, PriceType.FIXED)),
        ("VB", (None, PriceType.NEGOTIABLE)),
        ("Zu verschenken", (None, PriceType.GIVE_AWAY)),
        ("1 €", (100, PriceType.FIXED)),
        ("0 €", (0, PriceType.FIXED)),
        ("", (None, PriceType.UNKNOWN)),
        ("ab 5 €", (None, PriceType.UNKNOWN)),
        ("4 5 €", (None, PriceType.UNKNOWN)),
        ("-45 €", (None, PriceType.UNKNOWN)),
        ("٤٥ €", (None, PriceType.UNKNOWN)),
        ("9" * 500, (None, PriceType.UNKNOWN)),
    ],
)
def test_a_price_is_read_as_it_is_shown_or_not_at_all(
    text: str, expected: tuple[int | None, PriceType]
) -> None:
    assert price_of(text) == expected


@every(
    ("text", "expected"),
    [
        ("Nur Abholung", ShippingOffer(ships=False)),
        ("Versand möglich", ShippingOffer(ships=True)),
        (" + Versand ab 5,49 €", ShippingOffer(ships=True, cents=549)),
        ("+ Versand ab 5,49\u00a0€", ShippingOffer(ships=True, cents=549)),
        ("Versand nach Vereinbarung", None),
        ("", None),
    ],
)
def test_the_box_of_shipping_is_read_by_its_whole_text(text: str, expected: ShippingOffer | None) -> None:
    assert shipping_of(text) == expected


@every(
    ("text", "title", "status"),
    [
        ("Lampe", "Lampe", AdStatus.UNKNOWN),
        ("Reserviert • Lampe", "Lampe", AdStatus.RESERVED),
        ("Reserviert • Gelöscht • Lampe", "Lampe", AdStatus.DELETED),
        ("Gelöscht • Reserviert • Lampe", "Lampe", AdStatus.DELETED),
        ("Lampe, nicht reserviert • neu", "Lampe, nicht reserviert • neu", AdStatus.UNKNOWN),
        ("Reserviert", "Reserviert", AdStatus.UNKNOWN),
    ],
)
def test_what_the_site_puts_before_a_title_is_taken_off(text: str, title: str, status: AdStatus) -> None:
    assert split_title(text)[:2] == (title, status)


def test_hidden_words_of_the_title_say_nothing() -> None:
    hidden = '<span class="pvap-reserved-title is-hidden">Gelöscht • </span>'
    found = read(page_of(f"{hidden}Lampe"))
    assert found is not None
    assert (found.title, found.status) == ("Lampe", AdStatus.ACTIVE)


@every(
    ("settings", "status"),
    [
        ("showPausedVeil: true, showDeletedVeil: false", AdStatus.RESERVED),
        ("showPausedVeil: true, showDeletedVeil: true", AdStatus.DELETED),
        ("showPausedVeil: false", AdStatus.UNKNOWN),
        ("", AdStatus.UNKNOWN),
    ],
)
def test_the_pages_settings_say_the_state_where_the_title_does_not(settings: str, status: AdStatus) -> None:
    found = read(page_of(settings=settings))
    assert found is not None
    assert found.status is status


def test_the_line_breaks_of_a_text_are_kept_and_no_more_than_one_empty_line() -> None:
    found = read(
        page_of(text="eins <br>\n zwei<br/><br><br><br>drei<!-- vier --><div>fünf</div>  <b>s</b>echs")
    )
    assert found is not None
    assert found.text == "eins\nzwei\n\ndrei\nfünf sechs"


def test_an_empty_text_is_empty_and_a_missing_one_is_not_known() -> None:
    empty, missing = read(page_of(text="")), read(page_of(text=None))
    assert empty is not None
    assert missing is not None
    assert (empty.text, empty.confidence) == ("", Confidence.CERTAIN)
    assert (missing.text, missing.confidence) == (None, Confidence.LIKELY)


def test_a_text_longer_than_any_is_cut() -> None:
    found = read(page_of(text="x " * 200_000))
    assert found is not None
    assert found.text is not None
    assert LONGEST_TEXT - 2 <= len(found.text) <= LONGEST_TEXT


@every(
    ("changes", "confidence"),
    [
        ({"price": "45 €"}, Confidence.CERTAIN),
        ({"price": "ab 45 €"}, Confidence.LIKELY),
        ({"price": "Zu verschenken"}, Confidence.UNSURE),
        ({"shipping": "per Brieftaube"}, Confidence.LIKELY),
        ({"shipping": ""}, Confidence.CERTAIN),
        ({"title": "Inaktiv • Lampe"}, Confidence.LIKELY),
    ],
)
def test_what_is_not_understood_makes_the_whole_less_sure(
    changes: dict[str, str], confidence: Confidence
) -> None:
    found = read(page_of(**changes))  # type: ignore[arg-type]
    assert found is not None
    assert found.confidence is confidence


def test_the_page_of_another_ad_is_none() -> None:
    assert read(page_of(), final_url=f"{BASE}/s-anzeige/x/3999999999-80-1") is None
    assert read(page_of(settings="adId: '3999999999'")) is None
    assert read(page_of(), final_url=f"{BASE}/s-kategorie/c80") is None
    assert read("<html><body><h1>Ganz neu gestaltet</h1></body></html>") is None


@every(
    ("url", "expected"),
    [
        (ADDRESS, ID),
        (f"{BASE}/s-anzeige/{ID}", ID),
        (f"{BASE}/zur-anzeige/{ID}/", ID),
        (f"{BASE}/s-anzeige/lampe/{ID}-80-3331?utm=1#x", ID),
        (f"{BASE}/s-anzeige/lampe-2000/", None),
        (f"{BASE}/s-kategorie/{ID}", None),
        ("http://[broken/s-anzeige/1", None),
    ],
)
def test_an_address_says_which_ad_it_is(url: str, expected: str | None) -> None:
    assert ad_id_in(url) == expected


# --- photos


def gallery(*addresses: str) -> str:
    return "".join(
        f'<figure class="galleryimage-element" data-ix="0"><img src="{each}"></figure>' for each in addresses
    )


def photo(number: int, content: bytes) -> CapturedFile:
    return CapturedFile(role=Role.PART, media_type="image/jpeg", content=content, label=f"photo-{number}")


def test_the_photos_of_the_gallery_are_counted_each_once_and_others_are_not() -> None:
    foot = '<ul><li><img src="/other.jpg"></li></ul>'
    lazy = '<figure class="galleryimage-element"><img data-imgsrc="/3.jpg"></figure>'
    found = read(page_of(more=gallery("/1.jpg", "/2.jpg", "/1.jpg") + lazy + escape("<img>") + foot))
    assert found is not None
    assert found.photo_count == 3


def test_kept_photos_are_measured_and_those_that_could_not_be_had_are_told() -> None:
    sharp = drawn("lampe", Picture(view=1, width=640, height=480))
    found = read(
        page_of(more=gallery("/1.jpg", "/2.jpg", "/3.jpg")),
        extras=(photo(1, sharp), photo(2, b"<html>"), photo(4, sharp), CapturedFile(role=Role.MHTML, media_type="x", content=b"")),
        missing=("part photo-3: gone", "part photo-x: odd", "details: none were taken"),
    )  # fmt: skip
    assert found is not None
    first, second, third = found.photos
    assert (first.number, first.width, first.height, first.problem) == (1, 640, 480, None)
    assert first.sharpness is not None
    assert (second.number, second.width) == (2, None)
    assert second.problem is not None
    assert (third.number, third.problem) == (3, "empty")


@pytest.mark.slow
def test_a_dark_a_blurred_and_a_doubled_picture_of_the_shop_measure_as_that() -> None:
    """The forty ads must show what their names say."""
    ads = {ad.name: ad for ad in ADS}

    def measured(name: str) -> Ad:
        kept = (
            photo(number, drawn(ads[name].id, each))
            for number, each in enumerate(ads[name].pictures, start=1)
        )
        addresses = (f"/{number}.jpg" for number in range(1, ads[name].photos + 1))
        found = read(page_of(more=gallery(*addresses)), extras=tuple(kept))
        assert found is not None
        return found

    good = measured("gut").photos
    assert all((each.brightness or 0) > 0.4 and (each.sharpness or 0) > 300 for each in good)
    assert all((each.brightness or 1) < 0.15 for each in measured("dunkle-fotos").photos)
    assert all((each.sharpness or 300) < 12 for each in measured("unscharfe-fotos").photos)
    one, again, other = (each.fingerprint or 0 for each in measured("doppelte-fotos").photos)
    assert (one ^ again).bit_count() <= 4
    assert (one ^ other).bit_count() > 12
    assert len(measured("zwanzig-fotos").photos) == 20


def test_every_word_has_its_source() -> None:
    entries = [
        entry for value in ad_words().values() for entry in (value if isinstance(value, list) else [value])
    ]
    for entry in entries:
        assert entry["source"]
        assert entry["seen"]
        assert entry["confidence"] in {"seen", "inferred"}


# --- hostile


@steady
@given(markup, st.text(max_size=60))
def test_any_markup_is_read_or_not(html: str, told: str) -> None:
    for page in (
        f'<h1 id="viewad-title">{html}',
        page_of(told, text=html, price=told, shipping=told, settings=told, more=html),
        f'<h1 id="viewad-title">x</h1><ul id="viewad-details"><li class="addetailslist--detail">{html}{told}',
    ):
        found = read(page)
        for text in (
            () if found is None else (found.title, found.text, found.category, *found.attributes.values())
        ):
            assert text is None or text.encode() is not None


@pytest.mark.slow
def test_thousands_of_photos_and_details_are_read() -> None:
    row = '<li class="addetailslist--detail">A{0}<span class="addetailslist--detail--value">B</span></li>'
    details = "".join(row.replace("{0}", str(number)) for number in range(5_000))
    images = gallery(*(f"/{number}.jpg" for number in range(5_000)))
    found = read(page_of(more=f'<ul id="viewad-details">{details}</ul>{images}'))
    assert found is not None
    assert len(found.attributes) == 60
    assert found.photo_count == 600
