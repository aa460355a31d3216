"""Judging answers that were kept."""

from collections.abc import Mapping
from dataclasses import dataclass

from watcher.domain.anchor import StampFault, StampVerdict
from watcher.timestamping.authority import AuthorityFacts
from watcher.timestamping.pem import ders_of
from watcher.timestamping.verdict import judge


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownAuthorities:
    """Every authority that is known here, whether it is asked or not."""

    facts: Mapping[str, AuthorityFacts]

    def judge(
        self, answer: bytes, *, digest: str, authority: str, nonce: int | None = None, chain: str = ""
    ) -> StampVerdict:
        """Return what an answer is worth, as `StampJudge` says."""
        facts = self.facts.get(authority)
        if facts is None:
            return StampVerdict(authority=authority, faults=(StampFault.UNKNOWN_AUTHORITY,))
        return judge(answer, digest=digest, facts=facts, nonce=nonce, chain=ders_of(chain)).verdict
