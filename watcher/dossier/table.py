"""What lies on the table while one order's evidence is handed out, and what every version of it shares."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files as resources
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from watcher.app.evidence import Evidence, Gap
from watcher.app.press import Press, PressFault
from watcher.app.sealed import Files
from watcher.domain.ledger import Line
from watcher.dossier.bag import Bound, Item, for_the_moment, of_bytes, of_stream, opener
from watcher.dossier.document import rendered
from watcher.dossier.front import whole_moment
from watcher.dossier.originals import chunks_of
from watcher.dossier.pictures import Studio
from watcher.dossier.views import Document
from watcher.texts.fill import one_line
from watcher.texts.language import LANGUAGES, Language
from watcher.texts.names import BERLIN

_LONGEST = 200
PDF = "data/dossier.pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The evidence, and the tools."""

    evidence: Evidence
    files: Files
    ledger: Callable[[], Iterable[Line]]
    language: Language
    press: Press | None
    no_press: str
    """Why there is no press; empty where there is one."""
    scratch: Path
    """A folder for what is only needed meanwhile; private, and gone afterwards."""
    step: Callable[[], None]

    def studio(self, name: str) -> Studio:
        """Return where the pictures of one version are made."""
        folder = self.scratch / name
        with for_the_moment():
            folder.mkdir(mode=0o700, exist_ok=True)
        return Studio(files=self.files, press=self.press, folder=folder, step=self.step)

    def kept(self, path_in_bag: str, path: str) -> Item:
        """Return a file of the storage folder as an item of a bag."""
        return Item(path=path_in_bag, at=self.evidence.exported_at, open=lambda: chunks_of(self.files, path))


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedBag:
    """A finished bag, and what is to be said of it."""

    bound: Bound
    gaps: tuple[Gap, ...] = ()
    covered: dict[str, int] = field(default_factory=dict)

    @property
    def manifest(self) -> str:
        """The hash of the bag's manifest, which stands for all of it."""
        return self.bound.manifest

    def publish(self) -> Path:
        """Give it its name; nothing is overwritten."""
        return self.bound.publish()


@for_the_moment()
def printed(table: Table, document: Document, studio: Studio) -> tuple[list[Item], list[Gap]]:
    """Return the dossier as an item; without a browser, or where it fails, a gap instead.

    Raises:
        StorageError: there is no room for what is needed meanwhile.
    """
    if table.press is None:
        return [], [Gap(place=PDF, reason=table.no_press)]
    page, target = studio.folder / "dossier.html", studio.folder / "dossier.pdf"
    try:
        page.write_text(rendered(document), encoding="utf-8", errors="xmlcharrefreplace")
        table.press.print(page, target)
    except PressFault as fault:
        return [], [Gap(place=PDF, reason=fault.reason)]
    return [of_stream(PDF, opener(target), at=table.evidence.exported_at)], []


def bag_info(evidence: Evidence, *, what: str) -> Callable[[int, int], list[tuple[str, str]]]:
    """Return what stands in `bag-info.txt`, once the payload's size is known."""

    def info(size: int, count: int) -> list[tuple[str, str]]:
        return [
            ("Bag-Software-Agent", evidence.program),
            ("Bagging-Date", f"{evidence.exported_at.astimezone(BERLIN):%Y-%m-%d}"),
            ("External-Identifier", evidence.order.id),
            ("External-Description", what),
            ("Payload-Oxum", f"{size}.{count}"),
            ("Ledger-Lines", str(evidence.lines)),
            ("Ledger-Head", evidence.head),
        ]

    return info


def readmes(
    evidence: Evidence, title: str, *, gaps: Iterable[Gap], kind: str = "readme", **more: str
) -> list[Item]:
    """Return what stands in front of a bag, in both languages."""
    told = [(one_line(gap.place, limit=_LONGEST), one_line(gap.reason, limit=_LONGEST)) for gap in gaps]
    items = []
    for language in LANGUAGES:
        facts: Mapping[str, object] = {
            "title": one_line(title),
            "evidence": evidence,
            "at": whole_moment(evidence.exported_at, language=language),
            "gaps": told,
            **more,
        }
        text = _templates().get_template(f"{kind}.{language}.txt").render(facts)
        content = text.encode(errors="backslashreplace")
        items.append(of_bytes(f"README.{language}.txt", content, at=evidence.exported_at))
    return items


def verifier(evidence: Evidence) -> Item:
    """Return the program that checks a bag without Stornowacht."""
    content = resources(__package__).joinpath("verify.py").read_bytes()
    return of_bytes("verify.py", content, at=evidence.exported_at, runnable=True)


@cache
def _templates() -> Environment:
    # Plain text: nothing is escaped, and nothing need be.
    return Environment(  # noqa: S701
        loader=PackageLoader("watcher.dossier"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
