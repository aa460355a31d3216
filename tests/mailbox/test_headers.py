"""Taking headers apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.every import every
from watcher.mailbox.headers import LIMIT, decoded, plain, read_headers


def test_folded_lines_are_one_value_and_names_have_no_case() -> None:
    headers = read_headers(b"SUBJECT: one\r\n two\r\n\tthree\r\nFrom: x\r\n\r\nSubject: of the text\r\n")
    assert headers.fields == (("subject", "one two three"), ("from", "x"))
    assert headers.complete


@pytest.mark.parametrize(
    "raw", [b"", b"\r\n", b"\n\nFrom: text", b"no colon at all", b" folded\r\n onto nothing\r\n\r\n"]
)
def test_bytes_that_are_no_headers_have_no_fields(raw: bytes) -> None:
    assert read_headers(raw).fields == ()


def test_a_lone_carriage_return_begins_no_header() -> None:
    headers = read_headers(b"Subject: hi\rAuthentication-Results: mx; dkim=pass\r\nX: y\r\n\r\n")
    assert headers.all("authentication-results") == ()


def test_more_headers_than_are_looked_at_are_not_called_complete() -> None:
    assert not read_headers(b"X: " + b"x" * LIMIT).complete
    assert not read_headers(b"X: y\n" * 1500 + b"\n").complete
    assert read_headers(b"X: y\r\n\r\n" + b"x" * LIMIT).complete


@every(
    ("value", "text"),
    [
        ("=?utf-8?q?Klein=61nzeigen?=", "Kleinanzeigen"),
        ("=?UTF-8?B?S2xlaW5hbnplaWdlbg==?=", "Kleinanzeigen"),
        ("=?UTF-8?B?S2xlaW5hbnplaWdlbg?=", "Kleinanzeigen"),
        ("=?utf-8?q?Klein?=\r\n =?iso-8859-1?q?anzeigen?=", "Kleinanzeigen"),
        ("=?utf-8?q?Klein anzeigen_x?= y", "Klein anzeigen x y"),
        ("=?utf-8*de?q?Ja?=", "Ja"),
        ("=?rot13?q?Xyrva?=", "=?rot13?q?Xyrva?="),
        ("=?utf-8?b?x?=", "=?utf-8?b?x?="),
    ],
)
def test_encoded_words_are_read(value: str, text: str) -> None:
    assert decoded(value) == text


@every(
    ("value", "text"),
    [
        ("a (b (c) \\) d) e", "a    e"),
        ('"a; b=c (d)" <e>', " a__b_c__d_ <e>"),
        ('"a \\" b"', " a___b"),
        ("a (b", None),
        ('a "b', None),
        ("a) b", "a) b"),
    ],
)
def test_comments_go_and_quoted_syntax_is_none(value: str, text: str | None) -> None:
    assert plain(value) == text


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_taken_apart(raw: bytes) -> None:
    for _, value in read_headers(raw).fields:
        decoded(value)
        plain(value)


@settings(deadline=None)
@given(st.text(alphabet="=?bqQ utf-8_\r\nA1\x00é", max_size=80))
def test_any_encoded_word_is_read_or_left_alone(value: str) -> None:
    decoded(value)
