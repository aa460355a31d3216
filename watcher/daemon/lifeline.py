"""The line between the watch and its children: where the watch has gone without ending a child, that ends itself, and all that it has started.

Nobody else would: deadline and bound are the watch's to keep (`watcher/daemon/child.py`). A kill that meets the watch alone leaves
the child to itself, as does the system that runs out of memory; under systemd the whole group goes.
"""

import math
import os
import threading
import time
from contextlib import suppress

LIFELINE = "STORNOWACHT_LIFELINE"
"""Tells a child that its stdin is the line, and how many seconds it may go on once that has been cut."""
_GRACE = 5.0
"""Seconds for a browser to end in peace."""


def hold() -> None:
    """Hold the line, if this process was given one; as long as it lasts that costs a thread that sleeps."""
    told = os.environ.pop(LIFELINE, "")  # whoever this process starts has none
    try:
        patience = float(told)
    except ValueError:
        return
    if not 0 <= patience < math.inf:
        return  # somebody else has set it
    line = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    threading.Thread(target=_hold, args=(line, patience), name="lifeline", daemon=True).start()


def _hold(line: int, patience: float) -> None:
    with suppress(OSError):
        while os.read(line, 1):  # nothing is ever said: it is there, or it is cut
            pass
    time.sleep(patience)  # most of what is under way ends by itself
    from watcher.daemon.family import Family  # noqa: PLC0415 - what looks at processes takes its time to be imported

    family = Family()
    family.begin_here()
    family.end_others(grace=_GRACE)
    os._exit(1)
