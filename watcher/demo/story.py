"""The story: a shipped order is cancelled; the daemon sees it, keeps the proof, alerts, reminds, and stops when told."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from watcher.app.seller import acknowledge
from watcher.app.verify import verify
from watcher.bootstrap import House, has_desktop, house, now
from watcher.browser.practice import log_in_at_practice_shop
from watcher.config import Config
from watcher.config_file import load
from watcher.demo.display import DemoError, Display
from watcher.demo.handing_out import hand_out, is_as_written
from watcher.demo.mailbox import Mail, Mailbox
from watcher.demo.shop import five_orders_shop, practice_shop
from watcher.domain.case import Case
from watcher.domain.stage import Stage
from watcher.example import example_config
from watcher.pages.signs import words_of
from watcher.postman.letter_facts import subject_of
from watcher.texts.language import _, current
from watcher.texts.names import kind_name, moment, reason_name
from watcher.texts.playbook import words_for

if TYPE_CHECKING:
    from fixtures.shop import Shop
    from watcher.app.export import Exported

ACCOUNT = "main"
DOSSIER = "dossier"
INTERVAL = "4s"
AFTER_IT = "20s"
"""How often the watch looks once the cancellation is known: what comes then comes without a visit, and a small computer has enough to do."""
REMIND_EVERY = "5s"
_PATIENCE = 180.0
"""Seconds for one thing to happen: a first check with its proof takes a busy or small computer more than a minute."""
_QUIET_SECONDS = 11.0
"""Longer than two reminder intervals: silence after the acknowledgement is shown, not claimed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stagehand:
    """Everything that stands on the stage."""

    folder: Path
    config_path: Path
    config: Config
    shop: "Shop"
    mailbox: Mailbox
    display: Display

    @property
    def log_path(self) -> Path:
        """Where the daemon's log goes."""
        return self.folder / "daemon.log"


def play(folder: Path, display: Display, *, executable: Path | None, keep: bool) -> int:
    """Play the whole story in `folder`; returns the exit code.

    Raises:
        DemoError: a scene did not come to its end.
    """
    shop, mailbox = five_orders_shop(datetime.now(UTC)), Mailbox(folder / "mail")
    shop.start()
    mailbox.start()
    try:
        config_path = _write_config(folder, shop, mailbox, executable)
        stage = Stagehand(
            folder=folder,
            config_path=config_path,
            config=load(config_path),
            shop=shop,
            mailbox=mailbox,
            display=display,
        )
        return _play(stage, keep=keep)
    finally:
        mailbox.stop()
        shop.stop()


def _play(stage: Stagehand, *, keep: bool) -> int:
    display = stage.display
    with display.scene(_("A seller with five orders logs in at the practice shop, in a browser of her own")):
        module = practice_shop()
        log_in_at_practice_shop(
            ACCOUNT,
            url=f"{stage.shop.base_url}/m-einloggen.html?targetUrl=/m-nachrichten.html",
            email=module.LOGIN_EMAIL,
            password=module.LOGIN_PASSWORD,
            storage=stage.config.storage_dir,
            executable=stage.config.browser.executable,
        )
    writes_before = len(stage.shop.writes)
    daemon = _start_daemon(stage)
    handed: Exported | None = None
    try:
        case = _cancellation(stage)
        _reminder_and_acknowledgement(stage, case)
        count, since = len(stage.mailbox.mails()), time.monotonic()
        handed = _hand_out(stage, case)
        _silence(stage, count, since=since)
        if keep:
            _leave_open(stage)
    except KeyboardInterrupt:
        pass  # the curtain falls early; the daemon is still stopped properly
    finally:
        with display.scene(_("The daemon is told to stop, and stops")):
            _stop(daemon)
    with (
        display.scene(_("The archive is verified: every file, every line of the ledger")),
        house(stage.config) as our,
    ):
        verdict = verify(our.store, our.vault)
    display.aside(
        _("{lines} ledger lines, {files} files: all as they were written").format(
            lines=verdict.lines, files=verdict.files
        )
        if verdict.ok
        else _("NOT as it was written: {faults}").format(
            faults="; ".join(f"{fault.place}: {fault.reason}" for fault in verdict.faults)
        )
    )
    holds = handed is not None and _check_bag(stage, handed)
    written = stage.shop.writes[writes_before:]
    display.aside(
        _("Requests that could have changed something in the account: {count}").format(count=len(written))
    )
    return 0 if verdict.ok and holds and not written and daemon.returncode == 0 else 1


def _cancellation(stage: Stagehand) -> Case:
    display = stage.display
    with display.scene(_("`stornowacht run`: the first check learns the account")):
        known = display.wait_for("first check", lambda: _learned(stage), seconds=_PATIENCE)
    display.aside(
        _("{count} orders known; the browser's read-only guard was proven first").format(count=known)
    )
    with display.scene(_("Erika, who bought the deep fryer, cancels. Her parcel is on its way")):
        stage.shop.cancel("friteuse", at=datetime.now(UTC))
    with display.scene(_("The next scheduled check spots it")):
        case = display.wait_for("case", lambda: _open_case(stage), seconds=_PATIENCE)
    display.aside(f"{_('Case')} {case.id}: {kind_name(case.kind, language=current())}", style="bold red")
    with house(stage.config) as our:
        _tell_hints(display, case, our)
        _tell_steps(display, case, our)
    with display.scene(_("The alert mail arrives")):
        mail = display.wait_for("mail", lambda: _mail(stage, 1), seconds=_PATIENCE)
    display.aside(mail.subject, style="bold")
    return case


def _reminder_and_acknowledgement(stage: Stagehand, case: Case) -> None:
    display = stage.display
    with display.scene(_("Nobody reacts. A reminder comes, louder")):
        mail = display.wait_for("reminder", lambda: _mail(stage, 2), seconds=_PATIENCE)
    display.aside(mail.subject, style="bold")
    with (
        display.scene(_("`stornowacht ack {case}`: the seller has it").format(case=case.id)),
        house(stage.config) as our,
    ):
        acknowledge(our.store, case.id, clock=now)
        time.sleep(1)  # a mail that was already in the postman's hand


def _hand_out(stage: Stagehand, case: Case) -> "Exported":
    """Export the case while the daemon goes on: it holds up nobody."""
    display = stage.display
    with display.scene(_("`stornowacht archive export`: originals, ledger and a dossier (PDF) in one file")):
        handed = hand_out(stage.config, case.id, to=stage.folder / DOSSIER)
    display.aside(handed.handed[0].path.name)
    for gap in handed.gaps:
        display.aside(f"{gap.place}: {gap.reason}", style="bold red")
    return handed


def _silence(stage: Stagehand, count: int, *, since: float) -> None:
    with stage.display.scene(_("Silence: no further reminder")):
        time.sleep(max(since + _QUIET_SECONDS - time.monotonic(), 0))
    if len(stage.mailbox.mails()) != count:
        raise DemoError("silence after the acknowledgement")


def _check_bag(stage: Stagehand, handed: "Exported") -> bool:
    """Let the verifier that lies in the bag check it, as somebody else would: without this program."""
    display = stage.display
    with display.scene(
        _("The exported file is verified by the program that lies in it, without Stornowacht")
    ):
        holds = is_as_written(handed.handed[0].path, seconds=_PATIENCE)
    words = _("all as it was written") if holds else _("NOT as it was written")
    display.aside(words, style="dim" if holds else "bold red")
    return holds and handed.ok


def _tell_hints(display: Display, case: Case, our: House) -> None:
    if case.reason is not None and case.reason_found:
        reason = reason_name(case.reason, language=current())
        display.aside(_("Found in her words, as a hint: {reason}").format(reason=reason))
    for sign in our.store.signs(case.order):
        title = words_of(sign.rule, current()).title
        display.aside(_("Worth a second look: {sign}").format(sign=title))


def _tell_steps(display: Display, case: Case, our: House) -> None:
    order = next(order for order in our.store.orders() if order.id == case.order)
    subject = subject_of(order, case)
    for step in case.steps[:3]:
        words = words_for(step.id, subject, language=current())
        due = f" ({_('until')} {moment(step.due_at, language=current())})" if step.due_at else ""
        display.aside(f"→ {words.title}{due}")


def _learned(stage: Stagehand) -> int | None:
    with house(stage.config) as our:
        deals = [order for order in our.store.orders() if order.stage is not Stage.DECLINED]
        return len(deals) if our.store.account(ACCOUNT).last_complete_at else None


def _open_case(stage: Stagehand) -> Case | None:
    with house(stage.config) as our:
        return next(iter(our.store.cases()), None)


def _mail(stage: Stagehand, number: int) -> Mail | None:
    mails = stage.mailbox.mails()
    return mails[number - 1] if len(mails) >= number else None


def _start_daemon(stage: Stagehand) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-P", "-m", "watcher", "run", "--config", str(stage.config_path)]
    with stage.log_path.open("wb") as log:
        return subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def _stop(daemon: "subprocess.Popen[bytes]") -> None:
    if daemon.poll() is None:
        daemon.send_signal(signal.SIGTERM)
    try:
        daemon.wait(timeout=_PATIENCE)
    except subprocess.TimeoutExpired as error:
        daemon.kill()
        raise DemoError("the daemon's end") from error


def _leave_open(stage: Stagehand) -> None:
    display = stage.display
    display.aside(_("The practice shop stays open at {url}; Ctrl-C ends it.").format(url=stage.shop.base_url))
    display.aside(f"stornowacht status --config {stage.config_path}")
    while True:
        time.sleep(1)


def _write_config(folder: Path, shop: "Shop", mailbox: Mailbox, executable: Path | None) -> Path:
    answers: dict[str, dict[str, object]] = {
        "": {"language": current()},
        "terms": {"i_accept_the_risk": True},
        "account": {"name": ACCOUNT},
        "storage": {"dir": str(folder / "data")},
        "site": {"base_url": shop.base_url, "gateway_url": shop.gateway_url},
        "watch": {"hot": AFTER_IT, "live": INTERVAL, "quiet": INTERVAL},
        "remind": {"every": REMIND_EVERY, "quiet_hours": ""},
        "browser": {"executable": str(executable)} if executable else {},
        "notify.email": {
            "to": "marlene@example.org",
            "sender": "stornowacht@example.org",
            "host": "127.0.0.1",
            "port": mailbox.port,
            "security": "none",
        },
    }
    if has_desktop(current()):
        answers["notify.desktop"] = {}
    path = folder / "config.toml"
    path.write_text(example_config(answers), encoding="utf-8")
    return path
