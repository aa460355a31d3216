"""Secrets go, however they are escaped; everything else stays, byte by byte."""

import base64
import json
from html import escape
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from watcher.domain.capture import Body, Removed
from watcher.pages.scrubbing import Scrubber

ODD = "x1/+=&\"<>' y2?#%\\z3"
KNOWN = {"Zq7kP2xW9rTn4Lb8Yc": "cookie SRV"}
TOKEN = next(iter(KNOWN))

secrets = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=40).filter(
    lambda value: sum(letter.isalnum() for letter in value) >= 4 and "removed" not in value
)
around = st.text(st.characters(codec="utf-8"), max_size=60)

WAYS = [
    str,
    quote,
    lambda value: quote(value, safe=""),
    lambda value: quote(quote(value, safe=""), safe=""),
    escape,
    lambda value: json.dumps(value)[1:-1],
    lambda value: json.dumps(json.dumps(value))[3:-3],
    lambda value: "".join(letter if letter.isalnum() else f"&#{ord(letter)};" for letter in value),
    lambda value: "".join(letter if letter.isalnum() else f"&#x{ord(letter):X};" for letter in value),
    lambda value: "".join(letter if letter.isalnum() else f"\\u{ord(letter):04x}" for letter in value),
]


@settings(deadline=None, derandomize=True)
@given(secrets, around, around, st.sampled_from(WAYS))
def test_a_known_secret_goes_however_it_is_escaped(secret, before, after, way):
    written = way(secret)
    scrubbed = Scrubber({secret: "cookie"}).text(f"{before}{written}{after}", "html")
    assert written not in scrubbed


@pytest.mark.parametrize("way", WAYS)
def test_a_secret_of_odd_letters_goes_and_what_stands_around_it_stays(way):
    assert Scrubber({ODD: "cookie"}).text(f"vor {way(ODD)} nach", "html") == "vor removed-1 nach"


@settings(deadline=None, derandomize=True)
@given(around)
def test_a_text_without_a_secret_stays_as_it_is(text):
    assume(TOKEN not in text)
    scrubber = Scrubber(KNOWN)
    scrubbed = scrubber.text(text, "html")
    assert (scrubbed == text) == (scrubber.removed == ())


@settings(deadline=None, derandomize=True)
@given(secrets, around)
def test_what_is_clean_stays_as_it_is(secret, text):
    once = Scrubber({secret: "cookie"}).text(f"{text}{secret}{text}", "html")
    assert Scrubber({secret: "cookie"}).text(once, "html") == once


def test_one_secret_has_one_mark_in_all_of_a_capture_and_is_counted_where_it_stood():
    scrubber = Scrubber({**KNOWN, "another-secret-12": "header authorization"})
    assert scrubber.text(f"{TOKEN} another-secret-12 {TOKEN}", "html") == "removed-1 removed-2 removed-1"
    assert scrubber.url(f"https://x.example/?q={TOKEN}") == "https://x.example/?q=removed-1"
    assert scrubber.removed == (
        Removed(where="address", what="cookie SRV", times=1),
        Removed(where="html", what="cookie SRV", times=2),
        Removed(where="html", what="header authorization", times=1),
    )


def test_a_secret_within_a_longer_one_leaves_no_rest():
    scrubber = Scrubber({"abcdefgh12": "cookie a", "abcdefgh12-ijklmnop34": "cookie b"})
    assert scrubber.text("(abcdefgh12-ijklmnop34)", "html") == "(removed-1)"


def test_what_was_learned_from_one_place_goes_from_all():
    scrubber = Scrubber({})
    scrubber.learn('<meta name="csrf-token" content="q1w2e3r4t5z6">')
    assert scrubber.text("var x = 'q1w2e3r4t5z6'", "html") == "var x = 'removed-1'"


def test_an_id_stays_although_a_cookie_repeats_it():
    scrubber = Scrubber({}, {"gjm2v:b4klpfx:w0q3umtco": "cookie last"}, ids={"gjm2v:b4klpfx:w0q3umtco"})
    assert scrubber.text("?conversationId=gjm2v:b4klpfx:w0q3umtco", "html").endswith("w0q3umtco")
    assert Scrubber({}, {"a1b2c3d4e5f6g7h8": "cookie v"}).text("a1b2c3d4e5f6g7h8", "html") == "removed-1"


def test_an_address_that_carries_its_content_in_itself_is_emptied_if_a_secret_is_in_it():
    hidden, harmless = (
        base64.b64encode(text.encode()).decode() for text in (f"a {TOKEN} b", "nothing to see here")
    )
    text = f'<img src="data:text/html;base64,{hidden}"><img src="data:image/png;base64,{harmless}">'
    scrubbed = Scrubber(KNOWN).text(text, "html")
    assert scrubbed == f'<img src="data:text/html;base64,"><img src="data:image/png;base64,{harmless}">'


def body(content: object) -> Body:
    return Body(url="https://gateway/x", status=200, content=json.dumps(content).encode())


def test_an_answer_whose_keys_bear_a_token_is_withheld():
    scrubbed = Scrubber({}).body(body({"csrfToken": "q1w2e3r4t5z6", "id": "a:b:c"}))
    assert scrubbed.withheld
    assert b"q1w2e3r4t5z6" not in scrubbed.content
    assert json.loads(scrubbed.content)["id"] == "a:b:c"


def test_an_answer_that_only_repeats_a_secret_is_kept_without_it():
    scrubbed = Scrubber(KNOWN).body(body({"text": f"siehe {TOKEN}", "id": "a:b:c"}))
    assert not scrubbed.withheld
    assert json.loads(scrubbed.content) == {"text": "siehe removed-1", "id": "a:b:c"}


def test_an_answer_that_breaks_off_is_withheld_if_a_token_can_be_seen_in_it():
    broken = Body(url="https://gateway/x", status=200, content=b'{"accessToken": "q1w2e3r4t5z6", "id": ')
    assert Scrubber({}).body(broken).withheld


def test_bytes_that_are_no_text_survive_as_they_are():
    odd = Body(url="https://gateway/x", status=200, content=b'\xff\xfe{"a": "\xe4"}')
    assert Scrubber(KNOWN).body(odd) == odd
