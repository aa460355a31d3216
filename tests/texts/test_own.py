"""Own versions of the ready-made texts: used where they are right, told and stood in for where they are not."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.memory import tmp_path
from watcher.domain.step import CaseKind
from watcher.errors import UsageError
from watcher.texts import language as languages
from watcher.texts.language import LANGUAGES
from watcher.texts.own import drop_own, own_path, save_own, use_folder
from watcher.texts.playbook import PLACEHOLDERS, Subject, draft_for, pattern_for, text_names, words_for

__all__ = ["tmp_path"]
SUBJECT = Subject(
    kind=CaseKind.IN_TRANSIT,
    title="Friteuse",
    buyer="Jana",
    carrier="dhl",
    carrier_name="DHL",
    cancelled_at=datetime(2026, 11, 22, 20, 5, tzinfo=UTC),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(languages, "_in_force", ["en"])
    use_folder(tmp_path / "texts")
    yield tmp_path / "texts"
    use_folder(None)


def write(folder: Path, name: str, content: str | bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)


def test_an_own_version_is_filled_like_the_shipped_one(folder: Path) -> None:
    write(folder, "ask_why.de.txt", "Moin[ {buyer}], [„{title}“|der Artikel] ist storniert?\n")
    draft = draft_for("ask_why", SUBJECT, language="de")
    assert draft.text == "Moin Jana, „Friteuse“ ist storniert?"
    assert (draft.own, draft.fault) == (True, None)
    assert "own version" in draft.label


def test_it_is_shown_wherever_the_step_is_shown(folder: Path) -> None:
    write(folder, "ask_why.de.txt", "Moin!")
    drafts = words_for("ask_buyer", SUBJECT, language="de").drafts
    assert [draft.text for draft in drafts if draft.own] == ["Moin!"]


def test_the_other_language_keeps_its_shipped_text(folder: Path) -> None:
    write(folder, "ask_why.de.txt", "Moin!")
    draft = draft_for("ask_why", SUBJECT, language="en")
    assert draft.text.startswith("Hello Jana")
    assert not draft.own


def test_a_text_that_is_german_in_every_language_has_one_german_version(folder: Path) -> None:
    write(folder, "to_carrier.de.txt", "Bitte anhalten!")
    assert draft_for("to_carrier", SUBJECT, language="en").text == "Bitte anhalten!"


def test_changes_in_the_folder_are_seen_at_once(folder: Path) -> None:
    for words in ("eins", "zwei"):
        write(folder, "ask_why.de.txt", words)
        assert draft_for("ask_why", SUBJECT, language="de").text == words


def test_a_fact_that_is_not_known_leaves_a_blank_and_one_in_brackets_nothing(folder: Path) -> None:
    write(folder, "ask_why.de.txt", "Hallo {buyer}, Nr. {number}[ ({ad_id})]")
    assert draft_for("ask_why", SUBJECT, language="de").text == "Hallo Jana, Nr. ___"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("Hallo {Buyer}", "{Buyer}"),
        ("Hallo {name}, [{wer}]", "{name}"),
        ("Hallo {0.__class__}", "{0.__class__}"),
        ("Hallo {}", "{}"),
        ("", "empty"),
        (" \n\t\n", "empty"),
        ("x" * 10_001, "longer than"),
        (b"Stra\xdfe", "UTF-8"),
    ],
)
def test_what_cannot_be_used_is_told_beside_the_shipped_text(
    folder: Path, content: str | bytes, fault: str
) -> None:
    shipped = draft_for("ask_why", SUBJECT, language="de").text
    write(folder, "ask_why.de.txt", content)
    draft = draft_for("ask_why", SUBJECT, language="de")
    assert (draft.text, draft.own) == (shipped, False)
    assert fault in (draft.fault or "")
    assert fault in draft.label
    assert "ask_why.de.txt" in draft.label


def test_an_unknown_placeholder_is_named_with_those_that_there_are(folder: Path) -> None:
    write(folder, "ask_why.de.txt", "{käufer}")
    fault = draft_for("ask_why", SUBJECT, language="de").fault or ""
    assert "{käufer}" in fault
    assert all(f"{{{name}}}" in fault for name in PLACEHOLDERS)


def test_a_folder_in_the_place_of_a_file_is_told_and_does_not_stop_a_text(folder: Path) -> None:
    (folder / "ask_why.de.txt").mkdir(parents=True)
    draft = draft_for("ask_why", SUBJECT, language="de")
    assert draft.fault
    assert draft.text.startswith("Hallo Jana")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "hostile", ["{0.__class__}", "[{title}|x]", "A\r\nBcc: x", "\u202egnp", "\\1", "x" * 500]
)
def test_a_hostile_name_in_an_own_version_stays_a_name(folder: Path, hostile: str, language: str) -> None:
    subject = Subject(title=hostile, buyer=hostile)
    write(folder, f"ask_why.{language}.txt", "Hallo {buyer}\n[über „{title}“]\n{number}")
    text = draft_for("ask_why", subject, language=language).text  # type: ignore[arg-type]
    assert len(text.splitlines()) == 3
    assert text.endswith("\n___")
    assert not set(text) & set("\r\u202e")
    assert len(text) < 200


def test_controls_in_an_own_version_do_not_steer_the_terminal_and_its_lines_stay(folder: Path) -> None:
    write(folder, "ask_why.de.txt", "\ufeffMoin\x1b[2J\u202e,\r\n\r\n  eingerückt 👩\u200d🔧\r\n")
    text = draft_for("ask_why", SUBJECT, language="de").text
    assert not set(text) & set("\x1b\u202e\r\ufeff")
    assert text.splitlines()[2] == "  eingerückt 👩\u200d🔧"


def test_what_is_saved_comes_back_right_or_wrong(folder: Path) -> None:
    for words in ("Moin [{buyer}]", "kaputt {"):
        assert save_own("ask_why", "de", f"\n{words}\n\n") == own_path("ask_why", "de")
        assert pattern_for("ask_why", language="de") == words


def test_a_dropped_version_gives_way_to_the_shipped_one(folder: Path) -> None:
    shipped = pattern_for("ask_why", language="de")
    save_own("ask_why", "de", "Moin")
    assert drop_own("ask_why", "de") == folder / "ask_why.de.txt"
    assert drop_own("ask_why", "de") is None
    assert pattern_for("ask_why", language="de") == shipped


def test_a_folder_that_cannot_be_made_is_told_with_the_setting(folder: Path) -> None:
    folder.write_text("a file")
    with pytest.raises(UsageError) as caught:
        save_own("ask_why", "de", "Moin")
    assert str(folder) in caught.value.message
    assert "[texts]" in caught.value.advice


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_shipped_text_could_be_an_own_version(folder: Path, language: str) -> None:
    for name in text_names(language):  # type: ignore[arg-type]
        shipped = draft_for(name, SUBJECT, language=language)  # type: ignore[arg-type]
        save_own(name, shipped.language, pattern_for(name, language=language))  # type: ignore[arg-type]
        again = draft_for(name, SUBJECT, language=language)  # type: ignore[arg-type]
        assert (again.own, again.text) == (True, shipped.text)


def test_without_a_folder_every_text_is_the_shipped_one() -> None:
    use_folder(None)
    assert not draft_for("ask_why", SUBJECT, language="de").own
    with pytest.raises(UsageError):
        save_own("ask_why", "de", "Moin")
