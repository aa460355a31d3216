"""A plan as the command makes it."""

from pathlib import Path

from watcher.service.plan import Plan

HARD = '/home/Jo "Löß" 100% $HOME \\n'
"""A folder with everything in it that means something to somebody."""


def a_plan(folder: str = "/home/seller", **changes: object) -> Plan:
    values = {
        "interpreter": Path("/bin/true"),
        "config": Path(folder) / "config.toml",
        "storage": Path(folder) / "data",
        "writable": (Path(folder),),
    }
    return Plan(**(values | changes))
