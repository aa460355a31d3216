"""`text`: ready-made texts to copy, and the seller's own versions of them."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from watcher.storage.store import SqliteStore
from watcher.texts.playbook import PLACEHOLDERS, text_names


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with a screen, and a folder for its programs; there is no other."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    monkeypatch.setenv("DISPLAY", ":7")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setattr("watcher.cli.clipboard.shutil.which", lambda tool: _which(folder, tool))
    return folder


def _which(folder: Path, tool: str) -> str | None:
    return str(folder / tool) if (folder / tool).is_file() else None


def program(folder: Path, name: str, does: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)
    return path


def editor(folder: Path, monkeypatch: pytest.MonkeyPatch, does: str) -> None:
    """An editor that changes the file it is given."""
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv(
        "EDITOR", str(program(folder, "editor", f'{does}\nsleep 0\ntouch -d "+10 seconds" "$1"'))
    )


def test_the_texts_of_a_case_are_listed_with_whom_they_are_for(seller: CommandLine, case_id: str) -> None:
    said = seller("text", case_id)
    assert said.code == 0
    assert re.search(r"refuse_online_dhl +the buyer", said.out)
    assert re.search(r"to_carrier +the carrier", said.out)
    assert re.search(r"support_in_transit +support", said.out)
    assert "never sends" in said.out
    assert "Do not press “Kauf stornieren”" in said.out


def test_scripts_get_the_texts_of_a_case_filled(seller: CommandLine, case_id: str, order_id: str) -> None:
    found = seller("text", case_id, "--json").json
    assert (found["case"], found["order"], found["earlier_contacts"]) == (case_id, order_id, [])
    support = next(text for text in found["texts"] if text["name"] == "support_in_transit")
    assert support.keys() == {"name", "to", "label", "steps", "language", "own", "fault", "text"}
    assert (support["to"], support["steps"], support["language"], support["own"]) == (
        "support", ["tell_support"], "de", False,
    )  # fmt: skip
    assert "Friteuse, kaum benutzt" in support["text"]
    assert seller("text", order_id, "--json").json == found
    assert seller("text", case_id[:5], "--json").json == found


def test_one_text_stands_alone_on_stdout(seller: CommandLine, case_id: str) -> None:
    said = seller("text", case_id, "support_in_transit")
    texts = seller("text", case_id, "--json").json["texts"]
    assert said.out == next(text["text"] for text in texts if text["name"] == "support_in_transit") + "\n"
    assert "never sends" in said.err


def test_for_support_and_police_the_pictures_to_enclose_are_named(seller: CommandLine, case_id: str) -> None:
    for name in ("support_in_transit", "police"):
        [*paths] = re.findall(rf"^  ({seller.data}.*)$", seller("text", case_id, name).err, re.MULTILINE)
        assert paths
        assert all(Path(path).is_file() for path in paths)
    assert "Pictures" not in seller("text", case_id, "to_carrier").err


def test_the_ways_to_support_stand_beside_a_text_for_it_with_their_sources(
    seller: CommandLine, case_id: str
) -> None:
    said = seller("text", case_id, "support_in_transit").err
    form, mail, phone = (said.index(f"  {number}. ") for number in (1, 2, 3))
    assert "Form in the help centre (https://hilfe.kleinanzeigen.de)" in said[form:mail]
    assert said.count("read 11/2026") == 3
    assert not re.search(r"\+49|\b0\d{3,}", said[phone:])


def test_before_a_second_inquiry_the_first_one_is_told(
    seller: CommandLine, case_id: str, order_id: str
) -> None:
    assert "MIND" not in seller("text", case_id, "complaint").err
    seller("note", order_id, "Formular ausgefüllt", "--support")
    assert "A second inquiry makes nothing faster" in seller("text", case_id, "complaint").err
    assert "MIND" not in seller("text", case_id, "refuse").err
    assert len(seller("text", case_id, "--json").json["earlier_contacts"]) == 1


def test_every_text_can_be_had_in_every_case(seller: CommandLine, case_id: str) -> None:
    for name in text_names("en"):
        for language in ("de", "en"):
            said = seller("text", case_id, name, "--language", language)
            assert said.code == 0
            assert said.out.strip()
            assert "{" not in said.out


def test_the_language_can_be_chosen(seller: CommandLine, case_id: str) -> None:
    assert seller("text", case_id, "ask_why", "--language", "de").out.startswith("Hallo Erika")
    assert seller("text", case_id, "ask_why").out.startswith("Hello Erika")


def test_a_closed_case_still_has_its_texts(seller: CommandLine, case_id: str) -> None:
    seller("close", case_id)
    assert "refuse_online_dhl" in seller("text", case_id).out


def test_an_order_without_a_case_has_its_facts_and_no_steps(seller: CommandLine, case_id: str) -> None:
    other = next(order["id"] for order in seller("orders", "--json").json if order["id"] != "o" + case_id[1:])
    assert "no case" in seller("text", other).out
    found = seller("text", other, "--json").json
    assert (found["case"], found["warning"], found["texts"]) == (None, None, [])
    assert seller("text", other, "ask_why").out.startswith("Hello ")


@pytest.mark.parametrize("arguments", [["text"], ["text", "--list"]])
def test_all_texts_are_listed_without_a_case_and_own_ones_are_marked(
    cli: CommandLine, arguments: list[str]
) -> None:
    (cli.folder / "texts").mkdir()
    (cli.folder / "texts" / "ask_why.en.txt").write_text("Hi there")
    (cli.folder / "texts" / "clarify.en.txt").write_text("Hi {nobody}")
    said = cli(*arguments)
    lines = {line.split()[0]: line for line in said.out.splitlines() if line.strip()}
    assert text_names("en")
    assert all(name in lines for name in text_names("en"))
    assert "(your own version)" in lines["ask_why"]
    assert "{nobody}" in lines["clarify"]
    assert "own version" not in lines["refuse"]
    assert str(cli.folder / "texts") in said.out
    own = {text["name"] for text in cli(*arguments, "--json").json["texts"] if text["own"]}
    assert own == {"ask_why"}


def test_the_config_may_name_another_folder(seller: CommandLine, case_id: str) -> None:
    (seller.folder / "mine").mkdir()
    (seller.folder / "mine" / "ask_why.en.txt").write_text("Hi {buyer}")
    seller.write_config(more='[texts]\nfolder = "mine"\n')
    assert seller("text", case_id, "ask_why").out == "Hi Erika\n"


def test_show_and_letters_have_the_own_version_too(seller: CommandLine, case_id: str, order_id: str) -> None:
    (seller.folder / "texts").mkdir()
    (seller.folder / "texts" / "refuse_online_dhl.en.txt").write_text("My very own words for [{buyer}]")
    assert "My very own words for Erika" in seller("show", order_id).out


def test_a_text_without_a_case_is_shown_as_a_pattern(cli: CommandLine) -> None:
    said = cli("text", "ask_why")
    assert said.out.startswith("Hello[ {buyer}],")
    assert "stornowacht text CASE ask_why" in said.err
    found = cli("text", "ask_why", "--json").json
    assert found["placeholders"] == sorted(PLACEHOLDERS)
    assert not cli.data.exists()


def test_a_text_is_copied_by_the_program_that_is_there(
    seller: CommandLine, case_id: str, tools: Path
) -> None:
    program(tools, "xsel", f'printf "%s " "$@" > {tools}/options; cat > {tools}/taken')
    said = seller("text", case_id, "support_in_transit", "--copy")
    assert said.code == 0
    assert "Copied to the clipboard (xsel)." in said.err
    assert (tools / "taken").read_text() + "\n" == said.out
    assert (tools / "options").read_text() == "--clipboard --input "


def test_a_program_that_fails_gives_way_to_the_next_one(
    seller: CommandLine, case_id: str, tools: Path
) -> None:
    program(tools, "xclip", "cat > /dev/null; exit 1")
    program(tools, "xsel", f"cat > {tools}/taken")
    assert "(xsel)" in seller("text", case_id, "ask_why", "--copy").err
    assert seller("text", case_id, "ask_why", "--copy", "--json").json["copied"] is True


def test_a_program_that_breaks_off_is_no_catastrophe(seller: CommandLine, case_id: str, tools: Path) -> None:
    program(tools, "xclip", "exit 1")
    said = seller("text", case_id, "support_in_transit", "--copy")
    assert said.code == 1
    assert "xclip" in said.err


def test_without_a_clipboard_the_text_is_printed_and_the_way_out_told(
    seller: CommandLine, case_id: str, tools: Path
) -> None:
    said = seller("text", case_id, "ask_why", "--copy")
    assert said.code == 1
    assert said.out.startswith("Hello Erika")
    assert "Install wl-clipboard, xclip or xsel" in said.err
    assert seller("text", case_id, "ask_why", "--copy", "--json").json["copied"] is False


def test_under_wayland_its_own_program_comes_first(
    seller: CommandLine, case_id: str, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    for name in ("xclip", "wl-copy"):
        program(tools, name, "cat > /dev/null")
    assert "(wl-copy)" in seller("text", case_id, "ask_why", "--copy").err


def test_windows_gets_its_own_encoding(
    seller: CommandLine, case_id: str, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY")
    program(tools, "clip.exe", f"cat > {tools}/taken")
    seller("text", case_id, "support_in_transit", "--copy")
    taken = (tools / "taken").read_bytes()
    assert taken.startswith((b"\xff\xfe", b"\xfe\xff"))
    assert "„Sicher bezahlen“" in taken.decode("utf-16")


def test_a_text_is_edited_and_kept_as_an_own_version(
    seller: CommandLine, case_id: str, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tools, monkeypatch, f'cp "$1" {tools}/seen; sed -i "s/^Hello/Hi there/" "$1"')
    said = seller("text", case_id, "ask_why", "--edit")
    assert said.code == 0
    assert said.out.startswith("Hi there Erika")
    own = (seller.folder / "texts" / "ask_why.en.txt").read_text()
    assert own.startswith("Hi there[ {buyer}],")
    assert "# " not in own
    assert all(f"{{{name}}}" in (tools / "seen").read_text() for name in PLACEHOLDERS)


def test_a_text_for_support_is_kept_in_german_whatever_is_spoken(
    cli: CommandLine, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tools, monkeypatch, 'echo "Moin" > "$1"')
    assert cli("text", "complaint", "--edit").code == 0
    assert (cli.folder / "texts" / "complaint.de.txt").read_text() == "Moin\n"


def test_what_was_typed_wrongly_is_kept_and_told_and_the_shipped_text_stays(
    seller: CommandLine, case_id: str, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tools, monkeypatch, 'echo "Hi {byuer}" > "$1"')
    said = seller("text", case_id, "ask_why", "--edit")
    assert (said.code, said.out) == (2, "")
    assert "{byuer}" in said.err
    assert "{buyer}" in said.err
    assert (seller.folder / "texts" / "ask_why.en.txt").read_text() == "Hi {byuer}\n"
    assert seller("text", case_id, "ask_why").out.startswith("Hello Erika")


@pytest.mark.parametrize("does", [':> "$1"', 'sed -i "/^[^#]/d" "$1"'])
def test_an_emptied_text_is_the_shipped_one_again(
    seller: CommandLine, case_id: str, tools: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    (seller.folder / "texts").mkdir()
    (seller.folder / "texts" / "ask_why.en.txt").write_text("Hi")
    editor(tools, monkeypatch, does)
    assert "shipped text again" in seller("text", case_id, "ask_why", "--edit").err
    assert not (seller.folder / "texts" / "ask_why.en.txt").exists()


def test_an_editor_that_changes_nothing_leaves_no_file(
    cli: CommandLine, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor(tools, monkeypatch, ":")
    assert "Nothing was changed" in cli("text", "ask_why", "--edit").err
    assert not (cli.folder / "texts").exists()


@pytest.mark.parametrize("named", ["/nowhere/editor", "false"])
def test_an_editor_that_does_not_work_is_told_with_the_way_out(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("EDITOR", named)
    monkeypatch.delenv("VISUAL", raising=False)
    said = cli("text", "ask_why", "--edit")
    assert (said.code, said.out) == (2, "")
    assert "EDITOR" in said.err


def test_a_file_that_cannot_be_read_is_not_overwritten(
    cli: CommandLine, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cli.folder / "texts").mkdir()
    (cli.folder / "texts" / "ask_why.en.txt").write_bytes(b"Stra\xdfe")
    editor(tools, monkeypatch, 'echo new > "$1"')
    assert cli("text", "ask_why", "--edit").code == 2
    assert (cli.folder / "texts" / "ask_why.en.txt").read_bytes() == b"Stra\xdfe"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["CASE", "ask_wy"], "ask_why"),
        (["askwhy"], "ask_why"),
        (["CASE", "\x1b[2J"], "text --list"),
        (["c000000"], "stornowacht cases"),
        (["o000000"], "stornowacht orders"),
        (["CASE", "--copy"], "name"),
        (["--edit"], "name"),
        (["CASE", "ask_why", "--language", "fr"], "fr"),
        (["CASE", "ask_why", "more"], "Usage"),
    ],
)
def test_what_names_nothing_is_wrong_usage(
    seller: CommandLine, case_id: str, arguments: list[str], words: str
) -> None:
    said = seller("text", *(case_id if word == "CASE" else word for word in arguments))
    assert (said.code, said.out) == (2, "")
    assert words in said.err
    assert "\x1b" not in said.err


def test_a_hostile_buyer_or_title_steers_nothing(seller: CommandLine, case_id: str, tools: Path) -> None:
    hostile = "x\x1b[2J\x9b\u202egnp\r\n{0.__class__}[{buyer}|y]" + "z" * 500
    store = SqliteStore(seller.data)
    with store.writing() as writing:
        writing._connection.execute("UPDATE orders SET title = ?1, buyer = ?1", (hostile,))
    store.close()
    program(tools, "xclip", f"cat > {tools}/taken")
    for arguments in ([case_id], [case_id, "--json"], [case_id, "complaint", "--copy"]):
        said = seller("text", *arguments)
        assert said.code == 0
        assert not set(said.all) & set("\x1b\x9b\u202e\r")
    assert "{0.__class__}" in (tools / "taken").read_text()


def test_the_clipboards_program_is_not_waited_for_when_it_stays(
    seller: CommandLine, case_id: str, tools: Path
) -> None:
    """As wl-copy and xclip do: they hold the text in the background, with everything that they inherited."""
    program(tools, "xclip", f"cat > {tools}/taken; sleep 60 & echo $! > {tools}/pid")
    said = seller("text", case_id, "ask_why", "--copy")
    assert "(xclip)" in said.err
    stays = int((tools / "pid").read_text())
    os.kill(stays, 0)
    os.kill(stays, 9)


@pytest.mark.slow
def test_the_printed_text_can_be_piped(seller: CommandLine, case_id: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f"{seller_command(seller)} text {case_id} ask_why 2>/dev/null | head -c 5"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "Hello"


def seller_command(seller: CommandLine) -> str:
    import sys

    return f"STORNOWACHT_CONFIG={json.dumps(str(seller.config))} {sys.executable} -m watcher"
