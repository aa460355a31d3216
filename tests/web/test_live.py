"""What only a real browser shows: pages that follow what happens, typing that is never lost, hands on the keyboard only."""

import shutil
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from fixtures.shop import five_orders
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from tests.web.conftest import Dashboard, Serve, dashboard_on
from tests.web.test_pages import case_of
from tests.web.visitor import PHONE, let_in

pytestmark = pytest.mark.browser

PATIENCE = 15_000
"""Milliseconds; a page looks for news every second."""
NOTE = "DHL at 2 pm: stopped."


@pytest.fixture
def cancelled(serve: Serve, played: Path, tmp_path: Path) -> Dashboard:
    """The dashboard of a seller whose shipped order was cancelled; in English, the language of the source."""
    shutil.copytree(played / "cancelled", tmp_path / "data")
    return serve(tmp_path / "data", language="en")


def at(dashboard: Dashboard, path: str) -> str:
    return dashboard.client.address.rstrip("/") + path


def marks(page: Page) -> tuple[str, str]:
    """Return the page's title and the icon of its tab."""
    icon = page.locator("link[rel=icon]").get_attribute("href") or ""
    return page.title(), icon.rsplit("/", 1)[-1]


def test_a_new_case_comes_to_the_open_page_and_is_seen_in_its_title_and_icon(
    serve: Serve, chromium: Browser, tmp_path: Path
):
    clock = Clock()
    rooms = Rooms(tmp_path / "data", five_orders(NOON), clock)
    rooms.check()
    dashboard = serve(tmp_path / "data", language="en")
    with let_in(chromium, dashboard) as window:
        start, elsewhere = window.new_page(), window.new_page()
        start.goto(at(dashboard, "/"))
        elsewhere.goto(at(dashboard, "/orders"))
        for page in (start, elsewhere):
            expect(page.locator("#open [data-cases='0']")).to_be_attached()
        before = marks(start)
        clock.forward(minutes=20)
        rooms.shop.happen("friteuse", "BUYER_CANCELLED")
        rooms.check()
        rooms.store.close()
        expect(start.locator("article.case")).to_be_visible(timeout=PATIENCE)
        expect(start.locator("#said")).to_have_text("A new case is open.", timeout=PATIENCE)
        assert before == ("Now – Stornowacht", "icon.svg")
        assert marks(start) == ("(1) Now – Stornowacht", "icon-open.svg")
        expect(elsewhere).to_have_title("(1) Sales – Stornowacht", timeout=PATIENCE)


def test_an_open_sale_is_not_replaced_but_says_that_there_is_news(cancelled: Dashboard, chromium: Browser):
    case = case_of(cancelled)
    with let_in(chromium, cancelled) as window:
        page = window.new_page()
        page.goto(at(cancelled, f"/orders/{case.order}"))
        expect(page.locator("#open [data-cases]")).to_be_attached()
        page.get_by_label("What was said, promised, seen?").fill(NOTE)
        assert cancelled.client.post(f"/cases/{case.id}/ack").status == 303
        expect(page.get_by_text("There is news about this sale.")).to_be_visible(timeout=PATIENCE)
        expect(page.get_by_label("What was said, promised, seen?")).to_have_value(NOTE)
        page.get_by_role("link", name="Show it").click()
        expect(page.get_by_text("you have it")).to_be_visible()
        expect(page.get_by_label("What was said, promised, seen?")).to_have_value(NOTE)


def test_a_note_that_is_being_typed_outlives_everything_until_it_is_kept(
    cancelled: Dashboard, chromium: Browser
):
    order = case_of(cancelled).order
    with let_in(chromium, cancelled) as window:
        page, second = window.new_page(), window.new_page()
        page.goto(at(cancelled, f"/orders/{order}"))
        note = page.get_by_label("What was said, promised, seen?")
        note.press_sequentially(NOTE)
        page.reload()
        expect(note).to_have_value(NOTE)
        second.goto(at(cancelled, f"/orders/{order}"))
        expect(second.get_by_label("What was said, promised, seen?")).to_have_value(NOTE)
        window.set_offline(True)
        page.get_by_role("button", name="Keep the note").click()
        expect(page.locator("#said")).to_contain_text("Nothing you typed is lost")
        expect(note).to_have_value(NOTE)
        window.set_offline(False)
        page.get_by_role("button", name="Keep the note").click()
        expect(page.locator(".note")).to_contain_text(NOTE)
        expect(note).to_have_value("")
        expect(second.get_by_label("What was said, promised, seen?")).to_have_value("")
        page.reload()
        expect(note).to_have_value("")
        page.go_back()  # here the browser may bring back what was typed; it is no draft any more
        page.goto(at(cancelled, f"/orders/{order}"))
        expect(note).to_have_value("")
    store = cancelled.store()
    assert [kept.text for kept in store.notes(order)] == [NOTE]
    store.close()


def test_what_is_typed_before_the_scripts_have_come_is_kept_like_the_rest(
    cancelled: Dashboard, chromium: Browser
):
    address = at(cancelled, f"/orders/{case_of(cancelled).order}")
    with let_in(chromium, cancelled) as window:
        page = window.new_page()
        page.goto(address)
        note = page.get_by_label("What was said, promised, seen?")
        note.fill("An older thought.")
        held: list[Route] = []
        page.route("**/base.js", lambda route: held.append(route))  # noqa: PLW0108 - the driver marks its handlers
        page.goto(address, wait_until="commit")
        note.fill(NOTE)
        while not held:
            page.wait_for_timeout(10)
        held[0].continue_()
        page.wait_for_load_state()
        expect(note).to_have_value(NOTE)
        page.unroute("**/base.js")
        page.reload()
        expect(note).to_have_value(NOTE)


def test_an_answer_lets_go_of_what_was_typed_though_its_icons_are_still_to_come(
    cancelled: Dashboard, chromium: Browser
):
    address = at(cancelled, f"/orders/{case_of(cancelled).order}")
    with let_in(chromium, cancelled) as window:
        page = window.new_page()
        page.goto(address)
        page.get_by_label("What was said, promised, seen?").fill(NOTE)
        held: list[Route] = []
        page.route("**/*.svg", lambda route: held.append(route))  # noqa: PLW0108
        page.goto(f"{address}?saved=note", wait_until="commit")
        expect(page).to_have_url(address)
        assert held
        assert page.evaluate("[document.readyState == 'complete', localStorage.length]") == [False, 0]
        for route in held:
            route.continue_()
        expect(page.get_by_label("What was said, promised, seen?")).to_have_value("")
        page.wait_for_load_state()


def test_what_the_carriers_page_said_leaves_its_field_once_it_was_taken(
    cancelled: Dashboard, chromium: Browser
):
    order = case_of(cancelled).order
    with let_in(chromium, cancelled) as window:
        page = window.new_page()
        page.goto(at(cancelled, f"/orders/{order}"))
        page.get_by_text("Tell where it is").click()
        field = page.get_by_label("Its number, or what the carrier's page says")
        field.fill("nonsense")
        page.get_by_role("button", name="Take it over").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(field).to_have_value("nonsense")
        field.fill("22.11.2026, 09:30: Die Sendung wurde in das Zustellfahrzeug geladen.")
        page.get_by_role("button", name="Take it over").click()
        expect(page.locator("[data-saved=track]")).to_be_visible()
        page.wait_for_load_state()
        page.goto(at(cancelled, f"/orders/{order}"))
        page.get_by_text("Tell where it is").click()
        expect(field).to_have_value("")


def test_the_time_that_is_left_runs(cancelled: Dashboard, chromium: Browser):
    with let_in(chromium, cancelled) as window:
        page = window.new_page()
        page.clock.install(time=NOON)
        page.goto(at(cancelled, "/"))
        page.clock.pause_at(NOON + timedelta(minutes=30))
        left = page.locator("time[data-countdown]")
        expect(left).to_have_text("5 h 50 min left")
        page.clock.fast_forward("01:00:00")
        expect(left).to_have_text("4 h 50 min left")
        page.clock.fast_forward("05:00:00")
        expect(left).to_have_text("over for 10 min")


def test_a_ready_made_text_is_copied_as_it_was_edited(cancelled: Dashboard, chromium: Browser):
    with let_in(chromium, cancelled) as window:
        window.grant_permissions(["clipboard-read", "clipboard-write"])
        page = window.new_page()
        page.goto(at(cancelled, f"/orders/{case_of(cancelled).order}"))
        draft = page.locator(".step.next .draft").first
        draft.locator("textarea").fill("Hallo Erika, bitte nicht annehmen.")
        draft.get_by_role("button", name="Copy").click()
        expect(page.locator("#said")).to_have_text("Copied.")
        assert page.evaluate("navigator.clipboard.readText()") == "Hallo Erika, bitte nicht annehmen."


def test_a_file_that_is_dropped_on_the_page_is_added(cancelled: Dashboard, chromium: Browser):
    order = case_of(cancelled).order
    with let_in(chromium, cancelled) as window:
        page = window.new_page()
        page.goto(at(cancelled, f"/orders/{order}"))
        dropped = page.evaluate_handle(
            """() => { const brought = new DataTransfer();
            brought.items.add(new File(["receipt"], "receipt.txt", { type: "text/plain" })); return brought; }"""
        )
        page.dispatch_event("h1", "drop", {"dataTransfer": dropped})
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name="receipt.txt")).to_be_visible()


def test_hands_on_the_keyboard_get_from_the_open_case_to_acknowledged(
    cancelled: Dashboard, chromium: Browser
):
    case = case_of(cancelled)
    with let_in(chromium, cancelled) as window:
        page = window.new_page()
        page.goto(at(cancelled, "/"))
        reached = []
        while "I have it" not in reached and len(reached) < 30:
            page.keyboard.press("Tab")
            reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        page.keyboard.press("Enter")
        expect(page.get_by_text("you have it")).to_be_visible()
    assert reached[0] == "To the content"
    assert outline == "solid"
    store = cancelled.store()
    assert len(store.acknowledgements(case.id)) == 1
    store.close()


def test_two_tabs_acknowledge_one_case_once(cancelled: Dashboard, chromium: Browser):
    case = case_of(cancelled)
    with let_in(chromium, cancelled) as window:
        tabs = [window.new_page(), window.new_page()]
        for tab in tabs:
            tab.route("**/live", lambda route: route.abort())  # neither hears of the other
            tab.goto(at(cancelled, "/"))
        for tab in tabs:
            tab.get_by_role("button", name="I have it").click()
            expect(tab.get_by_text("you have it")).to_be_visible()
    store = cancelled.store()
    assert len(store.acknowledgements(case.id)) == 1
    store.close()


def test_a_dashboard_that_has_ended_is_missed_with_words(played: Path, chromium: Browser, tmp_path: Path):
    shutil.copytree(played / "cancelled", tmp_path / "data")
    with ExitStack() as running:
        dashboard = running.enter_context(dashboard_on(tmp_path / "data", language="en"))
        with let_in(chromium, dashboard) as window:
            page = window.new_page()
            page.goto(at(dashboard, "/"))
            expect(page.locator("#open [data-cases='1']")).to_be_attached()
            running.close()
            expect(page.locator("#lost")).to_be_visible(timeout=PATIENCE)
            page.get_by_role("button", name="I have it").click()
            expect(page.locator("#said")).to_contain_text("That did not arrive")
            expect(page.get_by_role("button", name="I have it")).to_be_visible()


def test_on_a_phone_a_case_is_taken_its_first_step_done_and_a_photo_added(
    cancelled: Dashboard, chromium: Browser, tmp_path: Path
):
    photo = tmp_path / "parcel.png"
    photo.write_bytes(b"\x89PNG\r\n\x1a\n" + b"0" * 100)
    case = case_of(cancelled)
    first = case.next_step
    assert first is not None
    with let_in(chromium, cancelled, size=PHONE) as window:
        page = window.new_page()
        page.goto(at(cancelled, "/"))
        take = page.get_by_role("button", name="I have it")
        take.click()
        expect(take).to_have_count(0)
        page.locator(".next .button").click()
        page.locator(".step.next").get_by_role("button", name="Done").click()
        expect(page.locator(f"#{first.id}.done")).to_be_visible()
        page.locator("#files").set_input_files(photo)
        page.get_by_role("button", name="Add").click()
        expect(page.get_by_role("link", name="parcel.png")).to_be_visible()
    assert case_of(cancelled).was_done(first.id)
