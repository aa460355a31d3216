"""The layout against pages that a real browser rendered."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from tests.pages.conftest import Rendered
from watcher.domain.confidence import Confidence
from watcher.domain.reading import ProblemKind
from watcher.domain.stage import Stage
from watcher.pages import dom_reader
from watcher.pages.page import parse
from watcher.pages.reader import read_list, read_thread
from watcher.pages.wall import wall

pytestmark = pytest.mark.browser
STAGES = {
    "friteuse": Stage.SHIPPED,
    "lampe": Stage.PAID,
    "jacke": Stage.REQUESTED,
    "fahrradkorb": Stage.DELIVERED,
    "brettspiel": Stage.PAID_OUT,
    "regal": Stage.DECLINED,
    "storno": Stage.CANCELLED,
    "frist": Stage.PAID,
}


def test_both_readers_see_the_same_rows(rendered: Rendered):
    found = read_list(parse(rendered.listed))
    assert found is not None
    assert found.complete
    assert not found.problems
    assert all(set(entry.marks) == {"json", "dom"} for entry in found.entries)


def test_the_page_alone_tells_titles_and_buyers(rendered: Rendered):
    found = read_list(parse(replace(rendered.listed, bodies=())))
    assert found is not None
    wanted = {one.conversation_id: one.partner for one in rendered.deals.values()}
    assert {entry.conversation: entry.buyer for entry in found.entries} == wanted
    assert all(
        (entry.title or "").endswith(rendered.deals[key].ad.title)
        for entry, key in (
            (
                entry,
                next(key for key, one in rendered.deals.items() if one.conversation_id == entry.conversation),
            )
            for entry in found.entries
        )
    )


@pytest.mark.parametrize("deal_id", STAGES)
def test_both_readers_agree_on_every_thread(rendered: Rendered, deal_id):
    page = rendered.thread(deal_id)
    assert wall(page) is None
    thread = read_thread(page)
    assert thread is not None
    assert thread.problems == ()
    assert [order.stage for order in thread.orders] == [STAGES[deal_id]]


@pytest.mark.parametrize("deal_id", STAGES)
def test_the_page_alone_is_enough_for_every_stage(rendered: Rendered, deal_id):
    thread = read_thread(parse(replace(rendered.threads[deal_id], bodies=())))
    assert thread is not None
    assert [problem.kind for problem in thread.problems] == [ProblemKind.JSON_MISSING]
    (order,) = thread.orders
    assert order.stage is STAGES[deal_id]
    assert order.confidence is not Confidence.CERTAIN
    assert order.title == rendered.deals[deal_id].ad.title


def test_the_price_and_the_parcel_are_read_from_the_page(rendered: Rendered):
    thread = dom_reader.read_thread(rendered.thread("friteuse"))
    assert thread is not None
    (order,) = thread.orders
    assert order.amount_cents == 4500
    assert order.tracking_number == rendered.deals["friteuse"].tracking_number


def test_a_question_and_a_purchase_hold_no_orders(rendered: Rendered):
    for deal_id in ("buch", "zelt"):
        thread = read_thread(rendered.thread(deal_id))
        assert thread is not None
        assert thread.orders == ()


def test_the_day_by_which_a_parcel_should_leave_is_read_from_the_page_alone_too(rendered: Rendered) -> None:
    by_dom = dom_reader.read_thread(rendered.thread("frist"))
    by_both = read_thread(rendered.thread("frist"))
    assert by_dom is not None
    assert by_both is not None
    assert [order.ship_by for order in by_dom.orders] == [order.ship_by for order in by_both.orders]
    assert [order.ship_by for order in by_both.orders] == [datetime(2026, 11, 25, 22, 59, 59, tzinfo=UTC)]
