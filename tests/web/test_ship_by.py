"""Until when parcels should leave, on the pages: who says so, the most urgent first, nothing once a parcel has left."""

import re
import shutil
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.web.conftest import Dashboard, Serve
from watcher.app.seller import seller_saw
from watcher.bootstrap import now
from watcher.domain.budget import BERLIN
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone
from watcher.domain.stage import Stage
from watcher.storage.store import SqliteStore


def end_of_day(days: int) -> datetime:
    """The last moment of the day so many days from now."""
    return (now().astimezone(BERLIN) + timedelta(days=days)).replace(hour=23, minute=59, second=59)


@pytest.fixture
def paid(played: Path, tmp_path: Path) -> list[Order]:
    """Three paid sales: one is due in two days, one was due yesterday, one has no day and waits since six days."""
    shutil.copytree(played / "known", tmp_path / "data")
    with closing(SqliteStore(tmp_path / "data")) as store, store.writing() as writing:
        orders = [
            replace(
                order,
                stage=Stage.PAID,
                pickup=False,
                ship_by=until,
                paid_at=now() - timedelta(days=6),
                title=title,
            )
            for order, until, title in zip(
                store.orders(),
                (end_of_day(2), end_of_day(-1), None),
                ("Lampe", "Jacke", "Korb"),
                strict=False,
            )
        ]
        writing._connection.execute("DELETE FROM sightings")
        writing.save_orders(orders)
    return orders


@pytest.fixture
def shop(serve: Serve, paid: list[Order], tmp_path: Path) -> Dashboard:
    return serve(tmp_path / "data", language="en")


def part(text: str, heading: str) -> str:
    found = re.search(rf'<section[^>]*aria-labelledby="{heading}".*?</section>', text, re.DOTALL)
    return found[0] if found else ""


def test_the_start_page_names_what_waits_the_most_urgent_first(shop: Dashboard) -> None:
    listed = part(shop.client.get("/").text, "to-ship-title")
    assert re.findall(r">(Lampe|Jacke|Korb)<", listed)[:2] == ["Jacke", "Lampe"]
    assert "over since yesterday" in listed
    assert "2 more days" in listed
    assert "(as the page says)" in listed
    assert "paid for 6 days, not shipped yet" in listed
    assert "waits long" in listed  # it has no day


def test_the_hand_in_page_says_until_when(shop: Dashboard, paid: list[Order]) -> None:
    text = shop.client.get("/ship").text
    cards = re.findall(r'<article class="card going[^"]*" id="(\w+)".*?</article>', text, re.DOTALL)
    lamp, jacket, basket = (order.id for order in paid)
    assert [card for card in cards if card in {lamp, jacket, basket}] == [jacket, lamp, basket]
    assert text.count("Hand in by") == 2


def test_a_sales_page_says_it_until_the_parcel_has_left(shop: Dashboard, paid: list[Order]) -> None:
    jacket = paid[1]
    assert "over since yesterday" in shop.client.get(f"/orders/{jacket.id}").text
    with closing(shop.store()) as store, store.writing() as writing:
        writing.save_sighting(seller_saw(jacket, Milestone.HANDED_IN, at=now()))
    for path in (f"/orders/{jacket.id}", "/", "/ship"):
        assert "over since yesterday" not in shop.client.get(path).text


def test_a_promise_counts_where_the_page_names_no_day(
    serve: Serve, paid: list[Order], tmp_path: Path
) -> None:
    dashboard = serve(tmp_path / "data", language="en", more='[seller]\nships_within = "1 day"\n')
    basket = dashboard.client.get(f"/orders/{paid[2].id}").text
    assert "(your promise)" in basket
    assert "over for" in basket
    assert "(as the page says)" in dashboard.client.get(f"/orders/{paid[0].id}").text


def test_where_nothing_waits_the_start_page_has_no_list(empty: Dashboard) -> None:
    assert "to-ship" not in empty.client.get("/").text
