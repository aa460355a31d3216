"""Until when a paid card wants the parcel to go: dates that make sense, on the paid card alone, and never a guess."""

import tomllib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.pages.captures import NOW, answer, card_html, item, steady, thread_html, thread_page
from tests.support.every import every
from watcher.domain.order import SeenOrder
from watcher.pages.reader import read_thread
from watcher.pages.ship_by import ship_by_in

PAID_AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
PAID = "TRANSACTION_RESERVED_SELLER_MESSAGE"
SHIPPED = "ITEM_MARKED_AS_SHIPPED_TRACKING_AVAILABLE_SELLER_MESSAGE"
END_OF_28 = datetime(2026, 11, 28, 22, 59, 59, tzinfo=UTC)


def read(text: str, *, paid_at: datetime | None = PAID_AT) -> datetime | None:
    return ship_by_in(text, paid_at=paid_at)


def day(number: int, month: int, year: int = 2026) -> datetime:
    return datetime(year, month, number, 22, 59, 59, tzinfo=UTC)


@every(
    ("text", "until"),
    [
        ("Artikel versenden Der Käufer hat bezahlt. Versende bis zum 28.11.2026.", END_OF_28),
        ("Versende den Artikel bis Freitag, 28. November.", END_OF_28),
        ("Versende ihn bis Samstag, den 28. Nov. 2026, 18:00 Uhr mit DHL", END_OF_28.replace(hour=17, minute=0, second=0)),
        ("Bis zum 28.11. 18:00 Uhr versenden", END_OF_28.replace(hour=17, minute=0, second=0)),
        ("Bitte bis spätestens 2.12. verschicken", day(2, 12)),
        ("VERSANDFRIST: 30.11.2026", day(30, 11)),
        ("Wenn du nicht bis zum 28.11. versendest, wird der Kauf storniert.", END_OF_28),
        ("Versende bis zum 28.11., sonst wird der Kauf storniert.", END_OF_28),
        # Over the turn of the year, and at its own day.
        ("Versende bis 5. Januar", day(5, 1, 2027)),
        ("Versende bis zum 25.11.2026", day(25, 11)),
    ],
)  # fmt: skip
def test_a_date_is_read_to_its_last_moment(text: str, until: datetime) -> None:
    assert read(text) == until


@every(
    "text",
    [
        "Versende bis zum 24.11.2026",  # before the payment
        "Versende bis zum 24.11.",  # a year later, then
        "Versende bis zum 1.3.2027",
        "Versende bis zum 31.02.2026",
        "Versende bis zum 28.13.2026",
        "Versende bis morgen",
        "Versende bis Freitag",
        "Versende innerhalb von 3 Tagen",
        "Du musst nicht bis zum 28.11. versenden",
        "Versende jetzt. Der Käufer kann bis zum 28.11.2026 stornieren.",
        "Das Geld ist bis zum 28.11.2026 hinterlegt. Versende den Artikel jetzt.",
        "Versende mit DHL. Sendungsnummer 28.11.2026",
        "",
    ],
)
def test_what_is_no_such_date_is_none(text: str) -> None:
    assert read(text) is None


def test_without_a_moment_of_payment_nothing_is_guessed() -> None:
    assert read("Versende bis zum 28.11.2026", paid_at=None) is None


def test_sixty_days_are_the_longest() -> None:
    last = PAID_AT + timedelta(days=59)
    assert read(f"Versende bis zum {last:%d.%m.%Y}") is not None
    assert read(f"Versende bis zum {last + timedelta(days=2):%d.%m.%Y}") is None


@steady
@given(st.text(max_size=200), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_no_text_breaks_it_and_no_date_before_the_payment_comes_out(text: str, named: date) -> None:
    found = read(f"{text} Versende {text[:30]} bis zum {named:%d.%m.%Y} {text}")
    assert found is None or PAID_AT <= found <= PAID_AT + timedelta(days=60)


def test_every_phrase_is_data_with_its_source_and_marked_as_guessed() -> None:
    data = tomllib.loads(Path("watcher/pages/ship_by.toml").read_text(encoding="utf-8"))
    for entry in data["phrase"]:
        assert entry["source"]
        assert isinstance(entry["seen"], date)
        assert entry["confidence"] == "inferred"
        assert "{date}" in entry["pattern"]


def seen(*items: dict[str, object], html: str) -> SeenOrder:
    thread = read_thread(thread_page(answer(*items), html))
    assert thread is not None
    (order,) = thread.orders
    return order


def until_in(offset: int) -> str:
    return f"{NOW + timedelta(days=offset):%d.%m.%Y}"


def test_either_reader_tells_it_from_the_card_that_is_in_force() -> None:
    text = f"Versende den Artikel bis zum {until_in(3)}."
    by_both = seen(item(PAID, text=text), html=thread_html(card_html("Artikel versenden", text)))
    by_json = seen(item(PAID, text=text), html=thread_html(card_html("Artikel versenden")))
    assert by_both.ship_by is not None
    assert by_both.ship_by == by_json.ship_by
    assert by_both.paid_at is not None


def test_a_date_on_a_card_of_before_does_not_count_any_more() -> None:
    paid = item(PAID, text=f"Versende den Artikel bis zum {until_in(3)}.")
    sent = item(SHIPPED, text=f"Der Artikel ist unterwegs. Versende bis zum {until_in(5)}.")
    html = thread_html(card_html("Artikel versenden"), card_html("Artikel versendet"))
    order = seen(paid, sent, html=html)
    assert order.ship_by is None
    assert order.paid_at is not None  # that stays known


@pytest.mark.parametrize("text", ["", "Versende jetzt."])
def test_a_card_without_a_date_says_nothing(text: str) -> None:
    order = seen(item(PAID, text=text), html=thread_html(card_html("Artikel versenden", text)))
    assert order.ship_by is None


def test_since_when_the_buyer_is_registered_comes_with_the_order() -> None:
    since = "2026-11-20T00:00:00.000+0100"
    thread = read_thread(thread_page({**answer(item(PAID)), "buyerRegistrationDate": since}, thread_html(card_html("Artikel versenden"))))  # fmt: skip
    assert thread is not None
    assert [order.buyer_since for order in thread.orders] == [thread.buyer_since] != [None]
