"""Every kind, cause and reason has words, in every language."""

from collections.abc import Callable, Iterator
from enum import StrEnum

import pytest

from watcher.cli.words import alert_words, cause_words, event_words, outcome_words, reason_words
from watcher.domain.alert import AlertKind
from watcher.domain.cadence import Reason
from watcher.domain.event import EventKind
from watcher.domain.outcome import Cause, Outcome
from watcher.postman.letter_words import has_words
from watcher.texts.language import LANGUAGES, Language, use
from watcher.texts.names import alert_name, cause_name


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[Language]:
    use(request.param)
    yield request.param
    use("de")


@pytest.mark.parametrize(
    ("words", "members"),
    [
        (outcome_words, Outcome),
        (cause_words, Cause),
        (reason_words, Reason),
        (event_words, EventKind),
        (alert_words, AlertKind),
    ],
)
def test_every_member_has_one_line_of_its_own(
    words: Callable[[StrEnum], str], members: type[StrEnum], language: Language
) -> None:
    spoken = [words(member) for member in members]
    assert all(line.strip() and "\n" not in line and len(line) < 100 for line in spoken), language
    assert len(set(spoken)) == len(spoken)


def test_every_cause_and_alert_has_a_name_in_letters(language: Language) -> None:
    for named in (
        [cause_name(cause, language=language) for cause in Cause],
        [alert_name(kind, language=language) for kind in AlertKind],
    ):
        assert all(named)
        assert len(set(named)) == len(named)


def test_what_is_no_words_is_not_taken_for_them(language: Language) -> None:
    assert has_words("cause.dns.way", language=language)
    for path in ("cause", "cause.dns", "cause.dns.way.more", "cause.None.way", "", "mail.reason.<b>"):
        assert not has_words(path, language=language)
