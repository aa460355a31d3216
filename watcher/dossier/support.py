"""The folder for the platform's support: the few pictures and the text that it asks for, ready to be sent by hand."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from watcher.app.archive import StoredFile
from watcher.app.attachments import Attachment
from watcher.app.evidence import Gap, KeptCapture
from watcher.app.wishes import Names, SupportWords
from watcher.domain.capture import PageKind
from watcher.domain.stage import Stage
from watcher.dossier.bag import cannot_write, sync_folder
from watcher.dossier.cover import blackening_of, finder_for
from watcher.dossier.darkroom import DarkroomFault, develop
from watcher.dossier.front import front_of, whole_moment
from watcher.dossier.layout import layout_of, stages_of, what_of
from watcher.dossier.names import Taken, free_name, safe_name, stamped
from watcher.dossier.originals import chunks_of, content_of, map_of
from watcher.dossier.pictures import PHOTOS, picture_of
from watcher.dossier.private import Private
from watcher.dossier.table import Table
from watcher.dossier.words import said
from watcher.errors import StorageError
from watcher.system import is_windows
from watcher.texts.fill import harmless_lines, one_line
from watcher.texts.language import _

TEXT = "text.md"
_OFF = frozenset({Stage.CANCELLED, Stage.REFUNDED, Stage.DISPUTED})
_MOST_ATTACHMENTS = 6
"""The latest ones; whoever gets more reads none."""
_SHOWABLE = PHOTOS | {"application/pdf"}
_CHUNK = 1 << 20
_PARTS = ".part"
_LONGEST = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFolder:
    """A finished folder under a temporary name."""

    temporary: Path
    folder: Path
    name: str
    manifest: str
    """SHA-256 over hash and name of each file, sorted, as `sha256sum` prints them."""
    gaps: tuple[Gap, ...]
    covered: dict[str, int] = field(default_factory=dict)

    def publish(self) -> Path:
        """Give it its name; a folder of that name stays, and this one gets a number.

        Raises:
            StorageError: it cannot be written there.
        """
        try:
            while True:
                name = free_name(self.name, lambda each: (self.folder / each).exists())
                target = self.folder / name
                try:
                    target.mkdir(mode=0o700)  # takes the name; an empty folder gives way to a rename
                except FileExistsError:
                    continue
                try:
                    if is_windows():
                        target.rmdir()  # there it does not
                    self.temporary.replace(target)
                except OSError:
                    shutil.rmtree(target, ignore_errors=True)
                    raise
                sync_folder(self.folder)
                return target
        except OSError as error:
            raise cannot_write(self.folder, error) from error


@contextmanager
def support_folder(table: Table, to: Path, words: SupportWords) -> Iterator[PackedFolder]:
    """Make the folder under a temporary name; unless it is published within the block, nothing of it stays.

    1. The latest picture of the conversation, the one that first shows what went wrong, the ad; as PNG.
    2. In them strangers are covered, as far as the map of texts tells where they stand: the page shows other buyers, too.
    3. The latest attachments that are photos or PDF, as they are.
    4. The text.

    Raises:
        StorageError: it cannot be written.
    """
    temporary: Path | None = None
    try:
        try:
            to.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = Path(tempfile.mkdtemp(prefix=".stornowacht-", suffix=_PARTS, dir=to))
            packer = _Packer(table, temporary)
            gaps = packer.pack(words)
            manifest = _flushed(temporary)
        except OSError as error:
            raise cannot_write(to, error) from error
        name = layout_of(table.evidence, language=table.language, variant="support").top
        yield PackedFolder(
            temporary=temporary, folder=to, name=name, manifest=manifest, gaps=gaps, covered=packer.covered
        )
    finally:
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)


class _Packer:
    def __init__(self, table: Table, folder: Path) -> None:
        self._table = table
        self._folder = folder
        self._taken = Taken()
        self._finder = finder_for(table.evidence, names=Names.STRANGERS)
        self.covered: dict[str, int] = {}
        self._uncovered: list[str] = []

    def pack(self, words: SupportWords) -> tuple[Gap, ...]:
        gaps: list[Gap] = []
        names: list[str] = []
        for kept, picture in self._pictures():
            fault = self._picture(kept, picture, names)
            if fault:
                gaps.append(Gap(place=_("capture {id}").format(id=kept.stored.id), reason=fault))
        names.extend(self._attachment(attached) for attached in self._attachments())
        text = self._text(words, names)
        (self._folder / TEXT).write_text(text, encoding="utf-8", errors="replace")
        return tuple(gaps)

    def _pictures(self) -> list[tuple[KeptCapture, StoredFile]]:
        """Return the captures that matter, the latest first, each once, with their pictures."""
        shown = {
            kept.stored.id: picture for kept in self._table.evidence.captures if (picture := picture_of(kept))
        }
        captures = [kept for kept in self._table.evidence.captures if kept.stored.id in shown]
        threads = [kept for kept in captures if kept.stored.kind is PageKind.CONVERSATION]
        ads = [kept for kept in captures if kept.stored.kind is PageKind.AD]
        wrong = next((kept for kept in threads if _OFF.intersection(stages_of(kept.stored)[-1:])), None)
        chosen = [*threads[-1:], *([wrong] if wrong else []), *ads[-1:]]
        return [(kept, shown[id_]) for id_, kept in {kept.stored.id: kept for kept in chosen}.items()]

    def _attachments(self) -> list[Attachment]:
        evidence = self._table.evidence
        usable = [
            attached
            for attached in evidence.attachments
            if attached.media_type in _SHOWABLE and attached.path not in evidence.missing
        ]
        return usable[-_MOST_ATTACHMENTS:]

    def _picture(self, kept: KeptCapture, picture: StoredFile, names: list[str]) -> str:
        """Put a capture's picture into the folder; returns why not, where that does not work."""
        table = self._table
        what = what_of(kept.stored, language=table.language)
        name = self._taken.take(safe_name(f"{stamped(kept.stored.taken_at)} {what}.png"))
        text_map = map_of(kept, table.files)
        blackening, counts = None, Counter[Private]()
        if text_map is not None:
            blackening, counts = blackening_of(text_map, self._finder, kinds={Private.NAME})
        try:
            develop(
                content_of(table.files, picture.path),
                media_type=picture.media_type,
                target=self._folder / name,
                blackening=blackening,
            )
        except DarkroomFault as fault:
            return fault.reason
        except StorageError as error:
            return error.message
        for kind, times in counts.items():
            self.covered[kind.value] = self.covered.get(kind.value, 0) + times
        names.append(name)
        if text_map is None:
            self._uncovered.append(name)
        return ""

    def _attachment(self, attached: Attachment) -> str:
        name = self._taken.take(safe_name(f"{stamped(attached.at)} {attached.name}"))
        with (self._folder / name).open("wb") as copy:
            for chunk in chunks_of(self._table.files, attached.path):
                copy.write(chunk)
        return name

    def _text(self, words: SupportWords, names: list[str]) -> str:
        table = self._table
        language, evidence = table.language, table.evidence
        front = front_of(evidence, language=language, is_redacted=False)

        def heading(name: str) -> str:
            return "## " + said(f"support.{name}", language=language)

        lines = [f"# {said('support.title', language=language, title=front.title)}", ""]
        lines += [
            said(
                "support.intro", language=language, at=whole_moment(evidence.exported_at, language=language)
            ),
            "",
        ]
        lines += [f"**{one_line(warning, limit=_LONGEST)}**\n" for warning in words.warnings]
        for label, text in words.texts:
            lines += [f"## {one_line(label)}", "", harmless_lines(text), ""]
        lines += [heading("facts"), ""]
        lines += [f"- {name}: {value}" for name, value in (*front.parties, *front.sale, *front.standing)]
        lines += ["", heading("enclose"), ""]
        lines += [f"- {name}" for name in names] or [said("support.nothing", language=language)]
        if self.covered:
            lines += ["", said("support.covered", language=language)]
        if self._uncovered:
            pictures = ", ".join(self._uncovered)
            lines += ["", said("support.uncovered", language=language, pictures=pictures)]
        lines += ["", heading("ways"), "", *(one_line(way, limit=_LONGEST) for way in words.ways)]
        return "\n".join(lines).rstrip() + "\n"


def _flushed(folder: Path) -> str:
    """Flush every file to the disk; returns the hash that stands for all of them."""
    lines = []
    for path in sorted(folder.iterdir()):
        digest = sha256()
        with path.open("r+b") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
            os.fsync(stream.fileno())
        path.chmod(0o600)
        lines.append(f"{digest.hexdigest()}  {path.name}\n")
    sync_folder(folder)
    return sha256("".join(lines).encode()).hexdigest()
