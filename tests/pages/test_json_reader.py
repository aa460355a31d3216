"""The first reader: the JSON answers that the page itself received."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fixtures.shop import Deal, five_orders, quiet_account
from fixtures.shop.histories import parcel_number
from tests.pages.captures import (
    BASE,
    BOX,
    CONVERSATION,
    NOW,
    answer,
    capture,
    deal,
    item,
    list_answer,
    list_bodies,
    list_body,
    thread_answer,
    thread_body,
)
from tests.support.every import every
from watcher.domain.capture import Body
from watcher.domain.confidence import Confidence
from watcher.domain.order import SeenOrder
from watcher.domain.reading import Listing, ProblemKind, Reach, Thread
from watcher.domain.stage import Stage
from watcher.pages.json_reader import read_list, read_thread

ACCEPTED = "OFFER_ACCEPTED_SELLER_MESSAGE"
PAID = "TRANSACTION_RESERVED_SELLER_MESSAGE"
SHIPPED = "ITEM_MARKED_AS_SHIPPED_TRACKING_AVAILABLE_SELLER_MESSAGE"
REQUESTED = "BUYER_OFFER_MADE_SELLER_MESSAGE"
COUNTER = "SELLER_OFFER_MADE_SELLER_MESSAGE"
DECLINED = "SELLER_REJECTED_OFFER_SELLER_MESSAGE"
EXPIRED = "TRANSACTION_EXPIRED_MESSAGE"
CANCELLED = "TRANSACTION_CANCELLED_BY_BUYER_SELLER_MESSAGE"
REFUNDED = "TRANSACTION_REFUNDED_SELLER_MESSAGE"


def listed(*bodies: Body) -> Listing:
    found = read_list(capture("", *bodies))
    assert found is not None
    return found


def read(content: object) -> Thread:
    found = read_thread(capture("", thread_body(content), conversation=CONVERSATION))
    assert found is not None
    return found


def orders(*messages: dict, **fields: object) -> tuple[SeenOrder, ...]:
    return read(answer(*messages, **fields)).orders


def order_of(of: Deal) -> SeenOrder:
    body = thread_body(thread_answer(of), of.conversation_id)
    found = read_thread(capture("", body, conversation=of.conversation_id))
    assert found is not None
    (order,) = found.orders
    return order


# --- the list


def test_pages_of_the_list_are_joined_and_complete_when_all_are_there():
    deals = quiet_account(NOW, 60)
    found = listed(*list_bodies(deals))
    assert {entry.conversation for entry in found.entries} == {one.conversation_id for one in deals}
    assert found.complete
    assert not found.problems


def test_a_list_that_lacks_a_page_says_how_much_it_holds():
    found = listed(*list_bodies(quiet_account(NOW, 60))[:2])
    assert not found.complete
    assert [(problem.kind, problem.detail) for problem in found.problems] == [
        (ProblemKind.LIST_INCOMPLETE, "50 of 60 rows")
    ]


@pytest.mark.parametrize("broken", [{"status": 503}, {"status": 0}, {"content": b'{"conversations": [{"id'}])
def test_a_page_that_is_lacking_between_others_leaves_the_list_incomplete(broken):
    """However far down the others reach: what stood on it may have changed."""
    first, second, third = list_bodies(quiet_account(NOW, conversations=30), size=10)
    reach = Reach(until=NOW)
    assert read_list(capture("", first, second, third), reach).complete
    listing = read_list(capture("", first, replace(second, **broken), third), reach)
    assert not listing.complete
    assert not listing.whole
    assert [problem.detail.partition(" did")[0] for problem in listing.problems] == ["page 1 of the list"]
    lost = replace(capture("", first, third), lost_bodies=(second.url,))
    assert not read_list(lost, reach).complete


def test_a_page_that_fails_below_what_matters_is_not_missed():
    first, second, _ = list_bodies(quiet_account(NOW, conversations=30), size=10)
    assert read_list(capture("", first, replace(second, status=503)), Reach(until=NOW)).complete


def test_a_row_that_slid_onto_the_next_page_while_it_loaded_counts_once():
    """A new message arrives between two pages: every row moves one down, and the new one was never seen."""
    before, after = quiet_account(NOW, 50), quiet_account(NOW, 51)[1:] + quiet_account(NOW, 1)
    first, second = list_answer(before[:25], size=25), list_answer(before[24:49], size=25)
    first["_meta"]["numFound"] = 50
    second["_meta"]["numFound"] = len(after)
    found = listed(list_body(first), list_body(second, number=1))
    assert len(found.entries) == 49
    assert not found.complete


def test_the_order_of_arrival_of_the_pages_does_not_matter():
    bodies = list_bodies(quiet_account(NOW, 60))
    assert listed(*reversed(bodies)) == listed(*bodies)


def test_an_empty_list_that_says_so_is_complete():
    found = listed(list_body({"conversations": [], "_meta": {"numFound": 0}}))
    assert found.complete
    assert found.entries == ()


@every("meta", [None, {}, {"numFound": None}, {"numFound": "3"}, {"numFound": -1}, []])
def test_a_list_that_does_not_say_how_long_it_is_is_never_complete(meta):
    assert not listed(list_body({"conversations": [], "_meta": meta})).complete


@every("row", [None, {}, {"id": ""}, {"id": []}, {"id": "x" * 500}, "row"])
def test_a_row_without_a_usable_id_leaves_the_list_incomplete(row):
    found = listed(list_body({"conversations": [row, {"id": "a:b:c"}], "_meta": {"numFound": 1}}))
    assert not found.complete
    assert [entry.conversation for entry in found.entries] == ["a:b:c"]


@every(
    "body",
    [
        list_body({"conversations": []}, status=503),
        list_body({"conversations": None}),
        list_body({"rows": []}),
        list_body(b"<html>"),
        list_body(b""),
        Body(url=BASE + "/other", status=200, content=b'{"conversations": []}'),
        Body(url="https://[broken", status=200, content=b'{"conversations": []}'),
    ],
)
def test_an_answer_that_holds_no_list_is_none(body):
    assert read_list(capture("", body)) is None


@every(
    ("role", "selling"),
    [("Seller", True), ("SELLER", True), ("Buyer", False), ("BUYER", False), (None, True), (7, True)],
)
def test_the_role_counts_in_either_case_and_an_unreadable_one_as_selling(role, selling):
    found = listed(list_body({"conversations": [{"id": "a:b:c", "role": role}], "_meta": {"numFound": 1}}))
    assert found.entries[0].selling is selling


@every(
    ("key", "changes"),
    [
        ("receivedDate", True),
        ("textShortTrimmed", True),
        ("adStatus", True),
        ("userActionRequired", True),
        ("unread", False),
        ("unreadMessagesCount", False),
        ("adImage", False),
    ],
)
def test_a_row_is_marked_by_what_can_tell_of_a_change(key, changes):
    """Whether the seller has read it is no change."""
    rows = [list_answer(five_orders(NOW))["conversations"][0] for _ in range(2)]
    rows[1][key] = "another"
    entries = [listed(list_body({"conversations": [row], "_meta": {}})).entries[0] for row in rows]
    assert entries[0].differs_from(entries[1].marks) is changes


def test_a_row_brings_title_buyer_and_ad():
    friteuse = five_orders(NOW)[0]
    (entry,) = listed(*list_bodies([friteuse])).entries
    assert (entry.title, entry.buyer, entry.ad_id) == ("Friteuse, kaum benutzt", "Erika", friteuse.ad.id)


# --- a thread


def test_a_shipped_order_is_read_with_all_its_fields():
    friteuse = five_orders(NOW)[0]
    found = order_of(friteuse)
    assert (found.stage, found.reached, found.confidence) == (Stage.SHIPPED, Stage.SHIPPED, Confidence.LIKELY)
    assert (found.title, found.buyer, found.ad_id) == ("Friteuse, kaum benutzt", "Erika", friteuse.ad.id)
    assert (found.amount_cents, found.carrier, found.pickup) == (4500, "dhl", None)
    assert found.tracking_number == friteuse.tracking_number
    assert found.stage_at == friteuse.steps[-1][1]
    assert {friteuse.offer_id, friteuse.payment_id} <= found.deal_ids


@every(
    ("steps", "stage"),
    [
        (("REQUESTED",), Stage.REQUESTED),
        (("REQUESTED", "ACCEPTED"), Stage.AWAITING_PAYMENT),
        (("REQUESTED", "ACCEPTED", "PAYMENT_PENDING"), Stage.AWAITING_PAYMENT),
        (("REQUESTED", "ACCEPTED", "PAID"), Stage.PAID),
        (("REQUESTED", "ACCEPTED", "PAID", "SHIPPED"), Stage.SHIPPED),
        (("REQUESTED", "ACCEPTED", "PAID", "SHIPPED", "DELIVERED"), Stage.DELIVERED),
        (("REQUESTED", "ACCEPTED", "PAID", "SHIPPED", "DELIVERED", "RECEIVED"), Stage.RECEIVED),
        (("REQUESTED", "ACCEPTED", "PAID", "SHIPPED", "RECEIVED", "PAID_OUT"), Stage.PAID_OUT),
        (("REQUESTED", "ACCEPTED", "PAID", "BUYER_CANCELLED"), Stage.CANCELLED),
        (("REQUESTED", "ACCEPTED", "PAID", "SHIPPED", "BUYER_CANCELLED", "REFUNDED"), Stage.REFUNDED),
        (("REQUESTED", "ACCEPTED", "PAYMENT_EXPIRED"), Stage.EXPIRED),
        (("REQUESTED", "REQUEST_AUTO_DECLINED"), Stage.DECLINED),
        (("REQUESTED", "ACCEPTED", "PAID", "DISPUTED"), Stage.DISPUTED),
        (("REQUESTED", "ACCEPTED", "PAID", "MYSTERY"), Stage.UNKNOWN),
        (("REQUESTED", "ACCEPTED", "PAID", "SHIPPED", "SURVEY"), Stage.SHIPPED),
        (("REQUESTED", "ACCEPTED", "PAID", "BUYER_CANCELLED", "PAID"), Stage.PAID),
    ],
)
def test_every_history_of_the_practice_shop_ends_where_it_should(steps, stage):
    assert order_of(deal(*steps)).stage is stage


def test_a_cancelled_order_remembers_how_far_the_parcel_came():
    assert order_of(deal("REQUESTED", "PAID", "SHIPPED", "BUYER_CANCELLED")).reached is Stage.SHIPPED


def test_an_unknown_event_is_named():
    found = order_of(deal("REQUESTED", "PAID", "MYSTERY"))
    assert found.unknown_events == ("PARCEL_TELEPORTED_SELLER_MESSAGE",)
    assert found.confidence is Confidence.UNSURE


def test_a_cancellation_does_not_hide_behind_an_unknown_event_after_it():
    found = order_of(deal("REQUESTED", "PAID", "BUYER_CANCELLED", "MYSTERY"))
    assert (found.stage, found.confidence) == (Stage.CANCELLED, Confidence.UNSURE)
    assert found.unknown_events == ("PARCEL_TELEPORTED_SELLER_MESSAGE",)


def test_a_type_nobody_knows_with_words_of_a_cancellation_is_one_unsurely():
    found = orders(item("NEWS_MESSAGE", title="Hinweis", text="Der Käufer hat den Kauf storniert."))
    assert [(one.stage, one.confidence) for one in found] == [(Stage.CANCELLED, Confidence.UNSURE)]


def test_a_type_nobody_knows_with_harmless_words_stays_unknown():
    assert orders(item("NEWS_MESSAGE", title="Artikel versendet"))[0].stage is Stage.UNKNOWN


def test_a_reminder_that_threatens_with_a_cancellation_is_none():
    text = "Versende den Artikel bis morgen, sonst wird der Kauf storniert."
    assert (
        orders(item("SHIPPING_REMINDER_SELLER_MESSAGE", title="Erinnerung", text=text))[0].stage
        is Stage.UNKNOWN
    )


def test_words_on_a_button_are_not_read():
    actions = [{"actionType": "CANCEL_SALE_ACTION", "ctaText": "Kauf storniert melden"}]
    assert orders(item("NEWS_MESSAGE", title="Hinweis", text="", actions=actions))[0].stage is Stage.UNKNOWN


def test_the_active_item_tells_the_stage():
    found = orders(item(PAID, hour=1, active=True), item(ACCEPTED, hour=2, active=False))
    assert (found[0].stage, found[0].reached) == (Stage.PAID, Stage.PAID)


def test_a_cancellation_behind_a_stale_active_mark_counts():
    found = orders(item(PAID, hour=1, active=True), item(CANCELLED, hour=2, active=False))
    assert (found[0].stage, found[0].confidence) == (Stage.CANCELLED, Confidence.UNSURE)


def test_items_are_taken_in_the_order_of_their_time():
    assert (
        orders(item(CANCELLED, hour=3), item(REQUESTED, hour=1), item(PAID, hour=2))[0].stage
        is Stage.CANCELLED
    )


def test_a_time_that_is_none_leaves_the_items_in_the_pages_order():
    found = orders(item(PAID, hour=9), item(CANCELLED) | {"receivedDate": "gestern"})
    assert found[0].stage is Stage.CANCELLED


def test_times_are_moments():
    (found,) = orders(item(PAID, hour=14))
    assert found.stage_at == datetime(2026, 11, 21, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00.000+1400", "9999-12-31T23:00:00.000-1200", "2026-11-21T10:00", 5, None]
)
def test_a_time_that_no_calendar_or_zone_can_show_is_none(time):
    (found,) = orders(item(PAID) | {"receivedDate": time})
    assert found.stage_at is None


@pytest.mark.parametrize("kind", ["MESSAGE", "INTERACTION_RATING", "SOMETHING_NEW"])
def test_what_people_write_is_no_deal(kind):
    said = {
        "type": kind,
        "boundness": "INBOUND",
        "textShort": "Kauf storniert",
        "receivedDate": "2026-11-21T10:00:00.000+0100",
    }
    assert orders(said) == ()


def test_an_empty_message_is_ignored():
    assert orders({"type": "MESSAGE", "boundness": "INBOUND", "textShort": ""}) == ()


def test_a_new_kind_of_item_from_the_site_is_told():
    (found,) = orders({"type": "WALLET_MESSAGE", "textShort": "Neu"})
    assert (found.stage, found.unknown_events) == (Stage.UNKNOWN, ("WALLET_MESSAGE",))


def test_a_survey_alone_is_no_deal():
    assert orders(item("SURVEY_MESSAGE")) == ()


# --- several deals in one thread


def stages(*messages: dict, **fields: object) -> list[Stage]:
    return [found.stage for found in orders(*messages, **fields)]


def test_a_counter_offer_has_a_new_id_and_is_the_same_deal():
    found = orders(
        item(REQUESTED, hour=1, offerId="1"),
        item(COUNTER, hour=2, offerId="2"),
        item(ACCEPTED, hour=3, offerId="2"),
    )
    assert [(one.stage, one.deal_ids) for one in found] == [(Stage.AWAITING_PAYMENT, {"1", "2"})]


def test_a_request_after_an_ended_deal_is_a_second_deal():
    assert stages(
        item(REQUESTED, hour=1, offerId="1"),
        item(DECLINED, hour=2, offerId="1"),
        item(REQUESTED, hour=3, offerId="2"),
        item(PAID, hour=4, offerId="2"),
    ) == [Stage.DECLINED, Stage.PAID]


def test_a_request_beside_a_paid_deal_is_a_second_deal():
    messages = [
        item(PAID, hour=1, offerId="1"),
        item(REQUESTED, hour=2, offerId="2"),
        item(DECLINED, hour=3, offerId="2"),
    ]
    assert stages(*messages) == [Stage.PAID, Stage.DECLINED]


def test_a_request_without_ids_beside_a_paid_deal_is_a_second_deal():
    assert stages(item(PAID, hour=1), item(REQUESTED, hour=2)) == [Stage.PAID, Stage.REQUESTED]


def test_a_purchase_without_a_request_after_an_ended_deal_is_a_second_deal():
    assert stages(item(EXPIRED, hour=1, offerId="1"), item(PAID, hour=2, offerId="2")) == [
        Stage.EXPIRED,
        Stage.PAID,
    ]


def test_a_refund_with_an_id_of_its_own_belongs_to_the_cancelled_deal():
    found = orders(
        item(PAID, hour=1, offerId="1"),
        item(CANCELLED, hour=2, offerId="1"),
        item(REFUNDED, hour=3, paymentId="9"),
    )
    assert [(one.stage, one.reached) for one in found] == [(Stage.REFUNDED, Stage.PAID)]


def test_late_items_find_their_deal_by_id():
    found = orders(
        item(PAID, hour=1, offerId="1"),
        item(CANCELLED, hour=2, offerId="1"),
        item(REQUESTED, hour=3, offerId="2"),
        item(REFUNDED, hour=4, offerId="1"),
    )
    assert [one.stage for one in found] == [Stage.REFUNDED, Stage.REQUESTED]


def test_deals_that_an_item_joins_are_one():
    found = orders(
        item(EXPIRED, hour=1, offerId="1"),
        item(PAID, hour=2, paymentId="2"),
        item(SHIPPED, hour=3, offerId="1", paymentId="2"),
    )
    assert [(one.stage, one.deal_ids) for one in found] == [(Stage.SHIPPED, {"1", "2"})]


def test_ids_may_be_numbers_and_may_sit_on_an_action():
    (found,) = orders(
        item(PAID, offerId=17, actions=[{"negotiationId": "n", "offeredPriceInEuroCent": 1200}])
    )
    assert found.deal_ids == {"17", "n"}
    assert found.amount_cents == 1200


# --- amounts, parcels, people


@every(
    ("fields", "cents"),
    [
        ({"offeredPriceInEuroCent": 17500, "itemPriceInEuroCent": 19000}, 17500),
        ({"itemPriceInEuroCent": 19000}, 19000),
        ({"itemPriceInEuroCent": "19000"}, 2500),
        ({"itemPriceInEuroCent": True}, 2500),
        ({"itemPriceInEuroCent": -5}, 2500),
        ({"itemPriceInEuroCent": 10**12}, 2500),
        ({}, 2500),
    ],
)
def test_the_agreed_price_counts_and_the_ads_price_where_none_can_be_true(fields, cents):
    assert orders(item(PAID, **fields), adPriceInEuroCent=2500)[0].amount_cents == cents


@pytest.mark.parametrize(
    ("fields", "carrier"),
    [
        ({"carrierId": "DHL_001"}, "dhl"),
        ({"carrierId": "HERMES_002", "carrierName": "DHL"}, "hermes"),
        ({"carrierName": "Hermes"}, "hermes"),
        ({"carrierName": "Brieftaube"}, None),
        ({"carrierName": 3}, None),
    ],
)
def test_the_carrier_is_known_by_a_short_name(fields, carrier):
    assert orders(item(PAID, **fields))[0].carrier == carrier


def test_the_way_of_shipping_and_its_liability_are_read():
    [found] = orders(item(PAID, shippingOptionName="DHL Paket 2 kg", liabilityLimitInEuroCent=50000))
    assert (found.shipping_option, found.liability_cents) == ("DHL Paket 2 kg", 50000)


@every("hostile", [None, "", " ", [], {}, True, -1, "500", 10**30, 1.5])
def test_a_liability_that_is_no_amount_is_not_known(hostile):
    [found] = orders(item(PAID, shippingOptionName=hostile, liabilityLimitInEuroCent=hostile))
    assert found.liability_cents is None
    assert found.shipping_option in {None, "500"}


def test_a_tracking_number_is_taken_from_the_shipping_card_alone():
    number = parcel_number("0034043420051118270")
    assert orders(item(SHIPPED, carrierId="DHL_001", text=f"Nr. {number}"))[0].tracking_number == number
    assert orders(item(PAID, carrierId="DHL_001", text=f"Nr. {number}"))[0].tracking_number is None


def test_a_tracking_number_with_a_wrong_check_digit_is_left_alone():
    number = parcel_number("0034043420051118270")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert orders(item(SHIPPED, text=f"Nr. {wrong}"))[0].tracking_number is None


@pytest.mark.parametrize("kind", ["PICKUP", "pick_up", "LOCAL_PICKUP"])
def test_a_pickup_is_recognised(kind):
    assert orders(item(PAID, shippingType=kind))[0].pickup is True


def test_names_and_titles_lose_what_could_harm_a_terminal_or_a_mail():
    (found,) = orders(item(PAID), buyerName="\x1b[31mEve\u202e\r\nBcc: x\x00", adTitle="Lampe\u00a0\ud83d")
    assert found.buyer == "Eve Bcc: x"
    assert found.title == "Lampe ?"


@pytest.mark.parametrize("role", ["Buyer", "BUYER"])
def test_a_purchase_of_the_accounts_own_holds_no_orders(role):
    thread = read(answer(item(PAID)) | {"role": role})
    assert not thread.selling
    assert thread.orders == ()


# --- what the thread says about its payment


def test_a_payment_id_makes_a_request_paid_as_likely_as_the_rule_is():
    (found,) = orders(item(REQUESTED, offerId="1"), paymentAnalyticsData={"offerId": "1", "paymentId": "p"})
    assert (found.stage, found.confidence, found.reached) == (Stage.PAID, Confidence.LIKELY, Stage.PAID)
    assert found.deal_ids == {"1", "p"}


def test_no_payment_id_leaves_the_stage_alone():
    (found,) = orders(item(ACCEPTED, offerId="1"), paymentAnalyticsData={"offerId": "1", "paymentId": None})
    assert found.stage is Stage.AWAITING_PAYMENT


@pytest.mark.parametrize(("event", "stage"), [(SHIPPED, Stage.SHIPPED), (CANCELLED, Stage.CANCELLED)])
def test_a_payment_id_never_takes_a_stage_back(event, stage):
    (found,) = orders(item(event, offerId="1"), paymentAnalyticsData={"offerId": "1", "paymentId": "p"})
    assert found.stage is stage


def test_an_expiry_with_a_payment_id_had_been_paid():
    (found,) = orders(item(EXPIRED, offerId="1"), paymentAnalyticsData={"offerId": "1", "paymentId": "p"})
    assert (found.stage, found.reached) == (Stage.EXPIRED, Stage.PAID)


def test_the_payment_belongs_to_the_deal_that_shares_an_id():
    messages = [item(PAID, hour=1, offerId="1"), item(REQUESTED, hour=2, offerId="2")]
    found = orders(*messages, paymentAnalyticsData={"offerId": "1", "paymentId": "p", "carrier": "HERMES"})
    assert [(one.stage, one.carrier) for one in found] == [(Stage.PAID, "hermes"), (Stage.REQUESTED, None)]


def test_the_payment_of_a_deal_that_is_not_shown_makes_no_sale_of_a_declined_request():
    messages = [item(REQUESTED, hour=1, offerId="1"), item(DECLINED, hour=2, offerId="1")]
    (found,) = orders(*messages, paymentAnalyticsData={"offerId": "2", "paymentId": "p"})
    assert (found.stage, found.reached, found.deal_ids) == (Stage.DECLINED, Stage.REQUESTED, {"1"})


# --- which answer counts


def test_the_latest_answer_for_the_conversation_counts():
    bodies = [thread_body(answer(item(PAID))), thread_body(answer(item(CANCELLED)))]
    found = read_thread(capture("", *bodies, conversation=CONVERSATION))
    assert found is not None
    assert found.orders[0].stage is Stage.CANCELLED


@every(
    "body",
    [
        thread_body(answer(item(PAID)), status=503),
        thread_body(answer(item(PAID)), status=0),
        thread_body(answer(item(PAID)), "an:other:one"),
        thread_body({"messages": None}),
        thread_body(b"[]"),
        Body(url=f"{BOX}/read?ids={CONVERSATION}", status=200, content=b'{"messages": []}'),
    ],
    ids=["503", "lost", "another conversation", "no messages", "no object", "read marker"],
)
def test_an_answer_that_is_not_this_conversation_is_none(body):
    assert read_thread(capture("", body, conversation=CONVERSATION)) is None


def test_the_digest_changes_with_what_is_said_and_not_with_what_was_viewed():
    base = item(PAID, title="Artikel versenden", viewed=False)
    digest = read(answer(base)).digest
    assert read(answer(base | {"viewed": True})).digest == digest
    assert read(answer(base | {"active": True})).digest != digest
    assert read(answer(base | {"title": "Anders"})).digest != digest
    assert read(answer(base, item(SHIPPED, hour=5))).digest != digest
    assert read(answer(base, paymentAnalyticsData={"paymentId": "p"})).digest != digest
