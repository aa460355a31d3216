"""Every row of the table in docs/walls.md, met by a real browser at the practice shop."""

import re
import socket
import threading
from contextlib import closing, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from fixtures.shop import WALLS
from tests.support.open_browser import OpenHouse
from watcher.app.looking import is_gone
from watcher.app.understanding import understand
from watcher.bootstrap import house
from watcher.config_file import load
from watcher.storage.store import SqliteStore

pytestmark = [pytest.mark.browser, pytest.mark.slow]
_TABLE = Path(__file__).parent.parent.parent / "docs" / "walls.md"
_ROW = re.compile(r"\| `(\w+)` \| [^|]+ \| `(\w+)` \| (?:`(\w+)` )?\| (\d) \|")
_SETTLE = '[browser]\nsettle = "4s"'


class Row(NamedTuple):
    wall: str
    outcome: str
    cause: str | None
    code: int


ROWS = [
    Row(found[1], found[2], found[3], int(found[4]))
    for line in _TABLE.read_text(encoding="utf-8").splitlines()
    if (found := _ROW.fullmatch(line))
]


def test_every_wall_of_the_practice_shop_stands_in_the_table():
    assert {row.wall for row in ROWS} == set(WALLS)
    assert len(ROWS) == len(WALLS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.wall)
def test_a_wall_is_what_the_table_says_keeps_its_proof_and_changes_no_order(watched, look, row):
    watched.configure(_SETTLE)
    before = stages(watched)
    assert before
    watched.shop.wall = row.wall
    met, outcome = look(watched)
    assert (met["outcome"], met["cause"], outcome.exit_code) == (row.outcome, row.cause, row.code), met
    assert met["complete"] is False
    assert stages(watched) == before
    assert not [event for event in met["events"] if event["order"]], "no order is cancelled, missing or over"
    assert met["captures"] or row.outcome == "unreachable"
    assert watched.writes() == []


def test_a_name_that_nobody_knows_is_a_matter_of_dns(watched):
    met = _at(watched, "https://www.kleinanzeigen.invalid")
    assert (met.code, met.json["outcome"], met.json["cause"]) == (4, "unreachable", "dns")


def test_a_server_without_tls_is_a_matter_of_the_certificate(watched):
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        threading.Thread(target=_answer_in_plain, args=(listener,), daemon=True).start()
        met = _at(watched, f"https://127.0.0.1:{listener.getsockname()[1]}")
    assert (met.code, met.json["outcome"], met.json["cause"]) == (4, "unreachable", "tls")


def test_an_address_where_nobody_listens_refuses(place):
    place.shop.stop()
    met = place.run("check", "--json")
    place.shop.start()
    assert (met.code, met.json["outcome"], met.json["cause"]) == (4, "unreachable", "refused")


def stages(place):
    store = SqliteStore(place.storage)
    try:
        return {order.id: order.stage for order in store.orders()}
    finally:
        store.close()


def _answer_in_plain(listener):
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            with connection:
                connection.recv(1024)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")


def _at(place, address):
    place.configure(_SETTLE)
    text = place.config.read_text(encoding="utf-8").replace(place.shop.base_url, address)
    place.config.write_text(text, encoding="utf-8")
    return place.run("check", "--json")


def test_both_layouts_are_read_alike(watched, look):
    watched.shop.layout = "messagebox_2026_02"
    watched.shop.happen("friteuse", "BUYER_CANCELLED")
    met, outcome = look(watched)
    assert (outcome.exit_code, met["outcome"], met["problems"]) == (0, "ok", [])
    assert [event["kind"] for event in met["events"]] == ["order_cancelled"]
    order = next(order for order in met["orders"] if order["title"].startswith("Friteuse"))
    assert {word["kind"] for word in order["words"]} == {"type", "heading"}


def test_a_conversation_that_was_deleted_is_no_wall_and_answers_that_there_is_none(watched, browser_context):
    conversation = watched.shop.deal("friteuse").conversation_id
    watched.shop.remove("friteuse")
    with (
        house(load(watched.config)) as our,
        OpenHouse.of(our, browser_context, watched.shop).visit("main") as visit,
    ):
        capture = visit.open_thread(conversation)
    understood = understand(capture)
    assert (understood.wall, understood.thread, is_gone(capture)) == (None, None, True)


def test_a_page_that_the_seller_added_is_archived_and_read_by_its_words(watched, look):
    page = f"{watched.shop.base_url}/m-uebung-zahlungen.html"
    watched.configure(f'[[account]]\nname = "main"\n[[account.page]]\nname = "zahlungen"\nurl = "{page}"')
    first, _outcome = look(watched)
    assert first["added_pages"][0]["stages"]["shipped"] == 1
    assert any(capture["page"] == "added" for capture in first["captures"])
    watched.shop.happen("friteuse", "BUYER_CANCELLED")
    second, _outcome = look(watched)
    assert {event["kind"] for event in second["events"]} == {"order_cancelled", "page_changed"}
