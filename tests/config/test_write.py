"""Putting a config in its place: only one that loads, whole or not at all, for its owner alone."""

from pathlib import Path

import pytest

from tests.support.memory import tmp_path
from watcher.config import ConfigError
from watcher.config_write import checked, put

__all__ = ["tmp_path"]  # a fixture that tests find here

GOOD, BAD = 'language = "en"\n', 'language = "en"\n[watch]\nlive = "1s"\nlieve = 3\n'


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_a_config_is_for_its_owners_eyes_alone(path: Path) -> None:
    put(path, GOOD)
    path.chmod(0o644)
    assert put(path, GOOD + "# more\n").language == "en"
    assert path.stat().st_mode & 0o777 == 0o600


def test_one_with_mistakes_changes_nothing_and_names_the_file_that_is_meant(path: Path) -> None:
    put(path, GOOD)
    with pytest.raises(ConfigError) as refused:
        put(path, BAD)
    assert "live" in refused.value.message
    assert "lieve" in refused.value.message
    assert str(path) in refused.value.message
    assert ".new" not in refused.value.message
    assert path.read_text() == GOOD
    assert list(path.parent.iterdir()) == [path]


def test_checking_touches_nothing(path: Path) -> None:
    put(path, GOOD)
    assert checked(path, GOOD.replace("en", "de")).language == "de"
    assert path.read_text() == GOOD
    assert list(path.parent.iterdir()) == [path]


def test_paths_are_counted_from_where_the_config_will_be(path: Path) -> None:
    assert checked(path, '[storage]\ndir = "data"\n').storage_dir == path.parent / "data"


def test_each_old_one_is_kept_whatever_it_was(path: Path) -> None:
    path.write_bytes(b"\xff\xfe no text at all \x00")
    put(path, GOOD, keep_old=True)
    put(path, GOOD + "# 2\n", keep_old=True)
    assert (path.parent / "config.toml.bak").read_bytes() == b"\xff\xfe no text at all \x00"
    assert (path.parent / "config.toml.bak2").read_text() == GOOD


def test_a_link_stays_a_link(path: Path) -> None:
    real = path.parent / "elsewhere" / "real.toml"
    real.parent.mkdir()
    real.write_text(GOOD)
    path.symlink_to(real)
    put(path, GOOD + "# more\n")
    assert path.is_symlink()
    assert real.read_text() == GOOD + "# more\n"


def test_what_cannot_be_written_says_where(path: Path) -> None:
    path.mkdir()
    with pytest.raises(ConfigError, match=r"config\.toml"):
        put(path, GOOD)
    (path.parent / "file").write_text("")
    with pytest.raises(ConfigError, match="file"):
        put(path.parent / "file" / "config.toml", GOOD)
