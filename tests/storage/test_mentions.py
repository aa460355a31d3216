"""Which pages name an order: quick ways to say no never say it where going through the page says yes."""

import html
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.clock import NOON
from tests.support.values import ORDER
from watcher.app.archive import StoredCapture, StoredFile
from watcher.domain.capture import PageKind, Role
from watcher.domain.order import Order
from watcher.storage.mentions import _Names, naming

texts = st.text("ab1:-_ &ä", max_size=9)
"""Few signs, so that names are found in pages by chance: letters, what stands between words, and what is spelt in several ways."""


def named(folder: Path, captures: Sequence[StoredCapture], orders: Sequence[Order]) -> set[str]:
    return {capture.id for capture in naming(folder, captures, orders)}


def spelt(text: str) -> set[bytes]:
    ways = {
        text, html.escape(text), html.escape(text, quote=False), json.dumps(text)[1:-1], quote(text, safe="")
    }  # fmt: skip
    return {way.encode() for way in ways}


def stands_in(text: str, page: bytes) -> bool:
    return any(way in page for way in spelt(text))


def is_named(order: Order, page: bytes) -> bool:
    """Go through the page for each name in each way."""
    ids = [order.conversation, *order.deal_ids, order.tracking_number or ""]
    title, buyer = order.title or "", order.buyer or ""
    return any(len(name) >= 5 and stands_in(name, page) for name in ids) or (
        min(len(title), len(buyer)) >= 3 and stands_in(title, page) and stands_in(buyer, page)
    )


def capture(folder: Path, *pages: bytes, name: str = "capture") -> StoredCapture:
    files = []
    for number, page in enumerate(pages):
        path = f"{name}-{number}"
        (folder / path).write_bytes(page)
        files.append(
            StoredFile(role=Role.HTML, media_type="text/html", path=path, sha256="a" * 64, size=len(page))
        )
    return StoredCapture(
        id=name,
        account="main",
        conversation=None,
        kind=PageKind.CONVERSATION_LIST,
        taken_at=NOON,
        url="https://example.org",
        reason="changed",
        complete=True,
        files=tuple(files),
    )


def order(name: str, **changes: object) -> Order:
    return replace(ORDER, id=name, account="main", **changes)  # type: ignore[arg-type]


@given(
    names=st.lists(st.tuples(texts, texts, texts, texts), min_size=1, max_size=3),
    parts=st.lists(texts, max_size=6),
    ways=st.lists(st.integers(0, 4), min_size=12, max_size=12),
)
def test_an_order_is_named_where_going_through_the_page_finds_it(
    tmp_path_factory: pytest.TempPathFactory,
    names: list[tuple[str, str, str, str]],
    parts: list[str],
    ways: list[int],
) -> None:
    orders = [
        order(f"o{n}", conversation=a, tracking_number=b, title=c, buyer=d)
        for n, (a, b, c, d) in enumerate(names)
    ]
    said = [sorted(spelt(text)) for each in names for text in each]
    pieces = [
        part.encode() + ways_of[way % len(ways_of)]
        for part, ways_of, way in zip([*parts, *[""] * 12], said, ways, strict=False)
    ]
    # What one page taught holds for the next, so there are several that say partly the same.
    pages = {"all": b"".join(pieces), "half": b"".join(pieces[::2]), "apart": b" ".join(pieces)}
    folder = tmp_path_factory.getbasetemp()
    captures = [capture(folder, page, name=name) for name, page in pages.items()]
    for some in (orders, *([each] for each in orders)):
        wanted = {name for name, page in pages.items() if any(is_named(each, page) for each in some)}
        assert named(folder, captures, some) == wanted


ID = order("one", conversation="ab1c2:de3f4:gh5i6", tracking_number=None, title=None, buyer=None)


@pytest.mark.parametrize(
    "page", [b"conversationId=ab1c2:de3f4:gh5i6&x", b"xxab1c2:de3f4:gh5i6xx", b"ab1c2%3Ade3f4%3Agh5i6"]
)
def test_an_id_counts_wherever_it_stands(tmp_path: Path, page: bytes) -> None:
    assert named(tmp_path, [capture(tmp_path, page)], [ID]) == {"capture"}


@pytest.mark.parametrize(
    "page", [b"ab1c2:xde3f4:gh5i6", b"ab1c2 de3f4 gh5i6", b"de3f4 ab1c2:de3f:gh5i6", b"b1c2:de3f4:gh5i6", b""]
)
def test_parts_of_an_id_are_no_id(tmp_path: Path, page: bytes) -> None:
    assert named(tmp_path, [capture(tmp_path, page)], [ID]) == set()


def test_what_is_remembered_of_pages_is_bounded_and_the_answers_stay_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("watcher.storage.mentions._MOST", 200)
    parcel = order("one", conversation="c:o:n:v", tracking_number="00340434200511182703", title=None)
    common = [
        order(f"bear-{n}", conversation=f"{n}", tracking_number=None, title="Bär", buyer="Bo")
        for n in range(9)
    ]
    names = _Names([parcel, *common])
    endless = b"9" * 5000 + b"00340434200511182703" + b"8" * 500
    for page in range(100):
        words = b" ".join(b"B%dword%d" % (page, word) for word in range(10))
        assert not names.any_in(words)
        assert names.any_in(words + endless)
        assert names.remembered <= 200 + 20 * 10
    assert max(map(len, (*names._telling, *names._empty))) <= 64
    held = len(names._empty) + sum(1 + len(filed) for filed in names._telling.values())
    assert 0 < held <= names.remembered


def test_item_and_buyer_count_on_one_page_only(tmp_path: Path) -> None:
    sought = order("one", conversation="c:o:n:v", tracking_number=None, title="Alte Uhr", buyer="Enno")
    apart = capture(tmp_path, b"Alte Uhr", b"Enno", name="apart")
    together = capture(tmp_path, b"", b"Enno: Alte Uhr", name="together")
    assert named(tmp_path, [apart, together], [sought]) == {"together"}


def test_a_file_that_two_captures_share_counts_for_both(tmp_path: Path) -> None:
    first = capture(tmp_path, b"ab1c2:de3f4:gh5i6")
    second = replace(first, id="second")
    assert named(tmp_path, [first, second], [ID]) == {"capture", "second"}


def test_a_capture_without_a_page_names_whatever_was_known_then(tmp_path: Path) -> None:
    lost = replace(capture(tmp_path, name="lost"), taken_at=NOON)
    day = timedelta(days=1)
    known = order("known", first_seen_at=NOON - day, last_seen_at=NOON + day)
    later = order("later", first_seen_at=NOON + day, last_seen_at=NOON + day)
    assert named(tmp_path, [lost], [known, later]) == {"lost"}
    assert named(tmp_path, [lost], [later]) == set()
