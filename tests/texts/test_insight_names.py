"""What figures and their rows are called, in both languages, also where nobody knows the key."""

from collections.abc import Iterator

import pytest

from watcher.domain.figure import Row, Topic
from watcher.domain.insights import ANSWER_HOURS, BUYER_DAYS, band_keys
from watcher.domain.rate import Rate
from watcher.listings.rules import shipped_rules
from watcher.texts import language
from watcher.texts.insight_names import column_name, row_name, row_short, topic_note, topic_title
from watcher.texts.insight_words import attempts_words, interval_words, percent


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(language, "_in_force", ["en"])
    return


def test_every_figure_has_its_heading_its_note_and_its_column() -> None:
    for topic in Topic:
        assert topic_title(topic)
        assert topic_note(topic).endswith(".")
        assert column_name(topic)


def test_bands_of_time_are_said_in_their_own_unit() -> None:
    assert [row_name(Topic.ANSWERS, key) for key in band_keys(ANSWER_HOURS)] == [
        "under 1 hour",
        "1 hour to under 4 hours",
        "4 hours to under 24 hours",
        "1 day to under 3 days",
        "3 days or more",
    ]
    assert [row_name(Topic.BUYER_AGE, key) for key in band_keys(BUYER_DAYS)] == [
        "under 30 days",
        "30 days to under 1 year",
        "1 year to under 3 years",
        "3 years or more",
    ]


def test_a_finding_goes_by_its_rules_words_without_the_numbers_of_one_ad() -> None:
    assert row_name(Topic.FINDING, "no_condition") == "The condition is not named"
    assert row_name(Topic.FINDING, "few_photos") == "The ad has few photos"
    assert row_name(Topic.FINDING, "old") == "The ad is … days old"
    for rule in shipped_rules():
        assert "{" not in row_name(Topic.FINDING, rule.id)


def test_a_rule_that_nobody_knows_any_more_goes_by_its_id_made_harmless() -> None:
    assert row_name(Topic.FINDING, "my_own") == "my_own"
    assert "\x1b" not in row_name(Topic.FINDING, "my\x1b[2J")
    assert row_name(Topic.FINDING, "my_own/without") == "ads without that"


def test_a_category_is_a_strangers_word_made_harmless() -> None:
    assert "\x1b" not in row_name(Topic.CATEGORY, "Lampen\x1b[2J")
    assert row_name(Topic.CATEGORY, "*") == "all others"


def test_every_short_name_fits_below_a_chart() -> None:
    shown = [row_short(Topic.ANSWERS, key) for key in band_keys(ANSWER_HOURS)]
    shown += [row_short(Topic.BUYER_AGE, key) for key in band_keys(BUYER_DAYS)]
    assert shown[-1] == "≥ 3 years"
    assert all(len(name) <= 12 for name in shown)
    assert len(set(shown)) == len(shown)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (Row(key="", rate=Rate(hits=2, of=3)), "With you: 2 of 3 came back; too few to say."),
        (
            Row(key="", rate=Rate(hits=9, of=12), open=1),
            "With you: 9 of 12 came back; 75% (47 to 91%) (1 still open).",
        ),
        (
            Row(key="", rate=Rate(hits=0, of=0), open=2),
            "With you: none of your attempts is decided yet (2 still open).",
        ),
    ],
)
def test_the_sellers_own_record_is_said_with_its_count(row: Row, says: str) -> None:
    assert attempts_words(row) == says


@pytest.mark.parametrize(
    ("share", "in_english", "in_german"),
    [
        (0.0, "0%", "0 %"),
        (0.0036, "0.4%", "0,4 %"),
        (0.012, "1%", "1 %"),
        (0.5, "50%", "50 %"),
        (0.9975, "99.8%", "99,8 %"),
        (1.0, "100%", "100 %"),
    ],
)
def test_a_share_is_a_whole_number_unless_that_made_little_nothing(
    monkeypatch: pytest.MonkeyPatch, share: float, in_english: str, in_german: str
) -> None:
    assert percent(share) == in_english
    monkeypatch.setattr(language, "_in_force", ["de"])
    assert percent(share) == in_german


@pytest.mark.parametrize(
    ("hits", "of", "words"),
    [
        (0, 1000, "0 to 0.4%"),
        (285, 9885, "2.6 to 3.2%"),
        (5, 1373, "0.2 to 0.8%"),
        (4, 8, "22 to 78%"),
        (4, 7, ""),
    ],
)
def test_a_range_is_never_said_to_have_no_width(hits: int, of: int, words: str) -> None:
    assert interval_words(Rate(hits=hits, of=of)) == words
