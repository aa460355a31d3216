"""`doctor`: every examination has its line, wherever something is broken; nothing is visited and nothing is changed."""

import socket
import sqlite3
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from tests.notifiers.mail_host import mail_host, unused_port
from tests.support.cli import CommandLine, Said
from watcher.storage.database import FILE_NAME
from watcher.storage.examine import examine_database, examine_storage, is_held
from watcher.storage.store import SqliteStore

EVERY = {
    "versions", "config", "terms", "browser", "guard", "sandbox", "display", "allow", "storage", "disk", "database", "names", "replay",
    "clock", "daemon", "service", "profile/main", "session/main", "readers/main", "mailbox",
    "stamps",
}  # fmt: skip


class Site:
    """A site on loopback that says nothing."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._heard: list[bytes] = []
        self._last: list[object] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self._listening.getsockname()[1]}"

    @property
    def address(self) -> str:
        return f"http://{self.place}"

    def heard(self) -> list[bytes]:
        """What each client has said; nobody is heard afterwards."""
        if self._thread.is_alive():
            # Clients are served in the order in which they came: whoever came before the last one was heard.
            with socket.socket() as goodbye:
                goodbye.bind(("127.0.0.1", 0))
                self._last.append(goodbye.getsockname())
                goodbye.connect(self._listening.getsockname())
                self._thread.join()
            self._listening.close()
        return self._heard

    def _serve(self) -> None:
        while True:
            client, address = self._listening.accept()
            client.settimeout(5)
            with client:
                if address in self._last:
                    return
                self._heard.append(client.recv(65536))


@pytest.fixture
def site() -> Iterator[Site]:
    running = Site()
    yield running
    running.heard()


@pytest.fixture
def patient(seller: CommandLine, site: Site) -> CommandLine:
    """A seller with a database, whose site is on this machine."""
    configure(seller, site.address)
    return seller


def configure(cli: CommandLine, address: str, *, more: str = "", **choices: object) -> None:
    tables = f'[site]\nbase_url = "{address}"\ngateway_url = "{address}"\n{more}'
    cli.write_config(more=tables, **choices)  # type: ignore[arg-type]


def states(said: Said) -> dict[str, str]:
    return {finding["name"]: finding["state"] for finding in said.json}


def test_each_examination_is_one_object(patient: CommandLine, site: Site) -> None:
    said = patient("doctor", "--json")
    found = states(said)
    assert found.keys() == EVERY | {f"site/{site.place}", "channel"}
    assert len(said.json) == len(found)
    assert all(finding.keys() == {"name", "state", "said", "advice"} for finding in said.json)
    assert all(finding["said"] for finding in said.json)
    assert set(found.values()) <= {"ok", "warn", "bad", "skipped"}


def test_the_site_is_connected_to_and_asked_for_nothing(patient: CommandLine, site: Site) -> None:
    patient("doctor")
    assert site.heard() == [b""]


def test_what_is_wrong_has_an_advice_below_it(patient: CommandLine) -> None:
    lines = patient("doctor").out.splitlines()
    heads = [line for line in lines if not line.startswith("    ")]
    assert all(line[:2] in {"✓ ", "! ", "✗ ", "– "} for line in heads)
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line[:2] in {"! ", "✗ "}:
            assert following.startswith("    "), line
        elif line[:2] in {"✓ ", "– "}:
            assert not following.startswith("    "), line


def test_the_exit_code_says_whether_anything_is_bad(patient: CommandLine, a_browser: Path) -> None:
    store = SqliteStore(patient.data)
    with store.writing() as writing:
        writing._connection.execute("UPDATE accounts SET next_check_at = NULL")
        writing._connection.execute("UPDATE accounts SET last_check_at = '2026-01-01T00:00:00.000000+00:00'")
    store.close()
    said = patient("doctor", "--json")
    bad = [name for name, state in states(said).items() if state == "bad"]
    assert (said.code, bad) == (0, [])
    patient.data.joinpath("profiles", "main").mkdir(parents=True, mode=0o700)
    patient.data.joinpath("profiles", "main", "SingletonLock").symlink_to("another-host-12")
    said = patient("doctor", "--json")
    assert said.code == 1
    assert [name for name, state in states(said).items() if state == "bad"] == ["profile/main"]


def test_before_the_first_check_nothing_is_made(cli: CommandLine, site: Site) -> None:
    configure(cli, site.address)
    found = states(cli("doctor", "--json"))
    assert not cli.data.exists()
    for name in ("storage", "database", "profile/main", "session/main", "readers/main"):
        assert found[name] == "skipped"


def test_without_accepted_terms_nobody_is_connected_to(cli: CommandLine, site: Site) -> None:
    configure(cli, site.address, terms=False)
    said = cli("doctor", "--json")
    assert said.code == 1
    assert (states(said)["terms"], states(said)["site"], site.heard()) == (
        "bad",
        "skipped",
        [],
    )


def test_a_dead_port_is_bad(seller: CommandLine) -> None:
    port = unused_port()
    configure(seller, f"http://127.0.0.1:{port}")
    said = seller("doctor", "--json")
    assert said.code == 1
    assert states(said)[f"site/127.0.0.1:{port}"] == "bad"


def test_a_damaged_database_is_told_and_all_the_rest_is_examined_nevertheless(patient: CommandLine) -> None:
    damage(patient.data)
    before = (patient.data / FILE_NAME).read_bytes()
    said = patient("doctor", "--json")
    found = states(said)
    assert said.code == 1
    assert (found["database"], found["session/main"], found["readers/main"]) == ("bad", "skipped", "skipped")
    assert found.keys() >= EVERY
    assert (patient.data / FILE_NAME).read_bytes() == before


def damage(folder: Path) -> None:
    store = SqliteStore(folder)
    store.tidy()
    store.close()
    path = folder / FILE_NAME
    content = bytearray(path.read_bytes())
    content[8192:] = b"\xa5" * (len(content) - 8192)
    path.write_bytes(content)


def test_a_file_that_is_no_database_is_told(patient: CommandLine) -> None:
    (patient.data / FILE_NAME).write_bytes(b"Dear diary, " * 500)
    assert states(patient("doctor", "--json"))["database"] == "bad"


def test_a_database_of_an_older_program_is_not_brought_up_to_date(patient: CommandLine) -> None:
    connection = sqlite3.connect(patient.data / FILE_NAME)
    connection.execute("PRAGMA user_version = 1")
    connection.close()
    found = states(patient("doctor", "--json"))
    assert (found["database"], found["session/main"]) == ("warn", "skipped")
    assert examine_database(patient.data, seconds=5).schema == 1
    assert not list(patient.data.glob("*.before-schema-*"))


def test_a_check_of_the_pages_that_takes_too_long_is_given_up(patient: CommandLine) -> None:
    connection = sqlite3.connect(patient.data / FILE_NAME)
    with connection:
        connection.execute("CREATE TABLE many (text TEXT)")
        connection.executemany("INSERT INTO many VALUES (?)", [("x" * 50,)] * 30_000)
    connection.close()
    facts = examine_database(patient.data, seconds=0)
    assert (facts.checked, facts.damage, facts.refusal) == (False, None, None)


@pytest.mark.slow
def test_a_database_that_somebody_holds_for_good_is_told_as_such(
    patient: CommandLine,
) -> None:
    store = SqliteStore(patient.data)
    store.tidy()
    store.close()
    holder = sqlite3.connect(patient.data / FILE_NAME, isolation_level=None)
    holder.execute("PRAGMA journal_mode = DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    facts = examine_database(patient.data, seconds=5)
    holder.close()
    assert facts.damage is None
    assert "locked" in (facts.refusal or "")


def test_looking_leaves_no_file_behind(patient: CommandLine) -> None:
    before = {path.name for path in patient.data.iterdir()}
    assert examine_storage(patient.data).refusal is None
    assert {path.name for path in patient.data.iterdir()} == before


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert examine_storage(tmp_path / "data").refusal
    assert examine_storage(tmp_path / "data" / "below").refusal


def test_a_folder_that_cannot_even_be_looked_at_is_told(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 300)
    assert examine_storage(folder).refusal
    assert examine_storage(folder).free > 0
    assert examine_database(folder, seconds=5).refusal


def test_the_archives_size_is_told(patient: CommandLine) -> None:
    files = [path for path in (patient.data / "archive").rglob("*") if path.is_file()]
    assert files
    facts = examine_storage(patient.data)
    assert facts.archive == sum(path.stat().st_size for path in files)
    assert facts.skew is not None
    assert abs(facts.skew) < timedelta(seconds=2)


def test_what_others_could_read_is_told_although_opening_it_closes_it(patient: CommandLine) -> None:
    patient.data.chmod(0o755)
    (patient.data / FILE_NAME).chmod(0o644)
    found = states(patient("doctor", "--json"))
    assert (found["storage"], found["database"]) == ("warn", "warn")


def test_a_lock_is_only_held_while_somebody_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "daemon.lock"
    assert not is_held(lock)
    assert not lock.exists()
    with FileLock(lock, timeout=0):
        assert is_held(lock)
    assert not is_held(lock)


def test_a_running_watch_and_a_profile_in_use_are_no_faults(patient: CommandLine) -> None:
    profiles = patient.data / "profiles"
    (profiles / "main").mkdir(parents=True, mode=0o700)
    (profiles / "main" / "SingletonLock").symlink_to("another-host-12")
    with FileLock(patient.data / "daemon.lock"), FileLock(profiles / "main.lock"):
        said = patient("doctor", "--json")
    found = {finding["name"]: finding for finding in said.json}
    assert found["profile/main"]["state"] == "ok"
    assert "in use right now" in found["profile/main"]["said"]
    assert found["daemon"]["state"] in {"ok", "warn"}
    assert "is running" in found["daemon"]["said"]
    assert states(patient("doctor", "--json"))["profile/main"] == "bad"


def test_a_profile_of_a_newer_browser_is_bad(patient: CommandLine, a_browser: Path) -> None:
    profile = patient.data / "profiles" / "main"
    profile.mkdir(parents=True, mode=0o700)
    (profile / "Last Version").write_text("9999.0.1.2")
    assert states(patient("doctor", "--json"))["profile/main"] == "bad"


def test_a_browser_that_says_nothing_ends_in_time_and_is_told(
    patient: CommandLine, site: Site, tmp_path: Path
) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\necho no version\n")
    program.chmod(0o755)
    configure(patient, site.address, more=f'[browser]\nexecutable = "{program}"\n')
    found = states(patient("doctor", "--json"))
    assert (found["browser"], found["guard"]) == ("warn", "skipped")


def test_a_browser_that_does_not_exist_is_bad_and_the_rest_goes_on(patient: CommandLine, site: Site) -> None:
    configure(patient, site.address, more='[browser]\nexecutable = "/nowhere/chromium"\n')
    said = patient("doctor", "--json")
    found = {finding["name"]: finding for finding in said.json}
    assert said.code == 1
    assert found["browser"]["state"] == "bad"
    assert "Install Chromium" in found["browser"]["advice"]
    assert found["guard"]["state"] == "skipped"
    assert found.keys() >= EVERY


def test_a_window_needs_a_display(patient: CommandLine, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    configure(patient, site.address, more="[browser]\nheadless = false\n")
    assert states(patient("doctor", "--json"))["display"] == "bad"


def mail_table(port: int) -> str:
    return (
        '[notify.email]\nto = "me@example.org"\nsender = "watch@example.org"\nhost = "127.0.0.1"\n'
        f'port = {port}\nsecurity = "none"\ntimeout = 2\n'
    )


def test_a_channel_is_tried_and_nothing_is_sent(patient: CommandLine, site: Site) -> None:
    with mail_host() as host:
        configure(patient, site.address, more=mail_table(host.port))
        found = states(patient("doctor", "--json"))
    assert found["channel/email"] == "ok"
    assert host.mails == []


def test_a_channel_that_is_not_there_is_bad(patient: CommandLine, site: Site) -> None:
    configure(patient, site.address, more=mail_table(unused_port()))
    said = patient("doctor", "--json")
    assert (said.code, states(said)["channel/email"]) == (1, "bad")


def test_a_password_that_cannot_be_had_is_told_for_channel_and_mailbox(
    patient: CommandLine, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_PASSWORD", raising=False)
    port = unused_port()
    secret = 'username = "me"\npassword = "env:NO_SUCH_PASSWORD"\n'
    mailbox = f'[mailbox]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n{secret}'
    configure(patient, site.address, more=mail_table(port) + secret + mailbox)
    found = {finding["name"]: finding for finding in patient("doctor", "--json").json}
    for name in ("channel/email", "mailbox"):
        assert found[name]["state"] == "bad"
        assert "NO_SUCH_PASSWORD" in found[name]["said"] + found[name]["advice"]


def test_a_mailbox_that_is_not_there_is_bad(
    patient: CommandLine, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("imap_tools")
    monkeypatch.setenv("MAILBOX_PASSWORD", "geheim")
    more = (
        f'[mailbox]\nhost = "127.0.0.1"\nport = {unused_port()}\nsecurity = "none"\n'
        'username = "me"\npassword = "env:MAILBOX_PASSWORD"\n'
    )
    configure(patient, site.address, more=more)
    said = patient("doctor", "--json")
    assert states(said)["mailbox"] == "bad"
    assert "geheim" not in said.all


def test_an_added_address_is_warned_of(patient: CommandLine, site: Site) -> None:
    address = "PUT https://gateway.example/exact/path"
    patient.write_config(
        more=f'[site]\nbase_url = "{site.address}"\ngateway_url = "{site.address}"\nallow = ["{address}"]\n'
    )
    found = {finding["name"]: finding for finding in patient("doctor", "--json").json}
    assert found["allow"]["state"] == "warn"
    assert address in found["allow"]["said"]


def test_one_account_can_be_examined_alone(patient: CommandLine, site: Site) -> None:
    configure(patient, site.address, more='[[account]]\nname = "main"\n[[account]]\nname = "other"\n')
    assert {"session/main", "session/other"} <= states(patient("doctor", "--json")).keys()
    assert "session/main" not in states(patient("doctor", "other", "--json"))
    assert patient("doctor", "nobody").code == 2


def test_a_config_with_mistakes_is_told_by_the_config_itself(cli: CommandLine) -> None:
    cli.config.write_text("[wach]\n")
    said = cli("doctor")
    assert (said.code, said.out) == (2, "")


def test_hostile_words_do_not_steer_the_terminal(patient: CommandLine) -> None:
    profile = patient.data / "profiles" / "main"
    profile.mkdir(parents=True, mode=0o700)
    (profile / "SingletonLock").symlink_to("x\x1b[2J\u202ey-12")
    store = SqliteStore(patient.data)
    with store.writing() as writing:
        writing._connection.execute("UPDATE accounts SET login = ?", ("x\x1b]0;x\x07\u202e",))
    store.close()
    config = patient.config.rename(patient.folder / "x\x1b[2J\u202e.toml")
    for extra in ([], ["--json"]):
        said = patient("doctor", "--config", str(config), *extra, with_config=False)
        assert "Login" in said.out or "session/main" in said.out
        assert not set(said.all) & set("\x1b\x07\u202e\r")


def test_other_readers_than_those_that_read_the_archive_are_told_until_it_was_read_again(
    seller: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert seller("replay").code == 0
    assert states(seller("doctor", "--json"))["replay"] == "ok"
    monkeypatch.setattr("watcher.pages.edition.edition", lambda: "another")
    said = seller("doctor", "--json")
    (found,) = [finding for finding in said.json if finding["name"] == "replay"]
    assert found["state"] == "warn"
    assert "stornowacht replay" in found["advice"]
