"""What people install: the wheel, in an environment of its own, plays the demo and keeps the contract of its commands."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.version import Version

from tests.support.program import ENVIRONMENT
from tests.support.wheel import installed, wheel

__all__ = ["installed", "wheel"]  # fixtures that tests find here

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]
ROOT = Path(__file__).parent.parent.parent
PLACES = {"watcher": "watcher", "notifiers": "notifiers", "fixtures/shop": "watcher/practice_shop"}
"""Folder of the checkout -> where it lies in the wheel."""


def test_the_wheel_holds_every_file_of_our_packages_and_nothing_else(wheel):
    with zipfile.ZipFile(wheel) as packed:
        held = {name for name in packed.namelist() if ".dist-info/" not in name}
    ours = {
        (Path(target) / path.relative_to(ROOT / source)).as_posix()
        for source, target in PLACES.items()
        for path in (ROOT / source).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert held == ours
    # What code reads beside itself, so that this list and the folders cannot become empty together.
    for wanted in (
        "watcher/practice_shop/static/postfach.js",
        "watcher/storage/migrations/0001_base.sql",
        "watcher/carriers/dhl.toml",
        "watcher/texts/locale/de/LC_MESSAGES/stornowacht.mo",
        "watcher/postman/templates/letter.html",
        "watcher/web/templates/setup/done.html",
        "watcher/web/static/base.css",
        "watcher/browser/proof_page/proof.html",
        "watcher/dossier/verify.py",
        "watcher/py.typed",
        "notifiers/mail_presets.toml",
    ):
        assert wanted in held


def test_what_is_installed_is_the_wheel_and_not_this_checkout(installed):
    where = subprocess.run(
        [
            installed / "python",
            "-P",
            "-c",
            "import watcher, notifiers; print(watcher.__file__, notifiers.__file__)",
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd="/",
    ).stdout.split()
    assert all(path.startswith(str(installed.parent)) for path in where), where


def test_the_wheel_says_what_it_is(wheel):
    with zipfile.ZipFile(wheel) as packed:
        named = {
            name.partition(".dist-info/")[2]: name for name in packed.namelist() if ".dist-info/" in name
        }
        said = Metadata.from_email(packed.read(named["METADATA"]), validate=True)
        license_ = packed.read(named["licenses/LICENSE"])
        commands = packed.read(named["entry_points.txt"]).decode()
    assert (said.name, said.license_expression) == ("stornowacht", "MIT")
    assert said.requires_python.contains(Version("3.11")), said.requires_python
    assert not said.requires_python.contains(Version("3.10"))
    assert said.description == (ROOT / "README.md").read_text(encoding="utf-8")
    assert said.description_content_type == "text/markdown"
    assert license_ == (ROOT / "LICENSE").read_bytes()
    assert "stornowacht = watcher.__main__:main" in commands


def test_the_commands_keep_their_contract_from_the_wheel(installed):
    """The same tests that hold the checkout to it, with the installed program in its place."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n",
        "0",
        "tests/cli/test_entry.py",
    ]
    environment = {**os.environ, ENVIRONMENT: str(installed / "stornowacht")}
    environment.pop("PYTEST_XDIST_WORKER", None)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=500)
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout


def test_the_demo_runs_from_the_wheel_in_a_new_environment(installed, tmp_path, a_browser):
    command = [str(installed / "stornowacht"), "demo", "--dir", "stage"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=500, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    seconds = int(re.search(r"(\d+) (?:seconds|Sekunden)", done.stdout)[1])
    assert seconds > 5, "two reminder intervals of silence alone take longer"
    told = [Path(path) for path in re.findall(r"(?m): +(/\S+/stornowacht-demo-\S+)$", done.stdout)]
    assert [path.name for path in told] == ["mail", "archive", "dossier", "stornowacht.db"]
    assert all(path.exists() for path in told), "all is where the demo says, to be looked at"
    assert sorted(told[0].glob("*.eml"))


def test_from_the_wheel_the_service_is_installed_with_its_own_python(installed, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text("[terms]\ni_accept_the_risk = true\n", encoding="utf-8")
    command = [str(installed / "stornowacht"), "service", "install", "--print", "--config", str(config)]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert f'ExecStart=":{installed / "python"}" "-P" "-m" "watcher" "run"' in done.stdout
