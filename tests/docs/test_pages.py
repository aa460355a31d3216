"""The German pages leave nothing out: each outcome of a check, each channel, each carrier, each command."""

import re
from pathlib import Path

import pytest
from platformdirs.macos import MacOS
from platformdirs.unix import Unix

from notifiers.discovery import channels
from scripts.command_page import PATH, tables
from tests.docs.examples import PAGES, ROOT, blocks
from watcher.carriers.knowledge import OTHER, all_carriers
from watcher.domain.outcome import Outcome
from watcher.service.plan import SECRETS
from watcher.texts.language import use
from watcher.texts.names import outcome_name


def page(name: str) -> str:
    return (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")


def test_each_outcome_of_a_check_is_explained_by_the_name_that_the_seller_sees() -> None:
    names = {outcome_name(outcome, language="de") for outcome in Outcome}
    assert {name for name in names if f"„{name}“" not in page("hindernisse")} == set()


def test_each_channel_has_an_example() -> None:
    given = "".join(
        block.text for block in blocks() if block.page.name == "kanaele.md" and block.language == "toml"
    )
    assert {name for name in channels() if f"[notify.{name}]" not in given} == set()


def test_each_carrier_has_its_row() -> None:
    rows = page("paketdienste")
    known = [carrier for carrier in all_carriers() if carrier.id != OTHER]
    assert [carrier.name for carrier in known if f"**{carrier.name}" not in rows] == []


def test_what_deletes_everything_names_each_place_where_something_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    home = str(Path.home())
    folders = {
        place.replace(home, "~")
        for system in (Unix, MacOS)
        for place in (
            system("stornowacht", appauthor=False).user_data_dir,
            system("stornowacht", appauthor=False).user_config_dir,
            system("stornowacht").user_cache_dir,
        )
    }
    _before, told = page("datenschutz-und-agb").split("## Alles löschen\n")
    kept = {
        SECRETS,
        "config.toml.bak",
        "[storage] dir",
        "[seller] calendar",
        "[texts] folder",
        "keyring del stornowacht",
    }
    assert {what for what in kept if what not in told} == set()
    assert {place for place in folders if f"`{place}`" not in told} == set()


def test_nobody_is_told_to_install_a_name_that_anybody_may_take_in_an_index() -> None:
    told = [
        *PAGES,
        ROOT / "config.example.toml",
        *(
            file
            for room in ("watcher", "notifiers")
            for end in ("py", "html", "po")
            for file in (ROOT / room).rglob(f"*.{end}")
        ),
    ]
    bare = re.compile(r"""install(?: -\S+)* ["'`]?stornowacht\b(?!-)""")
    assert bare.search("pip install -U 'stornowacht[keyring]'")
    found = [
        f"{file.relative_to(ROOT)}: {hit[0]}"
        for file in told
        for hit in bare.finditer(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_each_command_stands_in_one_section_of_its_page() -> None:
    use("de")
    told = tables()
    assert "### ship\n" in told
    assert "#### archive verify\n" in told
    assert "deliver" not in {line.removeprefix("### ") for line in told.splitlines()}, (
        "nobody calls that one by hand"
    )
    assert PATH.read_text(encoding="utf-8").count("### ship\n") == 1


def test_no_page_needs_a_script_from_elsewhere() -> None:
    assert "mermaid" not in {block.language for block in blocks()}
