"""The page of the own ads: what it shows, what can be copied, and that nothing is cut off on a phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.listings.samples import GOOD, ad
from tests.support.ads import plant_ads
from tests.web.conftest import Dashboard, dashboard_on
from tests.web.visitor import NARROWEST, WIDE, Complaints, let_in, resize
from watcher.bootstrap import now
from watcher.domain.ad import Photo, PriceType

SPOILT = ad("Regal.", id="3000000001", title="Regal", photo_count=1, price_type=PriceType.NEGOTIABLE)
SHARP = tuple(
    Photo(
        number=number,
        width=1000,
        height=800,
        brightness=0.5,
        sharpness=500.0,
        fingerprint=0xFFFF << (16 * number),
    )
    for number in range(4)
)
SETTLED = ad(id="3000000002", title="Fahrradkorb aus Weide", posted_at=None, photos=SHARP)
UNMEASURED = ad(id="3000000004", posted_at=None)
UNREAD = ad(None, id="3000000003", title="Bosch Akkuschrauber PSR 18")
HOSTILE = ad(
    f"{GOOD} <script>alert(1)</script>",
    id="3000000005",
    title='"><img src=x onerror=alert(1)> \u202e{{7*7}}',
    photos=(Photo(number=2, problem="<b>"),),
    posted_at=None,
    path="/s-anzeige/lampe/3000000005-80-3331",
)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    folder: Path = tmp_path_factory.mktemp("ads") / "data"
    with dashboard_on(folder) as dashboard:
        plant_ads(folder, (SETTLED, UNMEASURED, HOSTILE, SPOILT), unread=(UNREAD,), complete=False, now=now())
        yield dashboard


def test_each_ad_is_a_card_the_worst_first_and_the_unread_last(shop: Dashboard):
    text = shop.client.get("/listings").text
    places = [text.index(f'id="ad-{known.id}"') for known in (SPOILT, UNMEASURED, SETTLED)]
    assert places == sorted(places)
    assert text.index("<li>Bosch Akkuschrauber") > places[-1]
    assert f'id="ad-{UNREAD.id}"' not in text


def test_ads_without_anything_to_mend_are_folded_together_unless_something_was_not_looked_at(shop: Dashboard):
    folded = re.search(
        r'<details class="card settled">.*?</ul>\n</details>', shop.client.get("/listings").text, re.DOTALL
    )
    assert folded is not None
    assert re.findall(r'id="ad-(\d+)"', folded[0]) == [SETTLED.id]
    assert "Fahrradkorb aus Weide" in folded[0]


def test_where_nothing_at_all_is_to_be_mended_that_is_what_one_sees(tmp_path: Path):
    plant_ads(tmp_path / "data", (SETTLED,), now=now())
    with dashboard_on(tmp_path / "data", language="en") as dashboard:
        text = dashboard.client.get("/listings").text
    assert '<details class="card settled" open>' in text
    assert "1 ad without anything to mend" in text
    assert 'class="ads"' not in text


def test_a_finding_has_its_words_to_be_copied(shop: Dashboard):
    text = shop.client.get("/listings").text
    assert "Der Zustand ist nicht genannt." in text
    target = re.search(r'data-copy="(words-3000000001-no_condition)"', text)
    assert target is not None
    assert re.search(rf'id="{target[1]}"[^>]*>Zustand: gebraucht', text)


def test_what_strangers_wrote_stays_text(shop: Dashboard):
    text = shop.client.get("/listings").text
    assert "<img src=x" not in text
    assert "<script>alert" not in text
    assert "49" not in re.findall(r"<h2[^>]*>(.*?)</h2>", text)
    assert "\u202e" not in text


def test_the_ad_is_opened_on_its_own_site_and_tells_nothing_of_the_dashboard(shop: Dashboard):
    text = shop.client.get("/listings").text
    assert (
        'href="http://127.0.0.1:9/s-anzeige/lampe/3000000005-80-3331" rel="noreferrer noopener" target="_blank"'
        in text
    )


@pytest.mark.parametrize("query", ["account=nobody", "account=%1b%5b2J", "account=<b>"])
def test_what_makes_no_sense_in_an_address_is_left_out(shop: Dashboard, query: str):
    answer = shop.client.get(f"/listings?{query}")
    assert answer.status == 200
    assert "Regal" in answer.text


def test_where_nothing_was_read_yet_it_says_how_to_begin(empty: Dashboard):
    text = empty.client.get("/listings").text
    assert "stornowacht listings --read" in text


@pytest.mark.browser
def test_nothing_is_cut_off_or_hidden_from_a_screen_reader(shop: Dashboard, chromium: Browser):
    complaints = Complaints()
    with let_in(chromium, shop) as window:
        page = window.new_page()
        complaints.listen(page)
        for size in (WIDE, NARROWEST, (900, 700)):
            resize(page, size)
            page.goto(shop.client.address.rstrip("/") + "/listings")
            for details in page.locator(".found details, .settled").all():
                details.evaluate("node => node.open = true")
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
            found = Axe().run(page).response["violations"]
            assert [each["id"] for each in found if each["impact"] in {"serious", "critical"}] == []
    assert complaints.told == []
