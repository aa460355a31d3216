"""What every layout promises, whichever there are."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from tests.pages.captures import MARKER, capture, list_body, list_html, row_html
from watcher.app.understanding import understand
from watcher.domain.outcome import Outcome
from watcher.domain.stage import Stage
from watcher.pages.dom_reader import read_thread
from watcher.pages.layout import Layout, all_layouts, identify, layout_from, shown_thread
from watcher.pages.lore import Lore
from watcher.pages.page import parse

EMPTY = ["", "<html><body></body></html>", "<p>Etwas ganz anderes</p>", "<table><tr><td>" * 50]


@pytest.fixture(params=all_layouts(), ids=lambda layout: layout.name)
def layout(request: pytest.FixtureRequest) -> Layout:
    return request.param


@pytest.mark.parametrize("html", EMPTY)
def test_a_layout_does_not_claim_a_page_that_it_does_not_know(layout: Layout, html: str) -> None:
    page = parse(capture(html))
    assert not layout.identify(page)
    assert layout.rows(page) == ()
    assert layout.thread(page) is None


def test_the_newest_layout_is_asked_first_and_each_has_its_own_name() -> None:
    layouts = all_layouts()
    assert [layout.seen for layout in layouts] == sorted((layout.seen for layout in layouts), reverse=True)
    assert len({layout.name for layout in layouts}) == len(layouts)
    assert all(date(2020, 1, 1) < layout.seen for layout in layouts)


@pytest.mark.browser
def test_a_rendered_page_has_a_layout_that_reads_its_rows_and_its_thread(rendered) -> None:
    listed = parse(rendered.listed)
    found = identify(listed)
    assert found is not None
    assert all(row.conversation and row.title and row.preview for row in found.rows(listed))
    shown = found.thread(rendered.thread("friteuse"))
    assert shown is not None
    assert [card.heading for card in shown.cards][-1] == "Artikel versendet"


PAGES = Path(__file__).parent.parent.parent / "fixtures" / "pages"
SAVED = [
    pytest.param(layout, path, id=f"{layout.name}-{path.stem}")
    for layout in all_layouts()
    for path in sorted((PAGES / layout.name).glob("*.html"))
]


def test_every_layout_has_a_list_and_threads_to_be_tested_by(layout: Layout) -> None:
    names = [path.stem for path in (PAGES / layout.name).glob("*.html")]
    assert "list" in names
    assert len([name for name in names if name.startswith("thread-")]) >= 3


@pytest.mark.parametrize(("layout", "path"), SAVED)
def test_a_layout_finds_in_a_saved_page_what_stands_beside_it(layout: Layout, path: Path) -> None:
    page = parse(capture(path.read_text(encoding="utf-8")))
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    if path.stem == "list":
        shown: object = [asdict(row) for row in layout.rows(page)]
    else:
        found = layout.thread(page)
        assert found is not None
        shown = asdict(found)
    assert json.loads(json.dumps(shown)) == wanted


@pytest.mark.parametrize(("layout", "path"), [entry for entry in SAVED if "thread" in str(entry.id)])
def test_a_thread_of_a_layout_is_identified_as_the_newest_layout_that_can_read_it(
    layout: Layout, path: Path
) -> None:
    page = parse(capture(path.read_text(encoding="utf-8"), conversation="a:b:c"))
    readers = [known for known in all_layouts() if known.thread(page) is not None]
    assert layout in readers
    assert shown_thread(page) == readers[0].thread(page)
    thread = read_thread(page)
    assert thread is not None


def test_the_users_own_layout_is_asked_before_those_that_are_shipped() -> None:
    html = '<div data-testid="conversation-wrapper"><ul class="MessageList"><li><b class="Neu"><h3>Storniert</h3></b></li></ul></div>'
    page = parse(capture(html, conversation="a:b:c"))
    mine = layout_from("mine", {"card": ".Neu"})
    assert identify(page, [mine]) is mine
    thread = read_thread(page, [mine])
    assert thread is not None
    assert [order.stage for order in thread.orders] == [Stage.CANCELLED]


@pytest.mark.parametrize(
    ("own", "word"), [({"crad": "x"}, "crad"), ({"card": "a["}, "card"), ({"row": ":nope("}, "row")]
)
def test_a_mistake_in_a_users_selectors_is_named(own: dict[str, str], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        layout_from("mine", own)


def test_a_mark_of_the_login_that_the_user_names_is_believed_and_nothing_else() -> None:
    html = list_html(row_html("a:b:c")).replace(MARKER, "<p class='hello'>Hallo Marlene</p>")
    shown = capture(html, list_body({"conversations": [], "_meta": {"numFound": 0}}))
    taught = Lore(layouts=(layout_from("mine", {"logged_in": "p.hello"}),))
    other = Lore(layouts=(layout_from("mine", {"card": ".Neu"}),))
    assert understand(shown, lore=taught).wall is None
    assert understand(shown, lore=other).wall is Outcome.UNREADABLE
