"""Much too much, nothing at all, and a storage that does not behave: every page still answers, small and soon."""

import http.client
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fixtures.shop import five_orders
from tests.app.test_forgotten import forget_it
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from tests.web.conftest import Dashboard, Serve, dashboard_on
from tests.web.test_pages import case_of, own, saw
from watcher.app.archive import NoteKind
from watcher.app.seller import write_note
from watcher.storage.database import FILE_NAME
from watcher.storage.store import SqliteStore
from watcher.web import desk
from watcher.web.gate import COOKIE

pytestmark = pytest.mark.slow

MARKS = {"\u202e", "\u2066", "\u202c", "\u200f", "\x1b", "\x07"}
LARGEST = 200_000


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """A sale that was cancelled, and four others."""
    clock = Clock()
    rooms = Rooms(tmp_path / "data", five_orders(NOON), clock)
    rooms.check()
    clock.forward(minutes=20)
    rooms.shop.happen("friteuse", "BUYER_CANCELLED")
    rooms.check()
    yield rooms
    rooms.store.close()


def change(rooms: Rooms, query: str, *parameters: object) -> None:
    """Change what is stored behind the program's back."""
    connection = sqlite3.connect(rooms.folder / FILE_NAME)
    with connection:
        connection.execute(query, parameters)
    connection.close()


def answers(dashboard: Dashboard) -> dict[str, str]:
    """Return the text of every page; each of them answers, and is not too large."""
    found = {}
    for path in own(dashboard):
        answer = dashboard.client.get(path)
        assert answer.status == 200, path
        assert len(answer.content) <= LARGEST, path
        found[path] = answer.text
    return found


def cancelled_order(rooms: Rooms) -> str:
    (case,) = rooms.store.cases()
    return case.order


@pytest.mark.parametrize(
    "title",
    [
        "\u202e" + "שולחן אוכל \u200f" * 500,
        "🎁👨‍👩‍👧‍👦🇩🇪" * 700,
        "\x1b[2J\x07\x00Lampe",
        "a\u0301" * 5_000,
        "W" * 10_000,
    ],
    ids=["right to left", "emoji", "escape codes", "combining", "one word"],
)
def test_no_title_or_buyer_spoils_a_page(serve: Serve, rooms: Rooms, title: str):
    change(rooms, "UPDATE orders SET title = ?1, buyer = ?1, tracking_number = substr(?1, 1, 200)", title)
    for path, text in answers(serve(rooms.folder)).items():
        assert not MARKS & set(text), path


def test_a_sale_of_which_nothing_is_known_is_shown_all_the_same(serve: Serve, rooms: Rooms):
    change(
        rooms,
        "UPDATE orders SET title = NULL, buyer = NULL, amount_cents = NULL, carrier = NULL, tracking_number = NULL,"
        " pickup = NULL, reached = NULL, shipping_option = NULL, made_at = NULL, ad_id = NULL",
    )
    change(
        rooms,
        "UPDATE orders SET stage = 'unknown', confidence = 'unsure' WHERE id <> ?",
        cancelled_order(rooms),
    )
    for path, text in answers(serve(rooms.folder, language="en")).items():
        assert re.search(r"\bNone\b(?! yet)", text) is None, path


@pytest.mark.parametrize("stage", ["unknown", "disputed", "expired", "refunded", "requested"])
def test_a_sale_at_any_stage_is_shown(serve: Serve, rooms: Rooms, stage: str):
    change(rooms, "UPDATE orders SET stage = ?", stage)
    answers(serve(rooms.folder))


def test_a_thousand_captures_of_one_sale_come_page_by_page(serve: Serve, rooms: Rooms):
    order = next(order for order in rooms.store.orders() if order.id == cancelled_order(rooms))
    change(
        rooms,
        "WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 1000)"
        " INSERT INTO captures (id, account, conversation, kind, taken_at, url, reason, complete)"
        " SELECT 'many-' || n, ?, ?, 'conversation', ?, 'https://example.org/', 'changed', 1 FROM counted",
        order.account,
        order.conversation,
        NOON.isoformat(),
    )
    dashboard = serve(rooms.folder, language="en")
    text = answers(dashboard)[f"/orders/{order.id}"]
    assert text.count("<time datetime") < 120
    assert f'/archive?order={order.id}">' in text
    last = dashboard.client.get(f"/archive?order={order.id}&page=21").text
    assert "Page 21 of 21" in last


def test_five_hundred_notes_are_not_all_shown_at_once(serve: Serve, rooms: Rooms):
    order = cancelled_order(rooms)
    for number in range(500):
        write_note(
            rooms.store,
            order,
            f"Notiz {number}: " + "Sie sagen, morgen. " * 20,
            rules=rooms.case_rules,
            clock=rooms.clock,
            kind=NoteKind.NOTE,
        )
    dashboard = serve(rooms.folder, language="en")
    text = dashboard.client.get(f"/orders/{order}").text
    assert len(text.encode()) <= LARGEST
    assert "Notiz 499:" in text
    assert "Notiz 0:" not in text
    assert "450 earlier notes" in text
    assert "Notiz 0:" in dashboard.client.get(f"/orders/{order}?notes=all").text


def test_captures_whose_files_are_gone_are_listed_without_a_picture(serve: Serve, rooms: Rooms):
    paths = [rooms.folder / file.path for capture in rooms.store.captures() for file in capture.files]
    for path in paths:
        path.unlink(missing_ok=True)
    dashboard = serve(rooms.folder)
    answers(dashboard)
    store = dashboard.store()
    pictures = [
        file.path.rsplit("/", 1)[-1]
        for capture in store.captures()
        for file in capture.files
        if file.media_type.startswith("image/")
    ]
    store.close()
    assert pictures
    assert {dashboard.client.get(f"/pictures/{name}").status for name in pictures} == {404}


def test_a_sale_that_was_erased_says_so_and_keeps_nothing(serve: Serve, rooms: Rooms):
    sold = next(order for order in rooms.store.orders() if order.title and "Brettspiel" in order.title)
    forget_it(rooms, sold)
    dashboard = serve(rooms.folder, language="en")
    text = dashboard.client.get(f"/orders/{sold.id}").text
    assert "This sale was erased" in text
    assert f'action="/orders/{sold.id}/forget"' not in text
    assert "erased sale" in dashboard.client.get("/orders").text


def test_a_locked_database_costs_a_reader_nothing_and_a_writer_a_friendly_word_soon(
    serve: Serve, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(desk, "PATIENCE", 0.05)
    dashboard = serve(rooms.folder, language="en")
    case = case_of(dashboard)
    csrf = dashboard.client.csrf
    other = sqlite3.connect(rooms.folder / FILE_NAME, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answers(dashboard)
        refused = dashboard.client.post(f"/cases/{case.id}/ack", {"csrf": csrf})
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert refused.status == 503
    assert "The database is locked by another program." in refused.text
    saw(dashboard.client.post(f"/cases/{case.id}/ack"), f"/orders/{case.order}")


def test_a_wholly_locked_database_gets_a_busy_page_that_needs_no_database(
    serve: Serve, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(desk, "PATIENCE", 0.05)
    dashboard = serve(rooms.folder, language="en")
    other = sqlite3.connect(rooms.folder / FILE_NAME, isolation_level=None)
    other.execute("PRAGMA locking_mode = EXCLUSIVE")
    rooms.store.close()
    other.execute("BEGIN EXCLUSIVE")
    try:
        found = {path: dashboard.client.get(path).status for path in ("/", "/orders", "/archive", "/policy")}
    finally:
        other.execute("ROLLBACK")
        other.close()
        rooms.store = SqliteStore(rooms.folder)
    print(found)
    assert found["/policy"] == 200
    assert set(found.values()) <= {200, 503}


def test_a_page_waits_for_a_lock_no_longer_than_somebody_looks_at_a_screen():
    assert desk.PATIENCE <= 5


def test_an_ending_dashboard_lets_its_open_pages_go(rooms: Rooms):
    with dashboard_on(rooms.folder) as dashboard:
        where = urlsplit(dashboard.client.address)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=20)
        connection.request("GET", "/live", headers={"Cookie": f"{COOKIE}={dashboard.client.token}"})
        answer = connection.getresponse()
        assert answer.readline().startswith(b"retry")
    answer.read()  # it ends, and the block did not wait for it
    connection.close()
