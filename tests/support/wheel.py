"""The wheel, as people install it: in an environment of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shared import made_once

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    return next(made_once(tmp_path_factory, "wheel", _build).glob("*.whl"))


def _build(folder):
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, check=False, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr


@pytest.fixture(scope="session")
def installed(wheel, tmp_path_factory):
    """The folder of programs of a new environment that holds the wheel."""
    return (
        made_once(tmp_path_factory, "installed", lambda folder: _install(folder / "venv", wheel))
        / "venv"
        / "bin"
    )


def _install(environment, wheel):
    """Install the wheel alone; what it needs is found where this checkout has it, in the versions of the lock."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    python = str(environment / "bin" / "python")
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--no-deps", str(wheel)], check=True)
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own, ours = (
        subprocess.run([of, "-c", ask], check=True, capture_output=True, text=True).stdout.strip()
        for of in (python, sys.executable)
    )
    # Such a line adds the folder behind the own one, and does not obey its .pth files: the checkout stays out of sight.
    (Path(own) / "needed.pth").write_text(f"{ours}\n", encoding="utf-8")
