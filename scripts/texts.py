"""Collect the program's strings, merge them into the German catalogue and compile it; `--check` only looks.

The strings are those in `_()` and `ngettext()`, and the descriptions of the config's settings.
"""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from pydantic import BaseModel

from notifiers.discovery import channels
from watcher.config import Config
from watcher.example import TABLES

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "watcher" / "texts" / "locale" / "de" / "LC_MESSAGES"
PO, MO = FOLDER / "stornowacht.po", FOLDER / "stornowacht.mo"
COLUMNS = 110
VERSION = "0.1"


def collect() -> Catalog:
    """Return every string of the program, without places: those would change with each edit."""
    found = Catalog(
        project="Stornowacht",
        version=VERSION,
        locale="de",
        fuzzy=False,
        header_comment="# The German short strings of Stornowacht; `make texts` collects and compiles them.",
        msgid_bugs_address="-",
        language_team="-",
    )
    keywords = {"_": None, "ngettext": (1, 2)}
    strings = set()
    sources = [("**.py", "python"), ("web/templates/**.html", "jinja2")]
    options = {"web/templates/**.html": {"trimmed": "true", "silent": "false"}}
    for _, _, message, _, _ in extract_from_dir(str(ROOT / "watcher"), sources, options, keywords=keywords):
        strings.add(message)
    models: list[type[BaseModel]] = [Config, *(model for _heading, model in TABLES)]
    models += [kind.settings for kind in channels().values()]
    strings |= {
        field.description for model in models for field in model.model_fields.values() if field.description
    }
    from watcher.texts.terms import TERMS  # noqa: PLC0415 - a long string that is kept in a constant

    strings.add(TERMS)
    for message in sorted(strings, key=str):
        found.add(message)
    return found


def main() -> int:
    """Return 0 when every string has a translation and the compiled catalogue is fresh."""
    wanted = collect()
    known = read_po(io.BytesIO(PO.read_bytes()), locale="de") if PO.is_file() else Catalog(locale="de")
    missing = [message.id for message in wanted if message.id and not _translated(known, message.id)]
    gone = [message.id for message in known if message.id and wanted.get(message.id) is None]
    if "--check" in sys.argv:
        stale = not MO.is_file() or MO.read_bytes() != _compiled(known)
        for message in missing:
            print(f"not translated: {message!r}", file=sys.stderr)
        for message in gone:
            print(f"translated, but not used: {message!r}", file=sys.stderr)
        if stale:
            print("the compiled catalogue is stale: run `make texts`", file=sys.stderr)
        return 1 if missing or gone or stale else 0
    for message in wanted:
        if message.id:
            old = known.get(message.id)
            message.string = old.string if old else message.string
    FOLDER.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, wanted, width=COLUMNS, omit_header=False, sort_output=True)
    PO.write_bytes(_without_dates(buffer.getvalue()))
    MO.write_bytes(_compiled(read_po(io.BytesIO(PO.read_bytes()), locale="de")))
    for message in missing:
        print(f"still to be translated: {message!r}")
    return 0


def _translated(known: Catalog, message: object) -> bool:
    entry = known.get(message)  # type: ignore[arg-type]
    return (
        entry is not None
        and bool(entry.string)
        and (not isinstance(entry.string, tuple) or all(entry.string))
    )


def _compiled(catalogue: Catalog) -> bytes:
    """Compile; Babel writes the moment of reading into the header, but the same texts must give the same bytes."""
    catalogue.creation_date = datetime(2026, 1, 1, tzinfo=UTC)
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return buffer.getvalue()


def _without_dates(content: bytes) -> bytes:
    """Leave out the header's dates and versions: the file changes when a text does, and not otherwise."""
    volatile = (b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Last-Translator')
    return b"\n".join(line for line in content.split(b"\n") if not line.startswith(volatile))


if __name__ == "__main__":
    sys.exit(main())
