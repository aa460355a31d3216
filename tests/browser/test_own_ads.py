"""The own ads in a real browser under the guard: the list to its end, each ad with its photos, and nothing written."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright

from fixtures.shop import Ad as ShopAd
from fixtures.shop import Shop, forty_ads, many_ads
from tests.browser.guarded import guarded
from watcher.app.understanding import Understood, understand
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.recorder import Recorder
from watcher.browser.visit import NO_DETAILS, BrowserVisit
from watcher.domain.ad import Ad, AdStatus
from watcher.domain.capture import PageKind
from watcher.domain.confidence import Confidence
from watcher.domain.outcome import Outcome
from watcher.pages.ad import AdState

pytestmark = pytest.mark.browser
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ADS = {ad.name: ad for ad in forty_ads(NOW)}
Visiting = Callable[[Shop], BrowserVisit]


@pytest.fixture(scope="module")
def tab(playwright: Playwright, a_browser: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """One guarded browser for all: what reaches the shop, reached it through the guard."""
    with guarded(playwright, tmp_path_factory.mktemp("guarded"), hosts=("127.0.0.1",)) as (_context, page):
        yield page


@pytest.fixture
def visiting(tab: Page, tmp_path: Path) -> Iterator[Visiting]:
    page = tab.context.new_page()
    ids = count(1)

    def visit(shop: Shop) -> BrowserVisit:
        page.context.clear_cookies()
        page.context.add_cookies(shop.login_cookies())  # type: ignore[arg-type]
        return BrowserVisit(
            account="main",
            settings=BrowserSettings(
                base_url=shop.base_url, gateway_url=shop.gateway_url, storage=tmp_path, settle_seconds=15
            ),
            page=page,
            recorder=Recorder(page, origin=shop.gateway_url, site=shop.base_url),
            clock=lambda: NOW,
            new_id=lambda: f"capture-{next(ids)}",
            deadline=time.monotonic() + 300,
            browser="a browser",
        )

    yield visit
    page.close()


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(own_ads=ADS.values()) as running:
        yield running
        assert running.writes == []


def listed(visit: BrowserVisit) -> list[Ad]:
    ads: list[Ad] = []
    for number in count(1):
        found = understand(visit.open_own_ads(number)).own_ads
        assert found is not None
        assert found.page == number
        ads.extend(found.ads)
        if found.pages == number:
            assert found.total == len(ads)
            return ads
    raise AssertionError


def opened(visit: BrowserVisit, ad: ShopAd) -> Understood:
    return understand(visit.open_ad(f"/s-anzeige/{ad.id}", None, ad=ad.id))


def test_the_list_is_read_to_its_end_by_both_readers_and_nothing_is_written(
    visiting: Visiting, shop: Shop
) -> None:
    visit = visiting(shop)
    first = visit.open_own_ads(1)
    assert (first.kind, first.settled, first.status, first.failure) == (PageKind.OWN_ADS, True, 200, None)
    assert first.stopped == (("POST http://127.0.0.1/m-anzeigen-gesehen.json", 1),)
    assert len(first.bodies) == 1
    assert first.missing == (NO_DETAILS,)
    assert visit.details(first).screenshot
    ads = listed(visit)
    assert [ad.id for ad in ads] == [ad.id for ad in ADS.values()]
    assert {ad.confidence for ad in ads if not ad.shipping.options} == {Confidence.CERTAIN}
    asked = [request.path for request in shop.requests if "verwalten" in request.path]
    assert asked == [
        f"/m-meine-anzeigen-verwalten.json?sort=DEFAULT&pageNum={number}" for number in (1, 1, 2)
    ]


@pytest.mark.slow
@pytest.mark.parametrize(
    "tenth", [*range(3), *(pytest.param(each, marks=pytest.mark.long) for each in range(3, 10))]
)
def test_forty_ads_are_read_and_nothing_is_written(visiting: Visiting, shop: Shop, tenth: int) -> None:
    visit = visiting(shop)
    for ad in list(ADS.values())[tenth::10]:
        understood = opened(visit, ad)
        if ad.name in {"geloescht", "weitergeleitet"}:
            assert (ad.name, understood.ad, understood.ad_content) == (ad.name, AdState.GONE, None)
            continue
        content = understood.ad_content
        assert content is not None, ad.name
        numbers = [photo.number for photo in content.photos]
        assert (ad.name, content.photo_count, numbers) == (ad.name, ad.photos, list(range(1, ad.photos + 1)))
        sizes = [(each.width, each.height) for each in ad.pictures if not each.broken]
        measured = [(each.width, each.height) for each in content.photos if each.problem is None]
        assert (ad.name, measured) == (ad.name, sizes)


def test_a_broken_photo_is_told_and_the_others_are_measured(visiting: Visiting, shop: Shop) -> None:
    content = opened(visiting(shop), ADS["kaputte-fotos"]).ad_content
    assert content is not None
    assert [photo.problem is None for photo in content.photos] == [True, False, False, False]


def test_details_take_the_photos_no_second_time(visiting: Visiting, shop: Shop) -> None:
    visit = visiting(shop)
    ad = ADS["kleine-fotos"]
    capture = visit.open_ad(f"/s-anzeige/{ad.id}", None, ad=ad.id)
    detailed = visit.details(capture)
    labels = [extra.label for extra in detailed.extras if extra.label.startswith("photo-")]
    assert labels[:3] == ["photo-1", "photo-2", "photo-3"]
    assert len(labels) == len(set(labels))
    content = understand(detailed).ad_content
    assert content is not None
    assert [(photo.number, photo.width) for photo in content.photos] == [(1, 200), (2, 200), (3, 200)]


def test_an_ad_that_is_deleted_meanwhile_is_gone_or_says_so(visiting: Visiting, shop: Shop) -> None:
    visit = visiting(shop)
    assert opened(visit, ADS["geloescht"]).ad is AdState.GONE
    assert opened(visit, ADS["weitergeleitet"]).ad is AdState.GONE
    veiled = opened(visit, ADS["verschleiert"]).ad_content
    assert veiled is not None
    assert veiled.status is AdStatus.DELETED


@pytest.mark.slow
def test_two_hundred_ads_take_eight_page_loads(visiting: Visiting) -> None:
    with Shop(own_ads=many_ads(200, NOW)) as shop:
        ads = listed(visiting(shop))
        assert len({ad.id for ad in ads}) == 200
        pages = [request for request in shop.requests if request.path.startswith("/m-meine-anzeigen.html")]
        assert len(pages) == 8
        assert shop.writes == []


@pytest.mark.parametrize(
    ("wall", "outcome"),
    [
        ("logged_out", Outcome.LOGGED_OUT),
        ("blocked", Outcome.BLOCKED),
        ("too_many", Outcome.BLOCKED),
        ("consent_page", Outcome.CONSENT),
        ("consent", Outcome.CONSENT),
        ("challenge", Outcome.CHALLENGE),
        ("server_error", Outcome.UNREACHABLE),
        ("gateway_down", Outcome.UNREACHABLE),
        ("gateway_too_many", Outcome.BLOCKED),
        ("empty_shell", Outcome.UNREADABLE),
        ("error_box", Outcome.UNREADABLE),
        ("new_layout", Outcome.UNREADABLE),
        ("truncated_json", Outcome.UNREADABLE),
        ("unknown_json", Outcome.UNREADABLE),
    ],
)
def test_a_wall_before_the_list_is_seen_as_that_and_never_as_an_empty_list(
    visiting: Visiting, shop: Shop, wall: str, outcome: Outcome
) -> None:
    visit = visiting(shop)
    visit.settings = replace(visit.settings, settle_seconds=4)
    shop.wall = wall  # type: ignore[assignment]
    understood = understand(visit.open_own_ads(1))
    assert (understood.wall, understood.own_ads) == (outcome, None)


def test_a_list_that_does_not_say_how_long_it_is_is_read_as_that(visiting: Visiting, shop: Shop) -> None:
    visit = visiting(shop)
    shop.wall = "total_missing"
    capture = visit.open_own_ads(1)
    found = understand(capture).own_ads
    assert found is not None
    assert (len(found.ads), found.pages, found.total) == (25, None, None)
