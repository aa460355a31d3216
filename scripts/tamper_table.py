"""Do to an archive and to an export what somebody might, and write what both verifiers find into docs/evidence.md; `--check` only looks."""

import shutil
import sys
import tempfile
from pathlib import Path

from scripts.docs_page import Row, keep, markdown_table
from tests.support.memory import in_memory
from tests.support.tampered_bags import BAG
from tests.support.tampering import STORAGE, Attempt
from tests.support.verdicts import exported, kinds, try_on_bag, try_on_storage
from tests.support.witnessed import Witnessed, make_witnessed
from watcher.app.findings import FindingKind, reasons
from watcher.dossier.verify import REMARKS, WORDS
from watcher.texts.language import use

PATH = Path(__file__).parent.parent / "docs" / "evidence.md"
BEGIN, END = "<!-- the tables are written by scripts/tamper_table.py -->\n", "<!-- end of the tables -->\n"
FOUND, REMARK, LOST = "found", "said, as a remark", "**not found**"


def tables() -> str:
    """Return both tables, everything in them done for real."""
    use("en")
    with tempfile.TemporaryDirectory(prefix="stornowacht-tamper-", dir=in_memory()) as name:
        folder = Path(name)
        witnessed = make_witnessed(folder / "made")
        bag = exported(witnessed, folder / "export")
        storage = [
            _storage_row(attempt, witnessed, folder / f"s{place}") for place, attempt in enumerate(STORAGE)
        ]
        bags = [_bag_row(attempt, witnessed, bag, folder / f"b{place}") for place, attempt in enumerate(BAG)]
    head = ("what is done", "`archive verify`", "stand-alone verifier", "what is said")
    return (
        "### In the storage folder\n\n"
        + markdown_table(storage, head=head)
        + "\n### In an export\n\n"
        + markdown_table(bags, head=("what is done", "stand-alone verifier", "what is said"))
    )


def _storage_row(attempt: Attempt, witnessed: Witnessed, folder: Path) -> Row:
    folder.mkdir()
    found = try_on_storage(attempt, witnessed, folder)
    shutil.rmtree(folder)
    return (
        attempt.what,
        _verdict(found.by_program),
        _verdict(found.by_verifier),
        _said(found.by_program | found.by_verifier),
    )


def _bag_row(attempt: Attempt, witnessed: Witnessed, bag: Path, folder: Path) -> Row:
    folder.mkdir()
    found = kinds(try_on_bag(attempt, witnessed, bag, folder))
    shutil.rmtree(folder)
    return attempt.what, _verdict(found), _said(found)


def _verdict(found: frozenset[str]) -> str:
    if not found:
        return LOST
    return REMARK if found <= REMARKS else FOUND


def _said(found: frozenset[str]) -> str:
    """Return what is said of these kinds, in the order in which they are listed; facts are left out."""
    program = {kind.value: words for kind, words in reasons().items()}
    order = [*FindingKind, *(name for name in WORDS["en"] if name not in program)]
    texts = (program.get(kind) or WORDS["en"][kind] for kind in order if kind in found)
    return "; ".join(dict.fromkeys(map(_without_facts, texts)))


def _without_facts(words: str) -> str:
    parts = words.split("{")
    return parts[0] + "".join("…" + part.partition("}")[2] for part in parts[1:])


def main() -> int:
    """Write the tables, or say that they are stale. Without openssl there are no time stamps, and nothing is compared."""
    if shutil.which("openssl") is None:
        print("openssl is missing: docs/evidence.md cannot be written or checked here", file=sys.stderr)
        return 0 if "--check" in sys.argv else 1
    return keep(PATH, tables, begin=BEGIN, end=END, by="tamper_table.py")


if __name__ == "__main__":
    sys.exit(main())
