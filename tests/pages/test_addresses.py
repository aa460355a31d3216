"""Addresses of the message box, and which answers are worth keeping."""

import pytest

from tests.pages.captures import BASE, BOX
from tests.support.every import every
from watcher.pages.addresses import (
    is_list_answer,
    is_own_ads_answer,
    is_thread_answer,
    is_worth_keeping,
    message_box,
    own_ads_number,
    own_ads_page,
    page_number,
    place_of_answer,
)


def test_the_message_box_has_one_address_and_one_per_conversation():
    assert message_box(BASE) == message_box(BASE + "/") == BASE + "/m-nachrichten.html"
    assert message_box(BASE, "5p:4d:7b") == BASE + "/m-nachrichten.html?conversationId=5p:4d:7b"


@every("conversation", ["../../x", "a&b=c", "a#b", "a b", "ä", "a/b?c"])
def test_a_hostile_id_stays_one_value_of_the_query(conversation):
    address = message_box(BASE, conversation)
    assert address.startswith(BASE + "/m-nachrichten.html?conversationId=")
    assert not set(address.partition("=")[2]) & set("/&#? ")


@pytest.mark.parametrize("url", [BOX, BOX + "/", BOX + "?page=0&size=25"])
def test_the_list_is_worth_keeping(url):
    assert is_list_answer(url)
    assert is_worth_keeping(url)
    assert not is_thread_answer(url)


def test_a_conversation_is_worth_keeping_and_known_by_its_id():
    url = BOX + "/5p%3A4d:7b?contentWarnings=true"
    assert is_worth_keeping(url)
    assert is_thread_answer(url, "5p:4d:7b")
    assert not is_thread_answer(url, "5p:4d:7c")
    assert not is_list_answer(url)


@every(
    "url",
    [
        BOX + "/read?ids=a:b:c",
        BOX + "/a:b:c/extra",
        BASE + "/m-access-token.json",
        BASE + "/messagebox-api/view",
        "https://login.kleinanzeigen.example/oauth/token",
        "https://[broken",
        "",
        "data:text/plain,x",
    ],
)
def test_nothing_else_is_kept_least_of_all_what_carries_a_token(url):
    assert not is_worth_keeping(url)


@every(
    ("query", "number"),
    [
        ("?page=3", 3),
        ("", 0),
        ("?page=", 0),
        ("?page=-1", 0),
        ("?page=9999999", 0),
        ("?page=x", 0),
        ("?page=2&page=5", 2),
    ],
)
def test_a_page_is_known_by_its_number(query, number):
    assert page_number(BOX + query) == number


def test_the_own_ads_have_an_address_for_each_page():
    assert own_ads_page(BASE + "/", 1) == BASE + "/m-meine-anzeigen.html?pageNumber=1&keyword="
    assert own_ads_number(own_ads_page(BASE, 7)) == 7


def test_an_answer_with_own_ads_is_worth_keeping_and_known_by_its_page():
    url = BASE + "/m-meine-anzeigen-verwalten.json?sort=DEFAULT&pageNum=3"
    assert is_own_ads_answer(url)
    assert is_worth_keeping(url)
    assert own_ads_number(url) == 3
    assert place_of_answer(url) != place_of_answer(url.replace("=3", "=4")) != ""
    assert not is_own_ads_answer(BASE + "/m-meine-anzeigen.html")


@every(
    "query",
    [
        "",
        "?pageNum=0",
        "?pageNum=-1",
        "?pageNum=x",
        "?pageNum=",
        "?pageNum=123456",
        "?pageNum=²",
        "?pageNumber=٣",
    ],
)
def test_a_page_that_is_none_is_the_first(query):
    assert own_ads_number(BASE + "/m-meine-anzeigen-verwalten.json" + query) == 1
