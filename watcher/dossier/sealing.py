"""The sealed bag: all of an order's evidence, as it was kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from watcher.domain.capture import Role
from watcher.dossier.bag import Item, bind, of_bytes, of_stream, opener
from watcher.dossier.document import document_of
from watcher.dossier.layout import Layout, layout_of
from watcher.dossier.papers import (
    as_json,
    dossier_json,
    evidence_json,
    extract_of,
    hashes_of,
    lines_of,
    notes_json,
    stamps_json,
)
from watcher.dossier.pictures import Album, album_of, picture_of
from watcher.dossier.table import PackedBag, Table, bag_info, printed, readmes, verifier

_WEBP = "image/webp"


@contextmanager
def sealed_bag(table: Table, to: Path) -> Iterator[PackedBag]:
    """Make the bag under a temporary name; unless it is published within the block, nothing of it stays.

    Raises:
        StorageError: it cannot be written.
    """
    evidence, language = table.evidence, table.language
    layout = layout_of(evidence, language=language)
    studio = table.studio("sealed")
    album = album_of(evidence, studio, covers=None)
    document = document_of(evidence, layout, album, table.files, language=language)
    dossier, gaps = printed(table, document, studio)
    derived = list(_derived(table, layout, album))
    at = evidence.exported_at
    items = [
        *dossier,
        of_bytes("data/dossier.json", as_json(dossier_json(document)), at=at),
        of_bytes("data/notes.json", as_json(notes_json(evidence, salted=True)), at=at),
        of_bytes("data/stamps/stamps.json", as_json(stamps_json(evidence, layout)), at=at),
        of_bytes(
            "data/ledger/evidence.json",
            as_json(evidence_json(evidence, layout, derived=[(item.path, of) for item, of in derived])),
            at=at,
        ),
        Item(
            path="data/ledger/lines.jsonl", at=at, open=lambda: lines_of(table.ledger(), extract_of(evidence))
        ),
        Item(path="data/ledger/hashes.txt", at=at, open=lambda: hashes_of(table.ledger())),
        *(item for item, _of in derived),
        *_kept(table, layout),
    ]
    tags = [*readmes(evidence, document.title, gaps=(*evidence.gaps, *gaps)), verifier(evidence)]
    info = bag_info(evidence, what=document.title)
    with bind(to, layout.top, items, info=info, tags=tags, at=at) as bound:
        yield PackedBag(bound=bound, gaps=tuple(gaps))


def _kept(table: Table, layout: Layout) -> Iterator[Item]:
    """Return every file of the vault that belongs to the order and can be read."""
    evidence = table.evidence
    for kept in evidence.captures:
        for position, file in enumerate(kept.stored.files):
            if file.path not in kept.missing:
                item = table.kept(layout.files[kept.stored.id, position], file.path)
                yield Item(path=item.path, at=kept.stored.taken_at, open=item.open)
    for attached in evidence.attachments:
        if attached.path not in evidence.missing:
            item = table.kept(layout.attachments[attached.id], attached.path)
            yield Item(path=item.path, at=attached.at, open=item.open)
    for stamped in evidence.stamps:
        stamp = stamped.stamp
        answer, chain = layout.stamps[stamp.lines, stamp.authority]
        if stamp.path not in evidence.missing:
            yield table.kept(answer, stamp.path)
        if chain is not None and stamp.chain_path not in evidence.missing:
            yield table.kept(chain, stamp.chain_path)


def _derived(table: Table, layout: Layout, album: Album) -> Iterator[tuple[Item, str]]:
    """Return each WebP picture as a PNG, with the path of what it was made from."""
    for kept in table.evidence.captures:
        picture, shown = picture_of(kept), album.captures[kept.stored.id]
        same = album.captures[shown.same_as] if shown.same_as else shown
        if picture is None or picture.media_type != _WEBP or same.developed is None:
            continue
        position = next(place for place, file in enumerate(kept.stored.files) if file.role is Role.SCREENSHOT)
        source, png = layout.files[kept.stored.id, position], same.developed.whole
        path = f"{source.removesuffix('.webp')}.png"
        yield of_stream(path, opener(png), at=kept.stored.taken_at), source
