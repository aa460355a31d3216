"""The e-mail of a message, taken apart again."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers import letter, plain
from notifiers.message import Link, Message, Picture, Reply, Urgency
from tests.notifiers.samples import CANCELLED, HOSTILE, PNG
from tests.support.every import every


def _text(mail: EmailMessage, kind: str = "plain") -> str:
    """The plain text or the HTML; the wire's line ends are no part of it."""
    return mail.get_body((kind,)).get_content().replace("\r\n", "\n")


def _mail(message: Message, *, app_name: str = "Stornowacht", language="de") -> EmailMessage:
    return letter.compose(
        message,
        sender=Address("", "watch", "example.org"),
        recipients=[Address("", "me", "example.org")],
        app_name=app_name,
        language=language,
    )


def _parsed(message: Message, **options) -> EmailMessage:
    return message_from_bytes(_mail(message, **options).as_bytes(), policy=default)


def test_it_offers_text_first_then_html_with_its_picture_inside():
    mail = _parsed(CANCELLED)

    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ]


def test_the_html_refers_to_the_picture_by_its_name():
    *_, html, picture = _parsed(CANCELLED).walk()

    assert 'src="cid:shot"' in html.get_content()
    assert picture["Content-ID"] == "<shot>"
    assert picture.get_content() == PNG
    assert picture.get_content_disposition() == "inline"


def test_umlauts_and_signs_survive_in_every_place():
    mail = _parsed(replace(CANCELLED, text="Grüße für 5 € 🚲\n"), app_name="Störnowacht")

    assert mail["Subject"] == "Storniert: Kinderfahrrad, 45 €"
    assert mail["From"].addresses[0].display_name == "Störnowacht"
    assert _text(mail) == "Grüße für 5 € 🚲\n"
    assert "Die Käuferin" in _text(mail, "html")


def test_every_byte_is_ascii_and_every_line_short_enough_for_any_server():
    wordy = replace(CANCELLED, text="ü" * 5000, html=f"<p>{'ä' * 5000}</p>", subject="ö" * 500)

    raw = _mail(wordy).as_bytes()

    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


def test_without_html_the_pictures_are_attached():
    mail = _parsed(replace(CANCELLED, html=None))

    assert mail.get_body(("html",)) is None
    (picture,) = mail.iter_attachments()
    assert picture.get_filename() == "shot.png"


def test_without_html_and_pictures_it_is_plain_text():
    assert _parsed(replace(CANCELLED, html=None, pictures=())).get_content_type() == "text/plain"


def test_the_same_message_has_the_same_id_and_another_key_another_one():
    first, again = _parsed(CANCELLED), _parsed(CANCELLED)
    other = _parsed(replace(CANCELLED, key="cancelled/42/email/1"))

    assert first["Message-ID"] == again["Message-ID"] == letter.message_id(CANCELLED.key)
    assert other["Message-ID"] != first["Message-ID"]


def test_ids_never_change_between_versions():
    """What is in people's mailboxes has to thread with what comes next year."""
    assert letter.message_id("key") == "<ad0b74726b0eda42214b8e3fd2126bc3@stornowacht.invalid>"
    assert letter.thread_id("case") == "<ac2e3b5b3ad8995ac66e41c8bbdd1f4d@stornowacht.invalid>"


def test_all_mails_of_a_case_refer_to_one_thread():
    first = _parsed(CANCELLED)
    later = _parsed(replace(CANCELLED, key="reminder", subject="Erinnerung"))

    assert first["References"] == later["References"] == letter.thread_id("case-42")
    assert first["In-Reply-To"] == later["In-Reply-To"] == letter.thread_id("case-42")
    assert letter.thread_id("case-42") != letter.message_id("case-42")


def test_it_is_dated_when_the_fact_happened():
    berlin = timezone(timedelta(hours=1))

    mail = _parsed(replace(CANCELLED, at=datetime(2026, 11, 22, 11, 0, tzinfo=berlin)))

    assert mail["Date"].datetime == CANCELLED.at
    assert mail["Date"].endswith("+0100")


def test_it_asks_other_machines_not_to_answer():
    assert _parsed(CANCELLED)["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("urgency", "priority", "importance"),
    [(Urgency.CRITICAL, "1", "high"), (Urgency.NORMAL, None, None), (Urgency.LOW, "5", "low")],
)
def test_only_what_is_critical_is_marked_as_important(urgency, priority, importance):
    mail = _parsed(replace(CANCELLED, urgency=urgency))

    assert (mail["X-Priority"], mail["Importance"]) == (priority, importance)


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Diese Nachricht kann doppelt ankommen."), ("en", "This message may arrive twice.")],
)
def test_a_repeat_keeps_its_id_and_says_so_in_a_header_and_in_both_texts(language, words):
    mail = _parsed(replace(CANCELLED, repeat=True), language=language)

    assert mail["Message-ID"] == letter.message_id(CANCELLED.key)
    assert mail[letter.REPEAT_HEADER] == "yes"
    assert _text(mail).endswith(f"\n{words}\n")
    assert f"<p>{words}</p></body>" in _text(mail, "html")


def test_a_first_delivery_says_nothing_of_repeats():
    mail = _parsed(CANCELLED)

    assert mail[letter.REPEAT_HEADER] is None
    assert "doppelt" not in _text(mail)


def test_a_repeat_says_so_in_html_without_a_body_element_too():
    mail = _parsed(replace(CANCELLED, html="<p>x</p>", repeat=True))

    assert _text(mail, "html").startswith("<p>x</p><p>Diese Nachricht")


def test_no_text_can_start_a_header_of_its_own():
    mail = _parsed(HOSTILE, app_name="Wacht\r\nBcc: thief@example.org")

    names = {name.lower() for part in mail.walk() for name in part.keys()}  # noqa: SIM118
    assert not names & {"bcc", "x-evil"}
    assert mail["Subject"] == "Storno Bcc: thief@example.org <b>x</b> gnp.exe [31mrot \ufffd &amp; {0}"
    assert [address.addr_spec for address in mail["To"].addresses] == ["me@example.org"]


def test_marks_that_turn_the_reading_direction_and_steer_terminals_are_gone():
    mail = _parsed(HOSTILE)

    everything = f"{mail['Subject']}{_text(mail)}"
    assert not set(everything) & set("\u202e\x1b\x07\x00\ud800")


def test_a_text_line_of_one_dot_survives():
    assert "\n.\nMAIL FROM:<thief@example.org>\n" in _text(_parsed(HOSTILE))


@settings(deadline=None)
@given(st.text(st.characters(codec=None, categories=None), max_size=250))
def test_whatever_a_stranger_writes_is_read_again_as_it_was_cleaned(text):
    mail = _parsed(replace(CANCELLED, subject=text, text=text))

    assert mail["Subject"] == plain.line(text, limit=200)
    assert _text(mail) == plain.block(text).rstrip("\n") + "\n"
    assert mail["To"].addresses[0].addr_spec == "me@example.org"


@every("name", ["", "a b", "a/b", "../x", "ü", "a>b", "a\nb", "x" * 65])
def test_a_picture_whose_name_cannot_be_referred_to_is_refused(name):
    with pytest.raises(ValueError, match="picture's name"):
        Picture(name=name, png=PNG, alt="")


def test_a_message_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        replace(CANCELLED, at=datetime(2026, 11, 22))


@pytest.mark.parametrize(
    "subject",
    [
        "Wohl storniert, Paket unterwegs: Friteuse, kaum benutzt (45,00 €) – bis Di., 24.11., 04:00 Uhr handeln",
        "1. Erinnerung: „Leuchtturmwärter“ – 12 € – " + "ü " * 40,
        "plain words only, but long enough for a second line, and for a third one if need be, and on and on",
    ],
)
def test_a_subject_arrives_with_every_space_where_it_was(subject):
    message = replace(CANCELLED, subject=subject)
    assert _parsed(message)["Subject"] == subject.strip()
    assert all(len(line) <= 998 for line in _mail(message).as_bytes().split(b"\r\n"))


def _replied(**more) -> EmailMessage:
    actions = (
        Link(label="Öffnen", url="https://example.org/"),
        Reply(label="Ich kümmere mich", token="t" * 24),
    )
    mail = letter.compose(
        replace(CANCELLED, actions=actions),
        sender=Address("", "watch", "example.org"),
        recipients=[Address("", "me", "example.org")],
        app_name="Stornowacht",
        language="de",
        **more,
    )
    return message_from_bytes(mail.as_bytes(), policy=default)


def test_what_can_be_answered_carries_its_token_at_the_end_of_the_subject():
    mail = _replied()

    assert mail["Subject"] == f"{CANCELLED.subject} [#{'t' * 24}]"
    assert mail["Reply-To"] is None
    assert mail["Message-ID"] == _parsed(CANCELLED)["Message-ID"]


def test_with_an_address_for_replies_the_token_stands_there_and_the_subject_is_clean():
    mail = _replied(reply_to=Address("Wacht", "wacht", "example.org"))

    assert mail["Subject"] == CANCELLED.subject
    assert mail["Reply-To"].addresses == (Address("Wacht", f"wacht+{'t' * 24}", "example.org"),)


def test_what_cannot_be_answered_carries_no_token():
    mail = _parsed(CANCELLED)

    assert mail["Subject"] == CANCELLED.subject
    assert mail["Reply-To"] is None
