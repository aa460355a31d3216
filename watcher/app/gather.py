"""Gathers everything that is kept about one order. What cannot be read is named, and stops nothing."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from watcher.app.anchors import Anchors
from watcher.app.archive import StoredCapture
from watcher.app.case_book import as_tracked
from watcher.app.chat import archived_chat
from watcher.app.evidence import CaseRecord, Entry, Evidence, Gap, KeptCapture, KeptStamp
from watcher.app.extract import Extract, entry_of
from watcher.app.ports import Store, Vault
from watcher.app.sealed import Files
from watcher.domain.capture import Capture
from watcher.domain.ledger import GENESIS, Line
from watcher.domain.money import money_of
from watcher.domain.order import Order
from watcher.errors import StorageError
from watcher.pages.lore import Lore
from watcher.pages.people import People, people_in
from watcher.texts.language import _

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where evidence is kept."""

    store: Store
    vault: Vault
    files: Files


def gather(
    sources: Sources, order: Order, *, wanted_case: str | None, lore: Lore, program: str, at: datetime
) -> Evidence:
    """Return the evidence of an order as of one moment.

    1. What the database knows is read within one snapshot: a check that ends meanwhile changes nothing in it.
    2. Every file is read once and compared with its hash; one that is gone or altered becomes a gap.
    3. Captures are opened one after the other, so that memory does not grow with their number.
    """
    store = sources.store
    with store.snapshot():
        sightings = tuple(store.sightings(order.id))
        cases = [case for case in store.cases(order.account) if case.order == order.id]
        costs = tuple(store.costs(order.id))
        captures = store.captures(account=order.account, conversation=order.conversation)
        extract = Extract(
            account=order.account,
            order=order.id,
            cases={case.id for case in cases},
            captures={capture.id for capture in captures},
        )
        entries, last = _entries(store.ledger(), extract)
        known = Evidence(
            program=program,
            exported_at=at,
            account=order.account,
            order=as_tracked(order, sightings, at=at),
            wanted_case=wanted_case,
            money=money_of(order, cases, costs, now=at),
            costs=costs,
            cases=tuple(
                CaseRecord(
                    case=case,
                    acknowledgements=tuple(store.acknowledgements(case.id)),
                    found=store.found_reason(case.id),
                )
                for case in cases
            ),
            sightings=sightings,
            chat=None,
            captures=(),
            notes=tuple(store.sealed().notes(order.id)),
            attachments=tuple(store.attachments().of(order.id)),
            missing=frozenset(),
            entries=entries,
            stamps=_stamps(store.anchors()),
            lines=last.seq if last else 0,
            head=last.hash if last else GENESIS,
            people=_buyers(store.orders(order.account)),
            gaps=(),
        )
    return _with_files(known, captures, sources, order, lore=lore)


def _with_files(
    known: Evidence, captures: Sequence[StoredCapture], sources: Sources, order: Order, *, lore: Lore
) -> Evidence:
    gaps: list[Gap] = []
    kept, people = [], known.people
    for stored in captures:
        capture, seen, found = _opened(stored, sources, lore=lore)
        kept.append(capture)
        people = people.with_those_of(seen)
        gaps.extend(found)
    missing = set()
    for path, digest in _besides(known):
        difference = _difference(path, digest, sources.files)
        if difference is not None:
            gaps.append(Gap(place=path, reason=difference.reason))
            if difference.is_gone:
                missing.add(path)
    return replace(
        known,
        captures=tuple(kept),
        chat=archived_chat(sources.store, sources.vault, order, lore=lore),
        people=people,
        missing=frozenset(missing),
        gaps=tuple(gaps),
    )


def _entries(lines: Iterable[Line], extract: Extract) -> tuple[tuple[Entry, ...], Line | None]:
    """Return the lines about the order, taken apart, and the ledger's last line."""
    last: Line | None = None
    found = []
    for line in lines:
        last = line
        if extract.concerns(line) and (entry := entry_of(line)):
            found.append(entry)
    return tuple(found), last


def _buyers(orders: Iterable[Order]) -> People:
    """Return whom the account's orders name: one buyer's page shows the others, too."""
    return People(others=frozenset(order.buyer for order in orders if order.buyer))


def _opened(
    stored: StoredCapture, sources: Sources, *, lore: Lore
) -> tuple[KeptCapture, People, Sequence[Gap]]:
    gaps, missing = [], set()
    for file in stored.files:
        found = _difference(file.path, file.sha256, sources.files)
        if found is not None:
            gaps.append(Gap(place=_place(stored, file.path), reason=found.reason))
            if found.is_gone:
                missing.add(file.path)
    told: Capture | None = None
    people = People()
    try:
        whole = sources.vault.capture(stored)
        people = people_in(whole, lore)
        told = replace(whole, html="", bodies=tuple(replace(body, content=b"") for body in whole.bodies))
    except StorageError as error:
        if not gaps:
            gaps.append(Gap(place=_("capture {id}").format(id=stored.id), reason=error.message))
    return KeptCapture(stored=stored, told=told, missing=frozenset(missing)), people, gaps


def _place(stored: StoredCapture, path: str) -> str:
    return _("{path} (capture {id})").format(path=path, id=stored.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    reason: str
    is_gone: bool


def _difference(path: str, digest: str, files: Files) -> _Difference | None:
    """Return how a file differs from what is remembered of it; `None` where it does not."""
    found = sha256()
    try:
        with files.open(path) as stream:
            while chunk := stream.read(_CHUNK):
                found.update(chunk)
    except StorageError as error:
        return _Difference(reason=error.message, is_gone=True)
    except OSError as error:
        reason = _("the file cannot be read: {reason}").format(reason=error.strerror or error)
        return _Difference(reason=reason, is_gone=True)
    if found.hexdigest() != digest:
        return _Difference(reason=_("the file was changed: its hash is another"), is_gone=False)
    return None


def _besides(known: Evidence) -> Iterator[tuple[str, str]]:
    """Return path and hash of every file that is no capture's."""
    for attached in known.attachments:
        yield attached.path, attached.sha256
    for kept in known.stamps:
        yield kept.stamp.path, kept.stamp.sha256
        if kept.stamp.chain_path:
            yield kept.stamp.chain_path, kept.stamp.chain_sha256


def _stamps(anchors: Anchors) -> tuple[KeptStamp, ...]:
    """Return every stamp with the hash that it is on; one without its anchor says nothing."""
    digests = {anchor.lines: anchor.digest for anchor in anchors.all()}
    return tuple(
        KeptStamp(stamp=stamp, digest=digests[stamp.lines])
        for stamp in anchors.stamps()
        if stamp.lines in digests
    )
