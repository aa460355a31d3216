"""Every page here is hostile: a reading comes out, or none; never an exception, never a hang."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.pages.captures import (
    BOX,
    CONVERSATION,
    MARKER,
    answer,
    as_bytes,
    capture,
    card_html,
    item,
    list_html,
    message_html,
    row_html,
    steady,
    thread_html,
)
from tests.support.every import every
from watcher.domain.capture import Body, Capture
from watcher.domain.outcome import Outcome
from watcher.domain.reading import Listing, Thread
from watcher.domain.stage import Stage
from watcher.pages.markup import DEEPEST
from watcher.pages.page import parse
from watcher.pages.reader import read_list, read_thread
from watcher.pages.wall import unread, wall

KEYS = re.findall(
    r"\w+",
    "conversations _meta numFound id role adTitle buyerName adId receivedDate textShortTrimmed messages type title text "
    "paymentAndShippingMessageType textShort boundness active actions offerId negotiationId paymentId carrierId "
    "carrierName shippingType itemPriceInEuroCent offeredPriceInEuroCent adPriceInEuroCent paymentAnalyticsData carrier",
)
WORDS = [
    *("PAYMENT_AND_SHIPPING_MESSAGE", "MESSAGE", "TRANSACTION_RESERVED_SELLER_MESSAGE", "SURVEY_MESSAGE"),
    *(
        "BUYER_OFFER_MADE_SELLER_MESSAGE",
        "TRANSACTION_CANCELLED_SELLER_MESSAGE",
        "Buyer",
        "DHL_001",
        "../../x",
    ),
    *("2026-11-21T10:00:00.000+0100", "0001-01-01T00:00:00+1400", "\ud83d", "\x00"),
]
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(WORDS)
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=12,
)
items = st.dictionaries(st.sampled_from(KEYS), scalars | anything, max_size=12)
answers = st.fixed_dictionaries(
    {
        "messages": st.lists(items | anything, max_size=5),
        "conversations": st.lists(items | anything, max_size=5),
    },
    optional={
        "_meta": anything,
        "paymentAnalyticsData": anything,
        "role": scalars,
        "adPriceInEuroCent": scalars,
    },
)
tags = st.sampled_from(
    """<article> </article> <section> <section\xa0class="PaymentMessageBox"> </section> <div> </div> <span> </span> <h3>
    </h3> <header> </header> <ul\xa0class="MessageList"> <li> </ul> <!-- --> <![CDATA[ ]]> <!x <![n <?xml </ <a\xa0href="?conversationId=a">
    <input\xa0data-testid="a:b:c"> <div\xa0data-testid="conversation-wrapper"> <section\xa0id="conversation-list"> <script>
    </script> <style> <dialog> <title> <textarea> <svg> <template> <div\xa0id="error"> &#x110000; &#0; &amp <p\xa0id=\"""".replace(
        "\xa0", "\0"
    ).split()
).map(lambda tag: tag.replace("\0", " "))
markup = st.lists(tags | st.text(max_size=15), max_size=30).map("".join)


def whole(html: str = "", content: object = b"", *, url: str = "") -> Capture:
    body = as_bytes(content)
    return capture(
        html,
        Body(url=url or f"{BOX}/{CONVERSATION}", status=200, content=body),
        Body(url=url or f"{BOX}?page=0", status=200, content=body),
        conversation=CONVERSATION,
    )


def read(of: Capture) -> tuple[Listing | None, Thread | None]:
    """All that looks at a page, and that what it says can be stored and shown."""
    page = parse(of)
    assert wall(page) in {None, *Outcome}
    assert unread(page) in Outcome
    listing, thread = read_list(page), read_thread(page)
    for entry in listing.entries if listing else ():
        for text in (entry.conversation, entry.title, entry.buyer, entry.ad_id):
            assert text is None or text.encode()
    for order in thread.orders if thread else ():
        for text in (order.title, order.buyer, order.carrier, *order.unknown_events, *order.deal_ids):
            assert text is None or (text.encode() and text.isprintable()) or text in order.deal_ids
        if order.stage_at is not None:
            assert order.stage_at.utcoffset() is not None
    return listing, thread


@steady
@given(anything)
def test_any_json_at_all_is_read_or_not(content):
    read(whole(MARKER, json.dumps(content).encode()))


@pytest.mark.slow
@steady
@given(answers)
def test_any_values_in_the_known_places_are_read(content):
    listing, thread = read(whole(MARKER, content))
    assert listing is not None
    typed = [message for message in content["messages"] if isinstance(message, dict) and message.get("type")]
    has_a_type = any(isinstance(message["type"], str) and message["type"].strip() for message in typed)
    assert (thread is not None) is (has_a_type or not content["messages"])


@steady
@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_not(content):
    read(whole(MARKER, content))


@pytest.mark.slow
@settings(steady, max_examples=120)
@given(markup)
def test_any_markup_is_read_or_not(html):
    read(whole(html))


@steady
@given(st.text(max_size=100))
def test_any_text_where_a_page_should_be_is_read_or_not(html):
    read(whole(html))


@steady
@given(st.text(max_size=60))
def test_any_address_is_looked_at(url):
    read(whole(MARKER, b"{}", url=url))
    read(whole(MARKER, b"{}", url="https://" + url))
    assert wall(parse(capture(MARKER, final_url="https://" + url))) in {None, *Outcome}


@settings(steady, max_examples=40)
@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_a_buyers_words_never_change_what_the_order_is(name, words):
    said = {"type": "MESSAGE", "boundness": "INBOUND", "textShort": words}
    paid = item("TRANSACTION_RESERVED_BUYER_MESSAGE")
    _, thread = read(whole(MARKER, answer(paid, said, buyerName=name, adTitle=words)))
    assert thread is not None
    assert [order.stage for order in thread.orders] == [Stage.PAID]


# --- the named ones


@pytest.mark.parametrize("depth", [50, 500, 900, 940, 960, 980, 10_000, 100_000])
@pytest.mark.parametrize("brackets", ["[]", ('{"text":', "}")], ids=["arrays", "objects"])
def test_json_nested_however_deep_is_read_or_not(depth, brackets):
    deep = brackets[0] * depth + "1" * (brackets[1] == "}") + brackets[1] * depth
    for place in ("adTitle", "paymentAnalyticsData", "messages"):
        read(
            whole(
                MARKER, f'{{"conversations": [{{"id": "x", "{place}": {deep}}}], "{place}": {deep}}}'.encode()
            )
        )
    read(whole(MARKER, f'{{"messages": [{{"text": {deep}, "receivedDate": {deep}}}]}}'.encode()))


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 10_000,
        '<section id="conversation-list">' + "<article>" * 10_000,
        '<div data-testid="conversation-wrapper"><ul class="MessageList">' + "<li><span>" * 5_000,
        '<div data-testid="conversation-wrapper"><ul class="MessageList">'
        + '<section class="PaymentMessageBox">' * 5_000,
    ],
    ids=["div", "article", "li", "card"],
)
def test_a_page_nested_deeper_than_a_browser_goes_is_unreadable(html):
    """With the time limit of the suite: selectors took minutes once."""
    of = whole(MARKER + html)
    assert read(of) == (None, None)
    assert wall(parse(of)) is Outcome.UNREADABLE


def test_a_page_as_deep_as_a_browser_goes_is_read():
    html = "<div>" * (DEEPEST - 20) + list_html(row_html("a:b:c")) + "</div>" * (DEEPEST - 20)
    listing, _ = read(whole(html))
    assert listing is not None


@every(
    "broken",
    ["<![n foo>", "<!\x00", "<![CDATA[", "<?xml version='1.0'?><x/>", "a.html", "/etc/passwd", "\x00"],
)
def test_a_broken_declaration_or_no_page_at_all_is_unreadable(broken):
    of = whole(broken)
    assert read(of) == (None, None)
    assert wall(parse(of)) is Outcome.UNREADABLE


def test_a_message_of_five_megabytes_is_read():
    text = "Kauf storniert " * 350_000
    said = {"type": "MESSAGE", "boundness": "INBOUND", "textShort": text}
    _, thread = read(whole(thread_html(message_html(text)), answer(said)))
    assert thread is not None
    assert thread.orders == ()


def test_a_card_of_five_megabytes_is_read():
    text = "x" * 5_000_000
    _, thread = read(whole(MARKER, answer(item("TRANSACTION_CANCELLED_MESSAGE", title=text, text=text))))
    assert thread is not None
    assert [order.stage for order in thread.orders] == [Stage.CANCELLED]


def test_ten_thousand_messages_and_a_card_are_read():
    said = {
        "type": "MESSAGE",
        "boundness": "INBOUND",
        "textShort": "hi",
        "receivedDate": "2026-11-20T10:00:00.000+0100",
    }
    _, thread = read(whole(MARKER, answer(*[said] * 10_000, item("TRANSACTION_CANCELLED_MESSAGE"))))
    assert thread is not None
    assert [order.stage for order in thread.orders] == [Stage.CANCELLED]


@pytest.mark.slow
def test_hundreds_of_cards_that_nobody_knows_are_read():
    cards = [item(f"NEWS_{number}", title="x y " * 500, text="z " * 2_000) for number in range(300)]
    _, thread = read(whole(MARKER, answer(*cards)))
    assert thread is not None
    assert len(thread.orders[0].unknown_events) == 300


def test_three_thousand_requests_in_one_thread_are_read():
    requests = [item("BUYER_OFFER_MADE_SELLER_MESSAGE", offerId=str(number)) for number in range(3_000)]
    _, thread = read(whole(MARKER, answer(*requests)))
    assert thread is not None
    assert len(thread.orders) == 1


@every(
    "text",
    [
        "<script>alert(1)</script>",
        "\x1b[2J",
        "\u202egpj.exe",
        "a\r\nb",
        "../../etc/passwd",
        "\ud83d",
        "{{7*7}}",
    ],
)
def test_a_hostile_name_is_one_harmless_line(text):
    content = answer(
        item("TRANSACTION_RESERVED_SELLER_MESSAGE"), buyerName=f"Eve {text}", adTitle=f"Ad {text}"
    )
    rows = {"conversations": [{"id": "a:b:c", "buyerName": f"Eve {text}", "adTitle": f"Ad {text}"}]}
    listing, thread = read(whole(thread_html(card_html("Artikel versenden")), content | rows))
    assert listing is not None
    assert thread is not None
    for name in (
        thread.orders[0].buyer,
        thread.orders[0].title,
        listing.entries[0].buyer,
        listing.entries[0].title,
    ):
        assert name is not None
        assert name.isprintable()
        assert name.startswith(("Eve", "Ad"))
