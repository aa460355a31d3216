"""Reading without a browser: a list of 1,000 rows and a thread of 200 messages, each with one reader and with both."""

import gc
import statistics
import time
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

ROWS, MESSAGES, RUNS = 1_000, 200, 9


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
    understand(page)
    times = []
    for _ in range(RUNS):
        gc.collect()
        begin = time.perf_counter()
        understand(page)
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    main()
