"""The doctor's examinations, one by one: what each says, and what it never does."""

import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.notifiers.certificates import Authority, authority
from tests.notifiers.mail_host import unused_port
from tests.support.clock import NOON
from tests.support.every import every
from watcher.app.doctor import account as memory
from watcher.app.doctor import line, machine, storage, visiting
from watcher.app.doctor.finding import Finding, State, ok
from watcher.app.doctor.in_time import Examination, examined
from watcher.domain.account import Account
from watcher.domain.cadence import Reason
from watcher.domain.confidence import Confidence
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.session import Session
from watcher.domain.stage import Stage
from watcher.domain.wording import Word, WordKind
from watcher.errors import BrowserError
from watcher.texts import language


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_force", ["en"])


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Authority:
    """An authority that this machine trusts."""
    made = authority(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.file))
    return made


@contextmanager
def server(context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A server on loopback that says nothing: its port, and at the end what each client has said after the greeting."""
    heard: list[bytes] = []
    last: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as goodbye:

        def serve() -> None:
            while True:
                plain, address = listening.accept()
                plain.settimeout(5)
                with plain:
                    if address in last:
                        return
                    heard.append(_all_of(plain, context))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], heard
        finally:
            # Clients are served in the order in which they came: whoever came before the last one was heard.
            goodbye.bind(("127.0.0.1", 0))
            last.append(goodbye.getsockname())
            goodbye.connect(listening.getsockname())
            thread.join()


def _all_of(plain: socket.socket, context: ssl.SSLContext | None) -> bytes:
    if context is None:
        return plain.recv(65536)
    with suppress(OSError), context.wrap_socket(plain, server_side=True) as spoken:
        return spoken.recv(65536)
    return b""


def reached(address: str, *, seconds: float = 3, proxy: str = line.DIRECT) -> Finding:
    [peer] = line.peers([address], proxy=proxy)
    return line.reached(peer, seconds=seconds, clock=lambda: NOON)


# --- in time -----------------------------------------------------------------------------------------------


def test_an_examination_that_hangs_holds_up_nobody() -> None:
    end = threading.Event()
    hangs = Examination(name="slow", make=lambda: [ok("slow", "late")] if end.wait(30) else [], seconds=0.2)
    quick = Examination(name="quick", make=lambda: [ok("quick", "fine")])
    began = time.monotonic()
    found = list(examined([hangs, quick]))
    end.set()
    assert time.monotonic() - began < 5
    assert [(each.name, each.state) for each in found] == [("slow", State.WARN), ("quick", State.OK)]
    assert found[0].advice


def test_what_hangs_does_not_keep_the_program_from_ending() -> None:
    code = (
        "import threading\n"
        "from watcher.app.doctor.in_time import Examination, examined\n"
        "hangs = Examination(name='x', make=lambda: [threading.Event().wait()], seconds=0.1)\n"
        "print([each.state.value for each in examined([hangs])])\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
    assert (ended.returncode, ended.stdout.strip(), ended.stderr) == (0, "['warn']", "")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (BrowserError("There is none.", advice="Get one."), "There is none."),
        (ZeroDivisionError("x\x1b[2J"), "ZeroDivisionError: x [2J"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
    ],
)
def test_an_examination_that_breaks_down_is_a_line_of_its_own(fault: Exception, said: str) -> None:
    def broken() -> list[Finding]:
        raise fault

    [found] = examined([Examination(name="x", make=broken)])
    assert (found.name, found.state) == ("x", State.BAD)
    assert said in found.said
    assert found.advice


# --- the line to the site ----------------------------------------------------------------------------------


def test_a_site_is_asked_for_nothing(trusted: Authority) -> None:
    with server(trusted.server("localhost")) as (port, heard):
        found = reached(f"https://localhost:{port}")
    assert (found.name, found.state) == (f"site/localhost:{port}", State.OK)
    assert heard == [b""]


def test_the_certificates_end_is_told(trusted: Authority) -> None:
    end = NOON.replace(year=2031, month=3, day=4)
    with server(trusted.server("localhost", expires=end)) as (port, _):
        assert "4 Mar" in reached(f"https://localhost:{port}").said


def test_plain_http_on_this_machine_is_only_connected_to() -> None:
    with server() as (port, heard):
        assert reached(f"http://127.0.0.1:{port}").state is State.OK
    assert heard == [b""]


def test_a_certificate_of_an_unknown_authority_is_bad_and_the_clock_is_named(tmp_path: Path) -> None:
    with server(authority(tmp_path).server("localhost")) as (port, _):
        found = reached(f"https://localhost:{port}")
    assert found.state is State.BAD
    assert "clock" in found.advice


def test_a_certificate_for_another_name_is_bad(trusted: Authority) -> None:
    with server(trusted.server("example.org")) as (port, _):
        assert reached(f"https://localhost:{port}").state is State.BAD


def test_a_certificate_that_has_expired_is_bad(trusted: Authority) -> None:
    with server(trusted.server("localhost", expires=NOON.replace(year=2025))) as (port, _):
        found = reached(f"https://localhost:{port}")
    assert found.state is State.BAD
    assert "expired" in found.said


def test_a_port_where_nobody_listens_is_bad() -> None:
    found = reached(f"https://127.0.0.1:{unused_port()}")
    assert (found.state, found.said) == (State.BAD, "connection refused")


def test_a_site_that_never_shakes_hands_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        found = reached(f"https://127.0.0.1:{silent.getsockname()[1]}", seconds=0.3)
    assert time.monotonic() - began < 5
    assert (found.state, found.said) == (State.BAD, "no answer in time")


def test_a_site_that_speaks_no_tls_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            plain, _ = listening.accept()
            with plain:
                plain.recv(65536)
                plain.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=answer)
        thread.start()
        found = reached(f"https://127.0.0.1:{listening.getsockname()[1]}")
        thread.join()
    assert (found.state, found.said) == (State.WARN, "no secure connection (TLS)")


@pytest.mark.parametrize("host", ["nobody.invalid", "x" * 64 + ".invalid"])
def test_a_name_that_does_not_exist_is_told_as_such(host: str) -> None:
    found = reached(f"https://{host}")
    assert found.state is State.BAD
    assert found.said


def test_with_a_proxy_only_the_proxy_is_connected_to() -> None:
    with server() as (port, heard):
        found = reached("https://nobody.invalid", proxy=f"http://127.0.0.1:{port}")
        dead = reached("https://nobody.invalid", proxy=f"http://127.0.0.1:{unused_port()}")
    assert (found.name, found.state, heard) == (f"proxy/127.0.0.1:{port}", State.OK, [b""])
    assert dead.state is State.BAD
    assert "[browser] proxy" in dead.advice


def test_each_host_is_connected_to_once() -> None:
    addresses = ["https://www.example.org", "https://www.example.org:443", "https://gateway.example.org"]
    assert [peer.host for peer in line.peers(addresses)] == ["www.example.org", "gateway.example.org"]
    assert [peer.port for peer in line.peers(["http://127.0.0.1", "https://[::1]:8443"])] == [80, 8443]
    assert [peer.port for peer in line.peers(["https://a"], proxy="socks5://127.0.0.1")] == [1080]


# --- the browser and its profiles --------------------------------------------------------------------------

BROWSER = visiting.BrowserFacts(program=Path("/usr/bin/chromium"), chosen_by="itself", version="150.0.1.2")


def profile(**facts: object) -> visiting.ProfileFacts:
    values: dict[str, object] = {"account": "main", "folder": Path("/x"), "is_there": True, "mode": 0o700}
    return visiting.ProfileFacts(**values | facts)  # type: ignore[arg-type]


def test_the_browser_is_told_with_its_version_and_why_it_is_this_one() -> None:
    found = visiting.browser(BROWSER)
    assert found.state is State.OK
    assert all(word in found.said for word in ("/usr/bin/chromium", "150.0.1.2", "found by itself"))


@pytest.mark.parametrize(
    ("proven", "state"), [(True, State.OK), (False, State.SKIPPED), (None, State.SKIPPED)]
)
def test_a_guard_that_is_not_proven_is_never_called_fine(*, proven: bool | None, state: State) -> None:
    assert visiting.guard(BROWSER, proven=proven).state is state


def test_visits_that_show_their_window_need_a_display() -> None:
    assert visiting.display(headless=False, has_display=False).state is State.BAD
    assert visiting.display(headless=True, has_display=False).state is State.OK
    assert visiting.display(headless=False, has_display=True).state is State.OK


def test_root_is_warned_that_the_sandbox_is_off() -> None:
    assert visiting.sandbox(works=False).state is State.WARN
    assert visiting.sandbox(works=True).state is State.OK


@every(
    ("facts", "state"),
    [
        ({}, State.OK),
        ({"is_there": False}, State.SKIPPED),
        ({"is_held": True, "holder": "desk, 12"}, State.OK),
        ({"holder": "another-host, 12"}, State.BAD),
        ({"written_by": 151}, State.BAD),
        ({"written_by": 150}, State.OK),
        ({"mode": 0o750}, State.WARN),
        ({"mode": None}, State.OK),
    ],
)
def test_a_profile_is_judged_by_who_holds_wrote_and_can_enter_it(
    facts: dict[str, object], state: State
) -> None:
    found = visiting.profile(profile(**facts), present=150)
    assert found.state is state
    assert bool(found.advice) is (state in {State.WARN, State.BAD})


def test_a_browser_without_a_version_accuses_no_profile() -> None:
    assert visiting.profile(profile(written_by=151), present=None).state is State.OK


# --- what is remembered ------------------------------------------------------------------------------------


def account(**facts: object) -> Account:
    values: dict[str, object] = {
        "name": "main",
        "watched_since": NOON,
        "last_check_at": NOON,
        "last_complete_at": NOON,
        "last_outcome": Outcome.OK,
    }
    return Account(**values | facts)  # type: ignore[arg-type]


@every(
    ("outcome", "state"),
    [
        (None, State.SKIPPED),
        (Outcome.OK, State.OK),
        (Outcome.PARTIAL, State.WARN),
        (Outcome.UNREACHABLE, State.WARN),
        (Outcome.LOGGED_OUT, State.BAD),
        (Outcome.CONSENT, State.BAD),
        (Outcome.CHALLENGE, State.BAD),
        (Outcome.BLOCKED, State.BAD),
        (Outcome.UNREADABLE, State.BAD),
    ],
)
def test_only_an_account_that_was_read_is_fine(outcome: Outcome | None, state: State) -> None:
    found = memory.session(account(last_outcome=outcome), now=NOON)
    assert found.state is state
    assert bool(found.advice) is (state in {State.WARN, State.BAD})


def test_the_session_is_told_with_login_age_and_what_is_not_verified() -> None:
    known = account(
        last_outcome=Outcome.PARTIAL,
        last_cause=Cause.TIMEOUT,
        last_complete_at=NOON - timedelta(hours=5),
        login="me@example.org\x1b[2J",
        session=Session(since=NOON - timedelta(days=3), seen_at=NOON, lives=(timedelta(days=9),) * 2),
    )
    said = memory.session(known, now=NOON).said
    for words in ("no answer in time", "not verified since", "me@example.org", "for 3 days", "after 9 days"):
        assert words in said
    assert "\x1b" not in said


def test_a_login_that_is_about_to_end_is_warned_of() -> None:
    lives = (timedelta(days=10),) * 2
    young = account(session=Session(since=NOON - timedelta(days=2), seen_at=NOON, lives=lives))
    old = account(session=Session(since=NOON - timedelta(days=9, hours=1), seen_at=NOON, lives=lives))
    assert memory.session(young, now=NOON).state is State.OK
    assert memory.session(old, now=NOON).state is State.WARN


def test_a_block_names_the_moment_before_which_nothing_is_visited() -> None:
    blocked = account(last_outcome=Outcome.BLOCKED, cool_down_until=NOON + timedelta(hours=1))
    assert "14:00" in memory.session(blocked, now=NOON).advice
    assert "14:00" not in memory.session(blocked, now=NOON + timedelta(hours=2)).advice


def test_words_that_were_not_understood_are_warned_of() -> None:
    def word(stage: Stage | None, confidence: Confidence) -> Word:
        return Word(kind=WordKind.HEADING, token="x", stage=stage, confidence=confidence)

    known, guessed = word(Stage.PAID, Confidence.CERTAIN), word(Stage.PAID, Confidence.LIKELY)
    strange = word(Stage.UNKNOWN, Confidence.UNSURE)
    assert memory.readers("main", []).state is State.SKIPPED
    assert memory.readers("main", [known, guessed]).state is State.OK
    found = memory.readers("main", [known, guessed, strange])
    assert found.state is State.WARN
    assert "1 words known, 1 guessed, 1 not understood" in found.said


def test_an_address_that_the_guard_lets_through_is_warned_of_as_long_as_it_stands() -> None:
    assert memory.allowed([]).state is State.OK
    found = memory.allowed(["PUT https://gateway.example/x"])
    assert found.state is State.WARN
    assert "PUT https://gateway.example/x" in found.said


# --- what is kept ------------------------------------------------------------------------------------------


def kept(**facts: object) -> storage.StorageFacts:
    values: dict[str, object] = {"folder": Path("/x"), "is_there": True, "free": 5_000, "mode": 0o700}
    return storage.StorageFacts(**values | facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("few", "too_few", "state"),
    [(5_000, 100, State.OK), (5_001, 100, State.WARN), (9_000, 5_001, State.BAD)],
)
def test_a_disk_that_fills_up_is_told_before_it_is_full(few: int, too_few: int, state: State) -> None:
    limits = storage.Limits(few=few, too_few=too_few)
    assert storage.disk(kept(), limits=limits).state is state


def test_a_storage_folder_is_judged_by_who_can_write_and_enter_it() -> None:
    assert storage.storage(kept()).state is State.OK
    assert storage.storage(kept(is_there=False)).state is State.SKIPPED
    assert storage.storage(kept(mode=0o755)).state is State.WARN
    assert storage.storage(kept(refusal="Read-only file system")).state is State.BAD


@every(
    ("facts", "state"),
    [
        ({}, State.OK),
        ({"is_there": False}, State.SKIPPED),
        ({"checked": False}, State.SKIPPED),
        ({"mode": 0o644}, State.WARN),
        ({"schema": 1}, State.WARN),
        ({"schema": 3}, State.BAD),
        ({"is_ours": False}, State.BAD),
        ({"damage": "malformed"}, State.BAD),
        ({"refusal": "locked"}, State.BAD),
    ],
)
def test_only_a_database_that_is_whole_and_ours_is_fine(facts: dict[str, object], state: State) -> None:
    values: dict[str, object] = {
        "path": Path("/x"),
        "is_there": True,
        "schema": 2,
        "known": 2,
        "mode": 0o600,
    }
    assert storage.database(storage.DatabaseFacts(**values | facts)).state is state  # type: ignore[arg-type]


def test_sizes_are_written_as_the_reader_expects_them() -> None:
    assert [storage.size(count, language="de") for count in (0, 999, 1_500, 12_340_000)] == [
        "0 B",
        "999 B",
        "1,5 kB",
        "12,3 MB",
    ]
    assert storage.size(5_000_000_000_000_000, language="en") == "5000.0 TB"


# --- clock and watch ---------------------------------------------------------------------------------------


def clock(**facts: object) -> Finding:
    values: dict[str, object] = {"synchronised": None, "skew": None, "latest": None, "now": NOON}
    return machine.clock(**values | facts)  # type: ignore[arg-type]


def test_a_clock_that_nobody_vouches_for_is_never_called_right() -> None:
    assert clock().state is State.SKIPPED
    assert clock(skew=timedelta(milliseconds=-20), latest=NOON).state is State.SKIPPED
    assert clock(synchronised=True).state is State.OK


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"synchronised": False}, State.WARN),
        ({"synchronised": True, "skew": timedelta(seconds=-40)}, State.WARN),
        ({"synchronised": True, "latest": NOON + timedelta(hours=1)}, State.BAD),
    ],
)
def test_a_clock_that_contradicts_itself_is_told(facts: dict[str, object], state: State) -> None:
    assert clock(**facts).state is state


@pytest.mark.parametrize(
    ("is_held", "late", "state"),
    [
        (True, False, State.OK),
        (True, True, State.WARN),
        (False, False, State.WARN),
        (False, True, State.BAD),
    ],
)
def test_a_watch_that_nobody_keeps_is_told(*, is_held: bool, late: bool, state: State) -> None:
    due = NOON - timedelta(minutes=31 if late else 29)
    found = machine.daemon([account(next_check_at=due)], ["scheduled"], is_held=is_held, now=NOON)
    assert found.state is state


def test_where_the_human_browses_no_look_is_ever_overdue() -> None:
    late = account(next_check_at=NOON - timedelta(days=9))
    assert machine.daemon([late], ["passive"], is_held=True, now=NOON).state is State.OK


def test_where_mails_ring_only_what_a_mail_asked_for_is_overdue() -> None:
    late = NOON - timedelta(hours=1)
    for reason, state in ((Reason.QUIET, State.OK), (Reason.MAIL, State.WARN)):
        found = machine.daemon(
            [account(next_check_at=late, next_check_reason=reason)], ["mail"], is_held=True, now=NOON
        )
        assert found.state is state


def test_versions_are_told_without_importing_anything_heavy() -> None:
    said = machine.versions().said
    assert all(word in said for word in ("Stornowacht", "Python", "Playwright", "SQLite"))


def test_the_terms_must_be_accepted() -> None:
    assert machine.terms(accepted=True).state is State.OK
    assert machine.terms(accepted=False).state is State.BAD
