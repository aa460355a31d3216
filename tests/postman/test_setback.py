"""Letters about the watch's own troubles: what fails again and again, and a config that it cannot take over."""

from dataclasses import replace
from datetime import timedelta

import pytest

from notifiers.message import Message, Urgency
from tests.postman.samples import SEEN_AT, facts
from tests.support.every import every
from watcher.domain.alert import AlertKind
from watcher.domain.setback import WATCH, Setback
from watcher.postman.letter import write_letter
from watcher.texts.language import LANGUAGES, Language


def letter(kind: AlertKind, details: tuple[tuple[str, str], ...], language: Language = "en") -> Message:
    whole = facts(kind, conversation_url=None, details=details)
    return write_letter(replace(whole, alert=replace(whole.alert, critical=False)), language=language)


def failing(job: str, reason: str) -> tuple[tuple[str, str], ...]:
    setback = Setback(job=job, failures=4, since=SEEN_AT - timedelta(hours=1), reason=reason)
    return setback.alert("main", at=SEEN_AT).details


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_watch_that_dies_again_and_again_says_why_and_what_to_do(language: Language) -> None:
    message = letter(AlertKind.KEEPS_FAILING, failing(WATCH, "stuck:check"), language)
    for command in ("stornowacht doctor", "stornowacht log", "stornowacht report"):
        assert command in message.text
    assert {"de": "hing fest (check)", "en": "was stuck (check)"}[language] in message.text
    assert {"de": "4-mal", "en": "4 times"}[language] in message.text
    assert message.urgency is Urgency.NORMAL
    assert not message.pictures


@every(
    ("reason", "words"),
    [
        ("", "not known"),
        ("exit_1", "the error code 1"),
        ("fault:ValueError", "unexpected fault (ValueError)"),
        ("deadline", "took too long"),
        ("memory", "too much memory"),
        ("crashed", "has crashed"),
    ],
)
def test_every_reason_has_words(reason: str, words: str) -> None:
    assert words in letter(AlertKind.KEEPS_FAILING, failing("deliver", reason)).text


def test_a_job_is_named_in_the_subject_and_its_recovery_is_told_softly() -> None:
    assert (
        letter(AlertKind.KEEPS_FAILING, failing("deliver", "exit_1")).subject
        == "Keeps failing: Delivering messages"
    )
    over = letter(AlertKind.WORKS_AGAIN, failing("deliver", "exit_1"))
    assert (over.subject, over.urgency) == ("Works again: Delivering messages", Urgency.LOW)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_config_with_mistakes_names_each_and_what_is_in_force(language: Language) -> None:
    message = letter(
        AlertKind.CONFIG_REFUSED,
        (("message", "The config x has mistakes:\n  [watch] foo: no such setting"),),
        language,
    )
    assert "[watch] foo: no such setting" in message.text
    assert {"de": "bleibt bei der alten", "en": "keeps the old config"}[
        language
    ] in message.text.lower().replace("stornowacht ", "")
