"""What counts as a secret: by where it stands, by its name, by its shape; and what never does."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.every import every
from watcher.pages.secrets import (
    could_be_secret,
    ids_in,
    in_json,
    in_text,
    names_secret,
    of_cookies,
    of_headers,
    of_storage,
    of_url,
)

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0ODE1MTYyMyJ9.c2lnbmF0dXJlLXBhcnQ"
TOKEN = "Zq7-kP2_xW9rTn4Lb8Yc"
CONVERSATION = "gjm2v:b4klpfx:w0q3umtco"


@every(
    "name",
    ["csrfToken", "access_token", "X-CSRF-Token", "JSESSIONID", "sid", "auth", "id-token", "refreshtoken", "_csrf", "apiKey", "clientSecret"],
)  # fmt: skip
def test_names_of_tokens_are_known(name):
    assert names_secret(name)


@every(
    "name",
    ["author", "userIdBuyerHash", "conversationId", "data-testid", "tokenType", "sessionExpiresAt", "authStatus", "messageId", "inside", ""],
)  # fmt: skip
def test_other_names_are_none(name):
    assert not names_secret(name)


@every(
    "value",
    ["kurz", "1732612345678", "2026-11-22T10:00:00.000Z", "marlene@beispiel.example", "https://www.kleinanzeigen.de/x1", "zwei Worte 12", "removed-12"],
)  # fmt: skip
def test_harmless_values_stay_whatever_they_are_called(value):
    assert not could_be_secret(value)


def test_a_word_under_a_tokens_name_is_no_secret_where_anything_may_stand():
    assert not could_be_secret("AUTHENTICATED_BY_PHONE", strict=True)
    assert could_be_secret(TOKEN, strict=True)


@every(
    "text",
    [
        f'<meta name="csrf-token" content="{TOKEN}">',
        f"<meta content='{TOKEN}' name='_csrf'>",
        f'<input type="hidden" value="{TOKEN}" name="authenticity_token">',
        f'<script>window.start = {{"accessToken": "{TOKEN}"}}</script>',
        f"<script>var csrf = '{TOKEN}';</script>",
        f'<script>x["session_id"] = "{TOKEN}"</script>',
        '<script>s = "{\\"id_token\\":\\"' + TOKEN + '\\"}"</script>',
        f'<div data-state="{{&quot;authToken&quot;:&quot;{TOKEN}&quot;}}">',
        f'<a href="/m?x=1&amp;access_token={TOKEN}&amp;y=2">',
        f"https://x.example/in?targetUrl=%2Fm%3Fsid%3D{TOKEN}%26a%3D1",
        f"https://x.example/in?to=%252Fm%253Fsid%253D{TOKEN}%2526a%253D1",
        f"Authorization: Bearer {TOKEN}",
    ],
)
def test_a_token_is_found_by_its_name_wherever_it_is_written(text):
    assert list(in_text(text)) == [TOKEN]


def test_a_jwt_is_found_by_its_shape_alone():
    assert in_text(f"<p>Hallo {JWT}.</p>") == {JWT: "JWT"}


def test_an_escaped_token_is_known_as_it_is_meant():
    text = '<script>{"token": "ab\\/cd\\u003d12345"}</script><a href="?token=ef%2Fgh%3D67890">'
    assert set(in_text(text)) == {"ab/cd=12345", "ef/gh=67890"}


@pytest.mark.parametrize(
    "text",
    [
        f'<input data-testid="{CONVERSATION}" type="checkbox">',
        f'<a href="/m-nachrichten.html?conversationId={CONVERSATION}">',
        '{"userIdBuyer": 48151623, "paymentId": "1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "author": "someone123456"}',
        '<p>Das Passwort: steht im Brief. Author: "Heinz123456"</p>',
        "Bearer of bad news",
    ],
)
def test_ids_and_ordinary_texts_hold_no_secret(text):
    assert in_text(text) == {}


def test_cookies_that_scripts_cannot_read_are_secrets_and_short_ones_are_none():
    sure, perhaps = of_cookies([("SRV", TOKEN, True), ("lang", "de", True), ("access_token", JWT, False)])
    assert set(sure) == {TOKEN, JWT}
    assert perhaps == {}


def test_other_cookies_are_secrets_only_as_long_as_they_are_no_id():
    sure, perhaps = of_cookies([("last", CONVERSATION, False), ("visitor", "a1" * 12, False)])
    assert sure == {}
    assert set(perhaps) == {CONVERSATION, "a1" * 12}


def test_a_cookie_that_is_json_gives_away_the_token_within():
    raw = "%7B%22lang%22%3A%22de%22%2C%22refreshToken%22%3A%22" + TOKEN + "%22%7D"
    sure, _ = of_cookies([("state", raw, False)])
    assert sure[TOKEN] == "cookie state"


def test_storage_gives_away_tokens_by_key_by_shape_and_within_json():
    login = json.dumps({"body": {"refresh_token": TOKEN, "expires": 3600}})
    found = of_storage(
        "local storage", [("login", login), ("note", JWT), ("sid", "x9" * 6), ("theme", "dark-mode-2026")]
    )
    assert set(found) == {TOKEN, JWT, "x9" * 6}


def test_headers_are_secret_by_name_with_and_without_the_word_before():
    found = of_headers({"authorization": f"Bearer {TOKEN}", "accept": "text/html", "cookie": "a=b"})
    assert set(found) == {TOKEN}


def test_an_address_gives_away_parameters_and_one_time_codes():
    url = f"https://login.example/callback?code=a1b2c3d4e5f6a7b8c9&state=kurz&conversationId={CONVERSATION}#access_token={TOKEN}"
    assert set(of_url(url)) == {"a1b2c3d4e5f6a7b8c9", TOKEN}


@pytest.mark.parametrize("url", ["https://[", "", "data:,x", "https://u:p@h/?"])
def test_a_broken_address_breaks_nothing(url):
    assert of_url(url) == {}


def test_json_bears_a_token_by_a_key_at_any_depth():
    assert list(in_json([{"a": {"accessToken": TOKEN}}])) == [(TOKEN, "accessToken")]
    assert list(in_json({"session": {"id": TOKEN}})) == [(TOKEN, "id")]
    assert list(in_json({"id": TOKEN, "token": None, "csrfToken": ""})) == []


def test_deep_json_is_looked_through():
    deep: object = {"token": TOKEN}
    for _ in range(5000):
        deep = [deep]
    assert list(in_json(deep)) == [(TOKEN, "token")]


def test_ids_are_what_keys_call_so_but_for_those_of_sessions():
    told = {"id": CONVERSATION, "userIdBuyer": 1, "list": [{"offerId": "o-1", "sessionId": TOKEN}]}
    assert set(ids_in(told)) == {CONVERSATION, "o-1"}


@settings(deadline=None, derandomize=True)
@given(st.text())
def test_whatever_a_text_says_it_can_be_looked_through(text):
    for value in in_text(text):
        assert len(value) >= 8


@settings(deadline=None, derandomize=True)
@given(st.text(), st.text(), st.booleans())
def test_whatever_a_cookie_says_it_can_be_looked_through(name, value, hidden):
    of_cookies([(name, value, hidden)])
    of_storage("local storage", [(name, value)])
    of_url(value)
