"""Every page, in both languages, also when strangers wrote its texts; and what its buttons do."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from fixtures.shop import five_orders
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from tests.web.client import Answer
from tests.web.conftest import Dashboard, Serve
from watcher.domain.case import Case

TITLES = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }} {% raw %}",
    "\u202eevil\u202c ﷽ 🎁",
    "x" * 10_000,
]
BUYERS = ["</textarea><b>", "' onmouseover='x", "&lt;b&gt;", "\u2066\u202e", "javascript:alert(1)"]
PAGES = [
    "/",
    "/orders",
    "/orders?group=live&sorting=amount&words=%25_%5C",
    "/ship",
    "/archive",
    "/health",
    "/insights",
    "/listings",
    "/questions",
    "/policy",
    "/settings",
]


@pytest.fixture
def hostile(serve: Serve, tmp_path: Path) -> Dashboard:
    """Sales whose titles and buyers were written to break a page; one of them is cancelled."""
    clock = Clock()
    deals = five_orders(NOON)
    for deal, title, buyer in zip(deals, TITLES, BUYERS, strict=False):
        deal.ad, deal.buyer = replace(deal.ad, title=title), buyer
    rooms = Rooms(tmp_path / "data", deals, clock)
    rooms.check()
    clock.forward(minutes=20)
    rooms.shop.happen("friteuse", "BUYER_CANCELLED")
    rooms.check()
    rooms.store.close()
    return serve(tmp_path / "data")


class _Outline(HTMLParser):
    """What a page is made of: its tags, its attributes, its visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def own(dashboard: Dashboard) -> Iterator[str]:
    """Return the address of every page, those of each sale and capture included."""
    store = dashboard.store()
    orders, captures = store.orders(), store.captures()
    store.close()
    yield from PAGES
    for order in orders:
        yield f"/orders/{order.id}"
        yield f"/orders/{order.id}/compare"
        yield f"/orders/{order.id}/moments"
        yield f"/archive?order={order.id}"
    yield from (f"/captures/{capture.id}" for capture in captures[:5])


def case_of(dashboard: Dashboard) -> Case:
    store = dashboard.store()
    (case,) = store.cases()
    store.close()
    return case


def saw(answer: Answer, place: str) -> None:
    assert (answer.status, answer.headers.get("location", "")) == (303, place)


@pytest.mark.slow
def test_no_stranger_writes_markup_into_a_page(hostile: Dashboard):
    for path in own(hostile):
        answer = hostile.client.get(path)
        assert answer.status == 200, path
        page = _Outline(answer.text)
        scripts = [attributes for tag, attributes in page.tags if tag == "script"]
        assert all(script.get("src", "").startswith("/static/") for script in scripts), path
        assert not [
            tag for tag, attributes in page.tags if any(name.startswith("on") for name in attributes)
        ], path
        links = [attributes.get("href") or "" for tag, attributes in page.tags if tag == "a"]
        assert not [link for link in links if link.lower().startswith("javascript")], path
        assert "49" not in page.words, path
        assert not {"\u202e", "\u2066", "\u202c"} & set(answer.text), path


@pytest.mark.slow
def test_no_page_grows_with_what_strangers_write(hostile: Dashboard):
    sizes = {path: len(hostile.client.get(path).content) for path in own(hostile)}
    assert {path: size for path, size in sizes.items() if size > 200_000} == {}


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_page_speaks_one_language(serve: Serve, cancelled: Dashboard, language: str):
    dashboard = serve(cancelled.data, language=language)
    other = {
        "de": ("Sales", "Settings", "Last looked"),
        "en": ("Verkäufe", "Einstellungen", "Zuletzt geprüft"),
    }[language]
    for path in PAGES:
        text = dashboard.client.get(path).text
        assert f'<html lang="{language}">' in text
        assert [word for word in other if f">{word}" in text] == [], path


def test_who_has_just_begun_is_not_told_that_all_is_quiet(empty: Dashboard):
    for path in PAGES:
        assert empty.client.get(path).status == 200
    text = empty.client.get("/").text
    assert "Alles ruhig" not in text
    assert "stornowacht login main" in text


def test_the_start_page_shows_the_case_its_next_step_and_until_when(cancelled: Dashboard):
    text = cancelled.client.get("/").text
    case = case_of(cancelled)
    assert "Friteuse, kaum benutzt" in text
    assert f'action="/cases/{case.id}/ack"' in text
    assert "data-countdown" in text
    assert "icon-open.svg" in text


def test_a_case_is_taken_on_once_however_often_the_button_is_pressed(cancelled: Dashboard):
    case = case_of(cancelled)
    for _again in range(3):
        saw(cancelled.client.post(f"/cases/{case.id}/ack", {"from": "now"}), "/")
    store = cancelled.store()
    acks = store.acknowledgements(case.id)
    store.close()
    assert [ack.way for ack in acks] == ["dashboard"]
    assert f"/cases/{case.id}/ack" not in cancelled.client.get("/").text


def test_a_case_is_put_off(cancelled: Dashboard):
    case = case_of(cancelled)
    saw(cancelled.client.post(f"/cases/{case.id}/snooze", {"span": "2h"}), f"/orders/{case.order}")
    store = cancelled.store()
    (ack,) = store.acknowledgements(case.id)
    store.close()
    assert ack.snoozed_until is not None


@pytest.mark.parametrize("span", ["", "soon", "-2h", "2h; drop"])
def test_a_span_that_is_none_puts_nothing_off(cancelled: Dashboard, span: str):
    case = case_of(cancelled)
    assert cancelled.client.post(f"/cases/{case.id}/snooze", {"span": span}).status == 404
    store = cancelled.store()
    assert store.acknowledgements(case.id) == []
    store.close()


def test_a_step_is_marked_and_the_next_one_comes(cancelled: Dashboard):
    case = case_of(cancelled)
    step = case.next_step
    assert step is not None
    for _twice in range(2):
        saw(cancelled.client.post(f"/cases/{case.id}/steps/{step.id}"), f"/orders/{case.order}")
    after = case_of(cancelled)
    assert after.was_done(step.id)
    assert after.next_step != step


def test_the_reason_is_named(cancelled: Dashboard):
    case = case_of(cancelled)
    saw(
        cancelled.client.post(f"/cases/{case.id}/reason", {"reason": "second_thoughts"}),
        f"/orders/{case.order}",
    )
    assert case_of(cancelled).reason == "second_thoughts"
    assert cancelled.client.post(f"/cases/{case.id}/reason", {"reason": "nonsense"}).status == 404


def test_a_case_that_is_closed_twice_is_closed_once(cancelled: Dashboard):
    case = case_of(cancelled)
    for _twice in range(2):
        saw(cancelled.client.post(f"/cases/{case.id}/close"), f"/orders/{case.order}")
    assert not case_of(cancelled).is_open


def test_of_a_closed_case_what_is_optional_can_still_be_done_and_is_not_due(cancelled: Dashboard):
    case = case_of(cancelled)

    def step(name: str) -> str:
        text = cancelled.client.get(f"/orders/{case.order}").text
        return re.search(rf'<li class="[^"]*" id="{name}">.*?</li>', text, re.DOTALL)[0]

    assert 'class="step open"' in step("name_reason")
    cancelled.client.post(f"/cases/{case.id}/close")
    assert 'class="step dropped"' in step("keep_proof")
    for name in ("name_reason", "relist"):
        assert 'class="step left"' in step(name)
        assert "wenn du magst" in step(name)
        assert 'class="small' not in step(name).split("</summary>")[0]
    saw(cancelled.client.post(f"/cases/{case.id}/steps/relist"), f"/orders/{case.order}")
    assert 'class="step done"' in step("relist")


def test_a_note_is_kept_as_it_was_typed(cancelled: Dashboard):
    order = case_of(cancelled).order
    answer = cancelled.client.post(
        f"/orders/{order}/notes", {"text": "DHL, 14 Uhr: <b>angehalten</b>\nFrau Ö."}
    )
    saw(answer, f"/orders/{order}?saved=note#notes")
    assert "&lt;b&gt;angehalten&lt;/b&gt;" in cancelled.client.get(f"/orders/{order}").text


def test_an_empty_note_is_refused_with_a_word(cancelled: Dashboard):
    order = case_of(cancelled).order
    answer = cancelled.client.post(f"/orders/{order}/notes", {"text": "  \n "})
    assert answer.status == 422
    assert 'role="alert"' in answer.text


def test_what_is_pasted_of_another_parcel_comes_back_with_the_reason(cancelled: Dashboard):
    order = case_of(cancelled).order
    typed = "Sendung 00340434161094042557\n20.11.2026 10:00 Zugestellt"
    answer = cancelled.client.post(f"/orders/{order}/track", {"text": typed})
    assert answer.status == 422
    assert "00340434161094042557" in answer.text


def test_a_pasted_page_moves_the_parcel(cancelled: Dashboard):
    order = case_of(cancelled).order
    answer = cancelled.client.post(
        f"/orders/{order}/track",
        {"text": "22.11.2026, 09:30: Die Sendung wurde in das Zustellfahrzeug geladen."},
    )
    assert answer.status == 200
    assert "Zustellfahrzeug" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/orders/nothing",
        "/orders/o",
        "/captures/nothing",
        "/cases/nothing",
        "/pictures/x.png",
        "/jobs/x",
        "/attachments/x",
    ],
)
def test_what_is_not_there_gets_a_friendly_page(cancelled: Dashboard, path: str):
    answer = cancelled.client.get(path)
    assert answer.status == 404
    assert "Traceback" not in answer.text
    assert 'href="/"' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        "page=-1",
        "page=99999999999",
        "page=x",
        "stage=nonsense",
        "sorting=;drop",
        "group=",
        "words=" + "a" * 3000,
    ],
)
def test_a_search_that_makes_no_sense_still_shows_sales(cancelled: Dashboard, query: str):
    assert cancelled.client.get(f"/orders?{query}").status == 200


def test_a_search_finds_letters_of_title_buyer_and_number_and_takes_wildcards_as_letters(
    cancelled: Dashboard,
):
    def found(words: str) -> int:
        return cancelled.client.get(f"/orders?words={words}").text.count('class="card sale')

    assert found("FRITEUSE") == 1
    assert found("erika") == 1
    assert found("friteuse%20erika") == 1
    assert found("%25") == 0
    assert found("_") == 0


def test_a_picture_comes_by_its_hash_alone_and_nothing_else_out_of_the_archive(cancelled: Dashboard):
    store = cancelled.store()
    files = [file for capture in store.captures() for file in capture.files]
    store.close()
    pictures = [file for file in files if file.media_type.startswith("image/")]
    others = [file for file in files if not file.media_type.startswith("image/")]
    shown = cancelled.client.get(f"/pictures/{pictures[0].path.rsplit('/', 1)[-1]}")
    assert (shown.status, shown.headers["content-type"]) == (200, pictures[0].media_type)
    for file in others:
        assert cancelled.client.get(f"/pictures/{file.path.rsplit('/', 1)[-1]}").status == 404
    for path in (
        "/pictures/../stornowacht.db",
        "/pictures/..%2f..%2fstornowacht.db",
        f"/pictures/{'a' * 64}.png",
    ):
        assert cancelled.client.get(path).status in {400, 404}


def test_a_file_is_added_and_comes_out_as_a_download(cancelled: Dashboard):
    order = case_of(cancelled).order
    content = b"\x89PNG\r\n\x1a\n" + b"0" * 100
    answer = cancelled.client.post(
        f"/orders/{order}/attach", files={"files": ("../..\\Beleg <b>.png", content)}
    )
    saw(answer, f"/orders/{order}#attachments")
    store = cancelled.store()
    (kept,) = store.attachments().of(order)
    store.close()
    assert "/" not in kept.name
    out = cancelled.client.get(f"/attachments/{kept.id}")
    assert out.content == content
    assert out.headers["content-disposition"].startswith("attachment")
    assert out.headers["content-type"] == "application/octet-stream"


def test_no_file_chosen_is_said(cancelled: Dashboard):
    order = case_of(cancelled).order
    assert cancelled.client.post(f"/orders/{order}/attach", files={"files": ("", b"")}).status == 422


def test_a_sale_is_only_erased_by_its_typed_title(cancelled: Dashboard):
    order = case_of(cancelled).order
    answer = cancelled.client.post(f"/orders/{order}/forget", {"sure": "Friteuse"})
    assert answer.status == 404
    assert "Friteuse, kaum benutzt" in answer.text


def test_the_time_line_tells_what_happened_the_latest_first(cancelled: Dashboard) -> None:
    case = case_of(cancelled)
    cancelled.client.post(f"/cases/{case.id}/ack")
    cancelled.client.post(f"/orders/{case.order}/notes", {"text": "DHL angerufen"})
    text = cancelled.client.get(f"/orders/{case.order}/moments").text
    assert "DHL angerufen" in text
    assert text.index("DHL angerufen") < text.index('class="act"')
    assert text.count("<li") > 4


def test_the_archive_says_who_stamps_it_and_what_waits(serve: Serve, cancelled: Dashboard) -> None:
    assert "[timestamp]" in cancelled.client.get("/archive").text
    (cancelled.config_path.parent / "root.pem").write_text("a root", encoding="ascii")
    own = '[[timestamp.authority]]\nname = "nearby"\nurl = "http://127.0.0.1:9/"\nroots = "root.pem"\n'
    text = serve(cancelled.data, more=own).client.get("/archive").text
    assert "nearby" in text
    assert "noch keiner" in text
    assert 'action="/archive/stamp"' in text


def test_a_damaged_line_of_the_ledger_hides_no_check_of_the_last_days(cancelled: Dashboard) -> None:
    with sqlite3.connect(cancelled.data / "stornowacht.db") as database:
        database.execute("INSERT INTO ledger SELECT max(seq) + 1, 'no JSON', 'x' FROM ledger")
    database.close()
    store = cancelled.store()
    checks = store.catalogue().past_checks(since=NOON - timedelta(days=1))
    store.close()
    assert len(checks) == 2
    assert cancelled.client.get("/health").status == 200
