"""The profile between two browsers."""

from pathlib import Path

import pytest

from watcher.browser.profile import profile_of
from watcher.errors import BusyError


def test_what_an_unguarded_window_remembered_of_report_addresses_is_forgotten(tmp_path: Path) -> None:
    with profile_of("main", tmp_path) as profile:
        for place in (profile / "Default", profile / "Default" / "Network"):
            place.mkdir(parents=True, exist_ok=True)
            (place / "Reporting and NEL").write_text("where to post")
            (place / "Reporting and NEL-journal").write_text("where to post")
            (place / "Cookies").write_text("the login")
    with profile_of("main", tmp_path) as profile:
        left = sorted(path.name for path in (profile / "Default").rglob("*") if path.is_file())
    assert left == ["Cookies", "Cookies", "Preferences"]


def test_a_profile_is_private_and_belongs_to_one_at_a_time(tmp_path: Path) -> None:
    with profile_of("main", tmp_path) as profile:
        assert profile.stat().st_mode & 0o077 == 0
        with pytest.raises(BusyError, match="main"), profile_of("main", tmp_path):
            pass
        with profile_of("second", tmp_path) as other:
            assert other != profile
