"""What a benchmark has found: one table, printed, and kept as JSON for `bench.table` where `--json FILE` asks for it."""

import json
import os
import platform
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil

from bench.arguments import where


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One table. `compared` says what is compared with what, and what the comparison leaves out."""

    title: str
    columns: Sequence[str]
    compared: str = ""
    rows: list[Sequence[str]] = field(default_factory=list)

    def add(self, *cells: str) -> None:
        """Append a row."""
        if len(cells) != len(self.columns):
            raise ValueError(f"{len(cells)} cells for {len(self.columns)} columns: {cells}")
        self.rows.append(cells)

    def show(self) -> None:
        """Print it."""
        print(self.title)
        lines = [self.columns, *self.rows]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]
        for line in lines:
            cells = (cell.ljust(width) for cell, width in zip(line, widths, strict=True))
            print("  " + "   ".join(cells).rstrip())


def keep(*sheets: Sheet) -> None:
    """Write the tables where `--json FILE` says; nothing happens without it."""
    asked, others = where()
    if asked.json is None:
        return
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    module = Path(sys.argv[0]).stem
    told = {
        "command": shlex.join(["python", "-m", f"bench.{module}", *others]),
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "machine": machine(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "sheets": [asdict(sheet) for sheet in sheets],
    }
    asked.json.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def machine() -> str:
    """Return in a few words what this runs on."""
    memory = psutil.virtual_memory().total / 1e9
    return (
        f"{os.cpu_count()} processors, {memory:.0f} GB, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}"
    )
