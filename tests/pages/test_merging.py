"""Two readers, one truth."""

import pytest

from fixtures.shop import CARDS, five_orders
from tests.pages.captures import (
    CONVERSATION,
    MARKER,
    NOW,
    answer,
    card_html,
    deal,
    item,
    list_bodies,
    list_body,
    list_html,
    message_html,
    opened,
    page,
    row_html,
    shown_list,
    thread_html,
    thread_page,
)
from tests.support.every import every
from watcher.domain.confidence import Confidence
from watcher.domain.order import SeenOrder
from watcher.domain.reading import Listing, ProblemKind, Thread
from watcher.domain.stage import Stage
from watcher.pages.reader import read_list, read_thread

PAID_SEEN = "TRANSACTION_RESERVED_BUYER_MESSAGE"
SHIPPED = "ITEM_MARKED_AS_SHIPPED_TRACKING_AVAILABLE_SELLER_MESSAGE"
CANCELLED = "TRANSACTION_CANCELLED_BY_BUYER_SELLER_MESSAGE"
WAYS = {
    "REQUESTED": (),
    "COUNTER_OFFERED": ("REQUESTED",),
    "REQUEST_DECLINED": ("REQUESTED",),
    "REQUEST_AUTO_DECLINED": ("REQUESTED",),
    "BUYER_DECLINED": ("REQUESTED", "COUNTER_OFFERED"),
    "ACCEPTED": ("REQUESTED",),
    "PAYMENT_PENDING": ("REQUESTED", "ACCEPTED"),
    "PAYMENT_EXPIRED": ("REQUESTED", "ACCEPTED", "PAYMENT_PENDING"),
}
"""What comes before an event that does not follow a payment."""


def listed(*args, **known) -> Listing:
    found = read_list(page(*args, **known))
    assert found is not None
    return found


def merged(event: str, heading: str, **fields: object) -> tuple[SeenOrder, list[ProblemKind]]:
    """One deal of one card, as each reader sees it."""
    thread = read_thread(thread_page(answer(item(event, **fields)), thread_html(card_html(heading))))
    assert thread is not None
    (order,) = thread.orders
    return order, [problem.kind for problem in thread.problems]


def read(content: object = None, html: str = "") -> Thread:
    found = read_thread(thread_page(content, html))
    assert found is not None
    return found


# --- the list


def test_a_list_that_both_readers_see_is_complete_and_carries_both_marks():
    deals = five_orders(NOW)
    found = listed(shown_list(deals), *list_bodies(deals))
    assert found.complete
    assert not found.problems
    assert len(found.entries) == len(deals)
    assert all(set(entry.marks) == {"json", "dom"} for entry in found.entries)


def test_a_list_from_the_page_alone_says_that_the_json_is_missing():
    found = listed(shown_list(five_orders(NOW)))
    assert not found.complete
    assert [problem.kind for problem in found.problems] == [ProblemKind.JSON_MISSING]


def test_a_list_from_the_json_alone_says_that_the_page_is_missing():
    found = listed(MARKER, *list_bodies(five_orders(NOW)))
    assert found.complete
    assert [problem.kind for problem in found.problems] == [ProblemKind.DOM_MISSING]


def test_the_empty_list_of_a_new_account_is_complete_and_no_problem():
    found = listed(MARKER, list_body({"conversations": [], "_meta": {"numFound": 0}}))
    assert found.complete
    assert not found.problems


def test_an_empty_page_without_json_is_no_empty_list():
    assert read_list(page(list_html())) is None
    assert read_list(page(MARKER)) is None
    assert read_list(page("")) is None


def test_rows_that_only_the_page_shows_are_kept_and_leave_the_list_incomplete():
    deals = five_orders(NOW)
    found = listed(shown_list(deals), *list_bodies(deals[1:]))
    assert len(found.entries) == len(deals)
    assert not found.complete
    assert [problem.kind for problem in found.problems] == [ProblemKind.READERS_DISAGREE]


def test_a_page_that_shows_only_a_part_of_its_rows_is_no_problem():
    """A long list may show those in view alone."""
    deals = five_orders(NOW)
    found = listed(shown_list(deals[:2]), *list_bodies(deals))
    assert found.complete
    assert not found.problems


def test_the_json_tells_the_role_and_the_page_alone_takes_every_row_for_a_sale():
    deals = five_orders(NOW)
    zelt = deals[-1].conversation_id
    both, page_alone = listed(shown_list(deals), *list_bodies(deals)), listed(shown_list(deals))
    assert {entry.conversation for entry in both.entries if not entry.selling} == {zelt}
    assert all(entry.selling for entry in page_alone.entries)


def test_a_row_is_recognised_when_one_reader_is_missing_the_next_time():
    deals = five_orders(NOW)
    both, page_alone = listed(shown_list(deals), *list_bodies(deals)), listed(shown_list(deals))
    known = {entry.conversation: entry.marks for entry in both.entries}
    assert not any(entry.differs_from(known[entry.conversation]) for entry in page_alone.entries)


def test_a_row_that_no_reader_saw_both_times_counts_as_changed():
    (by_json,) = listed(MARKER, *list_bodies(five_orders(NOW)[:1])).entries
    (by_page,) = listed(list_html(row_html(by_json.conversation))).entries
    assert by_page.differs_from(by_json.marks)


# --- a thread


def test_both_readers_and_confirmed_words_make_it_certain():
    assert merged(PAID_SEEN, "Artikel versenden")[0].confidence is Confidence.CERTAIN
    assert merged(PAID_SEEN, "Artikel versenden")[1] == []


def test_a_guess_of_either_reader_makes_it_likely():
    assert (
        merged("TRANSACTION_RESERVED_SELLER_MESSAGE", "Artikel versenden")[0].confidence is Confidence.LIKELY
    )
    assert merged(PAID_SEEN, "Zahlung erhalten")[0].confidence is Confidence.LIKELY


@pytest.mark.parametrize(
    ("content", "html", "kind"),
    [
        (answer(item(PAID_SEEN)), MARKER, ProblemKind.DOM_MISSING),
        (None, thread_html(card_html("Artikel versenden")), ProblemKind.JSON_MISSING),
    ],
)
def test_one_reader_alone_lowers_the_confidence_and_is_told(content, html, kind):
    thread = read(content, html)
    assert [(order.stage, order.confidence) for order in thread.orders] == [(Stage.PAID, Confidence.LIKELY)]
    assert [(problem.kind, problem.conversation) for problem in thread.problems] == [(kind, CONVERSATION)]


@pytest.mark.parametrize(
    ("content", "html"),
    [(answer(item(CANCELLED)), MARKER), (None, thread_html(card_html("Der Käufer hat storniert")))],
)
def test_either_reader_alone_is_enough_for_a_cancellation(content, html):
    (order,) = read(content, html).orders
    assert (order.stage, order.confidence) == (Stage.CANCELLED, Confidence.UNSURE)


def test_neither_reader_is_no_thread():
    assert read_thread(thread_page(None, MARKER)) is None
    assert read_thread(thread_page(b"", "")) is None


@pytest.mark.parametrize(
    ("event", "heading", "stage"),
    [
        (PAID_SEEN, "Der Käufer hat storniert", Stage.CANCELLED),
        (CANCELLED, "Artikel versenden", Stage.CANCELLED),
        (PAID_SEEN, "Problem gemeldet", Stage.DISPUTED),
        (CANCELLED, "Rückerstattung", Stage.CANCELLED),
        (SHIPPED, "Artikel zugestellt", Stage.SHIPPED),
    ],
)
def test_where_the_readers_disagree_the_worse_one_counts_unsurely(event, heading, stage):
    order, problems = merged(event, heading)
    assert (order.stage, order.confidence) == (stage, Confidence.UNSURE)
    assert problems == [ProblemKind.READERS_DISAGREE]


def test_words_that_no_table_knows_leave_it_to_the_type():
    order, problems = merged(PAID_SEEN, "Paket teleportiert")
    assert (order.stage, order.confidence, problems) == (Stage.PAID, Confidence.LIKELY, [])


def test_a_type_that_no_table_knows_is_told_even_where_the_words_are_known():
    order, _ = merged("AVAILABILITY_REQUESTED_SELLER_MESSAGE", "Ist dein Artikel noch verfügbar?")
    assert order.stage is Stage.PAID
    assert order.unknown_events == ("AVAILABILITY_REQUESTED_SELLER_MESSAGE",)


def test_what_neither_reader_knows_is_unknown():
    order, _ = merged("PARCEL_TELEPORTED_SELLER_MESSAGE", "Paket teleportiert")
    assert (order.stage, order.confidence) == (Stage.UNKNOWN, Confidence.UNSURE)


def test_the_page_fills_in_what_the_json_does_not_hold():
    rows = "<dl><dt>Artikel</dt><dd>38,00 €</dd></dl>"
    html = thread_html(card_html("Artikel versendet", "mit DHL, Nr. JJD000390007881234567", rows=rows))
    (order,) = read(answer(item(SHIPPED)), html).orders
    assert (order.amount_cents, order.carrier, order.tracking_number) == (
        3800,
        "dhl",
        "JJD000390007881234567",
    )


def test_how_far_the_goods_came_may_stand_on_the_page_alone():
    html = thread_html(card_html("Artikel versendet"), card_html("Der Käufer hat storniert"))
    (order,) = read(answer(item(CANCELLED)), html).orders
    assert (order.stage, order.reached) == (Stage.CANCELLED, Stage.SHIPPED)


def test_what_the_json_holds_wins():
    rows = "<dl><dt>Artikel</dt><dd>38,00 €</dd></dl>"
    html = thread_html(card_html("Artikel versendet", rows=rows), title="Lampe")
    content = answer(item(SHIPPED, itemPriceInEuroCent=4000, carrierId="HERMES_001"), adTitle="Stehlampe")
    (order,) = read(content, html).orders
    assert (order.title, order.amount_cents, order.carrier) == ("Stehlampe", 4000, "hermes")


def test_deals_are_paired_from_the_latest_back():
    content = answer(
        item("SELLER_REJECTED_OFFER_SELLER_MESSAGE", hour=1, offerId="1"),
        item(PAID_SEEN, hour=2, offerId="2"),
    )
    thread = read(content, thread_html(card_html("Artikel versenden")))
    assert [(order.stage, order.confidence) for order in thread.orders] == [
        (Stage.DECLINED, Confidence.LIKELY),
        (Stage.PAID, Confidence.CERTAIN),
    ]
    assert [problem.kind for problem in thread.problems] == [ProblemKind.READERS_DISAGREE]


def test_a_purchase_holds_no_orders_whatever_the_page_shows():
    thread = read(answer(item(PAID_SEEN)) | {"role": "BUYER"}, thread_html(card_html("Artikel bezahlt")))
    assert (thread.orders, thread.problems) == ((), ())


def test_a_message_about_a_cancellation_is_no_cancellation():
    said = {"type": "MESSAGE", "boundness": "INBOUND", "textShort": "Kauf storniert"}
    thread = read(
        answer(item(PAID_SEEN), said),
        thread_html(card_html("Artikel versenden"), message_html("Kauf storniert")),
    )
    assert [order.stage for order in thread.orders] == [Stage.PAID]


# --- the practice shop's whole table


@every("event", sorted(set(CARDS) - {"MYSTERY", "AVAILABILITY_ASKED"}))
def test_on_every_event_of_the_practice_shop_both_readers_agree(event):
    before = WAYS.get(event, ("REQUESTED", "ACCEPTED", "PAID"))
    thread = read_thread(opened(deal(*before, event)))
    assert thread is not None
    assert thread.problems == ()
    assert len(thread.orders) == 1


@every(
    ("event", "stage"),
    [
        ("BUYER_CANCELLED", Stage.CANCELLED),
        ("SELLER_CANCELLED", Stage.CANCELLED),
        ("REFUNDED", Stage.REFUNDED),
        ("CHARGEBACK", Stage.REFUNDED),
    ],
)
@every("way", [("PAID",), ("PAID", "SHIPPED"), ("PAID", "SHIPPED", "DELIVERED")], ids=len)
def test_every_end_is_read_with_how_far_the_goods_came(way, event, stage):
    thread = read_thread(opened(deal("REQUESTED", "ACCEPTED", *way, event)))
    assert thread is not None
    (order,) = thread.orders
    assert order.stage is stage
    assert (
        order.reached is {"PAID": Stage.PAID, "SHIPPED": Stage.SHIPPED, "DELIVERED": Stage.DELIVERED}[way[-1]]
    )


def test_a_pickup_deal_is_read_as_one():
    thread = read_thread(opened(deal("REQUESTED", "ACCEPTED", "PAID", "BUYER_CANCELLED", carrier=None)))
    assert thread is not None
    (order,) = thread.orders
    assert (order.stage, order.pickup, order.carrier) == (Stage.CANCELLED, True, None)
