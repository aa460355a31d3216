"""The second reader: the page as a person sees it."""

import pytest

from fixtures.shop import five_orders
from fixtures.shop.histories import parcel_number
from tests.pages.captures import (
    CONVERSATION,
    MARKER,
    NOW,
    card_html,
    list_html,
    message_html,
    page,
    row_html,
    shown_list,
    thread_html,
    thread_page,
)
from tests.support.every import every
from watcher.domain.confidence import Confidence
from watcher.domain.order import SeenOrder
from watcher.domain.reading import ProblemKind, Thread
from watcher.domain.stage import Stage
from watcher.pages.dom_reader import read_list, read_thread
from watcher.pages.layout import all_layouts, identify


def read(*items: str, title: str = "Stehlampe") -> Thread:
    found = read_thread(thread_page(html=thread_html(*items, title=title)))
    assert found is not None
    return found


def orders(*items: str) -> tuple[SeenOrder, ...]:
    return read(*items).orders


def stages(*headings: str) -> list[Stage]:
    return [found.stage for found in orders(*(card_html(heading) for heading in headings))]


# --- the list


def test_every_row_of_the_list_becomes_an_entry():
    deals = five_orders(NOW)
    found = read_list(page(shown_list(deals)))
    assert found is not None
    assert {(entry.conversation, entry.title) for entry in found.entries} == {
        (deal.conversation_id, deal.ad.title) for deal in deals
    }


def test_a_list_from_the_page_alone_is_never_complete():
    found = read_list(page(list_html(row_html("a:b:c"))))
    assert found is not None
    assert not found.complete


def test_every_row_counts_as_selling_because_the_page_does_not_say():
    found = read_list(page(list_html(row_html("a:b:c"))))
    assert found is not None
    assert found.entries[0].selling


def test_a_rows_id_may_come_from_its_link():
    row = '<article><a href="/m-nachrichten.html?conversationId=a%3ab%3Ac&x=1"><h3>Lampe</h3></a></article>'
    found = read_list(page(list_html(row)))
    assert found is not None
    assert [entry.conversation for entry in found.entries] == ["a:b:c"]


def test_a_row_without_an_id_is_a_problem_and_no_entry():
    found = read_list(page(list_html("<article><h3>Lampe</h3></article>", row_html("a:b:c"))))
    assert found is not None
    assert [problem.kind for problem in found.problems] == [ProblemKind.LIST_INCOMPLETE]
    assert len(found.entries) == 1


def test_the_open_threads_card_does_not_leak_into_the_rows():
    html = list_html(row_html("a:b:c")) + thread_html(card_html("Kauf storniert")) + "<article>x</article>"
    found = read_list(page(html))
    assert found is not None
    assert len(found.entries) == 1


@pytest.mark.parametrize(("change", "differs"), [({"date": "Gestern"}, False), ({"preview": "Neu"}, True)])
def test_a_row_is_marked_by_its_words_and_not_by_its_relative_date(change, differs):
    pages = [page(list_html(row_html("a:b:c", **fields))) for fields in ({}, change)]
    before, after = (read_list(one) for one in pages)
    assert before is not None
    assert after is not None
    assert after.entries[0].differs_from(before.entries[0].marks) is differs


@pytest.mark.parametrize("html", ["", MARKER, "<div id='inbox'><p>Neu</p></div>"])
def test_a_page_that_no_layout_knows_is_none(html):
    assert read_list(page(html)) is None
    assert read_thread(thread_page(html=html)) is None


def test_layouts_are_found_by_themselves_the_newest_first():
    dates = [layout.seen for layout in all_layouts()]
    assert dates
    assert dates == sorted(dates, reverse=True)
    found = identify(page(list_html(row_html("a:b:c"))))
    assert found is not None
    assert found.name == "messagebox_2026"


# --- a thread


@every(
    ("headings", "stage"),
    [
        (("Anfrage erhalten",), Stage.REQUESTED),
        (("Anfrage erhalten", "Anfrage akzeptiert", "Zahlung ausstehend"), Stage.AWAITING_PAYMENT),
        (("Anfrage erhalten", "Artikel versenden"), Stage.PAID),
        (("Artikel versenden", "Artikel versendet"), Stage.SHIPPED),
        (("Artikel versendet", "Artikel zugestellt"), Stage.DELIVERED),
        (("Artikel zugestellt", "Erhalt bestätigt"), Stage.RECEIVED),
        (("Erhalt bestätigt", "Geld ausgezahlt"), Stage.PAID_OUT),
        (("Artikel versendet", "Der Käufer hat storniert"), Stage.CANCELLED),
        (("Der Käufer hat storniert", "Rückerstattung"), Stage.REFUNDED),
        (("Artikel versendet", "Paket teleportiert"), Stage.UNKNOWN),
        (("Der Käufer hat storniert", "Paket teleportiert"), Stage.CANCELLED),
    ],
)
def test_the_latest_card_tells_the_stage(headings, stage):
    assert stages(*headings) == [stage]


def test_an_unknown_heading_is_named():
    assert orders(card_html("Paket teleportiert"))[0].unknown_events == ("Paket teleportiert",)
    assert orders(card_html(""))[0].unknown_events == ("CARD_WITHOUT_HEADING",)


def test_a_heading_without_end_is_cut():
    assert len(orders(card_html("x" * 3000))[0].unknown_events[0]) == 80


@pytest.mark.parametrize(
    "button",
    [
        "<button>Kauf storniert melden</button>",
        '<a href="/hilfe">Was heißt storniert?</a>',
        '<div role="button">Rückerstattung</div>',
    ],
)
def test_words_on_a_button_or_a_link_are_not_read(button):
    (found,) = orders(card_html("Hinweis", "Neues zu deinem Verkauf", buttons=button))
    assert found.stage is Stage.UNKNOWN


def test_a_button_within_the_heading_is_not_read():
    (found,) = orders(card_html("Artikel versenden <button>Kauf storniert</button>"))
    assert found.stage is Stage.PAID


def test_a_heading_that_is_a_button_itself_is_read():
    card = '<li><section class="PaymentMessageBox"><header><button>Kauf storniert</button></header></section></li>'
    assert orders(card)[0].stage is Stage.CANCELLED


def test_comments_and_scripts_are_no_words():
    (found,) = orders(card_html("Artikel versenden<!-- storniert --><script>storniert()</script>"))
    assert (found.stage, found.confidence) == (Stage.PAID, Confidence.CERTAIN)


def test_an_amount_above_the_line_does_not_hide_the_heading():
    """`^artikel versenden` begins the line only when the amount is gone."""
    (found,) = orders(card_html("Artikel versenden", amount="40,19"))
    assert found.stage is Stage.PAID


@pytest.mark.parametrize(
    ("rows", "cents"),
    [
        ("<dl><dt>Artikel</dt><dd><span>38,00</span>\u00a0<span>€</span></dd></dl>", 3800),
        ("<dl><dt>Artikel</dt><dd>1.250,50\u202f€</dd></dl>", 125050),
        ("<dl><dt>Artikel</dt><dd>50\u2009€</dd></dl>", 5000),
        ("<dl><dt>Käuferschutz</dt><dd>2,21 €</dd></dl>", None),
    ],
)
def test_the_price_is_read_wherever_its_currency_sits(rows, cents):
    assert orders(card_html("Hinweis", rows=rows))[0].amount_cents == cents


def test_a_tracking_number_is_read_from_the_shipping_card():
    number = parcel_number("0034043420051118270")
    (found,) = orders(card_html("Artikel versendet", f"Sendungsnummer: {number}"))
    assert (found.tracking_number, found.carrier) == (number, "dhl")


def test_two_deals_in_one_thread_are_told_apart():
    assert stages("Anfrage erhalten", "Anfrage abgelehnt", "Anfrage erhalten", "Artikel versenden") == [
        Stage.DECLINED,
        Stage.PAID,
    ]


def test_a_request_beside_a_paid_deal_leaves_that_one_paid():
    assert stages("Artikel versenden", "Anfrage erhalten", "Anfrage abgelehnt") == [
        Stage.PAID,
        Stage.DECLINED,
    ]


def test_a_counter_offer_is_the_same_deal():
    assert stages("Anfrage erhalten", "Gegenangebot", "Gegenangebot angenommen") == [Stage.AWAITING_PAYMENT]


def test_what_people_write_is_no_deal():
    assert orders(message_html("Kauf storniert"), message_html("IP-Bereich gesperrt")) == ()


@pytest.mark.parametrize("prefix", ["", "Reserviert • ", "Gelöscht • ", "Inaktiv • "])
def test_the_title_loses_the_ads_state(prefix):
    (found,) = read(card_html("Artikel versenden"), title=f"{prefix}Stehlampe").orders
    assert found.title == "Stehlampe"


def test_a_thread_that_has_not_loaded_is_none():
    html = f'{MARKER}<div data-testid="conversation-wrapper"><div class="ConversationSkeleton"></div></div>'
    assert read_thread(thread_page(html=html)) is None


def test_a_thread_without_any_message_is_one():
    thread = read()
    assert (thread.conversation, thread.orders) == (CONVERSATION, ())


def test_the_digest_changes_with_a_message_and_with_a_card_and_not_with_a_date():
    digest = read(message_html("Hallo")).digest
    assert read(message_html("Hallo").replace("Heute", "Gestern")).digest == digest
    assert read(message_html("Hallo!")).digest != digest
    assert read(message_html("Hallo"), card_html("Hinweis")).digest != digest
