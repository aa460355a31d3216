"""Anchoring the ledger: its hash goes to authorities outside, whose stamps say since when it has been as it is.

The newest anchor is what is asked about: it holds the lines of every earlier one, and a stamp that comes late says no
more about fewer lines. So nothing piles up while nobody can be reached, and nothing is lost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.app.anchors import Anchors, StampAnswer, StampAuthority
from watcher.app.ports import Store, Vault
from watcher.crash_points import crash_point
from watcher.domain.anchor import (
    Anchor,
    AnchorReason,
    AuthorityHealth,
    Stamp,
    authority_news,
    reason_to_anchor,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One authority, and what came of asking it about an anchor."""

    authority: str
    title: str
    anchor: Anchor
    stamp: Stamp | None
    """`None` where it gave none; `health` says why."""
    health: AuthorityHealth
    is_new: bool
    """Whether it was asked just now; False: it has stamped these lines before, or is left alone for a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StampState:
    """How it stands with one authority that is asked."""

    authority: str
    last: Stamp | None
    """Its newest stamp."""
    waits: Anchor | None
    """The anchor that it is still to be asked about, or asked again."""
    health: AuthorityHealth

    @property
    def waiting_lines(self) -> int:
        """How many lines its newest stamp does not cover, and the anchor that waits does."""
        stamped = self.last.lines if self.last is not None else 0
        return max(self.waits.lines - stamped, 0) if self.waits is not None else 0


def work_is_due(store: Store, authorities: Sequence[str], *, now: datetime) -> bool:
    """Whether somebody has to anchor or to ask now; reads a few rows, and decides nothing else."""
    if not authorities:
        return False
    anchors = store.anchors()
    last = anchors.last()
    if reason_to_anchor(last, anchors.news(), now=now) is not None:
        return True
    return last is not None and any(
        anchors.health(name).is_free(now=now) for name in _missing(anchors, last, authorities)
    )


def anchor_what_is_due(
    store: Store,
    vault: Vault,
    authorities: Sequence[StampAuthority],
    *,
    account: str,
    channels: Sequence[str],
    clock: Callable[[], datetime],
    new_nonce: Callable[[], int],
) -> list[Asked]:
    """Anchor the ledger if it is time, then ask every authority that has not stamped the newest anchor.

    One that is resting after a failure is left alone; what has failed for days is told once.

    Args:
        store: what is remembered.
        vault: where answers are kept.
        authorities: whom to ask.
        account: the account under whose name news is told.
        channels: where news is told.
        clock: the present moment.
        new_nonce: a random number of 64 bits.
    """
    if not authorities:
        return []
    with store.writing() as writing:
        # Looked at under the write lock: another process may have come first.
        anchors = store.anchors()
        reason = reason_to_anchor(anchors.last(), anchors.news(), now=clock())
        if reason is not None:
            writing.anchors().make(at=clock(), reason=reason)
    crash_point("ledger_anchored")
    asked = _ask(store, vault, authorities, patient=True, clock=clock, new_nonce=new_nonce)
    _tell(store, [each.name for each in authorities], account=account, channels=channels, clock=clock)
    return asked


def anchor_now(
    store: Store,
    vault: Vault,
    authorities: Sequence[StampAuthority],
    *,
    reason: AnchorReason,
    clock: Callable[[], datetime],
    new_nonce: Callable[[], int],
) -> list[Asked]:
    """Anchor whatever is new in the ledger, and ask every authority that has not stamped it, also one that rests.

    What nobody stamps now is asked for again by itself.

    Raises:
        UsageError: the ledger is empty.
    """
    with store.writing() as writing:
        anchors = store.anchors()
        if anchors.last() is None or anchors.news().anything:
            writing.anchors().make(at=clock(), reason=reason)
    return _ask(store, vault, authorities, patient=False, clock=clock, new_nonce=new_nonce)


def stamp_states(store: Store, authorities: Sequence[str]) -> list[StampState]:
    """Return how it stands with each authority that is asked; asks nobody but the store."""
    anchors = store.anchors()
    last, stamps = anchors.last(), anchors.stamps()
    return [
        StampState(
            authority=name,
            last=next((stamp for stamp in reversed(stamps) if stamp.authority == name), None),
            waits=last if last is not None and name in _missing(anchors, last, authorities) else None,
            health=anchors.health(name),
        )
        for name in authorities
    ]


def _ask(
    store: Store,
    vault: Vault,
    authorities: Sequence[StampAuthority],
    *,
    patient: bool,
    clock: Callable[[], datetime],
    new_nonce: Callable[[], int],
) -> list[Asked]:
    """Ask each authority about the newest anchor, one after the other and outside of any transaction."""
    asked = []
    for authority in authorities:
        anchors = store.anchors()
        anchor = anchors.last()
        if anchor is None:
            break
        health = anchors.health(authority.name)
        stamps = anchors.stamps(lines=anchor.lines)
        known = next((stamp for stamp in stamps if stamp.authority == authority.name), None)
        if known is None and (not patient or health.is_free(now=clock())):
            nonce = new_nonce()
            answer = authority.ask(anchor.digest, nonce=nonce)
            crash_point("stamp_came")
            stamp = _keep(store, vault, answer, anchor=anchor, nonce=nonce, clock=clock)
            health = store.anchors().health(authority.name)
            is_new = True
        else:
            stamp, is_new = known, False
        asked.append(
            Asked(
                authority=authority.name,
                title=authority.title,
                anchor=anchor,
                stamp=stamp,
                health=health,
                is_new=is_new,
            )
        )
    return asked


def _keep(
    store: Store,
    vault: Vault,
    answer: StampAnswer,
    *,
    anchor: Anchor,
    nonce: int,
    clock: Callable[[], datetime],
) -> Stamp | None:
    """Keep an answer that holds, its bytes before the word of it; remember why one does not, which is not kept."""
    verdict = answer.verdict
    if answer.fault is not None or verdict.stamped_at is None:
        with store.writing() as writing:
            health = store.anchors().health(verdict.authority)
            fault = answer.fault
            if fault is not None:
                failed = health.failed(fault, detail=verdict.detail, at=clock())
                writing.anchors().save_health(failed)
        return None
    file, chain = vault.keep_bytes(answer.content, "tsr"), vault.keep_bytes(answer.chain.encode(), "pem")
    crash_point("stamp_in_the_vault")
    stamp = Stamp(
        lines=anchor.lines,
        authority=verdict.authority,
        qualified=verdict.qualified,
        stamped_at=verdict.stamped_at,
        serial=verdict.serial,
        nonce=f"{nonce:x}",
        path=file.path,
        sha256=file.sha256,
        chain_path=chain.path,
        chain_sha256=chain.sha256,
    )
    with store.writing() as writing:
        writing.anchors().save_stamp(stamp, at=clock())
        writing.anchors().save_health(store.anchors().health(verdict.authority).stamped())
    return stamp


def _tell(
    store: Store,
    authorities: Sequence[str],
    *,
    account: str,
    channels: Sequence[str],
    clock: Callable[[], datetime],
) -> None:
    """Queue what must be told of authorities that have failed for days; without a channel nothing counts as told."""
    now = clock()
    for name in authorities if channels else ():
        if authority_news(store.anchors().health(name), account=account, now=now) is None:
            continue
        with store.writing() as writing:
            # Looked at again inside the transaction: another process may have come first.
            news = authority_news(store.anchors().health(name), account=account, now=now)
            if news is not None:
                alert, told = news
                writing.queue(alert, channels=channels, now=now)
                writing.anchors().save_health(told)
                writing.record(str(alert.kind), at=now, account=account, authority=name)


def _missing(anchors: Anchors, anchor: Anchor, authorities: Sequence[str]) -> list[str]:
    """Return the authorities that have not stamped an anchor."""
    have = {stamp.authority for stamp in anchors.stamps(lines=anchor.lines)}
    return [name for name in authorities if name not in have]
