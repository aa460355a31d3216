"""The originals: what the storage folder holds, as it is read for what is handed out."""

from collections.abc import Iterator

from watcher.app.evidence import KeptCapture
from watcher.app.sealed import Files
from watcher.domain.capture import Role
from watcher.domain.text_map import TextMap, load
from watcher.errors import StorageError
from watcher.texts.language import _

_CHUNK = 1 << 20


def chunks_of(files: Files, path: str) -> Iterator[bytes]:
    """Read a file of the storage folder; what goes wrong is a fault of that folder, not of where its bytes go.

    Raises:
        StorageError: it cannot be read to its end.
    """
    with files.open(path) as stream:
        while True:
            try:
                chunk = stream.read(_CHUNK)
            except OSError as error:
                raise StorageError(
                    _("The archived file {path} cannot be read: {reason}.").format(
                        path=path, reason=error.strerror or error
                    )
                ) from error
            if not chunk:
                return
            yield chunk


def content_of(files: Files, path: str) -> bytes:
    """Return a file of the storage folder.

    Raises:
        StorageError: it cannot be read to its end.
    """
    return b"".join(chunks_of(files, path))


def map_of(kept: KeptCapture, files: Files) -> TextMap | None:
    """Return the map of the texts in a capture's picture; `None` where there is none, or none that can be read."""
    for file in kept.stored.files:
        if file.role is Role.TEXT_MAP and file.path not in kept.missing:
            try:
                return load(content_of(files, file.path))
            except (StorageError, ValueError):
                return None
    return None
