"""The program's crash points, found in its code, and a power cut at one of them."""

import ast
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).parents[2]
SITE = Path(__file__).with_name("power_cut")


def crash_points_in_the_code() -> Counter[str]:
    """Return the name of every crash point, and how often it stands in the code."""
    found: Counter[str] = Counter()
    for path in sorted((HOUSE / "watcher").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "crash_point(" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "crash_point":
                (name,) = node.args
                found[ast.literal_eval(name)] += 1
    return found


@dataclass(frozen=True)
class PowerCut:
    """Where the power goes."""

    point: str
    after: int = 0
    """How many times the point is passed unharmed."""
    within: str = ""
    """A word of the command line of the process in which it counts."""

    def environment(self, witness: Path) -> dict[str, str]:
        """Return the environment for the process that is to die; `witness` then holds the point's name."""
        return {
            **{name: value for name, value in os.environ.items() if name != "POWER_CUT_ROOT"},
            "PYTHONPATH": str(SITE),
            "POWER_CUT_AT": f"{self.point}:{self.after}",
            "POWER_CUT_IN": self.within,
            "POWER_CUT_FILE": str(witness),
            "STORNOWACHT_CONFIG": "/nowhere",
        }
