"""What happens in a deal shows in the next answer."""

import threading
from datetime import datetime, timedelta

import pytest

from fixtures.shop import CARDS, Known
from fixtures.shop.histories import PARTING_WORDS


def test_a_cancellation_takes_payment_and_reservation_away(shop, visitor, now):
    """A new active card, no paymentId, the ad active again, the entry unread."""
    shop.happen("friteuse", "BUYER_CANCELLED", at=now + timedelta(hours=1))
    detail = visitor.detail("friteuse")
    newest = detail["messages"][-1]
    assert newest["paymentAndShippingMessageType"] == "TRANSACTION_CANCELLED_BY_BUYER_SELLER_MESSAGE"
    assert newest["title"] == "Der Käufer hat storniert"
    assert newest["active"] is True
    assert detail["paymentAnalyticsData"]["paymentId"] is None
    assert detail["adStatus"] == "ACTIVE"
    entry = visitor.listed()[detail["id"]]
    assert entry["unread"] is True
    assert entry["textShortTrimmed"] == "Der Käufer hat storniert"


def test_a_payment_reserves_the_ad(shop, visitor):
    """paymentId appears and the ad is paused."""
    assert visitor.detail("jacke")["paymentAnalyticsData"]["paymentId"] is None
    shop.happen("jacke", "ACCEPTED")
    shop.happen("jacke", "PAID")
    detail = visitor.detail("jacke")
    assert detail["paymentAnalyticsData"]["paymentId"]
    assert detail["adStatus"] == "PAUSED"
    assert detail["messages"][-1]["title"] == "Artikel versenden"


def test_a_step_can_stay_invisible_in_the_list(shop, visitor):
    """No public material promises that the list shows a cancellation."""
    before = visitor.listed()
    shop.happen("friteuse", "BUYER_CANCELLED", in_list=False)
    assert visitor.listed() == before
    assert visitor.detail("friteuse")["messages"][-1]["title"] == "Der Käufer hat storniert"


def test_a_buyer_can_cancel_in_words_too(shop, visitor, now):
    """The words stand in the chat before the card, from the buyer."""
    shop.cancel("friteuse", at=now + timedelta(hours=1))
    *_, reason, wish, card = visitor.detail("friteuse")["messages"]
    assert [reason["boundness"], wish["boundness"]] == ["INBOUND"] * 2
    assert (reason["textShort"], wish["textShort"]) == PARTING_WORDS
    assert card["title"] == "Der Käufer hat storniert"


def test_a_card_can_be_made_odd(shop, visitor):
    """Type, title and text may differ from the table."""
    shop.happen("lampe", "SHIPPED", type_override="SOMETHING_ELSE_SELLER_MESSAGE", title="Hm", text="Tja")
    newest = visitor.detail("lampe")["messages"][-1]
    assert (newest["paymentAndShippingMessageType"], newest["title"], newest["text"]) == (
        "SOMETHING_ELSE_SELLER_MESSAGE",
        "Hm",
        "Tja",
    )


@pytest.mark.parametrize("event", sorted(CARDS))
def test_every_event_of_the_table_can_happen(shop, visitor, event):
    """Each gives a card with a type, a title and a text without loose ends."""
    shop.happen("lampe", event)
    newest = visitor.detail("lampe")["messages"][-1]
    assert newest["paymentAndShippingMessageType"] == CARDS[event].type
    assert newest["title"]
    assert "{" not in newest["text"]


def test_the_table_calls_no_sellers_cancellation_known():
    """Nobody outside has seen one."""
    assert {CARDS[name].type_known for name in CARDS if "CANCELLED" in name} == {Known.INVENTED}


def test_a_buyer_can_write(shop, visitor):
    """A plain message counts as unread."""
    shop.say("buch", "Und eins für Grünkohl?")
    detail = visitor.detail("buch")
    assert detail["messages"][-1]["unichatMessage"]["payload"]["content"]["text"] == "Und eins für Grünkohl?"
    assert detail["unread"] is True


def test_a_deal_in_hand_does_not_change_behind_ones_back(shop):
    """It is a copy, in both directions."""
    deal = shop.deal("lampe")
    shop.happen("lampe", "SHIPPED")
    assert deal.steps[-1][0] == "PAID"
    deal.steps.clear()
    assert shop.deal("lampe").steps[-1][0] == "SHIPPED"


def test_mistakes_are_refused(shop):
    """A mistyped name or a moment without zone would test nothing."""
    with pytest.raises(ValueError, match="no such event"):
        shop.happen("lampe", "SHIPED")
    with pytest.raises(ValueError, match="no time zone"):
        shop.happen("lampe", "SHIPPED", at=datetime(2026, 11, 22))
    with pytest.raises(ValueError, match="no such wall"):
        shop.wall = "blokked"
    with pytest.raises(KeyError):
        shop.happen("kanapee", "SHIPPED")


def test_many_threads_lose_nothing(shop, visitor):
    """Writers and a reader at the same time."""

    def talk() -> None:
        for _ in range(50):
            shop.say("buch", "Hallo?")

    threads = [threading.Thread(target=talk) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        assert visitor.gateway(visitor.box).status == 200
    for thread in threads:
        thread.join()
    assert shop.deal("buch").unread == 200


def test_a_conversation_can_vanish(shop, visitor):
    """From the list and from its address."""
    gone = shop.deal("regal").conversation_id
    shop.remove("regal")
    assert gone not in visitor.listed()
    assert visitor.gateway(f"{visitor.box}/{gone}").status == 404
