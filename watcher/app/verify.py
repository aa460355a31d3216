"""Is the archive as it was written? Numbered steps, one line per fault."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from watcher.app.archive import Fault, StoredCapture
from watcher.app.ports import Store, Vault
from watcher.domain.ledger import Line, chain_faults
from watcher.texts.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was looked at, and what is wrong with it."""

    lines: int
    captures: int
    files: int
    faults: tuple[Fault, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(store: Store, vault: Vault) -> Verdict:
    """Verify the archive.

    1. The ledger's chain: every line follows the one before it, unchanged.
    2. Every capture that the database knows was given to the ledger with the same file hashes, and the other way round.
    3. Every file is there, with the bytes that its hash names.
    """
    faults: list[Fault] = []
    in_ledger: dict[str, list[str]] = {}
    count = 0

    def lines() -> Iterator[Line]:
        nonlocal count
        for line in store.ledger():
            count += 1
            in_ledger.update(_captures_in(line))
            yield line

    with store.snapshot():  # a check that ends meanwhile must not look like a fault
        faults.extend(
            Fault(place=_("ledger line {number}").format(number=fault.seq), reason=fault.reason)
            for fault in chain_faults(lines())
        )
        captures = store.captures()
    faults.extend(_index_faults(captures, in_ledger))
    faults.extend(vault.faults(captures))
    files = sum(len(capture.files) for capture in captures)
    return Verdict(lines=count, captures=len(captures), files=files, faults=tuple(faults))


def _captures_in(line: Line) -> dict[str, list[str]]:
    """Return the capture that a ledger line tells of, with its file hashes; empty for other lines and broken ones."""
    try:
        told = json.loads(line.text)
        return {told["facts"]["capture"]: told["facts"]["files"]} if told["kind"] == "capture_kept" else {}
    except (ValueError, KeyError, TypeError):
        return {}


def _index_faults(captures: Iterable[StoredCapture], in_ledger: dict[str, list[str]]) -> Iterator[Fault]:
    unseen = dict(in_ledger)
    for capture in captures:
        hashes = unseen.pop(capture.id, None)
        place = _("capture {id}").format(id=capture.id)
        if hashes is None:
            yield Fault(place=place, reason=_("the ledger does not know it: it was added later"))
        elif hashes != [file.sha256 for file in capture.files]:
            yield Fault(place=place, reason=_("its files are others than the ledger says"))
    for missing in unseen:
        reason = _("the ledger knows it, the database does not: it was removed")
        yield Fault(place=_("capture {id}").format(id=missing), reason=reason)
