"""How a backup is laid out: one ZIP with the files of the storage folder, and a manifest that names each with its hash.

manifest.json      {"format": "stornowacht-backup-1", "program", "made_at", "schema", "lines", "head", "profiles",
"files": [{"path", "size", "sha256"}]}
data/...           the files, by their path in the storage folder
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from watcher.texts.language import _

FORMAT = "stornowacht-backup-1"
MANIFEST = "manifest.json"
DATA = "data/"
LARGEST_MANIFEST = 256_000_000
"""Bytes: a million files."""
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.IGNORECASE)
_FORBIDDEN = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_HASH = re.compile(r"[0-9a-f]{64}")
_LONGEST_PATH = 1000
_LONGEST_PART = 240


class BadBackup(Exception):  # noqa: N818 - it says what the file is
    """The file is no backup that can be trusted; the message says why, as a part of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """One file of a backup. `path` counts from the storage folder."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds."""

    program: str
    made_at: datetime
    schema: int
    lines: int
    """How many lines the ledger has."""
    head: str
    """The hash of the last of them; empty before the first."""
    profiles: bool
    """Whether the browser profiles are in it, and with them the log-in."""
    files: tuple[BackedUp, ...]

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


def manifest_text(manifest: Manifest) -> str:
    """Return a manifest as it is written."""
    told = {
        "format": FORMAT,
        "program": manifest.program,
        "made_at": manifest.made_at.isoformat(),
        "schema": manifest.schema,
        "lines": manifest.lines,
        "head": manifest.head,
        "profiles": manifest.profiles,
        "files": [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in manifest.files],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def manifest_of(text: bytes) -> Manifest:
    """Return the manifest that a text is.

    Raises:
        BadBackup: it is none, is of a newer form, or names a path that leads out of the folder.
    """
    try:
        told = json.loads(text)
        form = told["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadBackup(_("its manifest cannot be read")) from error
    if form != FORMAT:
        raise BadBackup(
            _("its form is {form!r}, and this program knows {known!r}").format(
                form=str(form)[:60], known=FORMAT
            )
        )
    try:
        manifest = Manifest(
            program=_text(told["program"]),
            made_at=datetime.fromisoformat(told["made_at"]),
            schema=_number(told["schema"]),
            lines=_number(told["lines"]),
            head=_text(told["head"]),
            profiles=told["profiles"] is True,
            files=tuple(_file(entry) for entry in told["files"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise BadBackup(_("its manifest is damaged")) from error
    _are_apart(file.path for file in manifest.files)
    return manifest


def unsafe(path: str) -> str | None:
    """Say why a path must not be written, on whatever system; `None` where it may."""
    parts = path.split("/")
    if not path or path.startswith("/") or len(path) > _LONGEST_PATH:
        return _("is absolute, empty or endless")
    if _FORBIDDEN.search(path):
        return _("has a sign in it that not every system takes")
    if any(part in {"", ".", ".."} for part in parts):
        return _("leads out of the folder")
    if any(part != part.rstrip(". ") or len(part.encode(errors="replace")) > _LONGEST_PART for part in parts):
        return _("ends with a dot or a blank, or is endless")
    if any(_DEVICES.fullmatch(part) for part in parts):
        return _("is the name of a device")
    return None


def _are_apart(paths: Iterable[str]) -> None:
    """See that no two paths are the same on any system, and none is the folder of another."""
    seen: dict[str, str] = {}
    for path in paths:
        key = path.casefold()
        if key in seen:
            raise BadBackup(_("it has {path!r} twice").format(path=path[:200]))
        seen[key] = path
    for key in seen:
        for parent in PurePosixPath(key).parents:
            if str(parent) in seen:
                raise BadBackup(
                    _("{path!r} is a file and a folder in it").format(path=seen[str(parent)][:200])
                )


def _file(entry: dict[str, Any]) -> BackedUp:
    path, digest = _text(entry["path"]), _text(entry["sha256"])
    why = unsafe(path)
    if why is not None:
        raise BadBackup(_("the path {path!r} {why}").format(path=path[:200], why=why))
    if not _HASH.fullmatch(digest):
        raise ValueError(digest)
    return BackedUp(path=path, size=_number(entry["size"]), sha256=digest)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise TypeError(value)
    return value
