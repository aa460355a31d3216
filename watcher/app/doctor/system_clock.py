"""What the system says about its own clock."""

import shutil
import subprocess

from watcher.system import is_linux


def is_synchronised(*, seconds: float) -> bool | None:
    """Return whether systemd says that the network sets the clock; `None` where it says nothing, or not in time."""
    program = shutil.which("timedatectl") if is_linux() else None
    if program is None:
        return None
    try:
        told = subprocess.run(
            [program, "show", "-p", "NTPSynchronized", "--value"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return None
    return {"yes": True, "no": False}.get(told.strip())
