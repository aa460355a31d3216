"""Today's readers over yesterday's captures."""

from tests.support.rooms import Rooms
from watcher.app.replay import Replayed, replay
from watcher.domain.stage import Stage
from watcher.domain.wording import OwnWord, WordKind
from watcher.pages.lore import SHIPPED, Lore
from watcher.pages.wording import vocabulary_of


def again(rooms: Rooms, lore: Lore = SHIPPED) -> list[Replayed]:
    return list(replay(rooms.store, rooms.vault, lore_of=lambda _: lore))


def test_the_same_readers_come_to_the_same_verdicts(cancelled: Rooms) -> None:
    found = again(cancelled)
    assert len(found) > 5
    assert all(entry.before for entry in found)
    assert not [entry for entry in found if entry.has_changed]


def test_a_new_word_shows_which_verdicts_it_would_change(cancelled: Rooms) -> None:
    [heading] = [
        word.token
        for order in cancelled.store.orders()
        for word in order.words
        if word.kind is WordKind.HEADING and word.stage is Stage.CANCELLED
    ]
    types = [
        word.token
        for order in cancelled.store.orders()
        for word in order.words
        if word.kind is WordKind.TYPE and word.stage is Stage.CANCELLED
    ]
    lore = Lore(
        vocabulary=vocabulary_of(
            [
                OwnWord(kind=WordKind.HEADING, token=heading, stage=Stage.CANCELLED),
                *(OwnWord(kind=WordKind.TYPE, token=token, stage=Stage.CANCELLED) for token in types),
            ]
        )
    )
    changed = [entry for entry in again(cancelled, lore) if entry.has_changed]
    assert [entry.changes for entry in changed] == [[("orders 1.confidence", "likely", "certain")]]


def test_nothing_is_changed_by_a_replay(cancelled: Rooms) -> None:
    before = (cancelled.store.orders(), cancelled.store.ledger_head(), cancelled.store.captures())
    again(
        cancelled, Lore(vocabulary=vocabulary_of([OwnWord(kind=WordKind.TYPE, token="X", stage=Stage.PAID)]))
    )
    assert (cancelled.store.orders(), cancelled.store.ledger_head(), cancelled.store.captures()) == before


def test_a_capture_whose_files_are_gone_is_named_and_the_others_are_read(cancelled: Rooms) -> None:
    first = cancelled.store.captures()[0]
    path = cancelled.folder / first.files[-1].path
    path.parent.chmod(0o700)
    path.unlink()
    found = again(cancelled)
    assert [entry.capture.id for entry in found if entry.after is None] == [first.id]
    assert "archive" in next(entry.fault for entry in found if entry.after is None)


def test_a_capture_without_a_verdict_of_its_day_is_no_change(cancelled: Rooms) -> None:
    from dataclasses import replace

    entry = again(cancelled)[0]
    assert not replace(entry, before=None).has_changed
