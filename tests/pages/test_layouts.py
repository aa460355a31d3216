"""What every layout promises, whichever there are."""

from datetime import date

import pytest

from tests.pages.captures import capture
from watcher.pages.layout import Layout, all_layouts, identify
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
