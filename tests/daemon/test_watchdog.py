"""Which job hangs, and what does not: jobs that fail, a machine that sleeps, a machine that is slow."""

import threading

from watcher.daemon.progress import Progress
from watcher.daemon.service_manager import ServiceManager
from watcher.daemon.watchdog import EXIT_STUCK, Watchdog
from watcher.errors import BusyError, OutdatedError, StorageError


class Bench:
    """A watchdog whose time is ours."""

    def __init__(self) -> None:
        self.now, self.left, self.words = 0.0, list[int](), list[str]()
        self.progress = Progress()
        self.dog = Watchdog(
            self.progress,
            ServiceManager({}),
            last_words=lambda late: self.words.append(late.job),
            clock=lambda: self.now,
            leave=self.left.append,
        )

    def awake(self, seconds: float) -> None:
        """Let time pass in the steps in which the watchdog looks."""
        for _step in range(round(seconds / 5)):
            self.now += 5
            self.dog.look()

    def asleep(self, seconds: float) -> None:
        self.now += seconds
        self.dog.look()


def test_as_long_as_a_job_ends_in_time_nothing_happens() -> None:
    bench = Bench()
    bench.progress.expect("check", within=60)
    for _round in range(10):
        bench.progress.began("check")
        bench.awake(50)
        bench.progress.ended("check")
    assert bench.left == []


def test_a_job_that_does_not_end_ends_the_process_and_is_named() -> None:
    bench = Bench()
    for job in ("check", "deliver"):
        bench.progress.expect(job, within=60)
        bench.progress.began(job)
    for _round in range(20):
        bench.awake(5)
        bench.progress.ended("deliver")
    assert bench.left[0] == EXIT_STUCK
    assert set(bench.words) == {"check"}


def test_a_dead_scheduler_that_starts_nothing_is_noticed_as_well() -> None:
    bench = Bench()
    bench.progress.expect("check", within=60)
    bench.awake(90)
    assert bench.left


def test_a_night_of_sleep_is_no_hang() -> None:
    bench = Bench()
    bench.progress.expect("check", within=60)
    bench.progress.began("check")
    bench.awake(20)
    bench.asleep(9 * 3600)
    assert bench.left == []
    bench.awake(30)
    assert bench.left


def test_a_clock_that_goes_back_is_no_hang_and_no_fault() -> None:
    bench = Bench()
    bench.progress.expect("check", within=60)
    bench.now = -1000
    bench.dog.look()
    assert bench.left == []


def test_a_long_job_that_gets_on_step_by_step_is_left_alone() -> None:
    bench = Bench()
    bench.progress.expect("check", within=60)
    bench.progress.began("check")
    for _account in range(10):
        bench.awake(50)
        bench.progress.got_on("check")
    assert bench.left == []


def test_a_job_that_fails_has_ended_but_a_locked_database_is_no_progress() -> None:
    for fault, stuck in ((StorageError("disk full"), False), (BusyError("locked"), True)):
        bench = Bench()
        bench.progress.expect("check", within=60)
        for _round in range(6):
            bench.awake(20)
            bench.progress.ended("check", fault)
        assert bool(bench.left) is stuck


def test_where_a_job_hangs_is_known() -> None:
    bench, hangs = Bench(), threading.Event()
    bench.progress.expect("check", within=10)

    def job() -> None:
        bench.progress.began("check")
        hangs.wait()

    thread = threading.Thread(target=job)
    thread.start()
    bench.awake(5)
    bench.awake(10)
    late = bench.progress.late()
    hangs.set()
    thread.join()
    assert late is not None
    assert late.thread == thread.ident


def test_a_watch_whose_database_a_newer_program_has_taken_over_ends_at_once_to_be_started_anew() -> None:
    bench = Bench()
    bench.progress.expect("deliver", within=900)
    bench.progress.began("deliver")
    bench.progress.ended("deliver", OutdatedError("newer"))
    bench.awake(5)
    assert bench.left == [EXIT_STUCK]


def test_a_watch_has_lived_for_as_long_as_it_was_at_work_and_the_machine_awake() -> None:
    bench = Bench()
    bench.awake(600)  # it rests
    assert bench.progress.lived == 0
    bench.progress.begin()
    bench.awake(60)
    bench.asleep(3600)
    assert 60 <= bench.progress.lived <= 90
    bench.progress.expect("check", within=60)
    bench.progress.expect("deliver", within=900)
    bench.progress.expect_only("ending", within=5000)
    assert bench.progress.patience == 900, "what the ending may take says nothing of what hung"
    bench.progress.expect_nothing()
    bench.progress.expect("check", within=70)
    assert bench.progress.patience == 70
