"""What is found on this machine: versions, config, clock, and whether somebody watches."""

import platform
import sqlite3
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from watcher import __version__
from watcher.app.doctor.finding import Finding, bad, ok, skipped, warn
from watcher.domain.account import Account
from watcher.domain.cadence import Reason
from watcher.domain.silence import OVERDUE
from watcher.texts.language import _, current
from watcher.texts.names import moment

_SKEW = timedelta(seconds=5)
_AHEAD = timedelta(minutes=1)


def versions() -> Finding:
    """Say which versions are at work."""
    parts = [f"Stornowacht {__version__}", f"Python {platform.python_version()}"]
    try:
        parts.append(f"Playwright {version('playwright')}")
    except PackageNotFoundError:
        pass  # then the examination of the browser says so
    return ok("versions", ", ".join([*parts, f"SQLite {sqlite3.sqlite_version}", platform.platform()]))


def config_place(path: Path, accounts: Sequence[str]) -> Finding:
    """Say where the config is; whoever loaded it has told its mistakes."""
    return ok("config", _("{path}; accounts: {names}").format(path=path, names=", ".join(accounts)))


def terms(*, accepted: bool) -> Finding:
    """Say whether the risk was accepted."""
    if accepted:
        return ok("terms", _("you have accepted the risk"))
    return bad(
        "terms",
        _("the risk is not accepted: nothing is visited"),
        _("Run `stornowacht check` to read what it is; i_accept_the_risk under [terms] is your answer."),
    )


def clock(
    *, synchronised: bool | None, skew: timedelta | None, latest: datetime | None, now: datetime
) -> Finding:
    """Say what is known about this machine's clock without asking anybody's server.

    Args:
        synchronised: what the system says about itself; `None`: nothing.
        skew: how far the storage folder's file system is ahead; `None`: not known.
        latest: the last moment that was remembered.
        now: what the clock says.
    """
    name, advice = "clock", _("Let the system set its clock by the network: deadlines depend on it.")
    if latest is not None and latest - now > _AHEAD:
        said = _("the last check was at {at}, which is still to come").format(
            at=moment(latest, language=current())
        )
        return bad(name, said, advice)
    if skew is not None and abs(skew) > _SKEW:
        said = _("the storage folder's file system differs by {seconds:.0f} seconds").format(
            seconds=skew.total_seconds()
        )
        return warn(name, said, advice)
    if synchronised is None:
        return skipped(name, _("no contradiction; nobody here says whether it is right, no server is asked"))
    if not synchronised:
        return warn(name, _("the system says that it is not set by the network"), advice)
    return ok(name, _("the system says that it is set by the network; no server is asked"))


def daemon(accounts: Sequence[Account], modes: Collection[str], *, is_held: bool, now: datetime) -> Finding:
    """Say whether `stornowacht run` is alive, and whether looks come when they are due."""
    late = min(
        (due for account in accounts if (due := _due(account, modes)) is not None and now - due > OVERDUE),
        default=None,
    )
    since = moment(late, language=current(), now=now) if late is not None else ""
    if is_held:
        if late is None:
            return ok("daemon", _("`stornowacht run` is running"))
        return warn(
            "daemon",
            _("`stornowacht run` is running, yet a look has been due since {at}").format(at=since),
            _(
                "If the computer has just woken up, wait a minute. Else stop it, and try `stornowacht check` by hand."
            ),
        )
    advice = (
        _("Start `stornowacht run`, or let a timer call `stornowacht check`.")
        if "scheduled" in modes
        else _("Start `stornowacht run`: reminders come from it, too.")
    )
    if late is not None:
        said = _("`stornowacht run` is not running, and a look has been due since {at}").format(at=since)
        return bad("daemon", said, advice)
    return warn("daemon", _("`stornowacht run` is not running"), advice)


def service(
    manager: str, *, is_installed: bool, is_running: bool | None, starts: bool, is_as_it_should: bool
) -> Finding:
    """Say whether the watch starts with the computer.

    Args:
        manager: whose service it is, such as `systemd`.
        is_installed: whether there is one.
        is_running: whether it runs now; `None`: nobody can be asked.
        starts: whether it will at the next start.
        is_as_it_should: whether it is what would be installed now.
    """
    name, again = "service", _("`stornowacht service install` brings it in order.")
    if not is_installed:
        return skipped(name, _("no; `stornowacht service install` lets the watch start with the computer"))
    if is_running is None:
        return skipped(name, _("installed; {manager} does not answer here").format(manager=manager))
    if not starts:
        return warn(name, _("installed, but switched off ({manager})").format(manager=manager), again)
    if not is_running:
        advice = _("`stornowacht service status` tells more.")
        return warn(name, _("installed, but it does not run ({manager})").format(manager=manager), advice)
    if not is_as_it_should:
        return warn(
            name,
            _("it runs, but program or config have changed since ({manager})").format(manager=manager),
            again,
        )
    return ok(name, _("yes, and it runs ({manager})").format(manager=manager))


def _due(account: Account, modes: Collection[str]) -> datetime | None:
    """Return when the watch is to look at an account by itself; `None`: it has not been checked yet, or nobody asked."""
    asked = "mail" in modes and account.next_check_reason is Reason.MAIL
    return account.next_check_at if asked or "scheduled" in modes else None
