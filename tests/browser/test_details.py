"""What is only taken of pages that are kept: all of it is there, each part may fail alone, and nothing is lost in tall pages."""

import itertools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route

from fixtures.shop import Deal, Planting, Shop, five_orders
from watcher.browser import picture
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.parts import take_parts
from watcher.browser.picture import THUMBNAIL_WIDTH, USUAL_VIEWPORT, try_picture
from watcher.browser.recorder import Recorder
from watcher.browser.visit import BrowserVisit
from watcher.domain import text_map
from watcher.domain.capture import Capture, CapturedFile, Role
from watcher.domain.picture_size import size_of
from watcher.pages import mhtml
from watcher.pages.signals import SHIPPED

pytestmark = pytest.mark.browser
SITE = "http://site.example"
MARKER = "<span id='user-email'>angemeldet als: x</span>"
CARD = "<li><section class='PaymentMessageBox' style='height:{height}px;border:1px solid'><h4>Karte {number}</h4></section></li>"


def thread(*heights: int, scroller: str = "", before: str = "") -> str:
    """An application as high as the window; with a `scroller` style its thread hides what does not fit."""
    cards = "".join(
        CARD.format(height=height, number=number) for number, height in enumerate(heights, start=1)
    )
    return f"""<!doctype html><style>body{{margin:0}} ul{{margin:0;padding:0}}</style>{MARKER}{before}
    <div data-testid='conversation-wrapper' style='{scroller}'><ul class='MessageList'>{cards}</ul></div>"""


def visit_of(page: Page, settings: BrowserSettings) -> BrowserVisit:
    ids = itertools.count(1)
    return BrowserVisit(
        account="main",
        settings=settings,
        page=page,
        recorder=Recorder(page, origin=settings.gateway_url),
        clock=lambda: datetime(2026, 11, 22, 9, tzinfo=UTC),
        new_id=lambda: f"capture-{next(ids)}",
        deadline=time.monotonic() + 60,
        browser="a browser",
    )


@pytest.fixture
def visiting(chromium: Browser, tmp_path: Path) -> Iterator[Callable[[str], BrowserVisit]]:
    """A visit to a site whose every page is the given one."""
    pages = []

    def visit(html: str) -> BrowserVisit:
        def answer(route: Route) -> None:
            route.fulfill(content_type="text/html", body=html)

        page = chromium.new_page(viewport=USUAL_VIEWPORT)
        pages.append(page)
        page.route(f"{SITE}/**", answer)
        return visit_of(page, BrowserSettings(base_url=SITE, storage=tmp_path, settle_seconds=4))

    yield visit
    for page in pages:
        page.close()


@contextmanager
def shopping(chromium: Browser, shop: Shop, tmp_path: Path) -> Iterator[BrowserVisit]:
    """A visit to the practice shop, logged in."""
    context = chromium.new_context(viewport=USUAL_VIEWPORT)
    context.add_cookies(shop.login_cookies())  # type: ignore[arg-type]
    settings = BrowserSettings(base_url=shop.base_url, gateway_url=shop.gateway_url, storage=tmp_path)
    yield visit_of(context.new_page(), settings)
    context.close()


@pytest.fixture
def shop() -> Iterator[Shop]:
    with Shop(five_orders(datetime.now(UTC))) as running:
        running.delay = 0
        yield running


def detailed(visit: BrowserVisit) -> Capture:
    return visit.details(visit.open_thread("one"))


def of_role(capture: Capture, role: Role) -> list[CapturedFile]:
    return [extra for extra in capture.extras if extra.role is role]


def labels(capture: Capture) -> list[str]:
    return [extra.label for extra in of_role(capture, Role.PART)]


def height_of(capture: Capture, label: str) -> int:
    [picture] = [extra.content for extra in of_role(capture, Role.PART) if extra.label == label]
    size = size_of(picture)
    assert size is not None
    return size[1]


def test_a_thread_of_the_practice_shop_is_captured_with_everything(chromium, shop, tmp_path):
    deal = shop.deal("friteuse")
    with shopping(chromium, shop, tmp_path) as visit:
        bare = visit.open_thread(deal.conversation_id)
        assert bare.extras == ()
        asked = len(shop.requests)
        capture = visit.details(bare)
        assert [request for request in shop.requests[asked:] if request.method == "GET"] == []
    assert capture.is_complete, capture.lacks
    assert labels(capture) == [f"card-{number}" for number in range(1, len(deal.steps) + 1)] + ["thread"]
    width, _ = size_of(of_role(capture, Role.THUMBNAIL)[0].content) or (0, 0)
    assert width == THUMBNAIL_WIDTH
    [archive] = of_role(capture, Role.MHTML)
    page, *rest = mhtml.parts(archive.content)
    assert "Sendungsnummer" in page.content.decode()
    assert {"image/svg+xml", "text/css"} <= {part.media_type for part in rest}
    [outline] = of_role(capture, Role.OUTLINE)
    assert 'heading "Artikel versendet"' in outline.content.decode()
    facts = dict(capture.facts)
    assert (
        facts["clock_offset_seconds"] in {"+0.0", "-0.0"} or abs(float(facts["clock_offset_seconds"])) < 120
    )
    assert facts["device_scale"] == "1"
    assert datetime.fromisoformat(facts["taken_at_local"]) == capture.taken_at
    assert capture.document is not None
    assert capture.document.address == shop.base_url.removeprefix("http://")
    assert "plain http" in capture.document.why_no_tls


def test_a_word_is_where_the_map_says(chromium, shop, tmp_path):
    with shopping(chromium, shop, tmp_path) as visit:
        capture = visit.details(visit.open_thread(shop.deal("friteuse").conversation_id))
        heading = visit.page.locator(".PaymentMessageBox h4").last
        box, told = heading.bounding_box(), heading.inner_text()
    found = text_map.load(of_role(capture, Role.TEXT_MAP)[0].content)
    assert (found.width, found.height) == size_of(capture.screenshot)
    [words] = [words for words in found.texts if text_map.text_of(words) == told][-1:]
    first, last = words[0].boxes[0], words[-1].boxes[-1]
    assert box is not None
    assert abs(first.left - box["x"]) <= 1
    assert box["y"] - 1 <= first.top <= box["y"] + box["height"]
    assert last.left + last.width <= box["x"] + box["width"] + 1
    shown = {word.text for words in found.texts for word in words}
    assert {"angemeldet", "marlene@beispiel.example", "Erika"} <= shown
    assert {part.kind for part in found.opaque} == {"img"}


def test_the_map_knows_what_is_cut_off_hidden_or_typed_in(visiting):
    page = thread(
        30,
        before="""<p style='display:none'>verborgen</p><p style='visibility:hidden'>unsichtbar</p><p style='opacity:0'>durchsichtig</p>
        <div style='height:20px;overflow:hidden'><p style='margin:0;line-height:20px'>oben</p><p>darunter</p></div>
        <input value='eingetippt' style='width:90px'><textarea placeholder='Nachricht schreiben'></textarea><input type=password value='geheim12'>
        <div id=host></div><canvas width=40 height=40></canvas>
        <script>document.querySelector('#host').attachShadow({mode: 'open'}).innerHTML = '<b>im Schatten</b>'</script>""",
    )
    capture = detailed(visiting(page))
    found = text_map.load(of_role(capture, Role.TEXT_MAP)[0].content)
    texts = {text_map.text_of(words) for words in found.texts}
    assert {"oben", "eingetippt", "Nachricht schreiben", "im Schatten", "Karte 1"} <= texts
    assert not texts & {"verborgen", "unsichtbar", "durchsichtig", "darunter", "geheim12"}
    assert [part.kind for part in found.opaque] == ["canvas"]


def test_what_fits_into_the_window_is_pictured_without_a_scroll(visiting):
    visit = visiting(thread(300, 200, scroller="height:100vh;overflow-y:auto"))
    visit.open_thread("one")
    visit.page.evaluate("addEventListener('scroll', () => window.scrolled = true, true)")
    capture = visit.details(visit.open_thread("one"))
    assert labels(capture) == ["card-1", "card-2", "thread"]
    assert (height_of(capture, "card-1"), height_of(capture, "card-2")) == (302, 202)
    assert not visit.page.evaluate("window.scrolled === true")
    assert capture.is_complete


def test_what_fits_into_the_window_is_a_part_of_the_pages_own_picture(visiting):
    visit = visiting(thread(300, 200, scroller="height:90vh;overflow-y:auto"))
    capture = detailed(visit)
    top = visit.page.locator(".PaymentMessageBox").last.bounding_box()["y"]
    [part] = [file.content for file in of_role(capture, Role.PART) if file.label == "card-2"]
    with Image.open(BytesIO(capture.screenshot)) as whole, Image.open(BytesIO(part)) as card:
        place = (0, int(top), card.width, int(top) + card.height)
        assert whole.convert("RGB").crop(place).tobytes() == card.convert("RGB").tobytes()


@pytest.fixture
def smaller(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let the tallest window be smaller, in pixels: what is taller is then painted in a fraction of the time."""
    monkeypatch.setattr(picture, "TALLEST_VIEWPORT", 2_000)
    return 2_000


@pytest.mark.slow
def test_nothing_of_a_thread_taller_than_a_picture_is_lost_in_an_inner_scroller(visiting, smaller):
    heights = [700, 800, 1_000, 300]
    visit = visiting(thread(*heights, scroller="height:100vh;overflow-y:auto"))
    capture = detailed(visit)
    assert int(dict(capture.facts)["hidden_pixels"]) > sum(heights) - smaller
    assert capture.is_complete, capture.lacks
    slices = [label for label in labels(capture) if label.startswith("thread-")]
    assert len(slices) >= 2
    assert sum(height_of(capture, label) for label in slices) >= sum(heights)
    assert all(height_of(capture, label) <= smaller for label in slices)
    assert [height_of(capture, f"card-{number}") for number in (1, 2, 3, 4)] == [
        height + 2 for height in heights
    ]


@pytest.mark.slow
def test_nothing_of_a_document_taller_than_a_picture_is_lost(visiting, smaller):
    heights = [1_000, 1_000, 1_000]
    capture = detailed(visiting(thread(*heights)))
    assert capture.is_complete, capture.lacks
    slices = [label for label in labels(capture) if label.startswith("thread-")]
    assert sum(height_of(capture, label) for label in slices) >= sum(heights)
    assert [height_of(capture, f"card-{number}") for number in (1, 2, 3)] == [1_002] * 3
    assert size_of(capture.preview) == (USUAL_VIEWPORT["width"], 900)
    [small] = of_role(capture, Role.THUMBNAIL)
    assert size_of(small.content) == (THUMBNAIL_WIDTH, 225)


@pytest.mark.slow
def test_an_element_taller_than_a_picture_comes_in_slices(visiting, smaller):
    capture = detailed(visiting(thread(smaller + 1_000, scroller="height:100vh;overflow-y:auto")))
    assert {"card-1-1", "card-1-2"} <= set(labels(capture))
    assert height_of(capture, "card-1-1") + height_of(capture, "card-1-2") >= smaller + 1_002
    assert capture.is_complete, capture.lacks


def test_of_very_many_cards_the_latest_are_pictured_and_the_others_are_said_to_be_missing(visiting):
    capture = detailed(visiting(thread(*[20] * 43)))
    assert "card-3" not in labels(capture)
    assert {"card-4", "card-43"} <= set(labels(capture))
    assert capture.lacks == ("part: the first 3 cards",)


def test_a_thread_that_never_ends_says_that_its_end_is_missing(visiting):
    visit = visiting(thread(300, 300, 300, scroller="height:400px;overflow-y:auto"))
    visit.page.goto(SITE)
    parts = take_parts(visit.page, SHIPPED, most_slices=2)
    assert parts.missing == ("part thread: its end",)
    assert [file.label for file in parts.files] == ["card-1", "card-2", "card-3", "thread-1", "thread-2"]


def test_a_visit_that_has_no_time_left_says_what_it_did_not_picture(visiting):
    visit = visiting(thread(300, 300, 300, scroller="height:400px;overflow-y:auto"))
    visit.page.goto(SITE)
    parts = take_parts(visit.page, SHIPPED, deadline=time.monotonic() - 1)
    assert parts.files == ()
    assert {told.partition(":")[0] for told in parts.missing} == {
        "part thread",
        "part card-1",
        "part card-2",
        "part card-3",
    }


def test_one_part_that_fails_leaves_the_others(visiting):
    """A page whose body is gone cannot be told as a screen reader hears it."""
    visit = visiting(thread(100))
    bare = visit.open_thread("one")
    visit.page.evaluate(
        "document.documentElement.append(document.querySelector('div')); document.body.remove()"
    )
    capture = visit.details(bare)
    assert [told.partition(":")[0] for told in capture.missing] == ["outline"]
    assert not capture.is_complete
    assert {extra.role for extra in capture.extras} >= {Role.MHTML, Role.THUMBNAIL, Role.TEXT_MAP, Role.PART}
    assert capture.preview


def test_a_map_is_never_of_another_picture(visiting, monkeypatch):
    def picture_and_change(page: Page, **how: Any) -> tuple[bytes, str]:
        taken = try_picture(page, **how)
        page.evaluate("document.body.style.height = '3000px'")
        return taken

    monkeypatch.setattr("watcher.browser.visit.try_picture", picture_and_change)
    capture = detailed(visiting(thread(100)))
    assert capture.screenshot
    assert of_role(capture, Role.TEXT_MAP) == []
    assert "text_map: the page has changed since its picture was taken" in capture.lacks


def _assert_not_of_another(capture: Capture) -> None:
    assert capture.screenshot == b""
    assert capture.lacks == ("screenshot: none could be taken", "details: the page is no longer open")


def test_a_page_that_has_gone_elsewhere_gives_no_details_of_another(visiting):
    visit = visiting(thread(100))
    bare = visit.open_thread("one")
    visit.page.goto(f"{SITE}/elsewhere")
    _assert_not_of_another(visit.details(bare))


def test_details_belong_to_the_page_that_was_opened_last(visiting):
    visit = visiting(thread(100))
    first, second = visit.open_thread("one"), visit.open_thread("two")
    _assert_not_of_another(visit.details(first))
    assert visit.details(second).is_complete


def test_a_browser_that_is_gone_costs_picture_and_details_alone(visiting):
    visit = visiting(thread(100))
    bare = visit.open_thread("one")
    visit.page.close()
    capture = visit.details(bare)
    assert (capture.html, capture.bodies, capture.screenshot) == (bare.html, bare.bodies, b"")
    missing = {told.partition(":")[0] for told in capture.missing}
    assert missing == {"connection", "text_map", "preview", "thumbnail", "mhtml", "outline", "part"}


def test_a_page_without_a_thread_has_no_parts_and_lacks_none(visiting):
    visit = visiting(f"{MARKER}<div id='conversation-list'><article>x</article></div>")
    capture = visit.details(visit.open_list(lambda _: True))
    assert labels(capture) == []
    assert capture.is_complete, capture.lacks


def test_the_photos_of_an_ad_are_kept_as_they_were_received(chromium, shop, tmp_path):
    deal = shop.deal("friteuse")
    with shopping(chromium, shop, tmp_path) as visit:
        bare = visit.open_ad(f"/zur-anzeige/{deal.ad.id}", deal.conversation_id)
        asked = len(shop.requests)
        capture = visit.details(bare)
        assert len(shop.requests) == asked, "the browser is asked, not the site"
    assert labels(capture) == [f"photo-{number}" for number in range(1, deal.ad.photos + 1)]
    assert all(b"<svg" in photo.content for photo in of_role(capture, Role.PART))
    assert capture.is_complete, capture.lacks


def test_no_detail_keeps_a_secret(chromium, shop, tmp_path):
    shop.planting = Planting()
    with shopping(chromium, shop, tmp_path) as visit:
        capture = visit.details(visit.open_thread(shop.deal("friteuse").conversation_id))
    [archive] = of_role(capture, Role.MHTML)
    texts = {
        "html": capture.html,
        "outline": of_role(capture, Role.OUTLINE)[0].content.decode(),
        "text map": of_role(capture, Role.TEXT_MAP)[0].content.decode(),
        "archive": "".join(part.content.decode(errors="replace") for part in mhtml.parts(archive.content)),
        "headers of the archive": archive.content.decode(),
        "facts": json.dumps(
            [capture.facts, capture.final_url, repr(capture.document), repr(capture.removed)]
        ),
    }
    leaks = [
        (name, place)
        for place, text in texts.items()
        for name, secret in shop.planting.everything.items()
        if secret in text
    ]
    assert leaks == []
    marked = {place for place, text in texts.items() if "removed" in text}
    assert marked == set(texts), "each of them would have held one"


def test_taking_everything_of_the_latest_deal_does_not_depend_on_its_age(chromium, tmp_path):
    """Old cards, new cards and a chat of many messages: all of it fits, or is said to be missing."""
    deal: Deal = five_orders(datetime.now(UTC))[0]
    with Shop([deal]) as shop, shopping(chromium, shop, tmp_path) as visit:
        shop.delay = 0
        for number in range(120):
            shop.say(deal.id, f"Nachricht {number}", at=datetime.now(UTC) - timedelta(days=3))
        capture = visit.details(visit.open_thread(deal.conversation_id))
    assert capture.is_complete, capture.lacks
    told = "".join(extra.content.decode() for extra in of_role(capture, Role.OUTLINE))
    assert "Nachricht 0" in told
    assert "Nachricht 119" in told
    slices = [label for label in labels(capture) if label.startswith("thread")]
    assert sum(height_of(capture, label) for label in slices) > 120 * 50
