"""The vault: content-addressed files, read-only once they are in.

A capture is staged first (archived before it is interpreted) and then either kept or dropped. Keeping a file means:
written to a temporary name, flushed to the disk, renamed to its hash, made read-only.
"""

import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from watcher.app.archive import Fault, StagedCapture, StoredCapture, StoredFile
from watcher.domain.capture import Body, Capture, CapturedFile, PageKind, Role
from watcher.errors import StorageError
from watcher.storage.database import make_private_folder

ARCHIVE = "archive"
STAGING = "staging"
FACTS_FILE = "capture.json"
_CHUNK = 1 << 20
_EXTENSIONS = {
    "image/webp": "webp",
    "image/png": "png",
    "text/html": "html",
    "application/json": "json",
}


class FileVault:
    """The files of a storage folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stage(self, capture: Capture) -> StagedCapture:
        """Write a capture's bytes to disk, before anybody interprets them."""
        folder = self._folder / STAGING / capture.account / capture.id
        try:
            make_private_folder(folder)
            for index, file in enumerate(files_of(capture)):
                name = FACTS_FILE if file.role is Role.FACTS else _staged_name(index, file)
                (folder / name).write_bytes(file.content)
        except OSError as error:
            raise _cannot_write(folder, error) from error
        return StagedCapture(capture=capture, folder=folder)

    def keep(self, staged: StagedCapture) -> tuple[StoredFile, ...]:
        """Put a staged capture's files into the vault; what was staged stays until it is dropped."""
        try:
            return tuple(self._keep(file) for file in files_of(staged.capture))
        except OSError as error:
            raise _cannot_write(self._folder, error) from error

    def drop(self, staged: StagedCapture) -> None:
        """Remove what was staged of a capture."""
        shutil.rmtree(staged.folder, ignore_errors=True)

    def leftovers(self, account: str) -> list[StagedCapture]:
        """Return captures that an earlier, killed check of this account staged; half-written ones are partial."""
        waiting = self._folder / STAGING / account
        folders = sorted(waiting.iterdir()) if waiting.is_dir() else []
        return [StagedCapture(capture=_read_back(folder, account), folder=folder) for folder in folders]

    def read(self, file: StoredFile) -> bytes:
        """Return a file's bytes."""
        try:
            return (self._folder / file.path).read_bytes()
        except OSError as error:
            raise StorageError(f"The archived file {file.path} cannot be read: {error.strerror}.") from error

    def faults(self, captures: Iterable[StoredCapture]) -> Iterable[Fault]:
        """Compare every file with what is remembered of it: it is there, and its bytes have the hash it is named by."""
        for capture in captures:
            for file in capture.files:
                try:
                    found = _hash_of_file(self._folder / file.path)
                except OSError as error:
                    yield Fault(place=file.path, reason=f"the file cannot be read: {error.strerror or error}")
                    continue
                if found != file.sha256:
                    yield Fault(place=file.path, reason="the file was changed: its hash is another")

    def _keep(self, file: CapturedFile) -> StoredFile:
        digest = sha256(file.content).hexdigest()
        path = Path(ARCHIVE) / digest[:2] / f"{digest}.{_EXTENSIONS[file.media_type]}"
        target = self._folder / path
        if not target.exists():
            make_private_folder(target.parent)
            temporary = target.with_name(target.name + ".part")
            with temporary.open("wb") as stream:
                stream.write(file.content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(0o400)
            temporary.replace(target)
            _sync_folder(target.parent)
        return StoredFile(
            role=file.role,
            media_type=file.media_type,
            path=path.as_posix(),
            sha256=digest,
            size=len(file.content),
        )


def files_of(capture: Capture) -> list[CapturedFile]:
    """Return what a capture is made of on disk: picture, page, JSON answers, and the facts about all of them."""
    files = []
    if capture.screenshot:
        files.append(
            CapturedFile(role=Role.SCREENSHOT, media_type=capture.screenshot_type, content=capture.screenshot)
        )
    if capture.preview:
        files.append(CapturedFile(role=Role.PREVIEW, media_type="image/png", content=capture.preview))
    if capture.html:
        files.append(CapturedFile(role=Role.HTML, media_type="text/html", content=capture.html.encode()))
    files.extend(
        CapturedFile(role=Role.JSON, media_type="application/json", content=body.content)
        for body in capture.bodies
    )
    facts = json.dumps(_facts(capture, files), ensure_ascii=False, indent=1, sort_keys=True)
    return [*files, CapturedFile(role=Role.FACTS, media_type="application/json", content=facts.encode())]


def _facts(capture: Capture, files: list[CapturedFile]) -> dict[str, object]:
    return {
        "id": capture.id,
        "account": capture.account,
        "page": capture.kind,
        "conversation": capture.conversation,
        "taken_at": capture.taken_at.isoformat(),
        "url": capture.url,
        "final_url": capture.final_url,
        "status": capture.status,
        "settled": capture.settled,
        "failure": capture.failure,
        "blocked_requests": capture.blocked_requests,
        "lost_bodies": list(capture.lost_bodies),
        "answers": [{"url": body.url, "status": body.status} for body in capture.bodies],
        "files": [{"role": file.role, "sha256": sha256(file.content).hexdigest()} for file in files],
        **dict(capture.facts),
    }


def _read_back(folder: Path, account: str) -> Capture:
    """Rebuild what a killed check had written; what is missing stays missing, and the capture says that it is partial."""
    pictures = sorted(folder.glob("*-screenshot.*"))
    previews = sorted(folder.glob("*-preview.png"))
    pages = sorted(folder.glob("*.html"))
    try:
        facts = json.loads((folder / FACTS_FILE).read_bytes())
        taken_at = datetime.fromisoformat(facts["taken_at"])
        kind, conversation, url = PageKind(facts["page"]), facts["conversation"], str(facts["url"])
        answers = [Body(url=entry["url"], status=entry["status"], content=b"") for entry in facts["answers"]]
        whole = True
    except (OSError, ValueError, KeyError, TypeError):
        taken_at = datetime.fromtimestamp(folder.stat().st_mtime).astimezone()
        kind, conversation, url, answers, whole = PageKind.CONVERSATION_LIST, None, "", [], False
    received = [path.read_bytes() for path in sorted(folder.glob("*-json.json"))]
    unnamed = [Body(url="", status=0, content=b"")] * (len(received) - len(answers))
    bodies = [
        replace(body, content=content) for body, content in zip([*answers, *unnamed], received, strict=False)
    ]
    return Capture(
        id=folder.name,
        account=account,
        kind=kind,
        conversation=conversation,
        taken_at=taken_at,
        url=url,
        final_url=url,
        status=None,
        html=pages[0].read_text(encoding="utf-8", errors="replace") if pages else "",
        screenshot=pictures[0].read_bytes() if pictures else b"",
        screenshot_type="image/png" if pictures and pictures[0].suffix == ".png" else "image/webp",
        preview=previews[0].read_bytes() if previews else b"",
        bodies=tuple(bodies),
        settled=whole,
        facts=(("recovered", "left behind by a check that did not end"),),
    )


def _staged_name(index: int, file: CapturedFile) -> str:
    return f"{index:02}-{file.role}.{_EXTENSIONS[file.media_type]}"


def _hash_of_file(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _sync_folder(folder: Path) -> None:
    """Flush a rename to the disk, where the system can (Windows cannot open folders)."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _cannot_write(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        f"Evidence cannot be written to {folder}: {error.strerror or error}.",
        advice="Free some space or choose another folder with [storage] dir; nothing that was stored is lost.",
    )
