"""The picture of a page: whole, lossless, never empty, and with what inner scrollers hide."""

import struct
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from watcher.browser.picture import TALLEST_VIEWPORT, USUAL_VIEWPORT, open_up, take_picture, take_preview

pytestmark = pytest.mark.browser

APP = """<!doctype html><style>body{margin:0} main{display:flex;height:100vh}
section{overflow-y:auto;width:50%} div{height:HEIGHTpx;background:linear-gradient(#fff,#06c)}</style>
<main><section><div></div><p id=end-of-list>end</p></section><section id=thread><div style="height:300px"></div></section></main>"""


def app(height: int) -> str:
    """An application as high as the window, whose list hides most of its `height` pixels."""
    return APP.replace("HEIGHT", str(height))


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport=USUAL_VIEWPORT)
    yield page
    page.close()


def png_size(picture: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", picture[16:24])
    return width, height


def size_of(page: Page, picture: bytes, kind: str) -> tuple[int, int]:
    """Let the browser say how large a picture is, whatever its format."""
    page.set_content("<img>")
    size = page.evaluate(
        """async ([bytes, type]) => {
          const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], {type}));
          return [bitmap.width, bitmap.height];
        }""",
        [list(picture), kind],
    )
    return size[0], size[1]


def test_a_taller_window_shows_what_an_inner_scroller_hides(page):
    page.set_content(app(3000))
    assert (
        not page.locator("#end-of-list").is_visible()
        or page.locator("#end-of-list").bounding_box()["y"] > 900
    )
    assert open_up(page) == 0
    picture, kind = take_picture(page)
    assert kind == "image/webp"
    width, height = size_of(page, picture, kind)
    assert (width, height >= 3000) == (1280, True)


def test_a_page_too_tall_for_webp_becomes_a_png_and_is_never_empty(page):
    page.set_content(
        '<body style="margin:0"><div style="height:17000px;background:linear-gradient(red,blue)">'
    )
    picture, kind = take_picture(page)
    assert (kind, picture[:4]) == ("image/png", b"\x89PNG")
    assert png_size(picture) == (1280, 17000)


def test_what_stays_hidden_in_a_page_without_end_is_counted(page):
    page.set_content(app(40_000))
    hidden = open_up(page)
    assert hidden > 40_000 - TALLEST_VIEWPORT - 200
    picture, _ = take_picture(page)
    assert picture


def test_of_a_part_only_what_it_hides_itself_makes_the_window_taller(page):
    page.set_content(app(3000))
    assert open_up(page, "#thread") == 0
    assert page.viewport_size == USUAL_VIEWPORT
    page.set_content(app(3000).replace("height:300px", "height:2000px"))
    assert open_up(page, "#thread") == 0
    assert 2000 <= page.viewport_size["height"] < 3000
    assert open_up(page, "#not-there") == 0
    assert page.viewport_size["height"] >= 3000


def test_a_short_page_keeps_its_window(page):
    page.set_content("<p>short</p>")
    assert open_up(page) == 0
    assert page.viewport_size == USUAL_VIEWPORT


def test_a_preview_is_the_lower_end_of_the_thread_as_png(page):
    page.set_content(app(3000))
    open_up(page)
    assert png_size(take_preview(page, "#thread")) == (640, 900)


def test_a_preview_without_a_thread_is_the_top_of_the_page(page):
    page.set_content("<p>wall</p>")
    assert png_size(take_preview(page, "#thread")) == (1280, 900)
