"""When a page has come to rest, and what is still on its way then."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Route

from watcher.browser.recorder import Recorder
from watcher.browser.rest import NO_ANSWER_PATIENCE, state_of, wait_for_rest
from watcher.pages.layout import layout_from
from watcher.pages.signals import signals_of

pytestmark = pytest.mark.browser
SITE = "http://site.example"
CONVERSATION = "a:b:c"
THREAD = f"{SITE}/messagebox/api/users/1/conversations/{CONVERSATION}"
MARKER = "<span id='user-email'>angemeldet als: x</span>"
SHOWN = "<div data-testid='conversation-wrapper'><ul class='MessageList'><li>Hallo</li></ul></div>"
ERROR = "<div class='outcomebox-error'>Diese Unterhaltung konnte nicht geladen werden.</div>"


@contextmanager
def opened(chromium, *, shows: str, status: int | None) -> Iterator[tuple[Page, Recorder]]:
    """A page that shows this, and whose answer has this status; `None`: it never comes."""

    def answer(route: Route) -> None:
        if status is not None:
            route.fulfill(status=status, json={"messages": []})

    page = chromium.new_page()
    page.route(THREAD, answer)
    ask = f"<script>fetch('{THREAD}').then(answer => answer.text()).catch(() => 0)</script>"
    page.route(
        f"{SITE}/box", lambda route: route.fulfill(content_type="text/html", body=MARKER + shows + ask)
    )
    recorder = Recorder(page)
    try:
        page.goto(f"{SITE}/box")
        while status is not None and not recorder.has_thread(CONVERSATION):
            page.wait_for_timeout(20)
            recorder.collect()
        yield page, recorder
    finally:
        page.unroute_all(behavior="ignoreErrors")
        page.close()


def rested(page: Page, recorder: Recorder, *, seconds: float) -> bool:
    """Whether it rests within so many seconds, on a clock that no slow machine holds up."""
    ticks = itertools.count()
    return wait_for_rest(
        page, recorder, conversation=CONVERSATION, deadline=seconds, clock=lambda: next(ticks) * 0.05
    )


def test_what_can_be_done_while_nothing_moves_is_done_once(chromium):
    done, ticks = [], itertools.count()
    with opened(chromium, shows=SHOWN, status=200) as (page, recorder):
        assert wait_for_rest(
            page,
            recorder,
            conversation=CONVERSATION,
            deadline=NO_ANSWER_PATIENCE,
            meanwhile=lambda: done.append(page.content()),
            clock=lambda: next(ticks) * 0.015,
        )
    assert len(done) == 1


@pytest.mark.parametrize(("shows", "status"), [(SHOWN, 200), (ERROR, 503)])
def test_a_page_rests_once_it_is_answered_and_shows_it_be_it_an_error(chromium, shows, status):
    with opened(chromium, shows=shows, status=status) as (page, recorder):
        assert rested(page, recorder, seconds=NO_ANSWER_PATIENCE / 2)
        assert recorder.unanswered(CONVERSATION) == []


def test_an_answer_that_does_not_come_is_waited_for_and_then_named(chromium):
    with opened(chromium, shows=SHOWN, status=None) as (page, recorder):
        assert not rested(page, recorder, seconds=0.6)
        assert recorder.unanswered(CONVERSATION) == [THREAD]
        assert recorder.unanswered("another") == []


@pytest.mark.parametrize("clock", ["() => 0", "null"])
def test_a_page_that_has_stopped_its_clock_holds_nobody_up(chromium, clock):
    with opened(chromium, shows=f"<script>setTimeout = {clock}</script>", status=200) as (page, recorder):
        assert not rested(page, recorder, seconds=0.6)


def test_the_users_own_selectors_tell_of_rest_too(chromium):
    mine = layout_from("mine", {"list": ".x-side", "row": ".x-tile", "logged_in": ".hello"})
    page = chromium.new_page()
    try:
        page.set_content(
            "<p class='hello'>Hallo</p><div class='x-side'><b class='x-tile'></b><b class='x-tile'></b></div>"
        )
        shipped, own = state_of(page), state_of(page, signals_of([mine]))
    finally:
        page.close()
    assert (shipped["marker"], shipped["rows"]) == (False, 0)
    assert (own["marker"], own["rows"]) == (True, 2)


def test_json_that_comes_from_elsewhere_is_kept_by_its_shape_alone(chromium):
    """Should the page be called otherwise one day, that is what somebody needs who teaches it."""
    page, moved = chromium.new_page(), f"{SITE}/inbox/v3/threads"
    secret = {"threads": [{"buyerName": "Erika"}], "token": "ey.very.secret"}
    page.route(moved, lambda route: route.fulfill(json=secret))
    page.route(f"{SITE}/picture", lambda route: route.fulfill(content_type="text/plain", body="no JSON"))
    ask = f"<script>Promise.all([fetch('{moved}'), fetch('{SITE}/picture')]).then(() => document.title = 'read')</script>"
    page.route(f"{SITE}/box", lambda route: route.fulfill(content_type="text/html", body=ask))
    recorder = Recorder(page, origin=SITE)
    try:
        page.goto(f"{SITE}/box")
        page.wait_for_function("document.title === 'read'")
        while not (shapes := recorder.shapes()):  # the browser tells that it has finished a moment later
            page.wait_for_timeout(20)
        [shape] = shapes
    finally:
        page.unroute_all(behavior="ignoreErrors")
        page.close()
    assert "threads:" in shape
    assert "buyerName: short text" in shape
    assert "Erika" not in shape
    assert "secret" not in shape
