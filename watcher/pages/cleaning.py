"""A capture without secrets: nothing of it may be stored, or read, before it went through here."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from watcher.domain.capture import Body, Capture
from watcher.domain.exchange import Exchange
from watcher.pages.scrubbing import Scrubber
from watcher.pages.secrets import ids_in


def clean(capture: Capture, scrubber: Scrubber) -> Capture:
    """Take the secrets out of every text and address of a capture, and say which, where and how often.

    First all of it is looked through, then each secret is taken out of all of it: a token that one place gives away by its name
    stands in another without one. What is painted in a picture stays.
    """
    learn(
        scrubber,
        html=capture.html,
        bodies=capture.bodies,
        urls=(capture.url, capture.final_url, *capture.lost_bodies),
    )
    document = clean_exchange(capture.document, scrubber)
    cleaned = replace(
        capture,
        url=scrubber.url(capture.url),
        final_url=scrubber.url(capture.final_url),
        html=scrubber.text(capture.html, "html"),
        bodies=tuple(_clean_body(body, scrubber) for body in capture.bodies),
        lost_bodies=tuple(scrubber.url(url) for url in capture.lost_bodies),
        shapes=tuple(scrubber.text(shape, "facts") for shape in capture.shapes),
        stopped=tuple((scrubber.text(what, "facts"), count) for what, count in capture.stopped),
        foreign=tuple((scrubber.text(host, "facts"), count) for host, count in capture.foreign),
        failure=None if capture.failure is None else scrubber.text(capture.failure, "facts"),
        facts=tuple((name, scrubber.text(value, "facts")) for name, value in capture.facts),
        document=document,
    )
    return replace(cleaned, removed=scrubber.removed)


def clean_exchange(exchange: Exchange | None, scrubber: Scrubber) -> Exchange | None:
    """Return how an answer came, without a secret in any header."""
    if exchange is None:
        return None
    headers = tuple((name, scrubber.url(value, "headers")) for name, value in exchange.headers)
    return replace(exchange, headers=headers)


def learn(scrubber: Scrubber, *, html: str, bodies: Sequence[Body], urls: Iterable[str] = ()) -> None:
    """Let a scrubber look through a page, its answers and its addresses before it takes anything out of anything."""
    for url in (*urls, *(body.url for body in bodies)):
        scrubber.learn_url(url)
    scrubber.learn(html)
    for body in bodies:
        scrubber.learn(body.content.decode(errors="replace"))


def ids_of(bodies: tuple[Body, ...], conversation: str | None) -> frozenset[str]:
    """Return what the readers need and no cookie makes a secret: the ids of conversations, payments and people."""
    return frozenset({*_ids_of(bodies), *([conversation] if conversation else [])})


def _ids_of(bodies: tuple[Body, ...]) -> Iterator[str]:
    for body in bodies:
        try:
            yield from ids_in(json.loads(body.content))
        except (ValueError, RecursionError):
            continue


def _clean_body(body: Body, scrubber: Scrubber) -> Body:
    return replace(scrubber.body(body), exchange=clean_exchange(body.exchange, scrubber))
