"""Words that the user taught."""

import pytest

from watcher.domain.confidence import Confidence
from watcher.domain.stage import Stage
from watcher.domain.wording import OwnWord, WordKind
from watcher.pages.wording import meaning_of_type, meaning_of_words, vocabulary_of


def taught(*words: tuple[WordKind, str, Stage | None], pattern: bool = False):
    return vocabulary_of(
        OwnWord(kind=kind, token=token, stage=stage, is_pattern=pattern) for kind, token, stage in words
    )


def test_a_taught_type_is_certain_and_wins_over_the_naming_rule():
    words = taught((WordKind.TYPE, "ITEM_CANCELLED_SELLER_MESSAGE", Stage.SHIPPED))
    assert meaning_of_type("ITEM_CANCELLED_SELLER_MESSAGE").stage is Stage.CANCELLED
    meaning = meaning_of_type("item_cancelled_seller_message", words)
    assert (meaning.stage, meaning.confidence) == (Stage.SHIPPED, Confidence.CERTAIN)


def test_a_type_that_was_not_taught_keeps_its_meaning():
    words = taught((WordKind.TYPE, "SOMETHING_ELSE", Stage.SHIPPED))
    assert meaning_of_type("ITEM_DELIVERED_BUYER_MESSAGE", words) == meaning_of_type(
        "ITEM_DELIVERED_BUYER_MESSAGE"
    )


def test_a_taught_heading_counts_as_a_whole_whatever_its_spaces_and_case():
    words = taught((WordKind.HEADING, "Dein Käufer will nicht mehr", Stage.CANCELLED))
    shown = "dein\u00a0Käufer will  nicht mehr"
    assert meaning_of_words(shown, vocabulary=words).stage is Stage.CANCELLED
    assert meaning_of_words(shown + " warten", vocabulary=words).is_unknown


def test_a_heading_that_does_not_mean_what_was_guessed_asks_a_person():
    words = taught((WordKind.HEADING, "Storniert", Stage.UNKNOWN))
    assert meaning_of_words("Storniert").stage is Stage.CANCELLED
    assert meaning_of_words("Storniert", vocabulary=words).is_unknown


def test_a_pattern_finds_its_words_in_headings_and_texts():
    words = taught((WordKind.HEADING, r"tritt\b.*zurück", Stage.CANCELLED), pattern=True)
    assert meaning_of_words("Anna tritt vom Kauf zurück", vocabulary=words).confidence is Confidence.CERTAIN
    assert meaning_of_words("Neues", "Anna tritt zurück.", words).stage is Stage.CANCELLED


def test_the_later_of_two_lessons_wins():
    words = taught((WordKind.TYPE, "NEWS", Stage.CANCELLED), (WordKind.TYPE, "NEWS", Stage.PAID))
    assert meaning_of_type("NEWS", words).stage is Stage.PAID


def test_a_word_that_says_nothing_is_none():
    words = taught((WordKind.TYPE, "NEWSLETTER", None))
    meaning = meaning_of_type("NEWSLETTER", words)
    assert (meaning.stage, meaning.is_unknown) == (None, False)


@pytest.mark.parametrize("broken", ["(", "a{2,1}", "*"])
def test_a_broken_pattern_is_named(broken: str):
    with pytest.raises(ValueError, match="no regular expression"):
        taught((WordKind.HEADING, broken, Stage.PAID), pattern=True)
