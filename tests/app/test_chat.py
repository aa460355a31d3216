"""The chat, read anew from the archive."""

from datetime import timedelta

from tests.support.clock import NOON
from tests.support.every import every
from tests.support.rooms import Rooms
from watcher.app.chat import Chat, archived_chat, nearest
from watcher.domain.message import Message
from watcher.pages.lore import SHIPPED


def chat(rooms: Rooms, title: str) -> Chat | None:
    [order] = [order for order in rooms.store.orders() if title in (order.title or "")]
    return archived_chat(rooms.store, rooms.vault, order, lore=SHIPPED)


def test_it_is_what_the_latest_archived_page_shows(known: Rooms) -> None:
    known.shop.say("lampe", "Und wann?")
    known.check()
    found = chat(known, "lampe")
    assert found is not None
    assert [message.text for message in found.messages][-1] == "Und wann?"
    assert found.capture.taken_at == known.clock()


def test_a_page_that_cannot_be_read_is_passed_over_for_the_one_before(known: Rooms) -> None:
    known.shop.say("lampe", "Und wann?")
    known.check()
    *_, last = known.store.captures(conversation=known.visitor.conversation("lampe"))
    for file in last.files:
        (known.folder / file.path).unlink()
    found = chat(known, "lampe")
    assert found is not None
    assert [message.text for message in found.messages][-1] == "Gern, den Schirm packe ich getrennt ein."


def test_where_nothing_is_archived_there_is_none(known: Rooms) -> None:
    with known.store.writing() as writing:
        writing._connection.execute("DELETE FROM capture_files")
        writing._connection.execute("DELETE FROM captures")
    assert chat(known, "lampe") is None


def said(*hours: float | None) -> list[Message]:
    return [
        Message(at=None if hour is None else NOON + timedelta(hours=hour), inbound=True, text=f"{hour}")
        for hour in hours
    ]


@every(
    ("hours", "shown"),
    [
        ((-9, -5, -1, 2, 3, 4), (-5, -1, 2, 3)),
        ((-1, 0, None, 2), (-1, 0, None, 2)),
        ((3, 4, 5), (3, 4)),
        ((-5, -4, -3), (-4, -3)),
        ((None, None, None), (None, None)),
        ((), ()),
    ],
)
def test_around_a_moment_are_the_last_ones_before_and_the_first_ones_after_it(
    hours: tuple[float | None, ...], shown: tuple[float | None, ...]
) -> None:
    written = said(*hours)
    assert [message.text for message in written[nearest(written, NOON, each_side=2)]] == list(map(str, shown))
