"""The page of figures: what it shows, that its charts are its tables, and that nobody waits for it."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.guarded import until
from tests.support.sales import plant
from tests.web.conftest import Dashboard, Serve, dashboard_on
from tests.web.visitor import NARROWEST, PHONE, WIDE, Complaints, let_in, resize
from watcher.bootstrap import now
from watcher.web.pages import insights as module


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sales") / "data"
    plant(folder, now=now())
    return folder


@pytest.fixture(scope="module")
def shop(folder: Path) -> Iterator[Dashboard]:
    """The dashboard of somebody who has sold for a year; it is only read."""
    with dashboard_on(folder) as dashboard:
        yield dashboard


def test_each_figure_stands_with_its_count_and_its_range(shop: Dashboard):
    text = shop.client.get("/insights").text
    assert "12 von 125" in text.replace("\u00a0", " ")
    row = re.search(r'<tr data-short="Hermes".*?</tr>', text)
    assert row is not None
    assert 'data-hits="10" data-of="40" data-share="0.25" data-low="0.1419" data-high="0.4019"' in row[0]
    assert "14 bis 40" in row[0]


def test_what_is_too_few_has_no_rate_and_no_point_in_a_chart(shop: Dashboard):
    row = re.search(r'<tr data-short="brieftaube".*?</tr>', shop.client.get("/insights").text)
    assert row is not None
    assert "data-share" not in row[0]
    assert "0 von 5" in row[0]


def test_every_chart_has_its_table(shop: Dashboard):
    text = shop.client.get("/insights").text
    charts = re.findall(r'data-chart="(\w+)" data-of="([\w-]+)"', text)
    assert {kind for kind, _table in charts} == {"rates", "counts"}
    for _kind, table in charts:
        assert f'<table id="{table}">' in text


def test_a_shorter_time_is_chosen_by_a_link_and_said(shop: Dashboard):
    text = shop.client.get("/insights?since=90d").text
    assert re.search(r'href="/insights\?since=90d" aria-current="page"', text)
    assert "von 125" not in text


@pytest.mark.parametrize(
    "query", ["since=nonsense", "since=%1b[2J", "account=nobody", "account=<b>", "since="]
)
def test_what_makes_no_sense_in_an_address_is_left_out(shop: Dashboard, query: str):
    answer = shop.client.get(f"/insights?{query}")
    assert answer.status == 200
    assert "von 125" in answer.text
    assert "<b>" not in answer.text


def test_the_table_is_handed_out_as_a_file(shop: Dashboard):
    answer = shop.client.get("/insights.csv?since=all")
    assert answer.headers["content-disposition"] == 'attachment; filename="stornowacht-insights-all.csv"'
    assert answer.headers["content-type"].startswith("text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert [(row["of"], row["share"]) for row in rows if row["figure"] == "cancelled"] == [("125", "0,096")]


def test_figures_are_counted_once_until_something_is_written(
    shop: Dashboard, monkeypatch: pytest.MonkeyPatch
):
    counted = []
    count = module.insights
    monkeypatch.setattr(
        module, "insights", lambda *args, **kwargs: counted.append(1) or count(*args, **kwargs)
    )
    with closing(shop.store()) as store, store.writing() as writing:
        writing.record("note_added", at=now(), account="main")
    for _again in range(3):
        assert shop.client.get("/insights").status == 200
    assert len(counted) == 1
    with closing(shop.store()) as store, store.writing() as writing:
        writing.record("note_added", at=now(), account="main")
    shop.client.get("/insights")
    assert len(counted) == 2


def test_many_different_questions_are_not_all_kept(shop: Dashboard, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_MOST_KEPT", 2)
    for span in ("90d", "1y", "all", "90d"):
        assert shop.client.get(f"/insights?since={span}").status == 200


def test_who_has_just_begun_sees_a_friendly_word(empty: Dashboard):
    answer = empty.client.get("/insights")
    assert answer.status == 200
    assert "data-chart" not in answer.text
    assert "insights.csv" not in answer.text


def test_a_page_stays_small_and_harmless_whatever_strangers_call_a_carrier(serve: Serve, tmp_path: Path):
    plant(tmp_path / "data", now=now(), carrier='<img src=x onerror="alert(1)">\u202e' + "x" * 10_000)
    dashboard = serve(tmp_path / "data")
    answer = dashboard.client.get("/insights")
    assert len(answer.content) < 200_000
    assert "<img" not in answer.text
    assert "\u202e" not in answer.text


def test_several_accounts_can_be_told_apart(serve: Serve, folder: Path, tmp_path: Path):
    shutil.copytree(folder, tmp_path / "data")
    more = '[[account]]\nname = "main"\n[[account]]\nname = "zweites"\n'
    dashboard = serve(tmp_path / "data", more=more)
    assert '<option value="zweites">' in dashboard.client.get("/insights?account=main").text
    assert "von 125" in dashboard.client.get("/insights?account=main").text
    other = dashboard.client.get("/insights?account=zweites").text
    assert "von 125" not in other
    assert 'href="/insights?since=90d&amp;account=zweites"' in other


def test_a_closed_case_is_looked_back_on_at_its_sale(cancelled: Dashboard):
    store = cancelled.store()
    (case,) = store.cases()
    store.close()
    assert "look-back" not in cancelled.client.get(f"/orders/{case.order}").text
    cancelled.client.post(f"/cases/{case.id}/reason", {"reason": "description"})
    cancelled.client.post(f"/cases/{case.id}/close")
    text = cancelled.client.get(f"/orders/{case.order}").text
    assert f'id="{case.id}-look-back"' in text
    assert "von jedem Mangel eins aus der Nähe" in text


def _tables_out_of_their_cards(page: Page, *, count: str, interval: str) -> list[str]:
    """Return the tables that would stand out of their cards if all counts and ranges were as long as these."""
    found: list[str] = page.evaluate(
        """([count, interval]) => {
            const tables = [...document.querySelectorAll(".figure > table")]
            for (const row of tables.flatMap(table => [...table.querySelectorAll("tbody tr[data-of]")])) {
                row.children[1].querySelector(".nowrap").textContent = count
                row.children[2].innerHTML = `<span class="nowrap">32 %</span><br><span class="small soft nowrap">${interval}</span>`
            }
            const room = card => card.clientWidth - parseFloat(getComputedStyle(card).paddingLeft) * 2
            return tables.filter(table => table.offsetWidth > room(table.parentElement) + 1).map(table => table.id)
        }""",
        [count, interval],
    )
    return found


# Not by `wait_for_function`: what it waits for is evaluated in the page, whose security policy forbids that.
_CHARTS_FIT = """[...document.querySelectorAll('.chart')].every(box => box.querySelectorAll('canvas').length === 1
  && box.querySelector('.uplot').getBoundingClientRect().width <= box.clientWidth + 1)"""


@pytest.mark.browser
def test_charts_show_the_tables_numbers_and_nothing_is_refused(shop: Dashboard, chromium: Browser):
    complaints = Complaints()
    with let_in(chromium, shop) as context:
        page = context.new_page()
        complaints.listen(page)
        page.goto(shop.client.address.rstrip("/") + "/insights")
        charts = page.locator(".chart")
        drawn = page.locator(".chart canvas")
        assert charts.count() >= 4
        assert drawn.count() == charts.count()
        for scheme, size in (("dark", PHONE), ("light", WIDE), ("light", NARROWEST)):
            page.emulate_media(color_scheme=scheme)
            resize(page, size)
            until(page, lambda: page.evaluate(_CHARTS_FIT))
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        assert _tables_out_of_their_cards(page, count="2850 von 9885", interval="29,5 bis 35,5 %") == []
    assert complaints.told == []


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "size"), [("light", PHONE), ("dark", WIDE)])
def test_nothing_on_it_is_in_anybodys_way(
    shop: Dashboard, chromium: Browser, scheme: str, size: tuple[int, int]
):
    with let_in(chromium, shop, size=size) as context:
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(shop.client.address.rstrip("/") + "/insights")
        violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        found = [(each["id"], each["nodes"][0]["html"][:200]) for each in violations]
    assert found == []
