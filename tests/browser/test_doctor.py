"""The doctor and a real browser: it says what visits would meet, and can prove the guard without a visit."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from watcher.app.doctor.finding import State
from watcher.app.doctor.visiting import guard as guard_finding
from watcher.app.doctor.visiting import profile as profile_finding
from watcher.browser import guard, visitor
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.examine import examine_browser, examine_profile, proof_keys, prove_guard
from watcher.browser.profile import profile_of
from watcher.errors import BrowserError
from watcher.storage.store import SqliteStore

pytestmark = pytest.mark.browser
ALLOW, HOSTS = ("PUT https://gateway.example/path",), ("www.example.org",)


def settings(folder: Path, program: Path) -> BrowserSettings:
    return BrowserSettings(
        base_url="http://127.0.0.1:9", storage=folder, executable=program, allow=ALLOW, hosts=HOSTS
    )


def test_a_proof_that_a_visit_remembered_is_found_by_the_doctor(
    playwright: Playwright, a_browser: Path, tmp_path: Path
) -> None:
    chosen = settings(tmp_path, a_browser)
    extension = guard.write_extension(tmp_path / "guard", allow=ALLOW, hosts=HOSTS)
    context = visitor.launch(playwright, chosen, a_browser, profile=tmp_path / "profile", extension=extension)
    version = visitor.version_of(context, context.pages[0])
    context.close()
    store = SqliteStore(tmp_path / "data")
    store.remember_proof(f"{version} {guard.fingerprint(extension)} headless=True", at=datetime.now(UTC))
    facts = examine_browser(a_browser, None, seconds=10)
    assert facts.version is not None

    def is_proven(**changes: object) -> bool:
        wanted = {"allow": ALLOW, "hosts": HOSTS, "headless": True} | changes
        return any(map(store.guard_is_proven, proof_keys(facts.version or "", **wanted)))  # type: ignore[arg-type]

    try:
        assert guard_finding(facts, proven=is_proven()).state is State.OK
        assert not is_proven(headless=False)
        assert not is_proven(allow=())
    finally:
        store.close()


@pytest.mark.slow
def test_the_guard_can_be_proven_without_a_visit(
    playwright: Playwright, a_browser: Path, tmp_path: Path
) -> None:
    prove_guard(settings(tmp_path / "data", a_browser), playwright=playwright)
    assert not (tmp_path / "data").exists()


@pytest.mark.slow
def test_a_browser_that_would_load_from_other_hosts_is_refused_before_the_site_is_opened(
    playwright: Playwright, a_browser: Path, tmp_path: Path
) -> None:
    extension = guard.write_extension(tmp_path / "guard")  # without the rule for hosts
    with pytest.raises(BrowserError, match="another host"):
        visitor.prove_guard(playwright, settings(tmp_path, a_browser), a_browser, extension)


def test_a_program_that_is_no_browser_proves_nothing(playwright: Playwright, tmp_path: Path) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    with pytest.raises(BrowserError):
        prove_guard(settings(tmp_path / "data", program), playwright=playwright)


def test_a_profile_that_a_browser_has_used_is_told_with_its_version_and_size(
    playwright: Playwright, a_browser: Path, tmp_path: Path
) -> None:
    present = examine_browser(a_browser, None, seconds=10).major
    with profile_of("main", tmp_path) as folder:
        extension = guard.write_extension(tmp_path / "guard")
        context = visitor.launch(
            playwright, settings(tmp_path, a_browser), a_browser, profile=folder, extension=extension
        )
        assert examine_profile("main", tmp_path, is_held=False).holder is not None
        context.close()
    facts = examine_profile("main", tmp_path, is_held=False)
    assert (facts.holder, facts.written_by, facts.mode) == (None, present, 0o700)
    assert facts.size > 0
    assert profile_finding(facts, present=present).state is State.OK


def test_a_browser_that_hangs_when_asked_for_its_version_is_left_alone(tmp_path: Path) -> None:
    program = tmp_path / "browser"
    program.write_text("#!/bin/sh\nexec sleep 60\n")
    program.chmod(0o755)
    assert examine_browser(program, None, seconds=0.3).version is None
