"""Reading without a browser: a long list and a long thread, each with one reader and with both; a chat made to take long."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from fixtures.shop import Ad, Deal
from fixtures.shop.deals import Message
from tests.pages.captures import (
    NOW,
    capture,
    list_bodies,
    shown_list,
    shown_thread,
    thread_answer,
    thread_body,
)
from watcher.app.understanding import understand
from watcher.domain.capture import Capture
from watcher.domain.message import Message as Written
from watcher.pages.reasons import reason_in
from watcher.pages.signs import signs_in

ROWS, MESSAGES, RUNS, FLOOD = 1_000, 200, 9, 10_000
HOSTILE = (
    "Hallo, ist der Artikel noch da? " * 60,
    "0 1 5 1 " * 250 + "+15",
    "a.a-" * 480 + "kleinanzeigen.xyz @",
    "kann zahle geht " * 120 + " paypal",
    "storniert, versand zu link code heute mein adresse " * 40,
)


def main() -> None:
    """Measure and print."""
    deals = [_chat(number) for number in range(ROWS)]
    listed = capture(shown_list(deals), *list_bodies(deals))
    talk = _long_talk()
    thread = capture(
        shown_thread(talk),
        thread_body(thread_answer(talk), talk.conversation_id),
        conversation=talk.conversation_id,
    )
    print(f"Reading without a browser (milliseconds; medians of {RUNS} runs)")
    for name, page, wanted in (
        (f"list of {ROWS} rows", listed, 1_500),
        (f"thread of {MESSAGES} messages", thread, 50),
    ):
        size = (len(page.html) + sum(len(body.content) for body in page.bodies)) / 1024
        print(f"  {name} ({size:,.0f} KB)")
        bare = replace(page, html='<span id="user-email">x</span>')
        print(f"    both readers  {_milliseconds(page):8.1f}   (wanted: under {wanted:,})")
        print(f"    page alone    {_milliseconds(replace(page, bodies=())):8.1f}")
        print(f"    JSON alone    {_milliseconds(bare):8.1f}")
    print(f"  a chat of {FLOOD:,} hostile messages (the slowest of {len(HOSTILE)} kinds)")
    print(f"    signs         {max(map(_signs_milliseconds, HOSTILE)):8.1f}   (wanted: under 100)")
    print(f"    reason        {max(map(_reason_milliseconds, HOSTILE)):8.1f}   (wanted: under 100)")


def _chat(number: int) -> Deal:
    at = NOW - timedelta(minutes=number)
    said = [Message(text=f"Ist das noch zu haben? ({number})", at=at)]
    return Deal(
        id=f"chat{number}", ad=Ad(title=f"Artikel {number}", price_cents=1500), buyer="Jonte", messages=said
    )


def _long_talk() -> Deal:
    steps = [
        (event, NOW - timedelta(days=9 - index))
        for index, event in enumerate(("REQUESTED", "ACCEPTED", "PAID", "SHIPPED"))
    ]
    said = [
        Message(
            text=f"Noch eine Frage, die {number}.",
            at=NOW - timedelta(minutes=number),
            inbound=bool(number % 2),
        )
        for number in range(MESSAGES)
    ]
    return Deal(
        id="talk",
        ad=Ad(title="Stehlampe", price_cents=3800),
        buyer="Jonte",
        carrier="DHL",
        steps=steps,
        messages=said,
    )


def _milliseconds(page: Capture) -> float:
    return _median(lambda: understand(page))


def _signs_milliseconds(text: str) -> float:
    flood = _flood(text)
    return _median(lambda: signs_in(flood, buyer_since=None, deal_at=NOW - timedelta(days=90), pickup=False))


def _reason_milliseconds(text: str) -> float:
    flood = _flood(text)
    return _median(lambda: reason_in(flood, cancelled_at=NOW))


def _flood(text: str) -> list[Written]:
    return [
        Written(at=NOW - timedelta(minutes=number), inbound=True, text=f"{number} {text}")
        for number in range(FLOOD)
    ]


def _median(work: Callable[[], object]) -> float:
    """Run something several times; returns how long it took in milliseconds."""
    work()
    times = []
    for _ in range(RUNS):
        gc.collect()
        begin = time.perf_counter()
        work()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
