"""One page of the list of own ads: what its JSON says, what it shows, and what becomes of both."""

import json
from datetime import UTC, datetime
from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.shop import Ad as ShopAd
from fixtures.shop import forty_ads, many_ads
from fixtures.shop.own_list import own_list
from tests.pages.captures import BASE, MARKER, NOW, steady
from tests.pages.test_hostile_pages import markup, scalars
from tests.support.every import every
from watcher.app.understanding import understand
from watcher.domain.ad import AdStatus, OwnAds, PriceType
from watcher.domain.capture import Body, Capture, PageKind
from watcher.domain.confidence import Confidence
from watcher.domain.outcome import Outcome
from watcher.pages.addresses import own_ads_page
from watcher.pages.own_ads import own_ads_words, read_own_ads
from watcher.pages.page import parse

LAMP = ShopAd(title="Stehlampe", price_cents=3_800, id="3000000001")
CHAIR = ShopAd(title="Stuhl", price_cents=4_000, id="3000000002", status="PAUSED")


def shown(*ads: ShopAd, paging: str = "") -> str:
    """The list as the page draws it."""
    rows = "".join(
        f'<li class="cardbox" data-testid="ad-card" data-adid="{ad.id}"><h3><a href="/s-anzeige/x/{ad.id}-80-1">'
        f'{escape(ad.title)}</a></h3><ul><li class="text-title3">{ad.price_shown}</li></ul>'
        f"<button>{'Aktivieren' if ad.status == 'PAUSED' else 'Reservieren'}</button><button>Löschen</button></li>"
        for ad in ads
    )
    return f'<div data-testid="ownprofile-header"></div><ul id="my-manageitems-adlist">{rows}</ul>{paging}'


def answer(content: object, *, number: int = 1, status: int = 200) -> Body:
    url = f"{BASE}/m-meine-anzeigen-verwalten.json?sort=DEFAULT&pageNum={number}"
    return Body(
        url=url,
        status=status,
        content=content if isinstance(content, bytes) else json.dumps(content).encode(),
    )


def told(*ads: ShopAd, page: int = 1) -> Body:
    return answer(own_list(ads, page=page, base_url=""), number=page)


def capture(html: str, *bodies: Body, number: int = 1, **changes: object) -> Capture:
    url = own_ads_page(BASE, number)
    values: dict[str, object] = {"url": url, "final_url": url, "status": 200} | changes
    return Capture(id="c", account="main", kind=PageKind.OWN_ADS, taken_at=NOW, html=f"<html><body>{html}</body></html>", bodies=bodies, **values)  # type: ignore[arg-type]  # fmt: skip


def read(html: str, *bodies: Body, number: int = 1) -> OwnAds | None:
    return read_own_ads(parse(capture(html, *bodies, number=number)), number)


def test_an_ad_that_both_readers_saw_alike_is_certain() -> None:
    found = read(shown(LAMP), told(LAMP))
    assert found is not None
    (ad,) = found.ads
    assert (ad.id, ad.title, ad.price_cents, ad.price_type) == (LAMP.id, "Stehlampe", 3_800, PriceType.FIXED)
    assert (ad.status, ad.category, ad.photo_count) == (AdStatus.ACTIVE, "Küche & Esszimmer", 4)
    assert ad.posted_at == datetime(2026, 11, 1, 23, tzinfo=UTC)
    assert ad.path == f"/s-anzeige/stehlampe/{LAMP.id}-80-3331"
    assert (ad.shipping.buys_direct, ad.text, ad.photos) == (False, None, ())
    assert ad.confidence is Confidence.CERTAIN
    assert (found.page, found.pages, found.total) == (1, 1, 1)


def test_paused_in_the_answer_is_reserved_and_so_is_a_row_that_can_be_activated() -> None:
    found = read(shown(CHAIR), told(CHAIR))
    assert found is not None
    assert [(ad.status, ad.confidence) for ad in found.ads] == [(AdStatus.RESERVED, Confidence.CERTAIN)]


@pytest.mark.parametrize("html", ["", shown()])
def test_an_answer_that_the_page_does_not_show_is_likely_at_most(html: str) -> None:
    found = read(html, told(LAMP))
    assert found is not None
    assert [ad.confidence for ad in found.ads] == [Confidence.LIKELY]


def test_rows_without_an_answer_are_read_and_do_not_say_how_many_there_are() -> None:
    found = read(shown(LAMP, CHAIR))
    assert found is not None
    assert [(ad.id, ad.title, ad.price_cents, ad.status) for ad in found.ads] == [
        (LAMP.id, "Stehlampe", 3_800, AdStatus.ACTIVE),
        (CHAIR.id, "Stuhl", 4_000, AdStatus.RESERVED),
    ]
    assert {ad.confidence for ad in found.ads} == {Confidence.LIKELY}
    assert (found.page, found.pages, found.total) == (1, None, None)


def test_a_page_whose_further_button_cannot_be_pressed_is_the_last() -> None:
    last = '<div class="Pagination"><button aria-label="Nächste" disabled></button></div>'
    more = '<div class="Pagination"><button aria-label="Nächste"></button></div>'
    found, others = read(shown(LAMP, paging=last), number=3), read(shown(LAMP, paging=more), number=3)
    assert found is not None
    assert others is not None
    assert (found.pages, others.pages) == (3, None)


def test_a_row_that_the_answer_lacks_is_kept() -> None:
    found = read(shown(LAMP, CHAIR), told(LAMP))
    assert found is not None
    assert [(ad.id, ad.confidence) for ad in found.ads] == [
        (LAMP.id, Confidence.CERTAIN),
        (CHAIR.id, Confidence.LIKELY),
    ]


@pytest.mark.parametrize(
    "other",
    [
        ShopAd(title="Etwas anderes", price_cents=3_800, id=LAMP.id),
        ShopAd(title="Stehlampe", price_cents=9_900, id=LAMP.id),
        ShopAd(title="Stehlampe", price_cents=3_800, id=LAMP.id, status="PAUSED"),
    ],
    ids=["title", "price", "status"],
)
def test_readers_that_disagree_make_an_ad_unsure(other: ShopAd) -> None:
    found = read(shown(other), told(LAMP))
    assert found is not None
    assert [(ad.title, ad.confidence) for ad in found.ads] == [("Stehlampe", Confidence.UNSURE)]


def test_a_state_that_nobody_has_shown_is_unknown_and_never_active() -> None:
    content = own_list([LAMP], page=1, base_url="")
    content["ads"][0]["state"] = "frozen"  # type: ignore[index]
    found = read("", answer(content))
    assert found is not None
    assert [(ad.status, ad.confidence) for ad in found.ads] == [(AdStatus.UNKNOWN, Confidence.LIKELY)]


def test_two_kinds_of_price_in_one_answer_make_it_unsure() -> None:
    content = own_list([LAMP], page=1, base_url="")
    content["ads"][0]["adPriceType"] = "GIVE_AWAY"  # type: ignore[index]
    found = read(shown(LAMP), answer(content))
    assert found is not None
    assert [ad.confidence for ad in found.ads] == [Confidence.UNSURE]


def test_shipping_options_stand_under_a_guessed_key_and_are_likely_at_most() -> None:
    heavy = ShopAd(
        title="Nähmaschine", price_cents=12_000, id="3000000003", options=("DHL_001", "HERMES_002")
    )
    found = read(shown(heavy), told(heavy))
    assert found is not None
    assert [(ad.shipping.options, ad.confidence) for ad in found.ads] == [
        (("DHL_001", "HERMES_002"), Confidence.LIKELY)
    ]


def test_two_hundred_ads_are_eight_pages() -> None:
    ads = many_ads(200, NOW)
    pages = [read("", told(*ads, page=number), number=number) for number in range(1, 9)]
    assert all(page is not None and (page.pages, page.total) == (8, 200) for page in pages)
    assert len({ad.id for page in pages if page for ad in page.ads}) == 200
    assert read("", told(*ads, page=9), number=9) == OwnAds(ads=(), page=9, pages=8, total=200)


def test_the_answers_own_number_counts_not_the_one_that_was_asked_for() -> None:
    """The overview may open with the page of the last time."""
    ads = many_ads(60, NOW)
    stale, wanted = told(*ads, page=3), told(*ads, page=1)
    alone, both = read("", stale, number=1), read("", wanted, stale, number=1)
    assert alone is not None
    assert both is not None
    assert (alone.page, len(alone.ads)) == (3, 10)
    assert (both.page, len(both.ads)) == (1, 25)


@every(
    ("paging", "pages", "total"),
    [
        ({"pageNum": 1, "last": 3}, 3, None),
        ({"pageNum": 1, "pageSize": 25, "numFound": 26}, 2, 26),
        ({"pageNum": 1, "pageSize": 25, "numFound": 3, "next": 2}, 2, 3),
        ({"pageNum": 1, "pageSize": 25, "numFound": 0}, 1, 0),
        ({"pageNum": 1, "next": 2}, None, None),
        ({"pageNum": "x", "last": "y", "numFound": -1}, None, None),
        ({"pageNum": True, "last": 10**9}, None, None),
        ([], None, None),
        (None, None, None),
    ],
)
def test_how_long_the_list_is_follows_from_what_the_answer_says(
    paging: object, pages: int | None, total: int | None
) -> None:
    found = read("", answer({"ads": [{"id": 1, "state": "active"}], "paging": paging}))
    assert found is not None
    assert (found.page, found.pages, found.total) == (1, pages, total)


@every(
    "content",
    [b"", b"{", b"[]", b"null", {"ads": "none"}, {"ads": None}, {"items": []}, b"[" * 10_000, b"<html>"],
)
def test_what_is_no_list_is_none(content: object) -> None:
    assert read(MARKER, answer(content)) is None


def test_an_answer_that_failed_is_no_list() -> None:
    assert read(MARKER, answer(own_list([LAMP], page=1, base_url=""), status=503)) is None


@every("ad_id", ["", "../x", "1 2", "x" * 65, None, [], 1.5, True, "1?a=b"])
def test_what_cannot_be_an_ads_id_is_no_ad(ad_id: object) -> None:
    found = read("", answer({"ads": [{"id": ad_id, "title": "x"}, {"id": 7}, "x", None, [1]]}))
    assert found is not None
    assert [ad.id for ad in found.ads] == ["7"]


@every(
    "link",
    ["https://evil.example/s-anzeige/1", "//evil.example/s-anzeige/1", "/s-anzeige/../pay/1", "/m-abmelden.html", "javascript:1", 5],
)  # fmt: skip
def test_no_other_address_is_taken_for_an_ads(link: object) -> None:
    found = read("", answer({"ads": [{"id": 7, "seoUrl": link}]}))
    assert found is not None
    assert found.ads[0].path is None


# --- understood


def test_the_list_is_understood_behind_its_login_mark() -> None:
    understood = understand(capture(shown(LAMP), told(LAMP)))
    assert understood.wall is None
    assert understood.own_ads is not None
    assert json.loads(understood.verdict) == {"own_ads": 1, "page": 1, "pages": 1, "total": 1}


def test_an_account_without_ads_is_understood_as_that() -> None:
    understood = understand(capture(MARKER, told()))
    assert (understood.wall, understood.own_ads) == (None, OwnAds(ads=(), page=1, pages=1, total=0))


@every(
    ("html", "bodies", "changes", "outcome"),
    [
        ("<p>Anmelden</p>", (), {"final_url": f"{BASE}/m-einloggen.html?targetUrl=x"}, Outcome.LOGGED_OUT),
        ("<p></p>", (), {"status": 429}, Outcome.BLOCKED),
        ("<p></p>", (), {"final_url": f"{BASE}/gdpr?x"}, Outcome.CONSENT),
        ("<p></p>", (), {"status": None, "failure": "net::ERR"}, Outcome.UNREACHABLE),
        (MARKER, (), {}, Outcome.UNREADABLE),
        (f"{MARKER}<ul id='my-manageitems-adlist'></ul>", (), {}, Outcome.UNREADABLE),
        (MARKER, (answer({}, status=429),), {}, Outcome.BLOCKED),
        (MARKER, (answer({}, status=401),), {}, Outcome.LOGGED_OUT),
        (MARKER, (answer(b"", status=0),), {}, Outcome.UNREACHABLE),
        (MARKER, (answer(b"{"),), {}, Outcome.UNREADABLE),
        (f"{MARKER}<dialog id='gdpr-banner' open></dialog>", (), {}, Outcome.CONSENT),
    ],
)
def test_what_stands_in_the_way_is_never_an_empty_list(
    html: str, bodies: tuple[Body, ...], changes: dict[str, object], outcome: Outcome
) -> None:
    understood = understand(capture(html, *bodies, **changes))
    assert (understood.wall, understood.own_ads) == (outcome, None)


def test_a_refused_page_that_shows_its_rows_is_read_and_ends_the_visit() -> None:
    understood = understand(capture(MARKER + shown(LAMP), answer({}, status=429)))
    assert understood.wall is Outcome.BLOCKED
    assert understood.own_ads is not None


def test_every_word_has_its_source() -> None:
    words = own_ads_words()
    entries = [entry for value in words.values() for entry in (value if isinstance(value, list) else [value])]
    assert len(entries) > 8
    for entry in entries:
        assert entry["source"]
        assert entry["seen"] <= NOW.date().replace(month=12)
        assert entry["confidence"] in {"seen", "inferred"}


# --- hostile

KEYS = ["id", "title", "state", "price", "adPriceType", "isWantedAdType", "imageCount", "seoUrl", "creationDate", "buyNowEligible", "category", "l2CategoryName", "shippingOptions"]  # fmt: skip
rows = st.dictionaries(st.sampled_from(KEYS), scalars | st.lists(scalars, max_size=3), max_size=10)
paging = st.dictionaries(
    st.sampled_from(["pageNum", "last", "next", "numFound", "pageSize"]), scalars, max_size=5
)


@steady
@given(st.lists(rows | scalars, max_size=6), paging | scalars)
def test_any_values_in_the_known_places_are_read(ads: list[object], said: object) -> None:
    found = read(MARKER, answer({"ads": ads, "paging": said}))
    assert found is not None
    for ad in found.ads:
        for text in (ad.id, ad.title, ad.category, ad.path, *ad.shipping.options):
            assert text is None or text.encode()
        assert ad.posted_at is None or ad.posted_at.utcoffset() is not None


@steady
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_not(content: bytes) -> None:
    read(shown(LAMP), answer(content))


@steady
@given(markup)
def test_any_markup_is_read_or_not(html: str) -> None:
    understand(capture(f'{MARKER}<ul id="my-manageitems-adlist"><li data-adid="7">{html}'))


def test_a_title_that_says_it_is_reserved_is_told_from_the_sites_own_word() -> None:
    hostile = next(ad for ad in forty_ads(NOW) if ad.name == "feindlich")
    found = read(shown(hostile), told(hostile))
    assert found is not None
    assert [(ad.title, ad.status) for ad in found.ads] == [("<b>Spiegel</b> & Rahmen 🪞", AdStatus.ACTIVE)]
