"""How tests start the program as a process of its own: from this checkout, or the one that is installed somewhere.

STORNOWACHT_PROGRAM=~/.local/bin/stornowacht .venv/bin/python -m pytest tests/cli/test_entry.py tests/e2e
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.support.forked import can_fork, run_forked

ENVIRONMENT = "STORNOWACHT_PROGRAM"


def program(installed: Path | None = None) -> list[str]:
    """Return the command line to which a command's name and its arguments are added: of an installed program if there is one."""
    named = shlex.split(os.environ.get(ENVIRONMENT, ""))
    return named or ([str(installed)] if installed else [sys.executable, "-m", "watcher"])


def run_program(arguments: Sequence[str], *, timeout: float) -> tuple[int, str, str]:
    """Give one command, with no other config than the one that it names; returns its exit code, stdout and stderr.

    Raises:
        subprocess.TimeoutExpired: it took longer than so many seconds, and was ended.
    """
    environment = {**os.environ, "STORNOWACHT_CONFIG": "/nowhere"}
    if ENVIRONMENT not in os.environ and can_fork():
        return run_forked(arguments, environment, timeout=timeout)
    done = subprocess.run(
        [*program(), *arguments],
        check=False,
        capture_output=True,
        text=True,
        timeout=timeout,
        env=environment,
    )
    return done.returncode, done.stdout, done.stderr
