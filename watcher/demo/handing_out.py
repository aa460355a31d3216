"""The end of the story: the case is exported, and what came out is checked as somebody else would check it."""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from watcher import __version__
from watcher.app.export import Exported, export
from watcher.app.wishes import Wishes
from watcher.bootstrap import house, now
from watcher.config import Config


def hand_out(config: Config, case_id: str, *, to: Path) -> Exported:
    """Export a case."""
    with house(config) as our:
        return export(
            our.export_sources(),
            our.bindery(),
            case_id,
            wishes=Wishes(to=to),
            lore_of=our.lore,
            program=f"stornowacht {__version__}",
            clock=now,
        )


def is_as_written(bag: Path, *, seconds: float) -> bool:
    """Whether the verifier that lies in a bag says that all is as it was written."""
    with tempfile.TemporaryDirectory(prefix="stornowacht-demo-") as folder:
        with zipfile.ZipFile(bag) as archive:
            archive.extractall(folder)  # made a moment ago by this very program
        verifier = next(Path(folder).glob("*/verify.py"))
        command = [sys.executable, "-I", str(verifier), str(verifier.parent)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=seconds)
    return done.returncode == 0
