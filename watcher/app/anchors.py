"""The ports of anchoring: what is remembered of anchors and stamps, and whoever gives stamps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from watcher.domain.anchor import (
    Anchor,
    AnchorReason,
    AuthorityHealth,
    LedgerNews,
    Qualified,
    Stamp,
    StampFault,
    StampVerdict,
)


class Anchors(Protocol):
    """What is remembered of anchors and stamps."""

    def last(self) -> Anchor | None:
        """Return the newest anchor."""

    def all(self) -> list[Anchor]:
        """Return every anchor, the shortest first."""

    def stamps(self, *, lines: int | None = None) -> list[Stamp]:
        """Return every stamp, or those on one anchor, in the order of the lines they are on."""

    def news(self) -> LedgerNews:
        """Return what the ledger holds beyond the newest anchor."""

    def health(self, authority: str) -> AuthorityHealth:
        """Return how it stands with an authority; nothing is wrong with one that was never asked."""


class AnchorWriting(Protocol):
    """What may be written of anchors and stamps within one transaction."""

    def make(self, *, at: datetime, reason: AnchorReason) -> Anchor:
        """Anchor the ledger as it is now, and say so in its next line.

        Raises:
            UsageError: the ledger is empty.
        """

    def save_stamp(self, stamp: Stamp, *, at: datetime) -> bool:
        """Remember a stamp and give it to the ledger; False when that authority has stamped these lines before."""

    def save_health(self, health: AuthorityHealth) -> None:
        """Remember how it stands with an authority."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file in the vault. `path` is relative to the storage folder."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StampAnswer:
    """What an authority said to a question, already judged."""

    verdict: StampVerdict
    content: bytes = b""
    """The answer's very bytes; empty where none came."""
    chain: str = ""
    """The certificates that it was verified with, as PEM; empty unless it holds."""

    @property
    def fault(self) -> StampFault | None:
        """The first thing that is wrong; `None` for a stamp that holds."""
        return next(iter(self.verdict.faults), None)


class StampAuthority(Protocol):
    """Somebody outside who confirms that a hash was there at a time."""

    @property
    def name(self) -> str:
        """Its name in the config."""

    @property
    def title(self) -> str:
        """What it calls itself."""

    @property
    def qualified(self) -> Qualified:
        """Whether its stamps are qualified ones."""

    def ask(self, digest: str, *, nonce: int) -> StampAnswer:
        """Ask once for a stamp on a SHA-256 hash, and verify the answer; never raises, and ends within seconds.

        Nothing but the hash and the nonce leaves this machine.

        Args:
            digest: in hexadecimal.
            nonce: a number that nobody can guess.
        """


class StampJudge(Protocol):
    """Whoever knows what each authority's stamps are trusted by, also of those that are asked no more."""

    def judge(
        self, answer: bytes, *, digest: str, authority: str, nonce: int | None = None, chain: str = ""
    ) -> StampVerdict:
        """Return what an answer is worth on this digest; bad data is a verdict, never an exception.

        Certificates count as they were when the stamp was made, not as they are today.

        Args:
            answer: its bytes, as they were kept.
            digest: SHA-256 in hexadecimal, of what it should be on.
            authority: who should have made it.
            nonce: what the question held; `None`: not checked.
            chain: certificates that were kept with it, as PEM. They may complete the chain; they are not trusted.
        """
