"""An ad in a real browser: every photo is loaded by scrolling alone, and an ad that is gone is seen as that."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from fixtures.shop import Shop, five_orders
from watcher.app.understanding import understand
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.picture import USUAL_VIEWPORT
from watcher.browser.recorder import Recorder
from watcher.browser.visit import BrowserVisit
from watcher.domain.capture import PageKind
from watcher.pages.ad import AdState

pytestmark = pytest.mark.browser


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(deals=five_orders(datetime.now(UTC))) as running:
        yield running
        assert running.writes == []


@pytest.fixture
def visit(chromium: Browser, shop: Shop, tmp_path: Path) -> Iterator[BrowserVisit]:
    page, ids = chromium.new_page(viewport=USUAL_VIEWPORT), count(1)
    yield BrowserVisit(
        account="main",
        settings=BrowserSettings(
            base_url=shop.base_url, gateway_url=shop.gateway_url, storage=tmp_path, settle_seconds=15
        ),
        page=page,
        recorder=Recorder(page, origin=shop.gateway_url),
        clock=lambda: datetime(2026, 11, 22, tzinfo=UTC),
        new_id=lambda: f"capture-{next(ids)}",
        deadline=time.monotonic() + 120,
        browser="a browser",
    )
    page.close()


def pictures_asked(shop: Shop, ad_id: str) -> set[str]:
    return {request.path for request in shop.requests if request.path.startswith(f"/bilder/{ad_id}-")}


def test_an_ad_is_captured_with_title_text_and_every_photo(visit: BrowserVisit, shop: Shop) -> None:
    deal = shop.deal("friteuse")
    capture = visit.open_ad(f"/zur-anzeige/{deal.ad.id}", deal.conversation_id)
    assert (capture.kind, capture.conversation) == (PageKind.AD, deal.conversation_id)
    assert (capture.status, capture.settled, capture.failure) == (200, True, None)
    assert capture.final_url.endswith(f"/{deal.ad.id}-80-3331")
    assert understand(capture).ad is AdState.SHOWN
    assert "Ein Kratzer am Griff" in capture.html
    assert visit.details(capture).screenshot
    assert pictures_asked(shop, deal.ad.id) == {f"/bilder/{deal.ad.id}-{n}.svg" for n in range(1, 7)}


def test_the_photos_bytes_are_among_its_details(visit: BrowserVisit, shop: Shop) -> None:
    deal = shop.deal("friteuse")
    detailed = visit.details(visit.open_ad(f"/s-anzeige/{deal.ad.id}", deal.conversation_id))
    photos = [extra for extra in detailed.extras if extra.label.startswith("photo")]
    assert detailed.missing == ()
    assert len({photo.content for photo in photos}) == deal.ad.photos
    assert detailed.missing == ()


@pytest.mark.parametrize("status", ["DELETED", "BANNED"])
def test_an_ad_that_is_gone_is_seen_as_that(visit: BrowserVisit, shop: Shop, status: str) -> None:
    deal = shop.deal("lampe")
    gone = replace(deal, ad=replace(deal.ad, status=status))  # type: ignore[arg-type]
    shop.add(gone)
    capture = visit.open_ad(f"/s-anzeige/{deal.ad.id}", deal.conversation_id)
    if status == "BANNED":  # the page it leads to must know the visitor, or it might be a wall
        assert understand(capture).ad is None
        capture = replace(
            capture,
            html=capture.html.replace("<main", "<span id='user-email'>angemeldet als: x</span><main"),
        )
    assert understand(capture).ad is AdState.GONE


def test_a_photo_that_never_comes_leaves_the_ad_partial(visit: BrowserVisit, shop: Shop) -> None:
    visit.page.route("**/bilder/*-3.svg", lambda _: None)
    visit.settings = replace(visit.settings, settle_seconds=5)
    deal = shop.deal("friteuse")
    capture = visit.open_ad(f"/s-anzeige/{deal.ad.id}", deal.conversation_id)
    assert understand(capture).ad is AdState.SHOWN
    assert not capture.settled
    assert "zweimal benutzt" in capture.html
    visit.page.unroute_all(behavior="ignoreErrors")
