"""The letters by which the watch speaks of itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notifiers.message import Message, Urgency
from tests.postman.samples import SEEN_AT, a_case, an_order, facts
from watcher.domain.alert import AlertKind
from watcher.domain.channel_health import ChannelHealth, Failure
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.domain.summary import Summary, summarise
from watcher.postman.letter import write_letter
from watcher.texts.language import LANGUAGES, Language

WORKING = ChannelHealth(channel="email").took(at=SEEN_AT)
DEAD = ChannelHealth(channel="ntfy").failed(Failure(problem="403", permanent=True), at=SEEN_AT)


def summary(**changes: object) -> Summary:
    told = summarise(
        since=SEEN_AT - timedelta(days=7),
        orders=[an_order(stage=Stage.SHIPPED), an_order(id="other", stage=Stage.PAID)],
        cases=[],
        good_checks=412,
        bad_checks=0,
        channels=[WORKING],
    )
    return replace(told, **changes)  # type: ignore[arg-type]


def letter(kind: AlertKind, language: Language = "en", **changes: object) -> Message:
    return write_letter(facts(kind, conversation_url=None, **changes), language=language)  # type: ignore[arg-type]


def calm(kind: AlertKind, language: Language = "en", **changes: object) -> Message:
    whole = facts(kind, conversation_url=None, **changes)  # type: ignore[arg-type]
    return write_letter(replace(whole, alert=replace(whole.alert, critical=False)), language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_quiet_week_says_so_on_the_lock_screen(language: Language) -> None:
    message = calm(AlertKind.SUMMARY, language, summary=summary())
    assert {"de": "Alles ruhig, alles gesehen", "en": "All is quiet, all was seen"}[
        language
    ] in message.subject
    assert "412" in message.text
    assert message.urgency is Urgency.LOW
    assert not message.pictures


@pytest.mark.parametrize(
    "changes",
    [{"bad_checks": 3}, {"good_checks": 0}, {"channels": (WORKING, DEAD)}],
)
def test_whatever_is_not_well_keeps_the_summary_from_being_calm(changes: dict[str, object]) -> None:
    message = letter(AlertKind.SUMMARY, summary=summary(**changes))
    assert "Not everything is as it should be" in message.subject


def test_a_summary_names_what_waits_for_the_seller_and_how_much_there_is_besides() -> None:
    case = a_case(CaseKind.IN_TRANSIT)
    cases = [replace(case, id=f"case-{number}") for number in range(4)]
    order = an_order(title="Friteuse")
    told = summarise(
        since=SEEN_AT, orders=[order], cases=cases, good_checks=1, bad_checks=0, channels=[WORKING]
    )
    message = letter(AlertKind.SUMMARY, summary=told, orders=(order,))
    assert f"{len(told.steps)} steps open" in message.subject
    assert "Friteuse (€45.00)" in message.text
    assert f"and {len(told.steps) - 8} more" in message.text


def test_a_dead_channel_is_named_with_what_its_server_said_and_what_to_do() -> None:
    details = (
        ("channel", "ntfy"),
        ("since", (SEEN_AT - timedelta(hours=2)).isoformat()),
        ("problem", "ntfy.example.org refuses: 403 <b>forbidden</b>"),
        ("advice", "Make a new token."),
    )
    message = calm(AlertKind.CHANNEL_DEAD, details=details)
    assert message.subject == "A way to reach you is dead: ntfy"
    for words in ("403", "Make a new token.", "stornowacht notify-test", "19:05"):
        assert words in message.text
    assert "<b>forbidden</b>" not in (message.html or "")
    assert message.urgency is Urgency.NORMAL


def test_a_channel_that_works_again_is_told_softly() -> None:
    message = calm(AlertKind.CHANNEL_BACK, details=(("channel", "ntfy"),))
    assert (message.subject, message.urgency) == ("Working again: ntfy", Urgency.LOW)


@pytest.mark.parametrize("critical", [True, False])
def test_an_absence_says_from_when_until_when_and_what_it_may_mean(*, critical: bool) -> None:
    details = (("since", (SEEN_AT - timedelta(hours=9)).isoformat()), ("until", SEEN_AT.isoformat()))
    message = (letter if critical else calm)(AlertKind.NOT_WATCHED, details=details)
    assert message.subject == "Not watched: Sun, 22 Nov, 12:05 to Sun, 22 Nov, 21:05"
    assert ("whether it can still be stopped" in message.text) is critical
