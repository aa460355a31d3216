"""Cuts the power at a crash point: in the program's own processes, started with this folder on PYTHONPATH.

POWER_CUT_AT is `point` or `point:times`, after how many unharmed times; POWER_CUT_IN a word that the process's command line
must hold; POWER_CUT_FILE is written just before. Everything that the first process has started ends at once, as it would
when the plug is pulled.
"""

import os
import sys

if "POWER_CUT_AT" in os.environ:
    import signal
    from pathlib import Path

    import psutil

    from watcher import crash_points

    _point, _, _times = os.environ["POWER_CUT_AT"].partition(":")
    _left = [int(_times or 0)]
    os.environ.setdefault("POWER_CUT_ROOT", str(os.getpid()))

    def _cut(name: str) -> None:
        if name != _point or os.environ.get("POWER_CUT_IN", "") not in " ".join(sys.orig_argv):
            return
        _left[0] -= 1
        if _left[0] >= 0:
            return
        Path(os.environ["POWER_CUT_FILE"]).write_text(name, encoding="utf-8")
        root = psutil.Process(int(os.environ["POWER_CUT_ROOT"]))
        for process in [root, *root.children(recursive=True)]:
            if process.pid != os.getpid():
                try:
                    process.kill()
                except psutil.NoSuchProcess:
                    pass
        os.kill(os.getpid(), signal.SIGKILL)

    crash_points.on_passing = _cut
