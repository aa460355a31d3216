"""Anchoring with real authorities on loopback, a real store and a real vault; only the clock is ours."""

import json
import stat
from collections.abc import Iterator
from hashlib import sha256
from itertools import count
from pathlib import Path

import pytest

from tests.support.clock import Clock
from tests.support.ready import with_database
from tests.timestamping.authority import Desk, Manner, Office, desk
from tests.timestamping.conftest import trusting
from watcher.app.anchor import (
    Asked,
    anchor_now,
    anchor_what_is_due,
    stamp_states,
    work_is_due,
)
from watcher.app.anchors import StampAuthority
from watcher.domain.alert import AlertKind
from watcher.domain.anchor import AnchorReason, StampFault
from watcher.domain.event import Event, EventKind
from watcher.domain.ledger import chain_faults
from watcher.errors import UsageError
from watcher.storage.store import SqliteStore
from watcher.storage.vault import FileVault
from watcher.timestamping.client import HttpAuthority
from watcher.timestamping.judge import KnownAuthorities


class Town:
    """A store, a vault, two authorities, and the anchoring of all that."""

    def __init__(self, folder: Path, clock: Clock, first: Desk, second: Desk) -> None:
        self.folder, self.clock = folder, clock
        self.store, self.vault = SqliteStore(with_database(folder)), FileVault(folder)
        self.first, self.second = first, second
        self.facts = {
            name: trusting(where.office, url=where.url, name=name)
            for name, where in (("first", first), ("second", second))
        }
        self.nonces = count(2**40)

    @property
    def authorities(self) -> list[StampAuthority]:
        return [HttpAuthority(facts=facts, timeout=10) for facts in self.facts.values()]

    def happen(self, kind: str = "check") -> None:
        with self.store.writing() as writing:
            writing.record(kind, at=self.clock(), account="main")

    def cancel(self) -> None:
        with self.store.writing() as writing:
            writing.record_event(
                Event(kind=EventKind.ORDER_CANCELLED, account="main", at=self.clock(), order="o1")
            )

    def due(self) -> bool:
        return work_is_due(self.store, list(self.facts), now=self.clock())

    def anchor(self) -> list[Asked]:
        return anchor_what_is_due(
            self.store,
            self.vault,
            self.authorities,
            account="main",
            channels=["email"],
            clock=self.clock,
            new_nonce=lambda: next(self.nonces),
        )

    def by_hand(self) -> list[Asked]:
        return anchor_now(
            self.store,
            self.vault,
            self.authorities,
            reason=AnchorReason.BY_HAND,
            clock=self.clock,
            new_nonce=lambda: next(self.nonces),
        )

    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line.text) for line in self.store.ledger()]

    def kinds(self) -> list[object]:
        return [line["kind"] for line in self.lines()]


@pytest.fixture
def town(tmp_path: Path, clock: Clock) -> Iterator[Town]:
    offices = (Office(folder=tmp_path / name) for name in ("one", "two"))
    first, second = offices
    with desk(first) as here, desk(second) as there:
        town = Town(tmp_path / "data", clock, here, there)
        yield town
        town.store.close()


def stamped(asked: list[Asked]) -> dict[str, bool]:
    return {each.authority: each.stamp is not None for each in asked}


def test_the_first_lines_are_anchored_and_stamped_by_everybody(town: Town) -> None:
    town.happen()
    town.happen()
    assert town.due()
    assert stamped(town.anchor()) == {"first": True, "second": True}
    assert not town.due()
    assert town.kinds() == ["check", "check", "anchored", "stamped", "stamped"]
    assert list(chain_faults(town.store.ledger())) == []


def test_the_digest_is_what_anybody_computes_from_the_hashes(town: Town) -> None:
    town.happen()
    town.happen()
    (anchor, *_) = {each.anchor for each in town.anchor()}
    hashes = [line.hash for line in town.store.ledger()]
    assert (anchor.lines, anchor.head) == (2, hashes[1])
    assert anchor.digest == sha256(f"{hashes[0]}\n{hashes[1]}\n".encode()).hexdigest()
    assert bytes.fromhex(anchor.digest) in town.first.asked[0][2]


def test_the_ledger_tells_of_the_anchor_and_of_each_answer(town: Town) -> None:
    town.happen()
    first, _second = town.anchor()
    anchored, *stamps = town.lines()[1:]
    assert anchored["facts"] == {"lines": 1, "digest": first.anchor.digest}
    assert first.stamp is not None
    assert stamps[0]["facts"] == {
        "lines": 1,
        "authority": "first",
        "sha256": first.stamp.sha256,
        "stamped_at": first.stamp.stamped_at.isoformat(),
    }
    assert (anchored["order"], anchored["account"]) == (None, None)


def test_the_answer_and_its_certificates_are_kept_read_only_under_their_hashes(town: Town) -> None:
    town.happen()
    for each in town.anchor():
        assert each.stamp is not None
        for path, digest in (
            (each.stamp.path, each.stamp.sha256),
            (each.stamp.chain_path, each.stamp.chain_sha256),
        ):
            file = town.folder / path
            assert sha256(file.read_bytes()).hexdigest() == digest
            assert stat.S_IMODE(file.stat().st_mode) == 0o400
    assert town.store.anchors().stamps() == [each.stamp for each in town.anchor()]


def test_what_is_kept_can_be_judged_later(town: Town) -> None:
    town.happen()
    judge = KnownAuthorities(facts=town.facts)
    for each in town.anchor():
        assert each.stamp is not None
        answer = (town.folder / each.stamp.path).read_bytes()
        verdict = judge.judge(
            answer,
            digest=each.anchor.digest,
            authority=each.authority,
            nonce=int(each.stamp.nonce, 16),
            chain=(town.folder / each.stamp.chain_path).read_text(encoding="ascii"),
        )
        assert (verdict.faults, verdict.stamped_at) == ((), each.stamp.stamped_at)
        assert judge.judge(answer, digest=each.anchor.digest, authority=each.authority, nonce=5).faults == (
            StampFault.OTHER_NONCE,
        )


def test_nothing_new_is_not_anchored_again(town: Town) -> None:
    town.happen()
    town.anchor()
    town.clock.forward(days=30)
    assert not town.due()
    assert len(town.anchor()) == 2
    assert (len(town.first.asked), town.kinds().count("anchored")) == (1, 1)


def test_what_is_new_waits_for_its_day(town: Town) -> None:
    town.happen()
    town.anchor()
    town.happen()
    assert not town.due()
    town.clock.forward(hours=24)
    assert town.due()
    town.anchor()
    assert [anchor.lines for anchor in town.store.anchors().all()] == [1, 5]


def test_a_cancellation_is_anchored_at_once(town: Town) -> None:
    town.happen()
    town.anchor()
    town.clock.forward(minutes=2)
    town.cancel()
    assert town.due()
    town.anchor()
    last = town.store.anchors().last()
    assert last is not None
    assert last.reason is AnchorReason.CANCELLATION


def test_a_cancellation_that_is_anchored_presses_no_more(town: Town) -> None:
    town.cancel()
    town.anchor()
    town.clock.forward(minutes=5)
    town.happen()
    assert not town.due()


def test_one_that_fails_holds_up_no_other_and_is_asked_again_after_its_rest(town: Town) -> None:
    town.first.behave(Manner.HTTP_500)
    town.happen()
    assert stamped(town.anchor()) == {"first": False, "second": True}
    health = town.store.anchors().health("first")
    assert (health.fault, health.detail.startswith("HTTP 500")) == (StampFault.HTTP_ERROR, True)
    assert not town.due()
    town.first.behave(Manner.HONEST)
    assert stamped(town.anchor()) == {"first": False, "second": True}
    town.clock.forward(minutes=1)
    assert town.due()
    assert stamped(town.anchor()) == {"first": True, "second": True}
    assert not town.due()
    assert town.store.anchors().health("first").fault is None
    assert len(town.second.asked) == 1


@pytest.mark.parametrize("manner", [Manner.OTHER_HASH, Manner.CHANGED, Manner.GARBAGE])
def test_a_bad_answer_is_not_kept(town: Town, manner: Manner) -> None:
    town.first.behave(manner)
    town.second.behave(manner)
    town.happen()
    assert stamped(town.anchor()) == {"first": False, "second": False}
    assert town.kinds() == ["check", "anchored"]
    assert town.store.anchors().stamps() == []
    assert list(town.folder.rglob("*.tsr")) == []


def test_days_without_a_network_are_made_up_for_with_one_question_each(town: Town) -> None:
    for where in (town.first, town.second):
        where.behave(Manner.HANGS_UP)
    for _ in range(5):
        town.happen()
        town.anchor()
        town.clock.forward(days=1)
    anchors = town.store.anchors().all()
    assert len(anchors) == 5
    for where in (town.first, town.second):
        where.behave(Manner.HONEST)
        where.asked.clear()
    town.happen()
    assert stamped(town.anchor()) == {"first": True, "second": True}
    assert (len(town.first.asked), len(town.second.asked)) == (1, 1)
    newest = town.store.anchors().last()
    assert newest is not None
    assert {stamp.lines for stamp in town.store.anchors().stamps()} == {newest.lines}
    assert newest.lines > anchors[-1].lines
    assert not town.due()
    assert all(state.waits is None for state in stamp_states(town.store, ["first", "second"]))


def test_an_authority_that_is_new_in_the_config_is_asked_about_what_is_there(town: Town) -> None:
    town.happen()
    second = town.facts.pop("second")
    town.anchor()
    assert not town.due()
    town.facts["second"] = second
    assert town.due()
    assert stamped(town.anchor()) == {"first": True, "second": True}
    assert len(town.first.asked) == 1


def test_what_waits_and_why_is_known(town: Town) -> None:
    town.happen()
    town.second.behave(Manner.REJECTION)
    town.anchor()
    first, second = stamp_states(town.store, ["first", "second"])
    assert (first.waits, first.last is not None) == (None, True)
    assert second.last is None
    assert second.waits == town.store.anchors().last()
    assert second.health.fault is StampFault.REFUSED


def test_days_of_failing_are_told_once_and_nothing_else_is(town: Town) -> None:
    town.first.behave(Manner.HTTP_404)
    town.happen()
    for _ in range(20):
        town.anchor()
        town.clock.forward(hours=6)
    told = [entry.alert for entry in town.store.outbox()]
    assert [alert.kind for alert in told] == [AlertKind.STAMPS_MISSING]
    assert dict(told[0].details)["authority"] == "first"
    assert town.kinds().count("stamps_missing") == 1


def test_by_hand_also_one_that_rests_is_asked(town: Town) -> None:
    town.first.behave(Manner.HTTP_500)
    town.happen()
    town.anchor()
    town.first.behave(Manner.HONEST)
    asked = town.by_hand()
    assert stamped(asked) == {"first": True, "second": True}
    assert [each.is_new for each in asked] == [True, False]
    assert town.kinds().count("anchored") == 1


def test_by_hand_what_is_new_is_anchored_whatever_the_time(town: Town) -> None:
    town.happen()
    town.anchor()
    town.happen()
    assert stamped(town.by_hand()) == {"first": True, "second": True}
    last = town.store.anchors().last()
    assert last is not None
    assert (last.lines, last.reason) == (5, AnchorReason.BY_HAND)


def test_an_empty_ledger_is_not_anchored(town: Town) -> None:
    assert not town.due()
    assert town.anchor() == []
    with pytest.raises(UsageError, match="leer"):
        town.by_hand()


def test_without_authorities_nothing_is_anchored(town: Town) -> None:
    town.happen()
    town.facts.clear()
    assert not town.due()
    assert town.anchor() == []
    assert town.kinds() == ["check"]


def test_two_at_once_keep_one_stamp(town: Town) -> None:
    """Somebody asks by hand while the daemon's child does: the authority answers twice, and the first answer counts."""
    town.happen()
    inner = SqliteStore(town.folder)

    class Meanwhile(HttpAuthority):
        def ask(self, digest: str, *, nonce: int):
            anchor_now(
                inner,
                town.vault,
                [HttpAuthority(facts=town.facts["first"])],
                reason=AnchorReason.BY_HAND,
                clock=town.clock,
                new_nonce=lambda: 1,
            )
            return HttpAuthority.ask(self, digest, nonce=nonce)

    anchor_what_is_due(
        town.store,
        town.vault,
        [Meanwhile(facts=town.facts["first"])],
        account="main",
        channels=[],
        clock=town.clock,
        new_nonce=lambda: 2,
    )
    inner.close()
    (stamp,) = town.store.anchors().stamps()
    assert stamp.nonce == "1"
    assert town.kinds() == ["check", "anchored", "stamped"]
    assert list(chain_faults(town.store.ledger())) == []
