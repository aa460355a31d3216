"""What the simulated year draws and reads once: never anything but what would be drawn and read now."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bench.year import site
from bench.year.site import KeptReadings, KeptVisitor, ReaderError
from fixtures.shop import Shop, five_orders
from tests.support.clock import Clock
from tests.support.visiting import FakeVisitor
from watcher.app.understanding import Understood, understand
from watcher.domain.capture import Capture
from watcher.domain.reading import Reach
from watcher.pages.json_reader import TO_THE_END

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def shop() -> Shop:
    return Shop(five_orders(NOW))


@pytest.fixture
def happened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How much has happened; tests raise it."""
    count = [0]
    monkeypatch.setattr(KeptVisitor, "happened", staticmethod(lambda: count[0]))
    return count  # type: ignore[return-value]


class Readers:
    """Counts how often a page was really read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.read = 0
        self.lie: Understood | None = None
        monkeypatch.setattr(site, "_really", self.understand)

    def understand(self, capture: Capture, **how: object) -> Understood:
        self.read += 1
        return self.lie or understand(capture, **how)  # type: ignore[arg-type]


class Often(random.Random):
    """Takes each page for a sample, or none."""

    sample = False

    def randrange(self, *_args: object) -> int:  # type: ignore[override]
        return 0 if self.sample else 1


@pytest.fixture
def readers(monkeypatch: pytest.MonkeyPatch) -> Readers:
    return Readers(monkeypatch)


def of_list(shop: Shop, at: datetime = NOW) -> Capture:
    with FakeVisitor(shop, Clock(at)).visit("main") as visit:
        return visit.open_list(lambda _: True)


def test_pages_are_drawn_as_the_shop_has_them_now(shop: Shop, happened: list[int]) -> None:
    kept, plain = KeptVisitor(shop, Clock(NOW)), FakeVisitor(shop, Clock(NOW))
    name = shop.deal("friteuse").conversation_id
    for step in ("", "BUYER_CANCELLED", "REFUNDED"):
        if step:
            shop.happen("friteuse", step, at=NOW)
            happened[0] += 1
        for _ in range(2):
            assert kept.list_page(0) == plain.list_page(0)
            assert kept.thread_page(name) == plain.thread_page(name)
    shop.remove("friteuse")
    happened[0] += 1
    with pytest.raises(KeyError):
        kept.thread_page(name)


def test_the_same_page_is_read_once_a_day(shop: Shop, readers: Readers) -> None:
    readings = KeptReadings(Often())
    first = readings.understand(of_list(shop))
    assert readings.understand(of_list(shop, NOW + timedelta(hours=1))) == first
    assert readers.read == 1
    readings.understand(of_list(shop, NOW + timedelta(days=1)))
    assert readers.read == 2


def test_a_page_that_has_changed_is_read(shop: Shop, readers: Readers) -> None:
    readings = KeptReadings(Often())
    before = readings.understand(of_list(shop))
    shop.happen("friteuse", "BUYER_CANCELLED", at=NOW)
    assert readings.understand(of_list(shop)) != before
    assert readers.read == 2


@pytest.mark.parametrize(
    ("reach", "read"),
    [
        (Reach(until=NOW - timedelta(days=300), total=5), 1),
        (Reach(until=NOW - timedelta(days=299), total=5), 1),
        (Reach(until=NOW - timedelta(days=301), total=5), 2),
        (Reach(until=NOW - timedelta(days=300), total=6), 2),
        (TO_THE_END, 2),
    ],
)
def test_a_list_is_read_again_for_whoever_wants_to_see_further_down(
    shop: Shop, readers: Readers, reach: Reach, read: int
) -> None:
    readings = KeptReadings(Often())
    readings.understand(of_list(shop), reach=Reach(until=NOW - timedelta(days=300), total=5))
    assert readings.understand(of_list(shop), reach=reach) == understand(of_list(shop), reach=reach)
    assert readers.read == read


def test_a_sample_that_is_read_otherwise_ends_the_year(shop: Shop, readers: Readers) -> None:
    dice = Often()
    readings = KeptReadings(dice)
    readings.understand(of_list(shop))
    dice.sample = True
    readings.understand(of_list(shop))
    readers.lie = Understood()
    with pytest.raises(ReaderError):
        readings.understand(of_list(shop))


def test_a_conversation_that_was_deleted_is_a_page_that_says_so(shop: Shop) -> None:
    name = shop.deal("friteuse").conversation_id
    shop.remove("friteuse")
    with FakeVisitor(shop, Clock(NOW)).visit("main") as visit:
        capture = visit.open_thread(name)
    understood = understand(capture)
    assert (capture.conversation, understood.thread, understood.wall) == (name, None, None)
