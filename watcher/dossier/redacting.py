"""The redacted bag: what may be shown to others. The sealed original lies beside it and is never in it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from watcher.app.evidence import Evidence
from watcher.app.wishes import Names
from watcher.dossier.bag import Item, bind, of_bytes, of_stream, opener
from watcher.dossier.cover import TEXTS, Cover, Tally, covered, finder_for
from watcher.dossier.document import Redaction, document_of
from watcher.dossier.layout import layout_of
from watcher.dossier.papers import as_json, covered_json, dossier_json, notes_json
from watcher.dossier.pictures import Album, Shown, album_of, picture_of
from watcher.dossier.table import PackedBag, Table, bag_info, printed, readmes
from watcher.dossier.views import Rows
from watcher.dossier.words import said
from watcher.texts.language import Language

_VARIANT = {"de": "geschwaerzt", "en": "redacted"}


@contextmanager
def redacted_bag(
    table: Table, to: Path, *, names: Names, own: Sequence[str], original: str
) -> Iterator[PackedBag]:
    """Make the bag under a temporary name; unless it is published within the block, nothing of it stays.

    1. Texts are covered before anything is made of them: what is private never comes near the page that is printed.
    2. Pictures are covered by their maps of texts, and read back; one without a map is left out.
    3. What holds more than can be overseen is not in it: the page's source and data, attachments, the ledger, all salts.

    Raises:
        StorageError: it cannot be written.
    """
    language, at = table.language, table.evidence.exported_at
    finder, tally = finder_for(table.evidence, names=names, own=own), Tally()
    # Folders bear a capture's name, and added pages are called as the seller likes: names come from covered evidence.
    evidence = covered(table.evidence, Cover(finder=finder, language=language, tally=tally))
    layout = layout_of(evidence, language=language, variant=_VARIANT[language])
    paths = {id_: f"{folder}/covered.png" for id_, folder in layout.captures.items()}
    studio = table.studio("redacted")
    album = album_of(table.evidence, studio, covers=(finder, tally, paths))
    for id_, shown in album.captures.items():
        if shown.developed is None:
            tally.counts.pop(paths[id_], None)  # what could not be covered is not there to be counted
    redaction = Redaction(
        names=names,
        tally=tally,
        places=_places(evidence, paths, language),
        left_out=_left_out(evidence, album, language),
    )
    document = document_of(evidence, layout, album, table.files, language=language, redaction=redaction)
    dossier, gaps = printed(table, document, studio)
    items = [
        *dossier,
        of_bytes("data/dossier.json", as_json(dossier_json(document)), at=at),
        of_bytes("data/notes.json", as_json(notes_json(evidence, salted=False)), at=at),
        of_bytes(
            "data/covered.json",
            as_json(
                covered_json(
                    tally,
                    names=names,
                    original=original,
                    pictures=_originals(evidence, album, paths),
                    left_out=_left_out_json(evidence, album),
                )
            ),
            at=at,
        ),
        *_pictures(evidence, album, paths),
    ]
    tags = readmes(
        evidence,
        document.title,
        gaps=(*evidence.gaps, *gaps),
        kind="readme_redacted",
        original=original,
        names=said(f"covered_names.{names}", language=language),
    )
    info = bag_info(evidence, what=document.title)
    counts = sum((Counter(counts) for counts in tally.counts.values()), Counter())
    with bind(to, layout.top, items, info=info, tags=tags, at=at) as bound:
        told = {kind.value: times for kind, times in sorted(counts.items())}
        yield PackedBag(bound=bound, gaps=tuple(gaps), covered=told)


def _pictures(evidence: Evidence, album: Album, paths: Mapping[str, str]) -> Iterator[Item]:
    for kept in evidence.captures:
        developed = album.captures[kept.stored.id].developed
        if developed is not None:
            yield of_stream(paths[kept.stored.id], opener(developed.whole), at=kept.stored.taken_at)


def _originals(evidence: Evidence, album: Album, paths: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    found: dict[str, Mapping[str, str]] = {}
    for kept in evidence.captures:
        picture = picture_of(kept)
        if picture is not None and album.captures[kept.stored.id].developed is not None:
            found[paths[kept.stored.id]] = {"capture": kept.stored.id, "sha256": picture.sha256}
    return found


def _left_out(evidence: Evidence, album: Album, language: Language) -> Rows:
    rows = []
    for number, kept in enumerate(evidence.captures, start=1):
        shown = album.captures[kept.stored.id]
        if shown.developed is None:
            rows.append(
                (said("label.capture_short", language=language, number=str(number)), _why(shown, language))
            )
    return tuple(rows)


def _left_out_json(evidence: Evidence, album: Album) -> list[dict[str, str]]:
    return [
        {"capture": kept.stored.id, "why": _why(shown, "en")}
        for kept in evidence.captures
        if (shown := album.captures[kept.stored.id]).developed is None
    ]


def _places(evidence: Evidence, paths: Mapping[str, str], language: Language) -> Mapping[str, str]:
    places = {TEXTS: said("label.covered_texts", language=language)}
    for number, kept in enumerate(evidence.captures, start=1):
        named = said("label.capture_short", language=language, number=str(number))
        places[paths[kept.stored.id]] = named
    return places


def _why(shown: Shown, language: Language) -> str:
    return shown.why_not or said("label.no_picture", language=language)
