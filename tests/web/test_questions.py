"""The page of questions: what waits, where it is answered, how soon was answered; and its part of the start page."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.web.conftest import Dashboard, dashboard_on
from tests.web.visitor import NARROWEST, PHONE, Complaints, let_in, resize
from watcher.bootstrap import now
from watcher.domain.account import Account
from watcher.domain.confidence import Confidence
from watcher.domain.question import AnswerTime, Question
from watcher.storage.store import SqliteStore
from watcher.texts import language

HOSTILE = '<img src=x onerror="alert(1)">' + "W" * 400


def fill(folder: Path) -> None:
    """Three questions that wait, one of them hostile and one unsure, an old one, thirty answers."""
    at, store = now(), SqliteStore(folder)
    with store.writing() as writing:
        writing.save_account(Account(name="main"))
        shelf = writing.questions()
        for name, hours, title, sure in (
            ("a", 5.0, "Stehlampe", Confidence.CERTAIN),
            ("b", 30.0, HOSTILE, Confidence.LIKELY),
            ("c", 2.5, None, Confidence.UNSURE),
            ("d", 24 * 20.0, "Schallplatten", Confidence.CERTAIN),
        ):
            asked_at = at - timedelta(hours=hours)
            shelf.save(
                Question(
                    account="main",
                    conversation=f"{name}:b:c",
                    asked_at=asked_at,
                    seen_at=at,
                    confidence=sure,
                    title=title,
                    buyer=title and title[::-1],
                )
            )
        spans = [(at - timedelta(days=day), timedelta(minutes=15 + day)) for day in range(30)]
        answers = [
            AnswerTime(
                account="main", conversation="z:z:z", asked_at=asked, answered_at=asked + span, exact=True
            )
            for asked, span in spans
        ]
        shelf.save_answers("main", "z:z:z", answers, instead_of=None)
    store.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    folder = tmp_path_factory.mktemp("questions") / "data"
    fill(folder)
    with dashboard_on(folder, language="en") as dashboard:
        yield dashboard


@pytest.fixture(autouse=True)
def speaks_english() -> None:
    language.use("en")


def test_what_waits_is_shown_the_oldest_first_with_a_link_to_the_site(shop: Dashboard):
    text = shop.client.get("/questions").text
    assert text.index("for 30 hours") < text.index("for 5 hours") < text.index("for 2 hours")
    assert (
        'href="http://127.0.0.1:9/m-nachrichten.html?conversationId=a:b:c" rel="noreferrer noopener"' in text
    )
    assert "1 old question, no longer reminded of" in text
    assert "unsure" in text


def test_nothing_on_it_can_be_sent(shop: Dashboard):
    text = shop.client.get("/questions").text
    assert "<textarea" not in text
    assert 'method="post"' not in text
    assert "You answer on the site yourself" in text


def test_own_answer_times_stand_with_their_counts(shop: Dashboard):
    text = shop.client.get("/questions").text
    assert "Half of your answers came within 30 min (30 answers since" in text
    assert "too few to say" in text


def test_the_start_page_names_what_is_to_be_answered(shop: Dashboard):
    text = shop.client.get("/").text
    assert "To be answered" in text
    assert "Stehlampe" in text
    assert "Schallplatten" not in text, "old ones are no news"


def test_strangers_words_stay_words(shop: Dashboard):
    for path in ("/", "/questions"):
        assert "<img src=x" not in shop.client.get(path).text


def test_who_has_just_begun_is_told_what_will_stand_here(empty: Dashboard):
    assert empty.client.get("/questions?account=nobody").status == 200


@pytest.mark.browser
def test_nothing_is_in_anybodys_way_or_cut_off(shop: Dashboard, chromium: Browser):
    complaints = Complaints()
    with let_in(chromium, shop) as context:
        page = context.new_page()
        complaints.listen(page)
        for path in ("/questions", "/"):
            for size in (PHONE, NARROWEST):
                resize(page, size)
                page.goto(shop.client.address.rstrip("/") + path)
                for details in page.locator("main details").all():
                    details.evaluate("each => each.open = true")
                assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
            violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
            assert [(each["id"], each["nodes"][0]["html"][:200]) for each in violations] == []
    assert complaints.told == []
