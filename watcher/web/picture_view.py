"""A captured picture as pages show it: its address, and its size, so that nothing moves when it arrives."""

from dataclasses import dataclass
from pathlib import Path

from watcher.app.archive import StoredFile
from watcher.domain.capture import Role
from watcher.domain.picture_size import ENOUGH, size_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """One picture."""

    address: str
    role: Role
    label: str
    size: tuple[int, int] | None
    """Width and height in pixels; `None` where its bytes do not tell, or are gone."""


def picture_view(storage: Path, file: StoredFile) -> PictureView:
    """Return how a picture of the archive is shown. Only its first bytes are read."""
    try:
        with (storage / file.path).open("rb") as content:
            size = size_of(content.read(ENOUGH))
    except OSError:
        size = None
    name = file.path.rsplit("/", 1)[-1]
    return PictureView(address=f"/pictures/{name}", role=file.role, label=file.label, size=size)
