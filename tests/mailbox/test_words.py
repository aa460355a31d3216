"""What a human would read in a mail."""

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mailbox.mails import raw
from tests.support.every import every
from watcher.mailbox.headers import read_headers
from watcher.mailbox.words import words_of


def words(text: bytes | str, *fields: str) -> str:
    whole = text.encode() if isinstance(text, str) else text
    return words_of(read_headers(raw(*fields)), whole)


def test_plain_text_is_read_as_it_stands() -> None:
    assert words("Grüße\r\nzwei", "Content-Type: text/plain; charset=utf-8") == "Grüße\r\nzwei"


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_umlauts_are_read_in_their_charset(charset: str) -> None:
    assert words("für dich".encode(charset), f"Content-Type: text/plain; charset={charset}") == "für dich"


@every("charset", ["rot13", "hex", "idna", "no-such", "utf-8\x00", "''"])
def test_what_is_no_charset_is_read_as_the_usual_one(charset: str) -> None:
    assert words("für", f"Content-Type: text/plain; charset={charset}") == "für"


def test_encodings_are_undone() -> None:
    text = "Ihre Sendung wurde zugestellt – Grüße"
    quoted = quopri.encodestring(text.encode()).decode()
    coded = base64.encodebytes(text.encode()).decode()
    assert text in words(quoted, "Content-Transfer-Encoding: quoted-printable")
    assert text in words(coded, "Content-Transfer-Encoding: base64")


def test_of_a_page_only_what_is_seen_is_read() -> None:
    html = (
        "<html><head><title>no</title><style>p{a:b}</style></head><body><table><tr><td>Sendung</td><td>123</td></tr>"
        "<tr><td>wurde&nbsp;<b>zuge</b>stellt</td></tr></table><script>no()</script><!-- x --><p>Ende</p></body>"
    )
    read = words(html, "Content-Type: text/html; charset=utf-8")
    assert [line.strip() for line in read.splitlines() if line.strip()] == [
        "Sendung",
        "123",
        "wurde\xa0zugestellt",
        "Ende",
    ]


def test_both_faces_of_a_mail_are_read_the_plain_one_first() -> None:
    text = (
        "--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>zwei</p>\r\n"
        "--x\r\nContent-Type: image/png\r\n\r\ndrei\r\n"
        "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\neins\r\n--x--"
    )
    assert words(text, 'Content-Type: multipart/alternative; boundary="x"').split() == ["eins", "zwei"]


@every("html", ["<" * 250_000, "<style>" * 40_000, "<p" * 100_000, "&" * 250_000, "</style>", "<>", "< >x"])
def test_a_tangled_page_costs_little(html: str) -> None:
    words(html, "Content-Type: text/html")


@settings(deadline=None)
@given(st.text(max_size=60), st.binary(max_size=300))
def test_any_mail_is_read(kind: str, text: bytes) -> None:
    words(text, f"Content-Type: {kind}")


@settings(deadline=None)
@given(st.text(alphabet="</>&;#style scriptp=\"'x1\x00é", max_size=200))
def test_any_page_is_read(html: str) -> None:
    words(html, "Content-Type: text/html; charset=utf-8")
