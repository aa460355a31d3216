"""Starts the browser for a visit, and trusts it only when the read-only guard holds in it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import BrowserContext, Error, Page, Playwright

from watcher.browser import driver, guard
from watcher.browser.browser_settings import BrowserSettings
from watcher.browser.features import features_left_off
from watcher.browser.finder import find_browser, sandbox_works
from watcher.browser.launch_fault import broken_down, launch_fault, other_browser
from watcher.browser.ownership import remember_user, require_usable
from watcher.browser.picture import USUAL_VIEWPORT
from watcher.browser.profile import KEEP_SESSION_COOKIES, profile_of
from watcher.browser.proof import Proof, canary, prove
from watcher.errors import BrowserError
from watcher.scratch import scratch
from watcher.texts.language import _

if TYPE_CHECKING:
    from watcher.browser.visit import BrowserVisit

EXTENSIONS = "guard"
_CANARY_SECONDS = 5.0
_LAUNCH_MILLISECONDS = 60_000
_MORE_PROOFS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Where it is remembered that the guard was proven."""

    known: Callable[[str], bool]
    remember: Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserVisitor:
    """Visits the site for accounts, each with its own profile."""

    playwright: Playwright
    settings: BrowserSettings
    proofs: Proofs
    clock: Callable[[], datetime]
    new_id: Callable[[], str]

    @contextmanager
    def visit(self, account: str) -> Iterator["BrowserVisit"]:
        """Start a browser on the account's profile; it is gone when the block ends.

        1. Launch, with the guard as an extension.
        2. A browser and guard that were never proven together are proven now, in a profile that is thrown away.
        3. The canary: at each visit a write on loopback must be stopped before the site is opened.

        Raises:
            BrowserError: there is no browser, the read-only guard does not hold in it, or it broke down.
            BusyError: the profile is in use.
        """
        settings, playwright = self.settings, self.playwright
        with profile_of(account, settings.storage) as profile:
            extension = guard.write_extension(
                settings.storage / EXTENSIONS / account, allow=settings.allow, hosts=settings.hosts
            )
            executable = find_browser(
                settings.executable,
                channel=settings.channel,
                downloaded=Path(playwright.chromium.executable_path),
            )
            require_usable(profile, executable)
            context = launch(playwright, settings, executable, profile=profile, extension=extension)
            try:
                from watcher.browser.recorder import Recorder  # noqa: PLC0415 - can be had while the browser starts
                from watcher.browser.visit import BrowserVisit  # noqa: PLC0415

                page = context.pages[0] if context.pages else context.new_page()
                for restored in context.pages[1:]:
                    restored.close()
                page.on("crash", _let_go)
                told = _told_version(context, page)
                version, user_agent = told["product"], told["userAgent"]
                key = guard.proof_key(version, guard.fingerprint(extension), headless=settings.headless)
                if not self.proofs.known(key):
                    prove_guard(playwright, settings, executable, extension)
                    self.proofs.remember(key)
                if not _guard_is_awake(page):
                    raise BrowserError(
                        _("The read-only guard is not at work in {browser}; the site was not opened.").format(
                            browser=executable
                        ),
                        advice=other_browser(),
                    )
                yield BrowserVisit(
                    account=account,
                    settings=settings,
                    page=page,
                    recorder=Recorder(page, origin=settings.gateway_url, site=settings.base_url),
                    clock=self.clock,
                    new_id=self.new_id,
                    deadline=time.monotonic() + settings.visit_seconds,
                    browser=version,
                    circumstances={"user_agent": user_agent, "guard": guard.fingerprint(extension)},
                )
            except Error as error:
                raise broken_down(error, browser=executable) from error
            finally:
                _close(context)
                remember_user(profile, executable)


def launch(
    playwright: Playwright, settings: BrowserSettings, executable: Path, *, profile: Path, extension: Path
) -> BrowserContext:
    """Start a guarded browser on a profile.

    Raises:
        BrowserError: it did not start; the message says why.
    """
    driver.launching.set()
    try:
        return playwright.chromium.launch_persistent_context(
            profile,
            executable_path=executable,
            headless=settings.headless,
            chromium_sandbox=sandbox_works(),
            args=[
                *guard.launch_arguments(
                    extension, proxy=settings.proxy, hosts=settings.hosts, allow=settings.allow
                ),
                KEEP_SESSION_COOKIES,
                *features_left_off(),
                *settings.switches,
            ],
            ignore_default_args=list(guard.IGNORED_DEFAULT_ARGUMENTS),
            viewport=USUAL_VIEWPORT,
            locale="de-DE",
            accept_downloads=False,
            timeout=_LAUNCH_MILLISECONDS,
        )
    except Error as error:
        raise launch_fault(error, browser=executable, profile=profile) from error


def prove_guard(playwright: Playwright, settings: BrowserSettings, executable: Path, extension: Path) -> None:
    """Prove the guard; a leak is final, a proof with a gap is tried again: a busy machine may leave things untried."""
    proof = _proof(playwright, settings, executable, extension)
    for _again in range(_MORE_PROOFS):
        if proof.ok or proof.leaked:
            break
        proof = _proof(playwright, settings, executable, extension)
    if not proof.ok:
        found = ", ".join([*proof.leaked, *proof.untried]) or _("pages can no longer read")
        raise BrowserError(
            _("The read-only guard does not hold in {browser}: {found}. The site was not opened.").format(
                browser=executable, found=found
            ),
            advice=other_browser(),
        )


def _proof(playwright: Playwright, settings: BrowserSettings, executable: Path, extension: Path) -> Proof:
    with scratch("proof") as folder:
        context = launch(playwright, settings, executable, profile=folder, extension=extension)
        try:
            return prove(context.new_page, close=context.close, hosts=settings.hosts)
        except Error as error:
            raise BrowserError(
                _("{browser} broke down while the guard was proven.").format(browser=executable),
                advice=other_browser(),
            ) from error


def _guard_is_awake(page: Page) -> bool:
    try:
        return canary(page, timeout=_CANARY_SECONDS)
    except Error:
        if page.is_closed():
            raise  # the browser is gone, and nothing is known of its guard
        return False


def version_of(context: BrowserContext, page: Page) -> str:
    """Return what a browser calls itself, with its version."""
    return _told_version(context, page)["product"]


def _told_version(context: BrowserContext, page: Page) -> dict[str, str]:
    session = context.new_cdp_session(page)
    try:
        return {name: str(value) for name, value in session.send("Browser.getVersion").items()}
    finally:
        session.detach()


def _let_go(crashed: Page) -> None:
    """Close a page that has crashed: what its DevTools are still asked would never be answered."""
    try:
        crashed.close()
    except Error:
        pass


def _close(context: BrowserContext) -> None:
    driver.ending.set()
    try:
        context.close()
    except Error:
        pass  # it is gone already; what was captured counts
