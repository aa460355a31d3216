"""A check's browser that hangs, outlives its parent, or eats memory: it is ended, all of it, and the seller is told why."""

import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psutil
import pytest

from tests.support.daemon import lines, start, wait_for
from watcher.daemon.child import Limits, Why, run_child
from watcher.daemon.family import MARK

__all__ = ["start"]  # a fixture that tests find here

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform == "win32", reason="processes are stopped by signals"),
]
CHECK = ["check", "main", "--json", "--scheduled"]
WATCH = f"""
import sys, threading
from pathlib import Path
from watcher.daemon.child import Limits, run_child
run_child({CHECK}, config=Path(sys.argv[1]), limits=Limits(deadline=200), stop=threading.Event(), stop_grace=1)
"""
"""What the daemon does, as a process of its own: whoever kills it must not be its child's parent."""


def the_check(place):
    """The check's own process, by its config: others may be testing on this machine."""
    return next(
        (
            process
            for process in psutil.process_iter(["cmdline"])
            if {"check", "main", str(place.config)} <= set(process.info["cmdline"] or ())
        ),
        None,
    )


class Family:
    """Everything that a check has started, whoever its parent is by now."""

    def __init__(self, place):
        self.root = wait_for(lambda: the_check(place))
        self.mark = wait_for(lambda: self.root.environ().get(MARK))
        wait_for(self.shows_pages)

    def marked(self):
        found = {self.root} if self.root.is_running() else set()
        for process in psutil.process_iter(["environ"]):
            if (process.info["environ"] or {}).get(MARK) == self.mark:
                with suppress(psutil.NoSuchProcess):
                    found |= {process, *process.children(recursive=True)}
        return {process for process in found if is_alive(process)}

    def shows_pages(self):
        return [process for process in self.marked() if "--type=renderer" in command_of(process)]

    def hold(self):
        """Stop the browser and its driver where they stand: they answer nobody, not even a request to end."""
        held = self.marked() - {self.root}
        for process in held:
            with suppress(psutil.NoSuchProcess):
                process.suspend()
        return held

    def left(self, held):
        return [process for process in {self.root, *held, *self.marked()} if is_alive(process)]


def command_of(process):
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def is_alive(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def checking(place, **limits):
    with ThreadPoolExecutor(1) as pool:
        child = pool.submit(
            run_child,
            CHECK,
            config=place.config,
            limits=Limits(**limits),
            stop=threading.Event(),
            stop_grace=0,
        )
        yield child
        yield child.result(timeout=90)


@pytest.mark.one_sale
def test_a_browser_that_hangs_is_ended_at_the_deadline_with_all_its_processes(logged_in):
    logged_in.shop.delay = 2.0
    run = checking(logged_in, deadline=20)
    next(run)
    family = Family(logged_in)
    held = family.hold()
    assert len(held) > 4
    ending = next(run)
    assert (ending.why, ending.code) == (Why.DEADLINE, None)
    assert family.left(held) == []


@pytest.mark.one_sale
def test_a_browser_that_outlives_its_parent_is_not_left_behind(logged_in):
    logged_in.shop.delay = 2.0
    run = checking(logged_in, deadline=90)
    next(run)
    family = Family(logged_in)
    held = family.hold()
    family.root.send_signal(signal.SIGKILL)
    ending = next(run)
    assert ending.why is Why.CRASHED
    assert family.left(held) == []


@pytest.mark.one_sale
def test_a_check_whose_watch_was_killed_alone_ends_itself_with_a_browser_that_hangs(logged_in):
    logged_in.shop.delay = 2.0
    watch = psutil.Popen([sys.executable, "-c", WATCH, str(logged_in.config)])
    family = Family(logged_in)
    held = family.hold()
    watch.kill()
    watch.wait(timeout=20)
    wait_for(lambda: not family.left(held), seconds=20)
    logged_in.shop.delay = 0.0
    assert logged_in.run("check").code == 0, "account and profile are free"


@pytest.mark.one_sale
def test_a_browser_that_takes_too_much_memory_is_ended_and_the_seller_hears_why(logged_in, start, tmp_path):
    logged_in.shop.delay = 1.0  # so that the visit lasts until somebody looks
    logged_in.configure('[browser]\nmemory = "300 MB"')
    start()
    (failed,) = wait_for(lambda: lines(tmp_path, "check_failed"))[:1]
    assert failed["why"] == "memory"
    (ended,) = lines(tmp_path, "check_ended")[:1]
    assert ended["memory_mb"] >= 300  # rounded down
    account = wait_for(lambda: logged_in.run("status", "--json").json["accounts"])[0]
    assert (account["last_outcome"], account["last_cause"]) == ("unreachable", "too_much_memory")


@pytest.mark.one_sale
def test_a_check_by_hand_has_the_same_bound_and_its_browser_is_ended(logged_in):
    logged_in.shop.delay = 1.0  # so that the visit lasts until somebody looks
    logged_in.configure('[browser]\nmemory = "300 MB"')
    before = set(psutil.pids())
    said = logged_in.run("check", "--json")
    assert (said.code, said.out) == (2, "")
    assert "took more memory than [browser] memory allows, and was ended" in said.err
    account = logged_in.run("status", "--json").json["accounts"][0]
    assert (account["last_outcome"], account["last_cause"]) == ("unreachable", "too_much_memory")
    assert not [
        process
        for process in psutil.process_iter(["cmdline"])
        if process.pid not in before and str(logged_in.storage) in " ".join(process.info["cmdline"] or ())
    ]


def test_a_whole_check_stays_far_below_the_usual_bound(logged_in):
    run = checking(logged_in, deadline=60, memory=1_500_000_000)
    next(run)
    ending = next(run)
    assert ending.code == 0, ending.words
    assert ending.left_behind == 0
    assert ending.memory < 1_000_000_000
