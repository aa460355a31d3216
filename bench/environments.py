"""Other people's programs, each in an environment of its own, outside of this project's."""

import subprocess
import sys
import venv
from pathlib import Path

from platformdirs import user_cache_path

from bench.arguments import where

PINNED = {
    "webchanges": ("webchanges==3.37.0", "playwright==1.65.2", "psutil>=7"),
    "changedetection.io": ("changedetection.io==0.60.10", "playwright==1.65.2"),
    "shot-scraper": ("shot-scraper==1.12", "playwright==1.65.2"),
    "auto-archiver": ("auto-archiver==1.2.9",),
}
"""Name -> what is installed: the versions that the figures are of."""
_READY = "stornowacht-bench.txt"


class NotInstalledError(Exception):
    """A rival that could not be had here; its message says why."""


def environment(name: str) -> Path:
    """Return the environment of a rival; it is made when it is first asked for, which takes minutes."""
    folder = _home() / name
    wanted = "\n".join((*PINNED[name], f"python {sys.version_info.major}.{sys.version_info.minor}"))
    ready = folder / _READY
    if ready.is_file() and ready.read_text() == wanted:
        return folder
    print(f"Installing {PINNED[name][0]} into {folder} ...", file=sys.stderr, flush=True)
    venv.create(folder, clear=True, with_pip=True, symlinks=True)
    pip = [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run([*pip, *PINNED[name]], check=False, capture_output=True, text=True)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["pip said nothing"]
        raise NotInstalledError(f"{PINNED[name][0]} cannot be installed here: {last[0]}")
    ready.write_text(wanted)
    return folder


def version(name: str) -> str:
    """Return the version that is pinned."""
    return PINNED[name][0].partition("==")[2]


def _home() -> Path:
    """Return where the environments lie: `--envs DIR`, else the user's cache folder."""
    told, _others = where()
    if told.envs is not None:
        folder: Path = told.envs
        return folder.resolve()
    return user_cache_path("stornowacht-bench") / "environments"
