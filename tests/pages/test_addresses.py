"""Addresses of the message box, and which answers are worth keeping."""

import pytest

from tests.pages.captures import BASE, BOX
from watcher.pages.addresses import (
    is_list_answer,
    is_thread_answer,
    is_worth_keeping,
    message_box,
    page_number,
)


def test_the_message_box_has_one_address_and_one_per_conversation():
    assert message_box(BASE) == message_box(BASE + "/") == BASE + "/m-nachrichten.html"
    assert message_box(BASE, "5p:4d:7b") == BASE + "/m-nachrichten.html?conversationId=5p:4d:7b"


@pytest.mark.parametrize("conversation", ["../../x", "a&b=c", "a#b", "a b", "ä", "a/b?c"])
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


@pytest.mark.parametrize(
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


@pytest.mark.parametrize(
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
