"""Pages that the seller added: a login is never taken for what they say."""

from dataclasses import replace

import pytest

from tests.pages.captures import capture
from tests.support.every import every
from watcher.domain.capture import PageKind
from watcher.domain.reading import Statement
from watcher.domain.stage import Stage
from watcher.pages.added_page import read_added_page
from watcher.pages.page import parse

ASKED = "https://pay.example/my/transactions"
TABLE = "<table><tr><td>Lampe</td><td>Storniert</td></tr></table>"


def read(html: str, *, ended: str = ASKED, asked: str = ASKED) -> Statement | None:
    shown = replace(capture(html), kind=PageKind.ADDED, page="payments", url=asked, final_url=ended)
    return read_added_page(parse(shown))


def test_the_words_of_a_page_are_counted():
    found = read(TABLE)
    assert found is not None
    assert found.stages == ((Stage.CANCELLED, 1),)


@every(
    "ended",
    [
        "https://pay.example/login?next=/my/transactions",
        "https://login.pay.example/u/start",
        "https://pay.example/de/anmelden",
        "https://accounts.pay.example/oauth/authorize/sso/x",
        "https://pay.example/signin.html",
        "https://pay.example/auth/start",
    ],
)
def test_a_page_that_led_to_a_login_says_nothing_whatever_stands_there(ended):
    assert read(TABLE, ended=ended) is None


@pytest.mark.parametrize(
    "ended",
    [ASKED, f"{ASKED}?page=1", "https://www.pay.example/my/transactions/", "https://pay.example/authors/1"],
)
def test_a_page_that_led_elsewhere_is_read(ended):
    assert read(TABLE, ended=ended) is not None


def test_a_page_that_is_itself_called_a_login_can_be_added():
    assert read(TABLE, asked="https://pay.example/login/history") is not None


@pytest.mark.parametrize(
    "kind", ["type='password'", "autocomplete='username'", "autocomplete='username webauthn'"]
)
def test_a_page_that_asks_who_one_is_says_nothing(kind):
    assert read(f"<p>Storniert</p><form><input {kind}></form>") is None
