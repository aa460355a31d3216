"""A report that strangers may read: nothing private in it, and still of use."""

import json
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fixtures.shop import five_orders
from tests.pages.captures import NOW, capture, list_bodies, steady, thread_answer, thread_body
from tests.support.every import every
from watcher.app.probe import probe
from watcher.domain.capture import Body, Capture
from watcher.pages.code_words import code_words, shown_name
from watcher.pages.masking import shown_value, text_class
from watcher.pages.shape import answer_of

SAVED = Path(__file__).parent.parent.parent / "fixtures" / "pages"
SECRETS = {
    "name": "Erika Mustermann-Großkreutz",
    "capitals": "MUSTERMANN",
    "enum_like": "ERIKA_MUSTERMANN",
    "mail": "erika.privat@mail.example",
    "iban": "DE89370400440532013000",
    "phone": "+49 151 23456789",
    "tracking": "00340434200511182701",
    "message": "Bitte an die Nachbarin im dritten Stock liefern",
    "street": "Lindenallee 17b",
    "conversation": "5p123:456dfzm:7ptv8t9bk",
    "uuid": "0f8c5a7e-1111-4222-8333-944445555566",
    "zero_width": "E\u200br\u200bi\u200bk\u200ba Geheim",
    "bidi": "\u202eakirE Geheim",
    "account": "erikas-konto-4711",
    "city": "Kleinkleckersdorf",
}
PLAIN = [value for name, value in SECRETS.items() if name not in {"zero_width", "bidi"}] + ["Geheim", "akirE"]


def planted_json() -> dict[str, Any]:
    """An answer with a secret in every kind of place."""
    message = {
        "messageId": SECRETS["uuid"],
        "type": "MESSAGE",
        "title": SECRETS["enum_like"],
        "text": SECRETS["message"],
        "textShort": f"Storniert! {SECRETS['name']}",
        "boundness": "INBOUND",
        "receivedDate": "2026-11-21T19:26:49.627+0100",
        "sender": SECRETS["capitals"],
        "attachments": [
            {"url": f"https://img.example/{SECRETS['account']}/{SECRETS['phone']}?n={SECRETS['mail']}"}
        ],
    }
    return {
        "id": SECRETS["conversation"],
        "role": "Seller",
        "buyerName": SECRETS["name"],
        "buyerInitials": SECRETS["capitals"],
        "userIdBuyer": 8972634512,
        "adTitle": SECRETS["street"],
        "nested": {
            "address": {"street": SECRETS["street"], "city": SECRETS["city"], "lines": [SECRETS["name"]] * 3}
        },
        "byName": {SECRETS["name"]: {"a": 1}, SECRETS["mail"]: {"a": 2}},
        "onlyOne": {SECRETS["city"].lower(): {"a": 1}},
        "byFirstName": {"erika": {"a": 1}, "nachbarin": {"b": [2]}},
        "erikaNachbarin": {"mustermann": "x"},
        SECRETS["account"]: True,
        SECRETS["capitals"]: {"x": 1},
        "messages": [
            message,
            {
                **message,
                "type": "PAYMENT_AND_SHIPPING_MESSAGE",
                "paymentAndShippingMessageType": "REFUND_RELEASED_LATE_SELLER_MESSAGE",
                "status": SECRETS["enum_like"],
                "state": SECRETS["capitals"],
                "kind": "NACHBARIN_REFUNDED_" + SECRETS["tracking"],
                "trackingNumber": SECRETS["tracking"],
                "iban": SECRETS["iban"],
                "actions": [{"actionType": "ACCEPT_RETURN_ACTION", "ctaText": SECRETS["zero_width"]}],
            },
        ],
        "paymentAnalyticsData": {"carrier": "HERMES", "offerId": SECRETS["uuid"], "note": SECRETS["bidi"]},
    }


def planted_html() -> str:
    """A page with a secret in every kind of place."""
    name, mail, phone = SECRETS["name"], SECRETS["mail"], SECRETS["phone"]
    return f"""<title>{name}</title><!-- {name} --><span id="user-email">angemeldet als: {mail}</span>
<script>var me = "{mail}"</script><style>.a::after {{ content: "{phone}" }}</style><template>{name}</template>
<div data-testid="conversation-wrapper" data-user="{mail}" data-{SECRETS["account"]}="x" style="background: url({mail})">
<header class="ConversationHeader"><a href="/zur-anzeige/{SECRETS["tracking"]}?q={mail}" title="{name}" aria-label="{name}">{SECRETS["street"]}</a></header>
<ul class="MessageList"><li id="{SECRETS["uuid"]}" data-testid="{SECRETS["conversation"]}">
<div class="MessageListItem--Message u-{SECRETS["uuid"]}">{SECRETS["message"]}</div></li>
<li><section class="PaymentMessageBox"><h4>Storniert von {name}</h4><p>{SECRETS["iban"]} {SECRETS["zero_width"]} {SECRETS["bidi"]}</p>
<img src="https://img.example/{SECRETS["tracking"]}.jpg" srcset="https://img.example/{SECRETS["account"]} 2x" alt="{name}"></section></li></ul>
<erika class="Message--erika nachbarin" id="erika" role="nachbarin" data-erika="x"></erika><user-nachbarin erika="1"></user-nachbarin>
<form class="ReplyBox"><input type="hidden" value="{phone}"><input placeholder="{name}"><textarea>{SECRETS["message"]}</textarea>
<select><option value="{SECRETS["iban"]}">{SECRETS["city"]}</option></select></form>
<x-{SECRETS["city"].lower()}7>{name}</x-{SECRETS["city"].lower()}7><svg><text>{name}</text></svg><b>{SECRETS["capitals"]}</b><i>{SECRETS["enum_like"]}</i>
<a href="data:text/plain;base64,RXJpa2E=">{phone}</a></div>"""


def planted() -> Capture:
    url = f"https://gateway.{SECRETS['city'].lower()}.example/messagebox/api/users/8972634512/conversations/{SECRETS['conversation']}?contentWarnings=true&{SECRETS['account']}=1&mail={SECRETS['mail']}"
    return replace(
        capture(
            planted_html(),
            Body(url=url, status=200, content=json.dumps(planted_json()).encode()),
            Body(
                url="https://erika.nachbarin.kleinanzeigen.de/m/erika/Mustermann/api?erika=1&nachbarin",
                status=200,
                content=b"{}",
            ),
            conversation=SECRETS["conversation"],
            final_url=f"https://www.kleinanzeigen.de/m-nachrichten.html?conversationId={SECRETS['conversation']}",
        ),
        account=SECRETS["account"],
        shapes=(
            "\n".join(answer_of(Body(url=url, status=200, content=json.dumps(planted_json()).encode()))),
        ),
        facts=(("browser", "HeadlessChrome/156.0.1.2"), ("path", f"/home/{SECRETS['account']}/data")),
    )


def squeezed(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def test_no_value_of_a_page_full_of_secrets_survives() -> None:
    report = probe([planted()])
    for secret in PLAIN:
        assert secret.casefold() not in report.casefold(), secret
        assert squeezed(secret) not in squeezed(report), secret
    for part in ("Erika", "Mustermann", "8972634512", "4711", "0f8c5a7e", "Nachbarin", "base64", "home"):
        assert part.casefold() not in report.casefold(), part
    assert not re.search(r"\d{5}", report)


def test_what_a_maintainer_needs_survives() -> None:
    report = probe([planted()])
    for word in (
        "REFUND_RELEASED_LATE_SELLER_MESSAGE",
        "ACCEPT_RETURN_ACTION",
        "PAYMENT_AND_SHIPPING_MESSAGE",
        "HERMES",
        "·_REFUNDED_·",
        "INBOUND",
        "paymentAndShippingMessageType",
        "section.PaymentMessageBox",
        "ul.MessageList",
        "/messagebox/api/users/…/conversations/…",
        "contentWarnings",
        "messagebox_2026: list",
        "Chrome 156",
        "says: cancelled",
        "2026-11-22",
    ):
        assert word in report, word


def test_answers_from_an_address_that_is_not_known_are_told_by_their_shape() -> None:
    moved = Body(
        url="https://gateway.kleinanzeigen.de/inbox/v3/threads?page=0",
        status=200,
        content=b'{"threads": [{"buyerName": "Erika"}, {"buyerName": "Jonte"}]}',
    )
    report = probe([replace(capture(""), shapes=("\n".join(answer_of(moved)),))])
    assert "From an address that is not known:" in report
    assert "gateway.kleinanzeigen.· /inbox/…/threads ? page -> 200" in report
    assert "buyerName: short text" in report
    assert "none was kept" not in report


def test_a_real_list_and_thread_give_a_report_that_is_short_and_counts_what_is_alike() -> None:
    deals = five_orders(NOW)
    friteuse = next(deal for deal in deals if deal.id == "friteuse")
    listed = capture(
        (SAVED / "messagebox_2026" / "list.html").read_text(encoding="utf-8"), *list_bodies(deals)
    )
    thread = capture(
        (SAVED / "messagebox_2026_02" / "thread-friteuse.html").read_text(encoding="utf-8"),
        thread_body(thread_answer(friteuse), friteuse.conversation_id),
        conversation=friteuse.conversation_id,
    )
    report = probe([listed, thread])
    assert len(report) < 30_000
    assert "{ x 8" in report
    assert "ACTIVE | PAUSED | DELETED" in report
    for deal in deals:
        for secret in (deal.ad.title, deal.buyer, deal.conversation_id, deal.tracking_number or "?-?"):
            assert secret not in report
    assert "conversation found by: messagebox_2026_02" in report
    assert "order read as: shipped" in report


@pytest.mark.parametrize(
    "content",
    [b"[" * 10_000 + b"]" * 10_000, b"", b"\xff\xfe", b'{"a":' * 300 + b"1" + b"}" * 300, b"[" + b'{"x":1},' * 50_000 + b"{}]"],
    ids=["deep", "empty", "no-text", "deep-object", "many"],
)  # fmt: skip
def test_broken_and_huge_answers_give_a_short_report_in_short_time(content: bytes) -> None:
    begun = time.perf_counter()
    report = probe(
        [
            capture(
                "<p>x</p>" * 50,
                list_bodies([])[0],
                Body(url="https://x.example/", status=200, content=content),
            )
        ]
    )
    assert len(report) < 40_000
    assert time.perf_counter() - begun < 20


@pytest.mark.slow
def test_a_page_of_megabytes_gives_a_report_that_can_be_read() -> None:
    html = "".join(f"<div class='a{'b' * (n % 7)}'><p>{'x' * 2000}</p></div>" for n in range(2_000))
    assert len(probe([capture(html)])) <= 200_100


@every(
    ("value", "key", "shown"),
    [
        ("BUYER_OFFER_MADE", "type", "BUYER_OFFER_MADE"),
        ("ERIKA", "buyerName", "short text"),
        ("ERIKA_M", "title", "short text"),
        ("ON_HOLD", "paymentState", "ON_HOLD"),
        ("ERIKA", "paymentState", "short text"),
        ("A123456", "type", "short text"),
        ("2026-09-25T19:26:49.627+0200", "receivedDate", "date"),
        ("45,00 €", "x", "amount"),
        ("", "x", "empty"),
        (True, "x", "true"),
        (None, "x", "null"),
        (4500, "x", "number"),
    ],
)
def test_values_are_shown_by_kind_and_only_code_words_as_they_are(
    value: object, key: str, shown: str
) -> None:
    assert shown_value(value, key=key) == shown


@every(
    ("name", "shown"),
    [
        ("adL1CategoryId", "adL1CategoryId"),
        ("paymentAndShippingMessageType", "paymentAndShippingMessageType"),
        ("Message_box--wide", "Message_box--wide"),
        ("Conversation--erika-2", "Conversation--·-2"),
        ("css-1x9f4k7", "css-·"),
        ("erika", "·"),
        ("Erika Message", "·Message"),
        ("message4711", "·"),
        ("message-0f8c5a7e", "message-·"),
        ("ul.message", "ul.message"),
        ("data-user-erika", "data-user-·"),
        ("17", "·"),
        ("", "·"),
        ("message" * 30, "·"),
    ],
)
def test_a_name_is_shown_as_far_as_it_is_made_of_words_of_code(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_browser_that_calls_itself_something_private_is_unknown() -> None:
    told = replace(planted(), facts=(("browser", "Erika/156.0"),))
    assert "with an unknown browser" in probe([told])


@steady
@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Zs", "Po"]), min_size=8, max_size=60))
def test_no_text_is_shown_whatever_it_is(secret: str) -> None:
    shown = text_class(secret)
    assert secret.strip() not in shown or not secret.strip()
    assert shown_value(secret, key="text") == shown


@steady
@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "S"]), min_size=3, max_size=60))
def test_nothing_but_words_on_the_list_and_short_numbers_survives_in_a_name(name: str) -> None:
    for piece in re.findall(r"[^\W_]+", shown_name(name)):
        for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|.+?", piece):
            assert part.lower() in code_words() or (part.isdecimal() and len(part) <= 2)


@pytest.mark.slow
@steady
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_gives_a_report(content: object) -> None:
    probe([capture("<p></p>", Body(url="http://[", status=0, content=json.dumps(content).encode()))])
