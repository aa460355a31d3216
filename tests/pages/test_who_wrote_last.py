"""A row of the list says who wrote last; that it is read changes nothing about the marks that older archives hold."""

import json
from hashlib import sha256

import pytest

from tests.pages.captures import CONVERSATION, Json, list_body, list_html, page, row_html
from watcher.domain.reading import Entry
from watcher.pages.reader import read_list

SECRET = "Wohnst du noch in der Ulmenstraße 7"


def row(**changes: object) -> Json:
    known = {
        "id": CONVERSATION,
        "role": "Seller",
        "buyerName": "Jonte",
        "adTitle": "Lampe",
        "adStatus": "ACTIVE",
    }
    told = {
        "textShortTrimmed": "Noch da?",
        "boundness": "INBOUND",
        "receivedDate": "2026-11-22T09:21:39.123+0100",
    }
    return {**known, **told, **changes}


def read(answer: Json | None, shown: str = "") -> Entry:
    bodies = () if answer is None else (list_body({"conversations": [answer], "_meta": {"numFound": 1}}),)
    listing = read_list(page(list_html(shown or row_html(CONVERSATION)), *bodies))
    assert listing is not None
    [entry] = listing.entries
    return entry


@pytest.mark.parametrize(
    ("told", "inbound"), [("INBOUND", True), ("outbound", False), ("SIDEWAYS", None), (None, None), (7, None)]
)
def test_the_row_says_whether_the_other_person_wrote_last(told: object, *, inbound: bool | None) -> None:
    assert read(row(boundness=told)).inbound is inbound


@pytest.mark.parametrize("role", ["Buyer", "BUYER"])
def test_of_a_purchase_nothing_is_taken(role: str) -> None:
    entry = read(row(role=role, textShortTrimmed=SECRET))
    assert (entry.selling, entry.inbound, entry.preview) == (False, None, None)


@pytest.mark.parametrize("role", [None, "", "Owner", 5])
def test_where_nobody_knows_who_sells_nobody_knows_who_asks(role: object) -> None:
    entry = read(row(role=role))
    assert (entry.selling, entry.inbound) == (True, None)


def test_the_page_alone_does_not_say_who_wrote_last() -> None:
    entry = read(None, row_html(CONVERSATION, preview="Noch da?"))
    assert (entry.inbound, entry.preview) == (None, "Noch da?")


def test_what_was_written_stands_in_no_repr() -> None:
    assert "Ulmenstraße" not in repr(read(row(textShortTrimmed=SECRET)))


def test_the_marks_are_those_of_before() -> None:
    """Word for word what archives of older versions were marked by: another mark would open every thread anew."""
    told = ["2026-11-22T09:21:39.123+0100", "Noch da?", "ACTIVE", "Lampe", "None"]
    marks = {
        "json": sha256(json.dumps(told).encode()).hexdigest(),
        "dom": sha256(json.dumps(["Lampe", "Hallo"]).encode()).hexdigest(),
    }
    assert read(row()).marks == marks
    assert read(row(boundness="OUTBOUND", role="Owner")).marks == marks
