"""A page archive is taken apart and put together again, and only what is changed is written anew."""

import base64
import quopri

from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.pages.mhtml import parts, rewrite

SECRET = "Zq7kP2xW9rTn4Lb8YcZq7kP2xW9rTn4Lb8Yc"
BOUNDARY = "----MultipartBoundary--x1----"


def archive(
    *pieces: tuple[str, str, bytes], subject: str = "Nachrichten", url: str = "https://x.example/"
) -> bytes:
    """A page archive as Chromium writes it."""
    head = (
        f"From: <Saved by Blink>\r\nSnapshot-Content-Location: {url}\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="{BOUNDARY}"\r\n\r\n\r\n'
    )
    written = head.encode()
    for media_type, encoding, content in pieces:
        head = f"--{BOUNDARY}\r\nContent-Type: {media_type}\r\nContent-Transfer-Encoding: {encoding}\r\nContent-Location: {url}\r\n\r\n"
        written += head.encode() + encoded(content, encoding) + b"\r\n"
    return written + f"--{BOUNDARY}--\r\n".encode()


def encoded(content: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(content).replace(b"\n", b"\r\n")
    return quopri.encodestring(content).replace(b"\n", b"\r\n") if encoding == "quoted-printable" else content


def without(text: str) -> str:
    return text.replace(SECRET, "removed-1")


def test_an_unchanged_archive_keeps_every_byte():
    whole = archive(
        ("text/html", "quoted-printable", "<p>Grüße</p>".encode()), ("image/png", "base64", bytes(range(256)))
    )
    assert rewrite(whole, text=lambda text: text) == whole


def test_a_secret_that_is_broken_over_two_lines_goes():
    long = f"<p>{'ä' * 20}{SECRET}{'ö' * 20}</p>"
    whole = archive(
        ("text/html", "quoted-printable", long.encode()), ("text/css", "quoted-printable", b"p{}")
    )
    assert SECRET.encode() not in whole, "otherwise this shows nothing"
    [page, style] = parts(rewrite(whole, text=without))
    assert page.content.decode() == long.replace(SECRET, "removed-1")
    assert style.content == b"p{}"


def test_a_secret_in_base64_goes():
    whole = archive(("image/svg+xml", "base64", f"<svg>{SECRET}</svg>".encode()))
    [part] = parts(rewrite(whole, text=without))
    assert part.content == b"<svg>removed-1</svg>"


def test_a_secret_goes_from_addresses_and_subjects_folded_and_encoded_ones_too():
    subject = f"=?utf-8?Q?Gr=C3=BC=C3=9Fe=20{SECRET[:20]}?=\r\n =?utf-8?Q?{SECRET[20:]}?="
    whole = archive(
        ("text/html", "quoted-printable", b"x"), subject=subject, url=f"https://x.example/?t={SECRET}"
    )
    rewritten = rewrite(whole, text=without)
    assert SECRET.encode() not in rewritten
    assert rewritten.count(b"https://x.example/?t=removed-1\r\n") == 2
    assert (
        base64.b64encode("Grüße removed-1".encode()).strip(b"=") in rewritten or b"removed-1?=" in rewritten
    )


def test_a_picture_that_holds_a_secret_is_emptied():
    whole = archive(
        ("image/png", "base64", b"\x89PNG" + SECRET.encode()), ("image/png", "base64", b"\x89PNG harmless")
    )
    [spoilt, kept] = parts(rewrite(whole, text=without, is_spoilt=lambda content: SECRET.encode() in content))
    assert (spoilt.content, kept.content) == (b"", b"\x89PNG harmless")


def test_what_is_no_archive_goes_through_as_a_whole():
    assert rewrite(f"<p>{SECRET}</p>".encode(), text=without) == b"<p>removed-1</p>"
    assert list(parts(b"")) == []


@settings(deadline=None, derandomize=True)
@given(st.text(st.characters(codec="utf-8")), st.sampled_from(["quoted-printable", "base64"]))
def test_whatever_a_page_says_only_the_secret_is_changed(around, encoding):
    plain = around.replace("\r", "\n")
    whole = archive(("text/html", encoding, f"{plain}{SECRET}{plain}".encode()))
    [part] = parts(rewrite(whole, text=without))
    told = part.content.decode().replace("\r\n", "\n")
    assert told == f"{plain}removed-1{plain}"


@settings(deadline=None, derandomize=True)
@given(st.binary())
def test_whatever_the_bytes_are_they_can_be_taken_apart(content):
    assert rewrite(content, text=lambda text: text) == content
    list(parts(content))
