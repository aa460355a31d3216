"""What the vault's eye says of a capture's files."""

from watcher.app.archive import StoredCapture
from watcher.app.index import FileState, IndexedFile
from watcher.storage.vault import FileVault


def looks(vault: FileVault, capture: StoredCapture) -> dict[str, FileState]:
    """Return what is wrong with which of a capture's files, by path."""
    eye = vault.eye()
    found = {
        file.path: eye.look(IndexedFile(path=file.path, sha256=file.sha256)).state for file in capture.files
    }
    return {path: state for path, state in found.items() if state is not None}
