"""What small and public surfaces show of a message."""

from dataclasses import fields, replace

import pytest

from notifiers.excerpt import Excerpt, excerpt
from notifiers.message import Discreet, Link, Message, Reply, Urgency
from tests.notifiers.samples import CANCELLED, HOSTILE, TOKEN

PUBLIC = Discreet(
    subject="Verkauf wohl storniert, Paket unterwegs",
    summary="Bis Di., 04:00 Uhr handeln.",
    url="https://example.org/",
)
MESSAGE = replace(
    CANCELLED,
    discreet=PUBLIC,
    actions=(
        Reply(label="Ich kümmere mich", token=TOKEN),
        Link(label="Sendung", url="https://example.org/00340"),
    ),
)


def _excerpt(message: Message, *, private: bool, language="de") -> Excerpt:
    return excerpt(message, private=private, language=language, title=60, lines=3, line=80)


def _all(said: Excerpt) -> str:
    return " ".join(str(getattr(said, field.name)) for field in fields(said))


def test_in_private_it_says_subject_summary_and_links():
    said = _excerpt(MESSAGE, private=True)

    assert said.title == "Storniert: Kinderfahrrad, 45 €"
    assert said.body == "Kinderfahrrad, 45 €\nPaket NICHT abgeben"
    assert said.url == "https://example.org/case/42"
    assert said.links == (Link(label="Sendung", url="https://example.org/00340"),)


def test_in_public_it_says_what_the_message_calls_discreet_and_nothing_else():
    said = _excerpt(MESSAGE, private=False)

    assert (said.title, said.body, said.url) == (PUBLIC.subject, PUBLIC.summary, PUBLIC.url)
    assert said.links == ()
    for secret in ("Kinderfahrrad", "45", "00340", "case/42"):
        assert secret not in _all(said)


@pytest.mark.parametrize(
    ("urgency", "language", "title"),
    [
        (Urgency.NORMAL, "de", "Stornowacht hat eine Nachricht für dich"),
        (Urgency.CRITICAL, "de", "Stornowacht: dringend, bitte sieh gleich nach"),
        (Urgency.CRITICAL, "en", "Stornowacht: urgent, please look now"),
    ],
)
def test_a_message_that_names_nothing_discreet_only_says_in_public_that_something_is_up(
    urgency, language, title
):
    said = _excerpt(replace(MESSAGE, discreet=None, urgency=urgency), private=False, language=language)

    assert said.title == title
    assert "stornowacht status" in said.body
    assert said.url is None
    assert "Kinderfahrrad" not in _all(said)


def test_without_a_summary_the_text_begins_it_in_private_only():
    message = replace(MESSAGE, summary="", discreet=replace(PUBLIC, summary=""))

    assert _excerpt(message, private=True).body == "Die Käuferin hat storniert.\nGib das Paket NICHT ab."
    assert _excerpt(message, private=False).body == ""


@pytest.mark.parametrize("private", [True, False])
def test_a_repeat_is_said_in_the_last_line(private):
    said = _excerpt(replace(MESSAGE, repeat=True), private=private, language="en")

    assert said.body.split("\n")[-1] == "This message may arrive twice."


@pytest.mark.parametrize("private", [True, False])
def test_hostile_text_is_harmless(private):
    public = Discreet(subject=HOSTILE.subject, summary=HOSTILE.summary, url="javascript:alert(1)")
    said = _excerpt(replace(HOSTILE, discreet=public, url="file:///etc/passwd"), private=private)

    assert said.title.isprintable()
    assert all(line.isprintable() for line in said.body.split("\n"))
    assert said.url is None
