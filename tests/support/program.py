"""How tests start the program as a process of its own: from this checkout, or the one that is installed somewhere.

STORNOWACHT_PROGRAM=~/.local/bin/stornowacht .venv/bin/python -m pytest tests/cli/test_entry.py tests/e2e
"""

import os
import shlex
import sys

ENVIRONMENT = "STORNOWACHT_PROGRAM"


def program() -> list[str]:
    """Return the command line to which a command's name and its arguments are added."""
    return shlex.split(os.environ.get(ENVIRONMENT, "")) or [sys.executable, "-m", "watcher"]
