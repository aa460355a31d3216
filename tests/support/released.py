"""Which versions were released, as CHANGELOG.md tells, and what each version has left in fixtures/evidence."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PLACE = ROOT / "fixtures" / "evidence"
VERSIONS = sorted(path.name for path in PLACE.iterdir() if path.is_dir())
"""Every version that has left something; `unreleased` is one of them."""
UNRELEASED = "[Unreleased]"
_HEADING = re.compile(r"\[(\d[^\]\s]*)\] - \d{4}-\d{2}-\d{2}")


def released(changelog: str | None = None) -> list[str]:
    """Return the versions with a heading of their own in a changelog, the newest first; ours where none is given.

    Raises:
        ValueError: a heading is neither the unreleased one nor a version with its date.
    """
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8") if changelog is None else changelog
    versions = []
    for heading in re.findall(r"^## (.*)$", text, re.MULTILINE):
        if heading != UNRELEASED:
            version = _HEADING.fullmatch(heading)
            if version is None:
                raise ValueError(f"CHANGELOG.md: {heading!r} is no version with its date")
            versions.append(version[1])
    return versions


def lacking(version: str, *names: str) -> set[str]:
    """Return which of these files a version has not left."""
    return {name for name in names if not (PLACE / version / name).is_file()}
