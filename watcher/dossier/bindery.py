"""The bindery: opens the press and clears the table for one order's evidence."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from watcher.app.evidence import Evidence
from watcher.app.press import Press, Presses
from watcher.app.sealed import Files
from watcher.app.wishes import Names, SupportWords
from watcher.domain.ledger import Line
from watcher.dossier.bag import for_the_moment
from watcher.dossier.redacting import redacted_bag
from watcher.dossier.sealing import sealed_bag
from watcher.dossier.support import PackedFolder, support_folder
from watcher.dossier.table import PackedBag, Table
from watcher.errors import BrowserError
from watcher.scratch import scratch
from watcher.texts.language import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class DossierBindery:
    """Makes what is handed out, in one language."""

    files: Files
    presses: Presses
    language: Language

    @contextmanager
    def open(
        self,
        evidence: Evidence,
        *,
        ledger: Callable[[], Iterable[Line]],
        say: Callable[[int, int], None],
    ) -> Iterator["OpenTable"]:
        """Put evidence on the table; what was only needed meanwhile is gone when the block ends.

        Without a browser there is no PDF; the evidence goes out all the same, and says so.

        Raises:
            StorageError: there is no room for what is needed meanwhile.
        """
        done, total = 0, len(evidence.captures)

        def step() -> None:
            nonlocal done
            done += 1
            say(min(done, total), total)

        with ExitStack() as stack:
            with for_the_moment():
                folder = stack.enter_context(scratch("export"))
            press: Press | None = None
            no_press = ""
            try:
                with for_the_moment():
                    press = stack.enter_context(self.presses())
            except BrowserError as error:
                no_press = error.message
            yield OpenTable(
                Table(
                    evidence=evidence,
                    files=self.files,
                    ledger=ledger,
                    language=self.language,
                    press=press,
                    no_press=no_press,
                    scratch=folder,
                    step=step,
                )
            )


class OpenTable:
    """What can be made of the evidence."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def sealed(self, to: Path) -> AbstractContextManager[PackedBag]:
        """Make the bag with all of it."""
        return sealed_bag(self._table, to)

    def redacted(
        self, to: Path, *, names: Names, cover: Sequence[str], original: str
    ) -> AbstractContextManager[PackedBag]:
        """Make the bag in which what is private is covered."""
        return redacted_bag(self._table, to, names=names, own=cover, original=original)

    def support(self, to: Path, words: SupportWords) -> AbstractContextManager[PackedFolder]:
        """Make the folder for the platform's support."""
        return support_folder(self._table, to, words)
