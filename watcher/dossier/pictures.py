"""The pictures of a dossier: each is developed once, the same bytes never twice."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from watcher.app.archive import StoredFile
from watcher.app.attachments import Attachment
from watcher.app.evidence import Evidence, KeptCapture
from watcher.app.press import Piece, Press, PressFault
from watcher.app.sealed import Files
from watcher.domain.capture import Role
from watcher.dossier.bag import for_the_moment
from watcher.dossier.cover import Tally, blackening_of
from watcher.dossier.darkroom import Cutting, DarkroomFault, Developed, develop
from watcher.dossier.finding import Finder
from watcher.dossier.originals import content_of, map_of
from watcher.errors import StorageError
from watcher.texts.language import _

CUTTING = Cutting(first=0.8, others=1.34)
"""What fits on a page of A4 below the words about a capture, and on a page of its own."""
PHOTO_WIDEST = 1600
PHOTOS = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})
"""What every Chromium shows. What else a picture may be is listed, not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be seen of a capture."""

    developed: Developed | None = None
    same_as: str | None = None
    """The capture whose picture it is, where it is the same."""
    why_not: str = ""
    """Why no picture is shown; empty also where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Album:
    """All of them."""

    captures: Mapping[str, Shown] = field(default_factory=dict)
    photos: Mapping[str, Piece] = field(default_factory=dict)
    """Attachment id -> its picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What is needed to make them."""

    files: Files
    press: Press | None
    """Makes photos small; `None` where no browser could be started."""
    folder: Path
    """Where the pictures lie while they are needed."""
    step: Callable[[], None]
    """Told after each capture."""


def album_of(
    evidence: Evidence, studio: Studio, *, covers: tuple[Finder, Tally, Mapping[str, str]] | None
) -> Album:
    """Develop every picture.

    Args:
        evidence: what they belong to.
        studio: where and by whom.
        covers: for a redacted version: what looks for private things, where it is counted, and under which path each
            capture's covered picture lies. Without a map of its texts a picture is left out. Photos are not shown then.

    Raises:
        StorageError: there is no room for them.
    """
    seen: dict[str, str] = {}
    captures: dict[str, Shown] = {}
    for kept in evidence.captures:
        picture = picture_of(kept)
        key = picture.sha256 if picture else ""
        if picture is None:
            captures[kept.stored.id] = Shown()
        elif key in seen and captures[seen[key]].developed is not None and covers is None:
            captures[kept.stored.id] = Shown(same_as=seen[key])
        else:
            seen[key] = kept.stored.id
            with for_the_moment():
                captures[kept.stored.id] = _developed(kept, picture, studio, len(captures) + 1, covers)
        studio.step()
    with for_the_moment():
        photos = (
            {}
            if covers
            else {each.id: shown for each in evidence.attachments if (shown := _photo(each, studio))}
        )
    return Album(captures=captures, photos=photos)


def picture_of(kept: KeptCapture) -> StoredFile | None:
    """Return the capture's picture, as far as it can be read."""
    return next(
        (
            file
            for file in kept.stored.files
            if file.role is Role.SCREENSHOT and file.path not in kept.missing and file.size
        ),
        None,
    )


def _developed(
    kept: KeptCapture,
    picture: StoredFile,
    studio: Studio,
    number: int,
    covers: tuple[Finder, Tally, Mapping[str, str]] | None,
) -> Shown:
    blackening = None
    if covers is not None:
        finder, tally, paths = covers
        text_map = map_of(kept, studio.files)
        if text_map is None:
            return Shown(why_not=_("nobody has written down where which text stands in it"))
        blackening, counts = blackening_of(text_map, finder)
        for kind, times in counts.items():
            tally.add(paths[kept.stored.id], kind, times)
    try:
        developed = develop(
            content_of(studio.files, picture.path),
            media_type=picture.media_type,
            target=studio.folder / f"capture-{number}.png",
            cutting=CUTTING,
            blackening=blackening,
        )
    except DarkroomFault as fault:
        return Shown(why_not=fault.reason)
    except StorageError as error:
        return Shown(why_not=error.message)
    return Shown(developed=developed)


def _photo(attached: Attachment, studio: Studio) -> Piece | None:
    if studio.press is None or attached.media_type not in PHOTOS:
        return None
    try:
        return studio.press.photo(
            content_of(studio.files, attached.path),
            media_type=attached.media_type,
            target=studio.folder / f"photo-{len(list(studio.folder.glob('photo-*.jpg'))) + 1}.jpg",
            widest=PHOTO_WIDEST,
        )
    except (PressFault, StorageError):
        return None  # it is listed with its hash all the same
