"""Which conversation a mail is about."""

import base64
import quopri

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.mailbox.mails import CONVERSATION, platform_mail, raw
from tests.support.every import every
from watcher.domain.mail import MailVerdict
from watcher.mailbox.headers import read_headers
from watcher.mailbox.notice import key_of, named_in_headers, named_in_text

DOMAINS = ("kleinanzeigen.de",)
LINK = f"https://www.kleinanzeigen.de/m-nachrichten.html?conversationId={CONVERSATION}"


def in_text(text: bytes | str, *fields: str) -> str | None:
    whole = text.encode() if isinstance(text, str) else text
    return named_in_text(read_headers(raw(*fields)), whole, domains=DOMAINS)


def test_the_header_names_the_conversation() -> None:
    assert named_in_headers(read_headers(platform_mail())) == CONVERSATION


@every("value", ["", "ab", "a" * 121, "../../logout", "a b c", "a?b", "<a:b:c>", "a%3Ab", "ä:b:c"])
def test_what_is_no_id_names_nothing(value: str) -> None:
    assert named_in_headers(read_headers(platform_mail(conversation=value))) is None


def test_two_conversations_are_none() -> None:
    assert named_in_headers(read_headers(platform_mail(more=["X-Conversation-ID: 1:2:3"]))) is None
    assert in_text(f"{LINK} {LINK}2") is None
    assert in_text(f"{LINK} {LINK}") == CONVERSATION


@every(
    ("text", "fields"),
    [
        (f"Antworten: {LINK}", ()),
        (f"<a href='{LINK}&amp;x=1'>", ("Content-Type: text/html",)),
        (LINK.replace(":", "%3A").replace("https%3A", "https:"), ()),
        (quopri.encodestring(LINK.encode()).decode(), ("Content-Transfer-Encoding: quoted-printable",)),
        (base64.encodebytes(LINK.encode()).decode(), ("Content-Transfer-Encoding: base64",)),
        (
            f"--x\r\nContent-Type: image/png\r\n\r\nhttps://www.kleinanzeigen.de/?conversationId=9:9:9\r\n--x\r\n\r\n{LINK}",
            ('Content-Type: multipart/mixed; boundary="x"',),
        ),
        (
            f"--x\r\nContent-Type: text/html\r\n\r\n<a href={LINK}>",
            ("Content-Type: multipart/alternative; boundary=x",),
        ),
        (LINK.replace("kleinanzeigen.de", "Kleinanzeigen.DE:443"), ()),
    ],
)
def test_a_link_to_the_platform_names_it(text: str, fields: tuple[str, ...]) -> None:
    assert in_text(text, *fields) == CONVERSATION


@every(
    "text",
    [
        "",
        LINK.replace("kleinanzeigen.de", "kleinanzeigen.de.evil.example"),
        LINK.replace("www.kleinanzeigen.de", "evil.example/www.kleinanzeigen.de"),
        LINK.replace("www.kleinanzeigen.de", "www.kleinanzeigen.de@evil.example"),
        LINK.replace("www.kleinanzeigen.de", "evil.example\\@www.kleinanzeigen.de"),
        LINK.replace("www.kleinanzeigen.de", "[::1"),
        LINK.replace("https", "javascript"),
        LINK.replace("?", "#"),
        LINK + "/../x",
        "&".join([LINK, *(f"a{number}=1" for number in range(50))]),
    ],
)
def test_any_other_link_names_nothing(text: str) -> None:
    assert in_text(text) is None


@every(
    ("top", "text"),
    [
        (
            "Content-Type: multipart/mixed; boundary=x",
            ("--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 29),
        ),
        (
            "Content-Type: multipart/mixed; boundary=x",
            ("--x\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n" * 9000),
        ),
        ("Content-Type: multipart/mixed; boundary*=utf\x008''x", "--x\r\n\r\n"),
        ("Content-Type: message/rfc822", "Content-Type: message/rfc822\r\n\r\n" * 9000),
        ("Content-Transfer-Encoding: uuencode", "begin 644 x\n" + "\xff" * 90),
        ("Content-Transfer-Encoding: base64", "=" * 9000),
        ("Content-Type: text/html", "https://" * 40_000),
        ("Content-Type: text/html", "h" * 5_000_000),
    ],
)
def test_a_tangled_mail_names_nothing_and_costs_little(top: str, text: str) -> None:
    assert in_text(text, top) is None


@settings(deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.binary(max_size=300))
def test_any_text_is_read(kind: str, encoding: str, text: bytes) -> None:
    in_text(text, f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}")


@settings(deadline=None)
@given(
    st.sampled_from(
        ["multipart/mixed; boundary=x", "message/rfc822", "text/html; charset=x", "multipart/digest"]
    ),
    st.text(alphabet="-x\r\n: Content-Type;multipart/=\x00é", max_size=200),
)
def test_any_parts_are_read(kind: str, text: str) -> None:
    in_text(text, f"Content-Type: {kind}")


def test_a_forged_mail_cannot_make_a_real_one_look_known() -> None:
    headers = read_headers(platform_mail())
    assert key_of(headers, MailVerdict.TRUSTED) == key_of(headers, MailVerdict.TRUSTED)
    assert key_of(headers, MailVerdict.TRUSTED) != key_of(headers, MailVerdict.SUSPICIOUS)


def test_mails_without_an_id_are_told_apart_by_their_headers() -> None:
    one, other = (read_headers(raw(f"Subject: {name}")) for name in "ab")
    assert key_of(one, MailVerdict.TRUSTED) != key_of(other, MailVerdict.TRUSTED)
    assert "Subject" not in key_of(one, MailVerdict.TRUSTED)
