"""How much memory this process has needed at most."""

import resource
from pathlib import Path


def peak_megabytes() -> float:
    """Return the peak of what was resident since the program began.

    Linux counts what `getrusage` says from before the program was loaded on, when the process was still a copy of its parent.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024 / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
