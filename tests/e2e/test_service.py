"""The watch as a service of a real systemd, with all that the unit forbids it: Chromium, its own sandbox on, still works."""

import json
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.e2e.conftest import Place
from tests.service.session import Session, session, what_is_missing
from tests.support.daemon import wait_for

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(what_is_missing()), reason=what_is_missing() or "-"),
]


@pytest.fixture
def stage() -> Iterator[Path]:
    """A folder below /home, where the unit lets the watch change nothing but what is its own."""
    folder = Path(tempfile.mkdtemp(dir="/home", prefix="stornowacht-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def user(stage: Path) -> Iterator[Session]:
    with session(stage) as begun:
        yield begun


@pytest.fixture
def theirs(stage: Path, shop, template: Place, user: Session) -> Place:
    """The user's config, and a profile that is logged in. What is known of root's browser is not theirs."""
    place = Place(stage / 'seller 100% "private" $HOME', shop)
    place.folder.mkdir()
    place.config.write_text(
        f"language = 'en'\n[terms]\ni_accept_the_risk = true\n[storage]\ndir = '{place.storage}'\n"
        f"[site]\nbase_url = '{shop.base_url}'\ngateway_url = '{shop.gateway_url}'\n",
        encoding="utf-8",
    )
    shutil.copytree(template.storage / "profiles", place.storage / "profiles")
    shop.sessions = template.shop.sessions.copy()
    user.owns(place.folder)
    return place


@pytest.mark.one_sale
def test_the_service_watches_within_its_bounds_and_goes_without_a_trace(theirs: Place, user: Session) -> None:
    def run(*arguments: str):
        # A checkout below the system's folder for passing files is none of a user's: there it would be refused.
        passing = f"TMPDIR={theirs.folder}"
        return user.run("env", passing, sys.executable, "-m", "watcher", *arguments, seconds=180)

    config = ("--config", str(theirs.config))
    installed = run("service", "install", *config)
    assert installed.returncode == 0, installed.stderr
    assert "The watch runs" in installed.stdout
    again = run("service", "install", *config)
    assert "It is there already" in again.stdout, again.stderr

    status = theirs_json(run("service", "status", "--json", *config))
    assert (status["running"], status["enabled"], status["current"]) == (True, True, True), status
    watch = psutil.Process(status["pid"])
    assert watch.uids().real != 0
    assert {"NoNewPrivs:\t1", "Seccomp:\t2"} <= set(
        Path(f"/proc/{watch.pid}/status").read_text().splitlines()
    )
    mounts = [line.split() for line in Path(f"/proc/{watch.pid}/mountinfo").read_text().splitlines()]
    assert [parts[5].split(",")[0] for parts in mounts if parts[4] in {"/home", "/usr"}] == ["ro", "ro"]

    log = theirs.storage / "log" / "stornowacht.jsonl"
    wait_for(lambda: [entry for entry in entries(log, "check_ended") if entry["code"] == 0], seconds=120)
    assert theirs_json(run("status", "--json", *config))["accounts"][0]["last_complete"]
    assert "Friteuse" in run("orders", *config).stdout

    removed = run("service", "uninstall")
    assert removed.returncode == 0, removed.stderr
    assert not watch.is_running()
    assert run("service", "status", *config).returncode == 1
    assert [path for path in (user.home / ".config").rglob("*") if not path.is_dir()] == []
    assert not [
        each for each in psutil.process_iter(["environ"]) if str(theirs.folder) in str(each.info["environ"])
    ]


def entries(log: Path, event: str):
    written = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
    return [json.loads(line) for line in written if f'"event": "{event}"' in line]


def theirs_json(done):
    assert done.stdout, done.stderr
    return json.loads(done.stdout)
