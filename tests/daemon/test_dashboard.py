"""The daemon's dashboard is a comfort: without it the watch goes on."""

import sys
from pathlib import Path

import pytest

from watcher.config_file import load
from watcher.daemon.config_watch import ConfigWatch
from watcher.daemon.daemon import _dashboard
from watcher.daemon.jobs import Jobs
from watcher.daemon.progress import Progress


def test_a_dashboard_whose_parts_are_missing_holds_up_no_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[terms]\ni_accept_the_risk = true\n[storage]\ndir = "{tmp_path / "data"}"\n[dashboard]\nenabled = true\n',
        encoding="utf-8",
    )
    monkeypatch.setitem(sys.modules, "watcher.web.server", None)
    went_on = False
    settings = ConfigWatch(config, config.read_text(), load(config), lambda _: load(config))
    with _dashboard(Jobs(settings, config, Progress())):
        went_on = True
    assert went_on
