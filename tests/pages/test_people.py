"""Whom a page names, and what it tells of where they live."""

import json

from tests.support.values import capture
from watcher.domain.capture import Body
from watcher.pages.people import People, people_in


def of(*answers: object) -> People:
    bodies = tuple(
        Body(url="https://gateway/x", status=200, content=json.dumps(each).encode()) for each in answers
    )
    return people_in(capture(bodies=bodies))


def test_the_role_says_which_name_is_the_account_s_own():
    sale = {"role": "Seller", "sellerName": "Marlene", "buyerName": "Erika"}
    purchase = {"role": "BUYER", "sellerName": "Rieke", "buyerName": "Marlene"}
    people = of({"conversations": [sale, purchase]})
    assert (people.own, people.others) == ({"Marlene"}, {"Erika", "Rieke"})


def test_an_own_name_is_never_somebody_else_s():
    people = of({"sellerName": "Marlene"}, {"role": "Seller", "sellerName": "Marlene", "buyerName": "Erika"})
    assert people.others == {"Erika"}


def test_keys_that_are_named_like_parts_of_an_address_tell_one():
    address = {
        "street": "Rosenhag",
        "houseNumber": "3",
        "zipCode": 22041,
        "city": "Hamburg",
        "phoneNumber": "0171 2345678",
    }
    people = of(
        {"deep": [{"receiver": {**address, "firstName": "Erika", "iban": "DE00"}}], "phoneVerified": True}
    )
    assert people.contacts == {"Rosenhag", "22041", "Hamburg", "0171 2345678", "DE00"}
    assert people.others == {"Erika"}


def test_without_json_the_rows_of_the_list_tell():
    row = (
        '<article><input type="checkbox" data-testid="a:b:c"><header><span><span>Erika</span></span></header>'
        "<h3>Friteuse</h3></article>"
    )
    html = f'<html><body><section id="conversation-list">{row}</section></body></html>'
    assert people_in(capture(bodies=(), html=html)).others == {"Erika"}


def test_what_is_no_json_names_nobody():
    bodies = tuple(
        Body(url="x", status=200, content=content) for content in (b"", b"\xff", b"[" * 5000, b"7")
    )
    assert people_in(capture(bodies=bodies)) == People()


def test_no_name_is_in_a_log_line_by_accident():
    assert "Erika" not in repr(People(others=frozenset({"Erika"}), contacts=frozenset({"Erika"})))
