"""What is cut from the page's own picture is what the browser would have painted; else the browser paints it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.test_details import detailed, of_role, shop, shopping, visiting
from watcher.browser import cuts, details, parts, picture
from watcher.browser.cuts import cuts_of, standing
from watcher.browser.picture import USUAL_VIEWPORT, open_up, take_picture, take_preview, take_thumbnail
from watcher.browser.visit import BrowserVisit
from watcher.domain.capture import Capture, Role
from watcher.domain.picture_size import size_of
from watcher.pages.lossless import Picture
from watcher.pages.signals import SHIPPED

__all__ = ["shop", "visiting"]  # fixtures that tests find here

pytestmark = pytest.mark.browser
Visiting = Callable[[str], BrowserVisit]
COLOURS = {"red": (255, 0, 0), "lime": (0, 255, 0), "blue": (0, 0, 255), "yellow": (255, 255, 0)}
MARKER = "<span id='user-email'>angemeldet als: x</span>"


def coloured(*heights: int, around: str = "height:90vh;overflow-y:auto", script: str = "") -> str:
    """A thread whose cards have a colour each, in a holder of that style."""
    cards = "".join(
        f"<li><section class='PaymentMessageBox' style='height:{height}px;background:{colour}'></section></li>"
        for height, colour in zip(heights, COLOURS, strict=False)
    )
    return f"""<!doctype html><style>body{{margin:0}} ul{{margin:0;padding:0;list-style:none}}</style>{MARKER}
    <main style='{around}'><div data-testid='conversation-wrapper'><ul class='MessageList'>{cards}</ul></div></main>
    <script>{script}</script>"""


def colours_of(content: bytes) -> dict[str, float]:
    """Return which part of a picture has which of the colours."""
    with Image.open(BytesIO(content)) as opened:
        pixels = opened.convert("RGB")
        counted = pixels.getcolors(pixels.width * pixels.height) or []
    names = {colour: name for name, colour in COLOURS.items()}
    return {names[colour]: round(count / (pixels.width * pixels.height), 2) for count, colour in counted if colour in names}  # type: ignore[index]  # fmt: skip


def cards_of(capture: Capture) -> dict[str, dict[str, float]]:
    return {
        file.label: colours_of(file.content)
        for file in of_role(capture, Role.PART)
        if file.label.startswith("card")
    }


EACH = {f"card-{number}": {colour: 1.0} for number, colour in enumerate(COLOURS, start=1)}


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the browser was asked to paint for itself."""
    asked: list[str] = []
    paint = parts._picture

    def counted(page: Page, clip: object) -> bytes:
        asked.append("part")
        return paint(page, clip)  # type: ignore[arg-type]

    monkeypatch.setattr(parts, "_picture", counted)
    return asked


def test_of_a_thread_that_fits_everything_is_cut(visiting: Visiting, painted: list[str]) -> None:
    capture = detailed(visiting(coloured(120, 140, 160, 180)))
    assert cards_of(capture) == EACH
    assert capture.is_complete, capture.lacks
    assert painted == []


def test_what_is_cut_has_the_pixels_that_the_browser_paints(chromium, shop, tmp_path) -> None:
    with shopping(chromium, shop, tmp_path) as visit:
        visit.open_thread(shop.deal("friteuse").conversation_id)
        page = visit.page
        open_up(page, SHIPPED.thread)
        session = page.context.new_cdp_session(page)
        before = standing(page, SHIPPED, thread=True)
        shown, _ = take_picture(page, session=session)
        found = cuts_of(shown, before, standing(page, SHIPPED, thread=True))
        assert found is not None
        of = len(found.at["shown"])
        assert of == len(shop.deal("friteuse").steps) + 1
        painted = {file.label: file.content for file in parts.take_parts(page, SHIPPED).files}
        preview, thumbnail = take_preview(page, SHIPPED.thread), take_thumbnail(page, session, SHIPPED.thread)
    labels = ["thread", *(f"card-{number}" for number in range(1, of))]
    for number, label in enumerate(labels):
        assert pixels(found.part(number, of=of)) == pixels(painted[label]), label
    assert size_of(found.preview() or b"") == size_of(preview)
    assert size_of(found.thumbnail() or b"") == size_of(thumbnail)


def pixels(content: bytes | None) -> tuple[tuple[int, int], bytes]:
    assert content is not None
    with Image.open(BytesIO(content)) as opened:
        return opened.size, opened.convert("RGB").tobytes()


def test_a_page_without_a_thread_shows_its_top(visiting: Visiting) -> None:
    visit = visiting(f"{MARKER}<body style='margin:0;background:red'><p>wall")
    capture = visit.details(visit.open_list(lambda _: True))
    assert size_of(capture.preview) == (USUAL_VIEWPORT["width"], USUAL_VIEWPORT["height"])
    assert colours_of(capture.preview)["red"] > 0.9


@pytest.mark.parametrize(
    "around", ["height:90vh;overflow-y:auto", "height:90vh;overflow:hidden"], ids=["scrolls", "hides"]
)
def test_cards_that_stand_outside_of_the_picture_are_those_cards(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch, around: str
) -> None:
    monkeypatch.setattr(picture, "TALLEST_VIEWPORT", 1_000)
    capture = detailed(visiting(coloured(350, 400, 500, 150, around=around)))
    assert cards_of(capture) == EACH
    assert "yellow" in colours_of(capture.preview)


MOVES = """addEventListener('load', () => { window.push = () => {
  const block = document.createElement('div'); block.style.height = '150px';
  document.querySelector('[data-testid=conversation-wrapper]').before(block); }; })"""


@pytest.mark.parametrize("when", ["before", "within", "after"])
def test_a_page_that_moves_around_its_picture_has_the_cards_that_it_names(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """It moves before the picture, between the two questions around it, or when its details are taken."""
    visit = visiting(coloured(120, 140, 160, 180, script=MOVES))
    bare = visit.open_thread("one")
    take, tell = picture.take_picture, details._text_map

    def pushed(call: Callable[..., object]) -> Callable[..., object]:
        def pushing(*args: object, **named: object) -> object:
            visit.page.evaluate("push()")
            return call(*args, **named)

        return pushing

    if when == "before":
        visit.page.evaluate("push()")
    elif when == "within":
        monkeypatch.setattr(picture, "take_picture", pushed(take))
    else:
        monkeypatch.setattr(details, "_text_map", pushed(tell))
    assert cards_of(visit.details(bare)) == EACH


def test_of_a_page_that_is_still_moving_nothing_is_cut(visiting: Visiting, painted: list[str]) -> None:
    fade = "document.body.animate([{opacity: 0}, {opacity: 1}], {duration: 600000})"
    capture = detailed(visiting(coloured(120, 140, 160, 180, script=fade)))
    assert cards_of(capture) == EACH, "the browser ends what moves before it paints"
    assert len(painted) == 5


def test_where_the_picture_library_fails_the_browser_paints(
    visiting: Visiting, monkeypatch: pytest.MonkeyPatch, painted: list[str]
) -> None:
    def no_room(*_args: object, **_named: object) -> bytes:
        raise MemoryError

    monkeypatch.setattr(cuts.Picture, "webp", no_room)
    monkeypatch.setattr(cuts.Picture, "png", no_room)
    capture = detailed(visiting(coloured(120, 140, 160, 180)))
    assert cards_of(capture) == EACH
    assert len(painted) == 5
    assert capture.is_complete, capture.lacks


def test_a_visit_that_has_no_time_left_still_has_what_can_be_cut(visiting: Visiting) -> None:
    visit = visiting(coloured(120, 140, 160, 180))
    visit.open_thread("one")
    before = standing(visit.page, SHIPPED, thread=True)
    shown, _ = take_picture(visit.page, session=visit.page.context.new_cdp_session(visit.page))
    found = cuts_of(shown, before, standing(visit.page, SHIPPED, thread=True))
    taken = parts.take_parts(visit.page, SHIPPED, cuts=found, deadline=0)
    assert ([file.label for file in taken.files], taken.missing) == ([*EACH, "thread"], ())


def test_nothing_is_cut_from_a_picture_that_is_not_of_the_window(visiting: Visiting) -> None:
    visit = visiting(coloured(120, 140, 160, 180))
    visit.open_thread("one")
    session = visit.page.context.new_cdp_session(visit.page)
    shown, _ = take_picture(visit.page, session=session)
    at = standing(visit.page, SHIPPED, thread=True)
    assert at is not None
    assert cuts_of(shown, at, at) is not None
    other = Picture(shown).png((0, 0, 1280, 800))
    for wrong, before, after in (
        (other, at, at),
        (shown[:200], at, at),
        (b"", at, at),
        (shown, None, None),
        (shown, at, None),
        (shown, {**at, "scrolled": True}, {**at, "scrolled": True}),
        (shown, {**at, "page": 3_000}, {**at, "page": 3_000}),
    ):
        assert cuts_of(wrong, before, after) is None  # type: ignore[arg-type]
    assert cuts_of(shown, at, at).part(1, of=4) is None, "another number of cards"  # type: ignore[union-attr]
