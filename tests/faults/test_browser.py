"""A browser that dies in the middle of a check, whole or in part, and answers that do not come to an end."""

import os

import psutil
import pytest

from tests.e2e.conftest import installed, logged_in, place, shop, template, watched, wheel
from tests.e2e.test_browser_limits import Family, checking
from tests.e2e.test_walls import stages
from tests.support.daemon import wait_for
from watcher.daemon.child import Why

__all__ = [
    "installed",
    "logged_in",
    "place",
    "shop",
    "template",
    "watched",
    "wheel",
]  # fixtures that tests find here

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.skipif(os.name == "nt", reason="processes are ended by signals"),
]
PLENTY = 1_300_000_000


class Crowd(Family):
    """A check's processes, of which some come and go while somebody looks."""

    def marked(self):
        while True:
            try:
                return super().marked()
            except psutil.NoSuchProcess:
                continue

    def of(self, wanted):
        try:
            return [process for process in self.marked() if wanted(process.cmdline())]
        except psutil.NoSuchProcess:
            return []

    def shows_pages(self):
        return self.of(is_page)


def killed(place, wanted):
    """Let a check run until its browser shows pages, kill those of its processes that are wanted; how it ended."""
    place.shop.delay = 1.5
    run = checking(place, deadline=200)
    next(run)
    family = Crowd(place)
    # The one that shows the messages, and waits for their data; a browser that dies while it starts is another matter.
    wait_for(lambda: any("/messagebox/" in asked.path for asked in place.shop.requests))
    victims = wait_for(lambda: family.of(wanted))
    for victim in victims:
        victim.kill()
    ending = next(run)
    place.shop.delay = 0.02
    assert family.left(victims) == []
    return ending


def is_whole_browser(command):
    return any("--user-data-dir=" in part for part in command) and not any(
        part.startswith("--type=") for part in command
    )


def is_page(command):
    return "--type=renderer" in command and "--extension-process" not in command


@pytest.mark.parametrize("wanted", [is_whole_browser, is_page], ids=["browser", "page"])
def test_a_browser_that_crashes_ends_the_check_in_words_and_costs_nothing(watched, wanted):
    before = stages(watched)
    ending = killed(watched, wanted)
    assert (ending.why, ending.code in {2, 4}) == (Why.BY_ITSELF, True), ending
    assert "Traceback" not in ending.words
    assert stages(watched) == before
    after = watched.run("check", "--json")
    assert (after.code, after.json["outcome"]) == (0, "ok")
    assert watched.run("archive", "verify").code == 0


def test_two_gigabytes_fit_into_bounded_memory_and_the_next_check_is_fine(watched):
    watched.shop.wall = "huge_json"
    run = checking(watched, deadline=100, memory=PLENTY)
    next(run)
    ending = next(run)
    assert (ending.why, ending.code) == (Why.BY_ITSELF, 4), ending
    (account,) = watched.run("status", "--json").json["accounts"]
    assert (account["last_outcome"], account["last_cause"]) == ("unreachable", "too_large")
    watched.shop.wall = None
    after = watched.run("check", "--json")
    assert (after.code, after.json["outcome"]) == (0, "ok")
    assert watched.run("archive", "verify").code == 0
