"""What asks for no answer. Conservative: whatever may be a question is one."""

import tomllib
from importlib.resources import files

from hypothesis import given
from hypothesis import strategies as st

from tests.pages.captures import steady
from tests.support.every import every
from watcher.domain.question import Closing
from watcher.pages.closing import LONGEST, closing_of, may_ask, words_of

DATA = tomllib.loads(files("watcher.pages").joinpath("closing.toml").read_text(encoding="utf-8"))
PHRASES = [phrase for entry in DATA["closing"] for phrase in entry["phrases"]]
closing = closing_of()


@every(
    "text",
    [
        "ok, danke", "Ok danke!", "super, bis dann", "👍", "👍🏽", "❤️", "alles klar", "Alles klar :)", "Danke, angekommen!", "DANKE SCHÖN!!!",
        "Hallo, das Paket ist heute angekommen. Vielen Dank und schönen Abend noch, lg", "Passt 😊", "nein danke", "Thanks, great!", "Danke\u200b",
        "  ok  ", "Okay. Danke für die schnelle Antwort 👍👍", "ja, danke",
        "Danke, ich melde mich!", "Super, freue mich drauf", "Vielen Dank, das ist lieb",
    ],
)  # fmt: skip
def test_thanks_and_greetings_ask_nothing(text: str) -> None:
    assert closing(text) is not None


@every(
    "text",
    [
        "ok?", "Danke, und wann kommt es", "Noch da", "20", "Ok, 20 €", "Hallo", "Guten Abend!", "ja", "Danke Frank", "ok danke…", "Danke für die Info...",
        "", "   ", "!!!", "ok ❓", "ok ？", "ok ⁉", "Ist bezahlt", "bis wann", "ok dann komme ich um 5", "okdanke", "😡", "danke 🤔", "Ok, Danke. Wie breit",
        "Ich melde mich wegen dem Preis",
    ],
)  # fmt: skip
def test_whatever_may_be_a_question_is_one(text: str) -> None:
    assert closing(text) is None


def test_who_takes_a_question_back_is_told_apart_from_thanks() -> None:
    assert closing("Hat sich erledigt, trotzdem danke!") is Closing.WITHDRAWN
    assert closing("Danke, hat sich schon erledigt") is Closing.WITHDRAWN
    assert closing("Danke!") is Closing.THANKS


def test_the_sellers_own_words_count_beside_the_shipped_ones_and_for_that_seller_alone() -> None:
    own = closing_of(["Horrido, Waidmannsheil"])
    assert own("horrido waidmannsheil! Danke") is Closing.THANKS
    assert own("horrido") is None
    assert closing("horrido waidmannsheil") is None


def test_a_long_text_is_read_by_a_person() -> None:
    assert closing("danke " * (LONGEST // 6)) is not None
    assert closing("danke " * LONGEST) is None


@steady
@given(
    st.text(max_size=60), st.sampled_from("?？؟⸮❓❔⁇⁈⁉‽¿"), st.text(max_size=60), st.sampled_from(PHRASES)
)
def test_a_text_with_a_question_mark_is_never_a_closing(
    before: str, mark: str, after: str, phrase: str
) -> None:
    own = closing_of([before or "x", after or "x"])
    for text in (f"{before}{mark}{after}", f"{phrase}{mark}", f"{phrase} {mark} {phrase}"):
        assert own(text) is None


@steady
@given(
    st.lists(st.sampled_from(PHRASES), min_size=1, max_size=4),
    st.sampled_from(["wann", "wieviel", "5", "adresse", "xyz"]),
    st.integers(0, 4),
)
def test_one_unknown_word_among_known_phrases_makes_it_a_question(
    phrases: list[str], word: str, place: int
) -> None:
    phrases.insert(place, word)
    assert closing(", ".join(phrases)) is None


@steady
@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    assert closing(text) in {None, *Closing}


def test_every_phrase_of_the_table_is_whole_harmless_and_says_where_it_comes_from() -> None:
    for entry in DATA["closing"]:
        assert entry["source"]
        assert entry["seen"]
        assert entry["confidence"] in {"seen", "inferred", "unverified"}
        assert entry["kind"] in {"thanks", "withdrawn", "beside"}
        for phrase in entry["phrases"]:
            assert not may_ask(phrase)
            assert " ".join(words_of(phrase)) == phrase, "as it is compared"
            is_alone = closing(phrase)
            assert is_alone == (None if entry["kind"] == "beside" else Closing(entry["kind"])), phrase
    assert len(PHRASES) == len(set(PHRASES)), "each phrase once"
