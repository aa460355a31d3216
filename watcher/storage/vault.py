"""The vault: content-addressed files, read-only once they are in.

A capture is staged first (archived before it is interpreted) and then either kept or dropped. Keeping a file means:
written to a temporary name, flushed to the disk, renamed to its hash, made read-only.
"""

import json
import os
import shutil
import tempfile
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from watcher.app.anchors import KeptFile
from watcher.app.archive import StagedCapture, StoredCapture, StoredFile
from watcher.crash_points import crash_point
from watcher.domain.capture import Capture, CapturedFile, Role
from watcher.errors import StorageError
from watcher.storage.capture_facts import read_facts
from watcher.storage.capture_files import (
    EXTENSIONS,
    FACTS_FILE,
    files_of,
    read_back,
    staged_name,
    with_contents,
)
from watcher.storage.database import make_private_folder
from watcher.storage.durable import sync_folder
from watcher.storage.vault_look import PART, VaultEye
from watcher.texts.language import _

ARCHIVE = "archive"
STAGING = "staging"


class FileVault:
    """The files of a storage folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def stage(self, capture: Capture) -> StagedCapture:
        """Write a capture's bytes to disk, before anybody interprets them; staged anew, it replaces what was staged."""
        folder = self._folder / STAGING / capture.account / capture.id
        try:
            make_private_folder(folder)
            names = set()
            for index, file in enumerate(files_of(capture)):
                name = FACTS_FILE if file.role is Role.FACTS else staged_name(index, file)
                (folder / name).write_bytes(file.content)  # the facts come last: where they are, all is there
                names.add(name)
                crash_point("staging_one_file")
            for path in list(folder.iterdir()):
                if path.name not in names:
                    path.unlink()
        except OSError as error:
            raise _cannot_write(folder, error) from error
        crash_point("capture_staged")
        return StagedCapture(capture=capture, folder=folder)

    def keep(self, staged: StagedCapture) -> tuple[StoredFile, ...]:
        """Put a staged capture's files into the vault; what was staged stays until it is dropped."""
        try:
            return tuple(self._keep(file) for file in files_of(staged.capture))
        except OSError as error:
            raise _cannot_write(self._folder, error) from error

    def keep_bytes(self, content: bytes, extension: str) -> KeptFile:
        """Put bytes that are no capture into the vault."""
        try:
            path, digest = self._put(content, extension)
        except OSError as error:
            raise _cannot_write(self._folder, error) from error
        return KeptFile(path=path, sha256=digest, size=len(content))

    def drop(self, staged: StagedCapture) -> None:
        """Remove what was staged of a capture."""
        shutil.rmtree(staged.folder, ignore_errors=True)

    def leftovers(self, account: str) -> list[StagedCapture]:
        """Return captures that an earlier, killed check of this account staged; half-written ones are partial."""
        waiting = self._folder / STAGING / account
        try:
            folders = sorted(part for part in waiting.iterdir() if part.is_dir()) if waiting.is_dir() else []
            return [StagedCapture(capture=read_back(folder, account), folder=folder) for folder in folders]
        except OSError as error:
            raise StorageError(
                _("What an earlier check left in {folder} cannot be read: {reason}.").format(
                    folder=waiting, reason=error.strerror or error
                )
            ) from error

    def read(self, file: StoredFile) -> bytes:
        """Return a file's bytes."""
        try:
            return (self._folder / file.path).read_bytes()
        except OSError as error:
            raise StorageError(
                _("The archived file {path} cannot be read: {reason}.").format(
                    path=file.path, reason=error.strerror or error
                )
            ) from error

    def capture(self, stored: StoredCapture) -> Capture:
        """Return an archived capture as it was when it was taken, without its pictures.

        Raises:
            StorageError: one of its files cannot be read, or its facts are damaged.
        """
        by_role: dict[Role, list[StoredFile]] = {}
        for file in stored.files:
            by_role.setdefault(file.role, []).append(file)
        try:
            told = json.loads(self.read(by_role[Role.FACTS][0]))
            bare = read_facts(told, stored.id, stored.account)
        except (KeyError, ValueError, TypeError) as error:
            raise StorageError(
                _("What capture {id} was is not known: its facts are missing or damaged.").format(
                    id=stored.id
                )
            ) from error
        received = [self.read(file) for file in by_role.get(Role.JSON, [])]
        pages = [self.read(file).decode(errors="replace") for file in by_role.get(Role.HTML, [])]
        bodies = with_contents(bare.bodies, received)
        return replace(bare, html=pages[0] if pages else "", bodies=bodies)

    def eye(self) -> VaultEye:
        """Return whoever can look at the files and compare them with what is remembered of them."""
        return VaultEye(self._folder, archive=ARCHIVE)

    def _keep(self, file: CapturedFile) -> StoredFile:
        path, digest = self._put(file.content, EXTENSIONS[file.media_type])
        return StoredFile(
            role=file.role,
            media_type=file.media_type,
            path=path,
            sha256=digest,
            size=len(file.content),
            label=file.label,
        )

    def _put(self, content: bytes, extension: str) -> tuple[str, str]:
        """Put bytes into their place, unless they are there; returns the path within the storage folder, and the hash."""
        digest = sha256(content).hexdigest()
        path = Path(ARCHIVE) / digest[:2] / f"{digest}.{extension}"
        target = self._folder / path
        if not target.exists():
            is_new = not target.parent.exists()
            make_private_folder(target.parent)
            _write_whole(target, content)
            sync_folder(target.parent)
            if is_new:
                sync_folder(target.parent.parent)
        return path.as_posix(), digest


def _write_whole(target: Path, content: bytes) -> None:
    """Put a read-only file into its place: whole and on the disk, or not at all."""
    handle, name = tempfile.mkstemp(prefix=PART, dir=target.parent)  # two checks may keep the same bytes
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o400)
        crash_point("file_written")
        temporary.replace(target)
        crash_point("file_named")
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _cannot_write(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        _("Evidence cannot be written to {folder}: {reason}.").format(
            folder=folder, reason=error.strerror or error
        ),
        advice=_(
            "Free some space or choose another folder with [storage] dir; nothing that was stored is lost."
        ),
    )
