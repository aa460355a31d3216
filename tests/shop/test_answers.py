"""The gateway's JSON has the shapes that public clients describe."""

import re

import pytest

from fixtures.shop import Ad, Deal, Shop, quiet_account

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0[12]00")


def test_the_list_has_the_known_keys_and_counts(visitor):
    """Every key that two public clients agree on is there."""
    answer = visitor.gateway(f"{visitor.box}?page=0&size=25").json
    assert {"numUnread", "numUnreadMessages", "lastModified", "conversations", "_meta"} == set(answer)
    assert answer["_meta"]["numFound"] == 8
    assert answer["numUnreadMessages"] == 3
    assert {
        "id", "role", "buyerName", "sellerName", "userIdBuyer", "userIdSeller", "adId", "adTitle", "adStatus",
        "adImage", "adPriceType", "adType", "unread", "unreadMessagesCount", "textShortTrimmed", "boundness",
        "receivedDate", "userActionRequired",
    } <= set(answer["conversations"][0])  # fmt: skip


def test_the_list_begins_with_the_newest_conversation(visitor):
    """The site sorts by the last item."""
    dates = [entry["receivedDate"] for entry in visitor.listed().values()]
    assert dates == sorted(dates, reverse=True)


def test_dates_carry_german_time_and_an_offset_without_colon(visitor):
    """Like 2026-09-25T19:26:49.627+0200."""
    assert all(STAMP.fullmatch(item["receivedDate"]) for item in visitor.detail("friteuse")["messages"])
    assert visitor.detail("lampe")["messages"][-1]["receivedDate"] == "2026-11-22T08:45:00.000+0100"


def test_conversation_ids_look_real_and_never_change(shop, visitor, now):
    """Three groups of 5, 7 and 9 characters, derived from the deal's own id."""
    wanted = shop.deal("friteuse").conversation_id
    assert re.fullmatch(r"[0-9a-z]{5}:[0-9a-z]{7}:[0-9a-z]{9}", wanted)
    assert wanted in visitor.listed()
    assert wanted == Deal(id="friteuse", ad=Ad(title="anders", price_cents=1), buyer="X").conversation_id


def test_a_detail_answer_adds_messages_and_the_state_of_the_payment(visitor):
    """Only the newest payment item is active."""
    detail = visitor.detail("friteuse")
    payments = [item for item in detail["messages"] if item["type"] == "PAYMENT_AND_SHIPPING_MESSAGE"]
    assert [item["active"] for item in payments] == [False] * 4 + [True]
    assert (
        payments[-1]["paymentAndShippingMessageType"]
        == "ITEM_MARKED_AS_SHIPPED_TRACKING_AVAILABLE_SELLER_MESSAGE"
    )
    assert "boundness" not in payments[-1]
    assert detail["paymentBanner"] == "PAYMENT_PROGRESS_BAR"
    assert detail["paymentAnalyticsData"]["carrier"] == "DHL"
    assert detail["paymentAnalyticsData"]["paymentId"]
    assert "00340434" in payments[-1]["text"]
    assert payments[-1]["text"].startswith("Der Artikel ist mit DHL unterwegs.")


def test_a_request_carries_its_amounts_and_buttons(visitor):
    """The rows of the card add up, and the seller may answer."""
    item = visitor.detail("jacke")["messages"][-1]
    assert item["paymentAndShippingMessageType"] == "BUYER_OFFER_MADE_SELLER_MESSAGE"
    assert item["totalInEuroCent"] == sum(
        item[key] for key in ("itemPriceInEuroCent", "buyerFeeInEuroCent", "shippingCostInEuroCent")
    )
    assert [action["ctaText"] for action in item["actions"]] == [
        "Anfrage akzeptieren",
        "Gegenangebot machen",
        "Anfrage ablehnen",
    ]
    assert visitor.detail("jacke")["paymentStateSummary"] == ["OFFER_MADE_BY_BUYER"]


def test_the_fee_fits_the_one_public_sample(shop):
    """50.00 euro, fee 2.75: 0.50 euro and 4.5 per cent."""
    assert Deal(id="x", ad=Ad(title="x", price_cents=5000), buyer="X").fee_cents == 275


def test_a_plain_question_has_no_deal_at_all(visitor):
    """Neither offer nor payment, and a deleted ad stays deleted."""
    detail = visitor.detail("buch")
    assert detail["paymentAnalyticsData"] is None
    assert detail["adStatus"] == "DELETED"
    assert {item["type"] for item in detail["messages"]} == {"MESSAGE"}


def test_a_purchase_of_ones_own_speaks_as_to_a_buyer(visitor):
    """Other suffix, other words, no buttons."""
    detail = visitor.detail("zelt")
    assert detail["role"] == "Buyer"
    types = [item.get("paymentAndShippingMessageType", "") for item in detail["messages"]]
    assert "TRANSACTION_RESERVED_BUYER_MESSAGE" in types
    assert not any(kind.endswith("_SELLER_MESSAGE") for kind in types)


def test_a_pickup_deal_never_speaks_of_shipping(now):
    """It has no carrier, and the goods are handed over."""
    deal = Deal(id="sofa", ad=Ad(title="Sofa", price_cents=9000), buyer="Ida", steps=[("PAID", now)])
    with Shop([deal]) as shop:
        from fixtures.shop.answers import conversation

        item = conversation(shop.deal("sofa"), base_url=shop.base_url)["messages"][-1]
    assert item["title"] == "Artikel übergeben"
    assert item["shippingType"] == "PICKUP"
    assert item["shippingCostInEuroCent"] == 0


def test_a_long_list_comes_in_pages(now, visitor):
    """60 conversations are three pages of 25, together each exactly once."""
    for deal in quiet_account(now, conversations=52):
        visitor.shop.add(deal)
    pages = [visitor.gateway(f"{visitor.box}?page={page}&size=25").json for page in range(4)]
    assert [len(page["conversations"]) for page in pages] == [25, 25, 10, 0]
    assert len({entry["id"] for page in pages for entry in page["conversations"]}) == 60
    assert {page["_meta"]["numFound"] for page in pages} == {60}


def test_a_quiet_account_is_the_same_every_time(now):
    """Benchmarks compare like with like."""
    assert quiet_account(now) == quiet_account(now)
    live = [
        deal
        for deal in quiet_account(now, conversations=25, live=3)
        if deal.steps[-1:] and deal.steps[-1][0] in {"PAID", "SHIPPED", "DELIVERED"}
    ]
    assert len(live) == 3


@pytest.mark.parametrize("number", ["friteuse", "fahrradkorb", "brettspiel"])
def test_parcel_numbers_pass_their_check_digit(shop, number):
    """GS1: the weighted sum with weights 1 and 3 from the right is a multiple of ten."""
    digits = shop.deal(number).tracking_number
    assert sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(digits))) % 10 == 0


def test_a_conversation_without_anything_is_refused():
    """The site has none, and a list entry needs a last item."""
    with pytest.raises(ValueError, match="nothing has happened"):
        Shop([Deal(id="leer", ad=Ad(title="x", price_cents=1), buyer="X")])


def test_an_unsaid_word_is_still_an_item(visitor):
    """Empty inbound items occur on the real site."""
    assert any(item["textShort"] == "" for item in visitor.detail("jacke")["messages"])
