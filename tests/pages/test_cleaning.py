"""A whole capture is cleaned: each of its texts and addresses, and nothing that the readers need."""

import json
from dataclasses import fields

from tests.support.values import capture
from watcher.domain.capture import Body, Capture
from watcher.domain.exchange import Exchange
from watcher.pages.cleaning import clean, ids_of
from watcher.pages.scrubbing import Scrubber

TOKEN = "Zq7-kP2_xW9rTn4Lb8Yc"
CONVERSATION = "gjm2v:b4klpfx:w0q3umtco"


def soaked() -> Capture:
    """A capture with the token in every place that can hold a text."""
    url = f"https://www.kleinanzeigen.de/m-nachrichten.html?conversationId={CONVERSATION}&sid={TOKEN}"
    exchange = Exchange(headers=(("Location", url), ("Content-Type", "text/html")))
    return capture(
        conversation=CONVERSATION,
        url=url,
        final_url=url,
        html=f'<meta name="csrf-token" content="{TOKEN}"><p data-testid="{CONVERSATION}">{TOKEN}</p>',
        bodies=(Body(url=url, status=200, content=json.dumps({"t": TOKEN}).encode(), exchange=exchange),),
        lost_bodies=(url,),
        shapes=(f"x {TOKEN}",),
        stopped=((f"POST https://x.example/{TOKEN}", 1),),
        foreign=((f"https://{TOKEN}.example", 2),),
        failure=f"net::ERR_ABORTED at {url}",
        facts=(("window", TOKEN),),
        document=exchange,
    )


def test_no_text_and_no_address_of_a_capture_keeps_the_secret():
    cleaned = clean(soaked(), Scrubber({}))
    for field in fields(cleaned):
        value = getattr(cleaned, field.name)
        assert TOKEN not in repr(value), field.name
        assert TOKEN in repr(getattr(soaked(), field.name)) or field.name in {
            "id", "account", "kind", "conversation", "page", "taken_at", "status", "screenshot", "screenshot_type", "preview",
            "blocked_requests", "settled", "extras", "missing", "removed",
        }, f"{field.name} should have been soaked"  # fmt: skip


def test_what_was_removed_is_told_by_place_and_kind():
    removed = {(entry.where, entry.what): entry.times for entry in clean(soaked(), Scrubber({})).removed}
    assert removed["html", "parameter sid"] == 2
    assert removed["headers", "parameter sid"] == 2
    assert removed["address", "parameter sid"] == 4
    assert not any(TOKEN in f"{where} {what}" for where, what in removed)


def test_what_the_readers_need_stays():
    cleaned = clean(soaked(), Scrubber({}))
    assert f'data-testid="{CONVERSATION}"' in cleaned.html
    assert f"conversationId={CONVERSATION}&" in cleaned.url
    assert cleaned.conversation == CONVERSATION


def test_a_capture_without_secrets_stays_as_it_is():
    shown = capture()
    assert clean(shown, Scrubber({})) == shown


def test_ids_are_those_of_the_answers_and_the_conversation_itself():
    answers = (
        Body(url="u", status=200, content=b'{"id": "a:b:c", "userIdBuyer": 7, "paymentId": "p-1"}'),
        Body(url="u", status=200, content=b"{broken"),
    )
    assert ids_of(answers, CONVERSATION) == {"a:b:c", "p-1", CONVERSATION}
    assert ids_of((), None) == frozenset()
