"""What was forgotten is gone: from every table, from the file's free pages and its log, from the folder around it."""

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.archive import LONG_AGO, Archive, archive, in_a_child
from tests.support.clock import NOON
from tests.support.values import capture
from watcher import crash_points
from watcher.app.archive import Note
from watcher.app.forget import BY_SELLER, Forgotten, forget
from watcher.app.forget_plan import known_now, plan_forgetting
from watcher.app.naming import NamesKept, folder_title, keep_names, named_files
from watcher.app.ports import Writing
from watcher.app.verify import verify
from watcher.domain.ledger import chain_faults
from watcher.domain.order import Order
from watcher.domain.stage import Stage
from watcher.storage.database import FILE_NAME
from watcher.storage.forgetting import archive_lock
from watcher.storage.names import ReadableNames

__all__ = ["archive"]  # a fixture that tests find here

STAYS = {
    "orders": {
        "id",
        "account",
        "conversation",
        "deal_ids",
        "stage",
        "reached",
        "stage_at",
        "first_seen_at",
        "last_seen_at",
        "confidence",
        "made_at",
        "paid_at",
        "ship_by",
        "forgotten_at",
    },
    "cases": None,
    "steps": None,
    "costs": {"order_id", "at", "kind", "payer"},
    "signs": {"order_id", "rule", "at", "seen_at"},
    "found_reasons": {"case_id", "reason", "rule", "confidence", "found_at"},
    "acknowledgements": {
        "case_id",
        "at",
        "way",
        "snoozed_until",
        "asked_at",
        "answered_at",
        "ended_at",
        "ending",
    },
    "outbox": {
        "key",
        "channel",
        "kind",
        "account",
        "order_id",
        "case_id",
        "created_at",
        "not_before",
        "leased_until",
        "sent_at",
        "dropped_at",
        "wakes",
        "digest",
    },
    "conversations": None,
    "answer_times": None,
}
"""Columns that a forgotten order keeps, for they hold ids, kinds and times alone; `None`: all of the table's.

`conversations` holds hashes by which the next check sees that nothing is new; else it would store all of it again."""
IN_THE_TOMBSTONE = {
    "MARK-attachments-id-END",
    "MARK-attachments-sha256-END",
    "MARK-capture_files-sha256-END",
}
OF_NO_ORDER = {
    "accounts",
    "words",
    "own_words",
    "mails",
    "mailboxes",
    "statements",
    "guard_proofs",
    "ledger",
    "channel_health",
    "anchors",
    "stamps",
    "authorities",
    "erasures",
    "ads",
}
"""Tables that know of no single order: the own ads are the seller's own words, and name no buyer."""


SINCE = "1987-06-05T04:03:02.000001+00:00"
"""The mark of a column that holds a moment."""


def forget_it(archive: Archive, *orders: Order) -> Forgotten:
    erasing = archive.store.erasing()
    plan = plan_forgetting(archive.store, erasing, orders, now=archive.clock())
    return forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock)


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def mentions(folder: Path, *words: str) -> list[str]:
    """Return where any of the words still stands: in a file, or in its name."""
    return [
        name
        for name, content in bytes_of(folder).items()
        if any(word.encode() in content or word in name for word in words)
    ]


def tables(connection: sqlite3.Connection) -> list[str]:
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [row[0] for row in connection.execute(query)]


def text_columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row["name"] for row in connection.execute(f"PRAGMA table_info({table})") if row["type"] == "TEXT"]


def keys(table: str, order: Order, case: str) -> Mapping[str, object]:
    """Return the columns that tie a row of a table to the order; other columns are planted with marks."""
    return {
        "captures": {"id": "planted", "account": "main", "conversation": order.conversation, "taken_at": NOON.isoformat(),
                     "kind": "conversation", "reason": "changed", "complete": 1},
        "capture_files": {"capture_id": "planted", "position": 9, "role": "html", "path": "archive/zz/planted.html"},
        "answer_tokens": {"case_id": case, "round": 1},
        "found_reasons": {"case_id": case},
        "acknowledgements": {"case_id": case, "at": NOON.isoformat()},
        "outbox": {"order_id": order.id, "case_id": None, "round": 1, "critical": 0, "kind": "refund_seen",
                   "account": "main", "sent_at": None, "dropped_at": None, "created_at": NOON.isoformat(),
                   "not_before": NOON.isoformat(), "wakes": None, "leased_until": None, "key": "k", "channel": "email"},
        "asked_for": {"account": "main", "conversation": order.conversation},
        "captures_wanted": {"account": "main", "conversation": order.conversation},
        "questions": {"account": "main", "conversation": order.conversation, "asked_at": NOON.isoformat()},
        "remembered": {"name": f"tracking/asked/{order.id}"},
        "attachments": {"order_id": order.id, "at": NOON.isoformat(), "size": 1, "path": "archive/zz/planted.bin"},
        "notes": {"order_id": order.id, "at": NOON.isoformat(), "kind": "note"},
        "costs": {"order_id": order.id, "at": NOON.isoformat(), "cents": 1, "kind": "other", "payer": "seller"},
        "sightings": {"order_id": order.id, "at": NOON.isoformat(), "learnt_at": NOON.isoformat(), "at_shop": 0},
        "signs": {"order_id": order.id},
    }.get(table, {})  # fmt: skip


def plant(archive: Archive, order: Order, case: str) -> list[str]:
    """Put a mark of its own into every text column of every row about the order; returns the marks that must go."""
    connection, marks = archive.store._connection, []
    for table in sorted(tables(connection), key=lambda name: (name != "captures", name)):
        if table in OF_NO_ORDER or table == "orders" or STAYS.get(table, ()) is None:
            continue
        tied = keys(table, order, case)
        assert tied, f"the table {table} is new: say here how a row of it belongs to an order, and erase it"
        info = list(connection.execute(f"PRAGMA table_info({table})"))
        row = {entry["name"]: 0 for entry in info if entry["notnull"] and not entry["pk"]}
        row |= {name: f"MARK-{table}-{name}-END" for name in text_columns(connection, table)}
        row |= tied
        names = ", ".join(row)
        connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})",  # noqa: S608
            list(row.values()),
        )
        stays = STAYS.get(table, set())
        marks += [
            str(value)
            for name, value in row.items()
            if str(value).startswith("MARK-") and stays is not None and name not in stays
        ]
    for name in text_columns(connection, "orders"):
        if name not in (STAYS["orders"] or ()):
            mark = SINCE if name == "buyer_since" else f"MARK-orders-{name}-END"
            value = {
                "words": json.dumps([["heading", mark, None, "certain"]]),
                "unknown_events": json.dumps([mark]),
            }.get(name, mark)
            connection.execute(f"UPDATE orders SET {name} = ? WHERE id = ?", (value, order.id))  # noqa: S608
            marks.append(mark)
    return marks


def test_nothing_of_a_forgotten_order_is_left_in_any_table_page_or_log(archive: Archive) -> None:
    order, other = archive.order("gone"), archive.order("stays")
    case = archive.case(order)
    marks = plant(archive, order, case.id)
    assert len(marks) > 25
    assert all(mentions(archive.folder, mark) for mark in marks)
    forget_it(archive, archive.known(order))
    left = {mark for mark in marks if mentions(archive.folder, mark)}
    assert left == IN_THE_TOMBSTONE
    assert archive.known(other).title == "Title stays"


def test_not_even_pages_that_were_moved_keep_an_old_copy(archive: Archive) -> None:
    """SQLite overwrites what is deleted, but not what it has copied from page to page before that."""
    going = [archive.order(f"SECRET{number}", title="SECRET" + "x" * (number % 60)) for number in range(300)]
    for order in going[::3]:
        archive.order(order.id[1:], title="SECRET longer " + "y" * 90)
    forget_it(archive, *going)
    assert mentions(archive.folder, "Buyer SECRET", "SECRETx", "SECRET longer") == []


def test_every_byte_goes_that_nothing_else_needs(archive: Archive) -> None:
    order, other = archive.order("gone"), archive.order("stays")
    archive.thread(order)
    archive.attach(order, archive.file("receipt.txt", b"receipt of gone"))
    archive.attach(other, archive.file("theirs.txt", b"receipt of stays"))
    archive.thread(other)
    forgotten = forget_it(archive, order)
    assert (forgotten.captures, forgotten.attachments, forgotten.leftovers) == (1, 1, ())
    assert mentions(archive.folder, "Buyer gone", "receipt of gone", "receipt.txt") == []
    assert [attachment.name for attachment in archive.store.attachments().of()] == ["theirs.txt"]
    assert len(archive.vault_files()) == 4
    assert verify(archive.store, archive.vault).ok


def test_a_file_that_two_captures_have_stays_until_the_second_goes(archive: Archive) -> None:
    first, second = archive.order("first"), archive.order("second")
    for order in (first, second):
        archive.thread(order, screenshot=b"the same picture")
    shared = next(path for path in archive.vault_files() if path.read_bytes() == b"the same picture")
    forget_it(archive, first)
    assert shared.exists()
    assert verify(archive.store, archive.vault).ok
    forget_it(archive, second)
    assert not shared.exists()
    assert verify(archive.store, archive.vault).ok


def test_the_tombstone_names_what_went_and_the_chain_holds(archive: Archive) -> None:
    order = archive.order("gone")
    capture_id = archive.thread(order)
    attached = archive.attach(order, archive.file("receipt.txt")).attachment
    with archive.store.writing() as writing:
        note = Note(order=order.id, at=NOON, text="called them")
        writing.record(
            "note_added", at=NOON, account="main", order=order.id, note=writing.save_note(note), about="note"
        )
    hashes = {file.sha256 for each in archive.store.captures() for file in each.files} | {attached.sha256}
    forget_it(archive, order)
    line = json.loads(list(archive.store.ledger())[-1].text)
    assert (line["kind"], line["order"], line["account"]) == ("forgotten", order.id, "main")
    assert line["facts"] == {
        "captures": [capture_id],
        "files": sorted(hashes),
        "attachments": [attached.id],
        "notes": 1,
        "reason": "seller",
    }
    assert list(chain_faults(archive.store.ledger())) == []
    verdict = verify(archive.store, archive.vault)
    assert verdict.faults == ()


def test_what_stays_of_an_order_says_when_it_was_forgotten_and_that_it_was(archive: Archive) -> None:
    order = archive.order("gone")
    forget_it(archive, order)
    known = archive.known(order)
    assert (known.title, known.buyer, known.tracking_number) == (None, None, None)
    assert known.forgotten_at == NOON
    assert (known.stage, known.amount_cents, known.deal_ids) == (order.stage, 4500, order.deal_ids)


def test_an_alert_that_waits_is_not_sent_any_more(archive: Archive) -> None:
    from watcher.domain.alert import Alert, AlertKind

    order = archive.order("gone")
    alert = Alert(
        key="k",
        kind=AlertKind.REFUND_SEEN,
        account="main",
        at=NOON,
        order=order.id,
        details=(("who", "Buyer"),),
    )
    with archive.store.writing() as writing:
        writing.queue(alert, channels=["email"], now=NOON)
    forget_it(archive, order)
    [waiting] = archive.store.outbox()
    assert waiting.dropped_at == NOON
    assert waiting.alert.details == ()
    assert archive.store.was_queued("k"), "it is not queued a second time"


def test_readable_names_go_also_those_that_somebody_has_changed(archive: Archive) -> None:
    order = archive.order("gone")
    archive.thread(order)
    keep_names(archive.store, ReadableNames(archive.folder))
    [folder] = (archive.folder / "orders").iterdir()
    [link] = folder.iterdir()
    link.rename(folder / "my proof.webp")
    (folder / "shopping list.txt").write_text("milk")
    forget_it(archive, order)
    assert mentions(archive.folder, "Title gone", "Buyer gone") == []
    [left] = (archive.folder / "orders").rglob("*.*")
    assert left.read_text() == "milk"


def test_what_a_killed_check_has_staged_goes(archive: Archive) -> None:
    order, other = archive.order("gone"), archive.order("stays")
    for each in (order, other):
        archive.vault.stage(
            capture(f"left-{each.id}", conversation=each.conversation, taken_at=LONG_AGO, html=each.buyer)
        )
    half = archive.folder / "staging" / "main" / "half-written"
    half.mkdir()
    (half / "0000-html.html").write_text(f'<a href="?conversationId={order.conversation}">Buyer gone</a>')
    forget_it(archive, order)
    assert mentions(archive.folder, "Buyer gone") == []
    assert mentions(archive.folder / "staging", "Buyer stays") != []


def test_what_was_staged_of_a_conversation_stays_while_another_order_of_it_does(archive: Archive) -> None:
    first, second = (archive.order(name, conversation="shared:1") for name in ("first", "second"))
    archive.case(second, closed=False)
    archive.vault.stage(capture("left", conversation="shared:1", taken_at=LONG_AGO, html="proof"))
    forget_it(archive, first)
    assert mentions(archive.folder / "staging", "proof") != []
    with archive.store.writing() as writing:
        writing.save_case(replace(archive.store.cases()[0], closed_at=archive.clock()))
    forget_it(archive, second)
    assert mentions(archive.folder / "staging", "proof") == []


def test_what_was_staged_of_a_forgotten_order_that_is_under_way_again_stays(archive: Archive) -> None:
    again, mate = (archive.order(name, conversation="shared:1") for name in ("again", "mate"))
    forget_it(archive, again)
    archive.clock.forward(minutes=10)
    with archive.store.writing() as writing:
        writing.save_orders(
            [replace(archive.known(again), stage=Stage.SHIPPED, last_seen_at=archive.clock())]
        )
    archive.vault.stage(capture("left", conversation="shared:1", taken_at=archive.clock(), html="proof"))
    archive.clock.forward(minutes=10)
    assert forget_it(archive, mate).orders == (mate.id,)
    assert mentions(archive.folder / "staging", "proof") != []


def test_what_a_check_stages_after_the_forgetting_stays(archive: Archive) -> None:
    order = archive.order("gone")
    later = NOON + timedelta(minutes=1)
    archive.vault.stage(capture("new", conversation=order.conversation, taken_at=later, html="news"))
    forget_it(archive, order)
    assert mentions(archive.folder / "staging", "news") != []


def test_a_list_that_names_the_order_goes_and_one_that_proves_a_case_stays(archive: Archive) -> None:
    going, harmless, proven = archive.order("going"), archive.order("harmless"), archive.order("proven")
    archive.case(proven)
    alone, with_case, elsewhere = (
        archive.listing([going, harmless]),
        archive.listing([going, proven]),
        archive.listing([harmless]),
    )
    forget_it(archive, going)
    assert archive.captures() == [with_case, elsewhere]
    assert alone not in archive.captures()
    assert verify(archive.store, archive.vault).ok


def test_a_list_without_a_readable_page_counts_as_naming_all_of_its_time(archive: Archive) -> None:
    order = archive.order("gone", first_seen_at=LONG_AGO, last_seen_at=LONG_AGO + timedelta(days=9))
    later = archive.order(
        "later", first_seen_at=LONG_AGO + timedelta(days=5), last_seen_at=LONG_AGO + timedelta(days=9)
    )
    bare = {"html": "", "bodies": ()}
    at_its_time = archive.listing([], taken_at=LONG_AGO + timedelta(days=1), **bare)
    before = archive.listing([], taken_at=LONG_AGO - timedelta(days=1), **bare)
    forget_it(archive, order)
    assert archive.captures() == [before]
    assert at_its_time not in archive.captures()
    forget_it(archive, later)
    assert archive.captures() == [before]


def test_an_added_page_that_names_item_and_buyer_goes(archive: Archive) -> None:
    order = archive.order("gone", title='Fritteuse "groß"', buyer="Jörg Ö.")
    page = "<td>Fritteuse &quot;groß&quot;</td><td>Jörg Ö.</td>"
    archive.listing([], html=page)
    other = archive.listing([], html="<td>Fritteuse &quot;groß&quot;</td><td>Anna</td>")
    forget_it(archive, order)
    assert archive.captures() == [other]


def test_captures_of_a_conversation_stay_while_another_order_of_it_does(archive: Archive) -> None:
    first = archive.order("first", conversation="shared:1")
    second = archive.order("second", conversation="shared:1")
    archive.thread(first)
    forget_it(archive, first)
    assert len(archive.captures()) == 1
    forget_it(archive, second)
    assert archive.captures() == []


def test_orders_of_one_conversation_that_go_together_take_its_captures_along_once(archive: Archive) -> None:
    both = [archive.order(name, conversation="shared:1") for name in ("first", "second")]
    kept = [archive.thread(both[0]), archive.thread(both[1])]
    forgotten = forget_it(archive, *both)
    assert (forgotten.orders, forgotten.captures) == (("ofirst", "osecond"), len(kept))
    assert archive.captures() == []
    assert verify(archive.store, archive.vault).ok


def test_a_case_that_is_opened_between_plan_and_deed_keeps_what_its_order_shares_with_others(
    archive: Archive,
) -> None:
    gone, mate = (
        archive.order("gone", conversation="shared:1"),
        archive.order("mate", conversation="shared:1"),
    )
    other, third = archive.order("other"), archive.order("third")
    thread, both, alone = (
        archive.thread(gone), archive.listing([third, other]), archive.listing([third])
    )  # fmt: skip
    erasing = archive.store.erasing()
    plan = plan_forgetting(archive.store, erasing, [gone, mate, other, third], now=archive.clock())
    assert {page.id for page in plan.pages} == {both, alone}
    for order in (mate, other):
        archive.case(order, closed=False)
    forgotten = forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock)
    assert set(forgotten.orders) == {gone.id, third.id}
    assert set(archive.captures()) == {thread, both}


def test_a_case_of_an_order_that_goes_later_keeps_what_it_shares_with_the_first(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.app.forget._AT_ONCE", 1)
    first, second = (archive.order(name, conversation="shared:1") for name in ("first", "second"))
    kept = archive.thread(first)
    plan = plan_forgetting(archive.store, archive.store.erasing(), [first, second], now=archive.clock())
    archive.case(second, closed=False)
    forgotten = forget(
        archive.store, archive.store.erasing(), plan, reason=BY_SELLER, clock=archive.clock
    )  # fmt: skip
    assert forgotten.orders == (first.id,)
    assert archive.captures() == [kept]


def test_a_case_that_is_opened_meanwhile_about_an_order_that_was_not_to_go_keeps_its_lists(
    archive: Archive,
) -> None:
    erasing = archive.store.erasing()
    gone, other, lost = archive.order("gone"), archive.order("other"), archive.order("lost")
    proof, alone, unread = (
        archive.listing([gone, other]), archive.listing([gone]), archive.listing([lost, other], html="", bodies=())
    )  # fmt: skip
    plan = plan_forgetting(archive.store, erasing, [gone], now=archive.clock())
    assert {page.id for page in plan.pages} == {proof, alone, unread}, "the other sale is long over"
    archive.case(other, closed=False)
    forgotten = forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock)
    assert forgotten.orders == (gone.id,)
    assert set(archive.captures()) == {proof, unread}


def test_a_sale_that_has_begun_meanwhile_keeps_the_lists_that_show_it(archive: Archive) -> None:
    erasing = archive.store.erasing()
    gone = archive.order("gone")
    known = archive.listing([gone])
    plan = plan_forgetting(archive.store, erasing, [gone], now=archive.clock())
    archive.order("gone-too", deal_ids=gone.deal_ids, conversation=gone.conversation, stage=Stage.PAID,
                  last_seen_at=archive.clock())  # fmt: skip
    forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock)
    assert archive.captures() == [known]


def test_a_page_that_is_kept_between_plan_and_deed_goes_as_well_unless_it_is_needed(archive: Archive) -> None:
    erasing = archive.store.erasing()
    gone, live = archive.order("gone"), archive.order("live", stage=Stage.SHIPPED, last_seen_at=NOON)
    archive.listing([gone])
    plan = plan_forgetting(archive.store, erasing, [gone], now=archive.clock())
    archive.listing([], html="<p>Title gone, Buyer gone</p>", taken_at=archive.clock())
    kept = [
        archive.listing([live], html="<p>Title gone, Buyer gone</p>", taken_at=archive.clock()),
        archive.listing([live], taken_at=archive.clock()),
    ]
    forgotten = forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock)
    assert (forgotten.captures, archive.captures()) == (2, kept)


def test_a_page_that_is_kept_while_many_are_being_forgotten_goes_with_the_order_that_it_names(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.app.forget._AT_ONCE", 1)
    orders = [archive.order("first"), archive.order("second")]
    plan = plan_forgetting(archive.store, archive.store.erasing(), orders, now=archive.clock())
    begun, asked = archive.store.writing, iter(range(9))

    def meanwhile() -> AbstractContextManager[Writing]:
        if next(asked) == 1:
            monkeypatch.setattr(archive.store, "writing", begun)
            archive.listing([], html="<p>Title second, Buyer second</p>", taken_at=archive.clock())
        return begun()

    monkeypatch.setattr(archive.store, "writing", meanwhile)
    forgotten = forget(archive.store, archive.store.erasing(), plan, reason=BY_SELLER, clock=archive.clock)
    assert forgotten.orders == ("ofirst", "osecond")
    assert (forgotten.captures, archive.captures()) == (1, [])


def test_a_late_page_of_an_order_that_was_forgotten_before_goes_with_the_others(archive: Archive) -> None:
    erasing = archive.store.erasing()
    order = archive.order("gone")
    forget_it(archive, order)
    archive.listing([order], taken_at=archive.clock())
    plan = plan_forgetting(archive.store, erasing, [archive.known(order)], now=archive.clock())
    archive.listing([order], taken_at=archive.clock())
    assert forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock).captures == 2
    assert archive.captures() == []


def test_whoever_holds_a_page_again_is_asked_again(archive: Archive) -> None:
    """It held pages when the plan was made, none when it was asked once more, and some by now."""
    erasing = archive.store.erasing()
    gone = archive.order("gone")
    other = archive.order("other", stage=Stage.SHIPPED, last_seen_at=NOON)
    plan = plan_forgetting(archive.store, erasing, [gone], now=archive.clock())
    late = archive.listing([gone, other], taken_at=archive.clock())
    archive.order("other")
    plan = known_now(archive.store, erasing, now=archive.clock()).asked_again(plan)
    assert [page.id for page in plan.pages] == [late]
    archive.case(other, closed=False)
    forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock)
    assert archive.captures() == [late]


def test_a_forgotten_order_that_is_under_way_again_keeps_what_shows_it(archive: Archive) -> None:
    gone, again = (archive.order(name, conversation="shared:1") for name in ("gone", "again"))
    forget_it(archive, again)
    with archive.store.writing() as writing:
        writing.save_orders(
            [replace(archive.known(again), stage=Stage.SHIPPED, last_seen_at=archive.clock())]
        )
    assert archive.known(again).forgotten_at is not None
    kept = {archive.thread(gone), archive.listing([again])}
    assert forget_it(archive, gone).orders == (gone.id,)
    assert set(archive.captures()) == kept


def test_where_none_of_the_orders_may_go_any_more_no_page_goes(archive: Archive) -> None:
    erasing = archive.store.erasing()
    order = archive.order("gone")
    kept = archive.listing([order])
    plan = plan_forgetting(archive.store, erasing, [order], now=archive.clock())
    archive.case(order, closed=False)
    forgotten = forget(archive.store, erasing, plan, reason=BY_SELLER, clock=archive.clock)
    assert (forgotten.orders, forgotten.captures, archive.captures()) == ((), 0, [kept])


def test_a_file_that_two_of_the_forgotten_share_is_counted_once(archive: Archive) -> None:
    both = [archive.order("first"), archive.order("second")]
    for order in both:
        archive.thread(order, screenshot=b"the same picture")
    files = archive.vault_files()
    assert forget_it(archive, *both).files == len(files)
    assert archive.vault_files() == []


def test_no_page_is_ever_left_that_names_an_order_whose_names_have_gone(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By item and buyer alone nobody could find it again."""
    monkeypatch.setattr("watcher.app.forget._AT_ONCE", 1)
    orders = [archive.order("first"), archive.order("second")]
    for order in orders:
        archive.listing([], html=f"<p>{order.title} {order.buyer}</p>")
    kept = archive.listing([])
    begun = archive.store.writing
    left = [1]

    def few() -> AbstractContextManager[Writing]:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return begun()

    monkeypatch.setattr(archive.store, "writing", few)
    with pytest.raises(KeyboardInterrupt):
        forget_it(archive, *orders)
    assert [archive.known(order).title for order in orders] == [None, "Title second"]
    assert archive.captures() == [kept]


def test_many_orders_and_files_go_in_several_transactions_and_none_is_left(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("watcher.app.forget._AT_ONCE", 2)
    monkeypatch.setattr("watcher.storage.forgetting._AT_ONCE", 3)
    # Two of one conversation go in one transaction, two in two.
    orders = [archive.order(f"gone-{number}", conversation=f"c:{(number + 1) // 2}") for number in range(9)]
    for order in orders:
        archive.thread(order)
    stays = archive.order("stays")
    kept = archive.thread(stays)
    files = [
        file.path
        for capture in archive.store.captures(conversation=stays.conversation)
        for file in capture.files
    ]
    assert len(forget_it(archive, *orders).orders) == len(orders)
    assert archive.captures() == [kept]
    assert [path.relative_to(archive.folder).as_posix() for path in archive.vault_files()] == sorted(files)
    assert not archive.store.erasing().is_unfinished()
    assert verify(archive.store, archive.vault).ok


def test_forgetting_a_second_time_does_nothing(archive: Archive) -> None:
    order = archive.order("gone")
    archive.thread(order)
    forget_it(archive, order)
    lines = len(list(archive.store.ledger()))
    assert forget_it(archive, archive.known(order)).orders == ()
    assert len(list(archive.store.ledger())) == lines


def test_what_comes_to_a_forgotten_order_can_be_forgotten_again(archive: Archive) -> None:
    order = archive.order("gone")
    forget_it(archive, order)
    archive.attach(order, archive.file("late.txt", b"late receipt"))
    assert forget_it(archive, archive.known(order)).attachments == 1
    assert mentions(archive.folder, "late receipt", "late.txt") == []
    assert verify(archive.store, archive.vault).ok


def test_a_check_that_keeps_the_same_bytes_meanwhile_loses_nothing(archive: Archive) -> None:
    """Between the tombstone and the removal another capture may come to need the file."""
    order, other = archive.order("gone"), archive.order("stays")
    archive.thread(order, screenshot=b"the same picture")
    with archive.store.writing() as writing:
        ((_order, erased),) = archive.store.erasing().erase([(order, archive.captures())], at=NOON)
        writing.record("forgotten", at=NOON, account="main", order=order.id, captures=list(erased.captures),
                       files=list(erased.files), attachments=[], notes=0, reason="seller")  # fmt: skip
    archive.thread(other, screenshot=b"the same picture")
    assert archive.store.erasing().finish() == []
    assert any(path.read_bytes() == b"the same picture" for path in archive.vault_files())
    assert verify(archive.store, archive.vault).ok


def test_a_file_that_cannot_be_removed_is_told_and_tried_again(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = archive.order("gone")
    archive.thread(order)
    unlink = Path.unlink

    def stubborn(self: Path, *, missing_ok: bool = False) -> None:
        if self.suffix == ".webp":
            raise OSError(16, "Device or resource busy")
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", stubborn)
    [leftover] = forget_it(archive, order).leftovers
    assert leftover.reason == "Device or resource busy"
    assert archive.store.erasing().is_unfinished()
    verdict = verify(archive.store, archive.vault)
    assert verdict.ok, "the ledger says that it was forgotten, and the list that it is still to be removed"
    assert [remark.name for remark in verdict.remarks] == [leftover.what]
    monkeypatch.undo()
    assert archive.store.erasing().finish() == []
    assert not archive.store.erasing().is_unfinished()
    assert archive.vault_files() == []


def test_a_database_that_somebody_reads_is_cleaned_by_the_next_run(archive: Archive) -> None:
    order = archive.order("gone")
    reader = sqlite3.connect(archive.folder / FILE_NAME)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM orders").fetchone()
    archive.store._connection.execute("PRAGMA busy_timeout = 50")
    [leftover] = forget_it(archive, order).leftovers
    assert leftover.what == FILE_NAME
    assert archive.store.erasing().is_unfinished()
    reader.close()
    assert archive.store.erasing().finish() == []
    assert mentions(archive.folder, "Buyer gone") == []


def test_nothing_is_erased_while_a_backup_is_made(archive: Archive) -> None:
    from watcher.errors import BusyError

    order = archive.order("gone")
    with archive_lock(archive.folder), pytest.raises(BusyError, match="backup"):
        forget_it(archive, order)
    assert archive.known(order).title == "Title gone"


def _filled(archive: Archive) -> Order:
    order = archive.order("gone")
    archive.thread(order)
    archive.thread(order)
    archive.listing([order])
    archive.attach(order, archive.file("receipt.txt", b"receipt of Buyer gone"))
    archive.vault.stage(
        capture("left", conversation=order.conversation, taken_at=LONG_AGO, html="Buyer gone")
    )
    keep_names(archive.store, ReadableNames(archive.folder))
    return order


def _die_at(step: int, folder: Path, order: Order) -> None:
    """Forget, and be killed at the so many-th call that has to do with the database or the disk."""
    other, left = Archive(folder), step

    def count(_frame: object, event: str, called: object) -> None:
        nonlocal left
        name = getattr(called, "__name__", "")
        if event == "c_call" and name in {
            "execute",
            "executemany",
            "unlink",
            "rmdir",
            "rename",
            "replace",
            "fsync",
        }:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    forget_it(other, order)
    sys.setprofile(None)


def _steps() -> Iterator[int]:
    yield from range(0, 400, 3)


@pytest.mark.slow
def test_whenever_it_is_killed_the_next_run_finishes_and_nothing_looks_tampered_with(
    archive: Archive, tmp_path: Path
) -> None:
    import shutil

    order = _filled(archive)
    archive.store.tidy()
    killed = finished = 0
    for step in _steps():
        folder = tmp_path / f"copy-{step}"
        shutil.copytree(archive.folder, folder)
        ended = in_a_child(lambda folder=folder, step=step: _die_at(step, folder, order))
        assert ended in {0, -signal.SIGKILL}
        killed, finished = killed + (ended != 0), finished + (ended == 0)
        _check_after(folder, order)
        shutil.rmtree(folder)
        if ended == 0:
            break
    assert killed > 20
    assert finished == 1, "the last steps were reached, too"


def _check_after(folder: Path, order: Order) -> None:
    again = Archive(folder)
    try:
        is_forgotten = again.known(order).forgotten_at is not None
        faults = verify(again.store, again.vault).faults
        assert faults == (), "no file is called missing or changed, whenever it was killed"
        if is_forgotten:
            assert again.store.erasing().is_unfinished() or not mentions(folder, "Buyer gone")
        again.store.erasing().finish()
        forget_it(again, again.known(order))
        assert verify(again.store, again.vault).faults == ()
        assert mentions(folder, "Buyer gone", "Title gone", "receipt.txt") == []
    finally:
        again.store.close()


def test_a_name_that_a_check_makes_while_its_order_is_forgotten_goes_as_well(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = archive.order("gone")
    archive.thread(order)
    kept = archive.store.captures(account=order.account, conversation=order.conversation)
    files = [named for each in kept for named in named_files(each)]
    made: list[NamesKept] = []

    def check(point: str) -> None:
        if point == "readable_names_removed":
            made.append(ReadableNames(archive.folder).keep(order.id, folder_title(order), files))

    monkeypatch.setattr(crash_points, "on_passing", check)
    forget_it(archive, order)
    assert [each.made for each in made] == [1], "its files were still there"
    assert mentions(archive.folder, "Title gone") == []
