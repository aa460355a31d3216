"""A config that any version could read is read by this one, and means the same."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.meaning import lost, meaning
from tests.support.released import PLACE, VERSIONS, lacking, released
from watcher import __version__
from watcher.config import ConfigError
from watcher.config_file import load


@pytest.mark.parametrize("version", released())
def test_every_released_version_has_left_its_config(version: str) -> None:
    assert lacking(version, "config.toml", "config.json") == set()


@pytest.mark.parametrize("version", VERSIONS)
def test_what_it_could_say_still_means_the_same(version: str, tmp_path: Path) -> None:
    path = Path(shutil.copy(PLACE / version / "config.toml", tmp_path / "config.toml"))
    said = json.loads((PLACE / version / "config.json").read_text(encoding="utf-8"))
    assert list(lost(said, meaning(load(path), tmp_path))) == []


@pytest.mark.parametrize("version", VERSIONS)
def test_it_sets_all_that_stands_in_a_table_of_that_version(version: str) -> None:
    """A fixture that says little would hold nobody to anything."""
    said = json.loads((PLACE / version / "config.json").read_text(encoding="utf-8"))
    text = (PLACE / version / "config.toml").read_text(encoding="utf-8")
    for table in ("watch", "site", "storage"):
        assert all(f"\n{name} =" in text for name in said[table]), table


def test_a_change_of_meaning_is_found() -> None:
    said = {"watch": {"hot": "PT10M"}, "account": [{"name": "main"}], "gone": 1}
    now = {"watch": {"hot": "PT20M", "new": 3}, "account": [{"name": "main", "page": []}]}
    assert list(lost(said, now)) == [
        "watch.hot: 'PT10M' has become 'PT20M'",
        "gone: 1 has become 'nothing'",
    ]


def test_a_setting_of_a_newer_version_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('language = "en"\n[watch]\ntelepathy = true\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="telepathy: there is no such setting") as caught:
        load(path)
    assert (
        caught.value.advice == f"This is Stornowacht {__version__}. Does the setting come from a newer one?"
    )


def test_a_slip_of_the_pen_is_taken_for_one(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('language = "en"\n[watch]\nquite = "2h"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="did you mean quiet") as caught:
        load(path)
    assert caught.value.advice == ""
