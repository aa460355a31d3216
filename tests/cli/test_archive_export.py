import json
from functools import partial
from pathlib import Path

import pytest

from tests.dossier.handing import is_valid_bag, unpacked, verdict
from watcher.app.wishes import Names
from watcher.bootstrap import House
from watcher.browser.printing import press_in
from watcher.dossier.bindery import DossierBindery
from watcher.storage.sealed import FolderFiles
from watcher.storage.store import SqliteStore


@pytest.fixture
def browserless(seller):
    """A machine whose config names a browser that is not there."""
    seller.write_config(more='[browser]\nexecutable = "/nowhere/chromium"\n')
    return seller


@pytest.fixture
def printing(seller, chromium, monkeypatch):
    """Exports are printed in the tests' own browser: a process holds one driver."""
    monkeypatch.setattr(
        House,
        "bindery",
        lambda our: DossierBindery(
            files=FolderFiles(our.config.storage_dir),
            presses=partial(press_in, chromium),
            language=our.config.language,
        ),
    )
    return seller


@pytest.mark.browser
def test_an_export_prints_where_it_lies_and_how_to_check_it(printing, order_id, tmp_path):
    said = printing("archive", "export", order_id, "--to", str(tmp_path / "out"))
    assert (said.code, said.err) == (0, "")
    [bag] = (tmp_path / "out").iterdir()
    assert str(bag) in said.out
    assert "verify.py" in said.out
    folder = unpacked(bag)
    assert (folder / "data/dossier.pdf").read_bytes().startswith(b"%PDF")
    assert is_valid_bag(folder)
    assert verdict(folder)[0] == 0


@pytest.mark.browser
def test_without_a_folder_it_goes_below_the_storage_folder(printing, order_id):
    said = printing("archive", "export", order_id, "--json")
    assert said.code == 0
    path = Path(said.json["sealed"]["path"])
    assert path.parent == printing.data / "exports"
    assert path.parent.stat().st_mode & 0o077 == 0


@pytest.mark.browser
def test_the_support_folder_holds_the_text_that_the_case_asks_for(printing, case_id, tmp_path):
    said = printing("archive", "export", case_id, "--to", str(tmp_path / "out"), "--for", "support", "--json")
    folder = Path(said.json["support"]["path"])
    text = (folder / "text.md").read_text(encoding="utf-8")
    assert "Bitte erstatten Sie dem Käufer das Geld nicht, bevor die Ware wieder bei mir ist" in text
    assert "hilfe.kleinanzeigen.de" in text
    assert "Friteuse, kaum benutzt" in text


@pytest.mark.browser
def test_a_support_folder_warns_of_a_second_inquiry(printing, case_id, order_id, tmp_path):
    printing("note", order_id, "--support", "asked by the form")
    said = printing("archive", "export", case_id, "--to", str(tmp_path / "out"), "--for", "support", "--json")
    assert "support has had this matter since" in (Path(said.json["support"]["path"]) / "text.md").read_text()


def test_what_is_missing_is_said_and_the_exit_code_is_1(browserless, order_id, tmp_path):
    said = browserless("archive", "export", order_id, "--to", str(tmp_path / "out"), "--json")
    assert said.code == 1
    told = said.json
    assert told["ok"] is False
    assert (told["order"], told["case"], told["redacted"], told["support"]) == (order_id, None, None, None)
    assert "data/dossier.pdf" in [gap["place"] for gap in told["gaps"]]
    assert all(gap["reason"] for gap in told["gaps"])
    assert len(told["sealed"]["manifest_sha256"]) == 64
    assert told["sealed"]["path"] in told["files"]


def test_a_case_and_the_redacted_version_are_told_apart(browserless, case_id, tmp_path):
    said = browserless(
        "archive", "export", case_id, "--to", str(tmp_path / "out"), "--redact", "--cover", "Friteuse"
    )
    assert said.code == 1
    names = [path.name for path in (tmp_path / "out").iterdir()]
    assert len(names) == 2
    assert all(name in said.out for name in names)
    assert "no program finds" in said.out
    redacted = next(path for path in (tmp_path / "out").iterdir() if "redacted" in path.name)
    folder = unpacked(redacted)
    assert all(b"Friteuse" not in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert "friteuse" not in redacted.name


def test_the_ledger_remembers_what_was_handed_out(browserless, order_id, tmp_path):
    browserless("archive", "export", order_id, "--to", str(tmp_path / "out"), "--redact")
    store = SqliteStore(browserless.data)
    lines = [json.loads(line.text) for line in store.ledger()]
    store.close()
    told = [line["facts"]["variant"] for line in lines if line["kind"] == "exported"]
    assert told == ["sealed", "redacted"]
    assert browserless("archive", "verify").code == 0


@pytest.mark.parametrize("wanted", ["onobody", "cnobody"])
def test_an_id_that_nobody_has_is_wrong_usage(browserless, wanted):
    said = browserless("archive", "export", wanted)
    assert said.code == 2
    assert wanted in said.err


@pytest.mark.parametrize("option", [("--cover", "x"), ("--names", "all")])
def test_what_to_cover_without_a_redacted_version_is_wrong_usage(browserless, order_id, option):
    said = browserless("archive", "export", order_id, *option)
    assert said.code == 2
    assert "--redact" in said.err


def test_a_folder_that_cannot_be_written_is_named(browserless, order_id, tmp_path):
    (tmp_path / "file").write_text("no folder")
    said = browserless("archive", "export", order_id, "--to", str(tmp_path / "file"))
    assert said.code == 2
    assert str(tmp_path / "file") in said.err


def test_every_way_to_cover_names_can_be_chosen():
    from watcher.cli.archive_export import export_command

    [names] = [option for option in export_command.params if option.name == "names"]
    assert list(names.type.choices) == [each.value for each in Names]
