"""What people install: the wheel, in an environment of its own, plays the demo."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(400)]
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_all_data_and_no_package_but_ours(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {
        "watcher",
        "notifiers",
        next(n for n in names if "dist-info" in n).split("/")[0],
    }
    for wanted in (
        "watcher/practice_shop/shop.py",
        "watcher/practice_shop/static/postfach.js",
        "watcher/storage/migrations/0001_base.sql",
        "watcher/pages/events.toml",
        "watcher/carriers/dhl.toml",
        "watcher/texts/playbook.de.toml",
        "watcher/texts/locale/de/LC_MESSAGES/stornowacht.mo",
        "watcher/postman/templates/letter.html",
        "watcher/browser/proof_page/proof.html",
        "notifiers/mail_presets.toml",
    ):
        assert wanted in names


def test_the_demo_runs_from_the_wheel_in_a_new_environment(wheel, tmp_path, a_browser):
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    pip = [
        str(environment / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--require-hashes", "-r", str(ROOT / "requirements.lock")], check=True)
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    command = [str(environment / "bin" / "stornowacht"), "demo", "--dir", str(tmp_path / "stage")]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=200, cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    seconds = int(re.search(r"(\d+) (?:seconds|Sekunden)", done.stdout)[1])
    assert seconds > 5, "two reminder intervals of silence alone take longer"
    assert sorted((tmp_path / "stage").rglob("*.eml")), "the mails are there to be looked at"
