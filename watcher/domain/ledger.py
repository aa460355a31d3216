"""The hash chain that shows whether anything was added, changed or removed later.

A line is one canonical JSON object (RFC 8785) that holds its own number, the hash of the line before it, and facts:
ids, kinds, times and salted hashes, never names or texts. Its hash is SHA-256 over the line's UTF-8 bytes.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

GENESIS = "0" * 64
"""The hash that the first line names as its predecessor's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line as it is stored."""

    seq: int
    text: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """One thing that is wrong with the chain."""

    seq: int
    reason: str


def hash_of(text: str) -> str:
    """Return a line's hash in hexadecimal."""
    return sha256(text.encode()).hexdigest()


def chain_faults(lines: Iterable[Line]) -> Iterator[ChainFault]:
    """Check a ledger from its first line on.

    1. Each line's hash is that of its text.
    2. Each line names the hash of the line before it; the first one names GENESIS.
    3. The numbers in the texts count 1, 2, 3 ... without a gap, and agree with the numbers beside them.
    """
    previous, expected = GENESIS, 1
    for line in lines:
        if hash_of(line.text) != line.hash:
            yield ChainFault(seq=line.seq, reason="the line was changed: its hash is another")
        fields = _parse(line.text)
        if fields.get("prev") != previous:
            yield ChainFault(
                seq=line.seq,
                reason="the line does not follow the one before it: a line was removed, swapped or added",
            )
        if fields.get("seq") != line.seq or line.seq != expected:
            yield ChainFault(seq=line.seq, reason=f"expected line {expected}: the numbers have a gap")
        previous, expected = line.hash, line.seq + 1


def _parse(text: str) -> dict[str, object]:
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
