"""The German catalogue: complete, fresh, and safe to fill in."""

import ast
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from string import Formatter

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from scripts.texts import MO, PO, ROOT, _compiled, collect
from watcher.example import example_config
from watcher.texts import language
from watcher.texts.terms import TERMS

QUOTED = re.compile(r"„[^“]*“|`[^`]*`|\"[^\"]*\"")
FORMAL = re.compile(r"\b(?:Sie|Ihnen|Ihr(?:e[mnrs]?)?)\b")
CODE = re.compile(r"`[^`]*`|\[\[?[a-z_.]+\]\]?|--[a-z-]+|\b[a-z]+(?:_[a-z]+)+\b|\bstornowacht [a-z]+\b")


def catalogue() -> Catalog:
    return read_po(io.BytesIO(PO.read_bytes()), locale="de")


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Return each English form with each German one that may stand in its place."""
    for message in catalogue:
        if isinstance(message.id, tuple):
            one, many = message.id
            yield one, message.string[0]
            yield from ((many, german) for german in message.string[1:])
        elif message.id:
            yield message.id, message.string


def placeholders(text: str) -> list[tuple[str, str, str]]:
    return sorted(
        (name, conversion or "", spec or "")
        for _, name, spec, conversion in Formatter().parse(text)
        if name is not None
    )


def is_filled_in(text: str) -> bool:
    return re.search(r"{\w+[^}]*}", text) is not None


@pytest.mark.slow
def test_every_string_of_the_program_is_translated_and_none_is_left_over() -> None:
    wanted = {message.id for message in collect() if message.id}
    translated = {message.id for message in catalogue() if message.id and not message.fuzzy}
    assert translated == wanted
    assert all(german.strip() for _, german in pairs(catalogue()))


@pytest.mark.slow
def test_no_string_hides_from_the_collector_inside_another_text() -> None:
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in catalogue()}
    asked = {
        (str(path.relative_to(ROOT)), node.args[0].value)
        for path in (ROOT / "watcher").rglob("*.py")
        if "_(" in (text := path.read_text(encoding="utf-8")) or "ngettext(" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"_", "ngettext"}
        and isinstance(node.args[0], ast.Constant)
    }
    assert asked
    assert [(place, text) for place, text in sorted(asked) if text not in known] == []


def test_every_plural_has_all_its_forms() -> None:
    known = catalogue()
    for message in known:
        if isinstance(message.id, tuple):
            assert len(message.string) == known.num_plurals
            assert all(message.string), message.id


def test_both_languages_have_the_same_placeholders_with_the_same_formats() -> None:
    for english, german in pairs(catalogue()):
        if is_filled_in(english) or is_filled_in(german):
            assert placeholders(german) == placeholders(english), english


def test_commands_and_settings_are_named_alike_in_both_languages() -> None:
    for english, german in pairs(catalogue()):
        assert sorted(CODE.findall(german)) == sorted(CODE.findall(english)), english


def test_both_languages_begin_and_end_alike() -> None:
    for english, german in pairs(catalogue()):
        assert german == german.strip()
        assert english == english.strip()
        assert german.endswith((".", ":")) == english.endswith((".", ":")), english
        assert english[-1] not in ".:" or german[-1] == english[-1], english


def test_the_compiled_catalogue_is_fresh() -> None:
    assert MO.read_bytes() == _compiled(catalogue())


def test_the_same_texts_compile_to_the_same_bytes_at_any_time() -> None:
    earlier = catalogue()
    earlier.creation_date = datetime(2020, 2, 29, tzinfo=UTC)
    assert _compiled(earlier) == _compiled(catalogue())


def test_the_seller_is_never_addressed_formally() -> None:
    for english, german in pairs(catalogue()):
        assert not FORMAL.search(QUOTED.sub("", german)), english


@pytest.mark.parametrize(
    ("text", "formal"),
    [
        ("Melden Sie sich an.", True),
        ("Prüfen Sie Ihre Angaben.", True),
        ("Sieh unter „Sie sind nicht da?“ nach.", False),
        ("Erika storniert; ihr Paket ist unterwegs.", False),
    ],
)
def test_a_formal_address_is_told_from_a_quoted_one(text: str, *, formal: bool) -> None:
    assert bool(FORMAL.search(QUOTED.sub("", text))) is formal


def test_the_platforms_terms_are_quoted_in_their_own_words() -> None:
    german = catalogue().get(TERMS)
    assert german is not None
    assert "§ 5" in german.string
    assert "„Crawler, Spider, Scraper oder andere automatisierte Mechanismen“" in german.string


def test_the_program_speaks_the_catalogues_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_force", ["de"])
    assert language._("No open case.") == "Kein offener Fall."
    language.use("en")
    assert language._("No open case.") == "No open case."


def test_the_german_config_explains_itself_in_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_force", ["de"])
    german = example_config()
    monkeypatch.setattr(language, "_in_force", ["en"])
    english = example_config()
    shown = {line for line in german.splitlines() if re.match(r"# [A-Z].*[.:]$", line)}
    assert shown
    assert not shown & set(english.splitlines())
    assert [line for line in german.splitlines() if "=" in line] == [
        line for line in english.splitlines() if "=" in line
    ]
