"""Linux: a unit of the user's own systemd.

The unit's file explains itself; here is only what decides between its forms:

- systemd 254 brought growing pauses (`RestartSteps=`); older ones would complain about them.
- Its own view of the file system takes a namespace of users. Ubuntu 24.04 lets one be made, and takes the rights in it away
  (`kernel.apparmor_restrict_unprivileged_userns`): the view then silently does not hold, and Chromium within it finds
  no sandbox and does not start (github.com/block/buzz/issues/5670, github.com/NVIDIA/OpenShell/issues/1895). There
  the unit does without.
- A browser that is a snap is started by a program with rights of its own (snap-confine), which `NoNewPrivileges=` and all
  filters of system calls forbid.
"""

import os
import re
from pathlib import Path

from watcher.service.manager import Running
from watcher.service.plan import Plan
from watcher.service.program import ask, require
from watcher.service.seal import sealed
from watcher.texts.language import _

UNIT = "stornowacht.service"
_SECONDS = 20.0
_START_SECONDS = 150.0
"""The daemon says that it is ready once its database is open; a large one may have to be renewed before."""
_GROWING_PAUSES = 254
_SYSCTL = Path("/proc/sys")


class Systemd:
    """The systemd of the user's own session."""

    name = "systemd"
    encoding = "utf-8"

    def place(self) -> Path:
        """Return where the units of a user lie."""
        named = os.environ.get("XDG_CONFIG_HOME")
        return (Path(named) if named else Path.home() / ".config") / "systemd" / "user" / UNIT

    def written(self, plan: Plan) -> str:
        """Return the unit."""
        parts = [
            _HEAD,
            _START.format(
                # The colon: no variables in it, whatever a folder is called.
                command=" ".join(map(_word, (f":{plan.command[0]}", *plan.command[1:]))),
                folder=_specifiers(str(plan.storage)),
                secrets=_specifiers(str(plan.secrets)),
            ),
            *(f"Environment={_word(f'{name}={value}')}\n" for name, value in plan.environment.items()),
            _AGAIN,
            _GROWING if (_version() or 0) >= _GROWING_PAUSES else _STEADY,
            _RESOURCES,
        ]
        if not plan.browser_is_snap:
            parts.append(_RIGHTS)
            if own_view_works():
                parts.append(_VIEW.format(writable=" ".join(map(_listed, (plan.storage, *plan.writable)))))
        parts.append(_TAIL)
        return sealed("".join(parts), config=plan.config, line=0, comment=("# ", ""))

    def refusal(self) -> str:
        """Return why the user's systemd does not answer."""
        answer = ask("systemctl", "--user", "show-environment", seconds=_SECONDS)
        return "" if answer.is_yes else answer.words or _("systemctl does not answer")

    def start(self, file: Path) -> None:
        """Let systemd read the unit, start it anew, and start it with each session."""
        advice = _("`journalctl --user -u stornowacht -e` shows what it said.")
        require("systemctl", "--user", "daemon-reload", seconds=_SECONDS)
        require("systemctl", "--user", "enable", file.name, seconds=_SECONDS)
        require("systemctl", "--user", "restart", file.name, seconds=_START_SECONDS, advice=advice)

    def stop(self, file: Path) -> None:
        """End it, and take it out of the session."""
        if not self.running(file).is_known:
            return
        require("systemctl", "--user", "disable", "--now", file.name, seconds=_START_SECONDS)
        ask("systemctl", "--user", "reset-failed", file.name, seconds=_SECONDS)

    def forget(self) -> None:
        """Let systemd look again."""
        ask("systemctl", "--user", "daemon-reload", seconds=_SECONDS)

    def running(self, file: Path) -> Running:
        """Ask systemd."""
        wanted = "--property=LoadState,ActiveState,SubState,UnitFileState,MainPID,NRestarts"
        answer = ask("systemctl", "--user", "show", wanted, file.name, seconds=_SECONDS)
        told = dict(line.partition("=")[::2] for line in answer.text.splitlines())
        pid = told.get("MainPID", "")
        state = told.get("ActiveState", "")
        return Running(
            is_known=told.get("LoadState", "not-found") != "not-found",
            is_enabled=told.get("UnitFileState") == "enabled",
            is_running=state in {"active", "reloading"},
            pid=int(pid) if pid.isdecimal() and pid != "0" else None,
            detail=f"{state} ({told['SubState']})" if state and "SubState" in told else state,
        )

    def by_hand(self, file: Path) -> tuple[str, ...]:
        """Return what a session of the user has to be told."""
        return ("systemctl --user daemon-reload", f"systemctl --user enable --now {file.name}")

    def leftovers(self) -> tuple[Path, ...]:
        """Return the link that `enable` makes: to a file that has gone it would make systemd complain at every start."""
        link = self.place().parent / "default.target.wants" / UNIT
        return (link,) if link.is_symlink() and link.resolve() == self.place().resolve() else ()

    def remarks(self) -> tuple[str, ...]:
        """Say whether it also watches while nobody is logged in."""
        answer = ask(
            "loginctl", "show-user", str(os.getuid()), "--property=Linger", "--value", seconds=_SECONDS
        )
        if answer.text == "yes":
            return (_("It also watches while you are logged out, from the start of the computer on."),)
        return (
            _(
                "It watches while you are logged in. For a computer without a screen, or to go on after you have logged out: "
                "`loginctl enable-linger`"
            ),
        )


def own_view_works() -> bool:
    """Whether a service of a user can have a view of the file system of its own, with a browser's sandbox within it."""
    return (
        _setting("user/max_user_namespaces") != "0"
        and _setting("kernel/unprivileged_userns_clone") != "0"
        and _setting("kernel/apparmor_restrict_unprivileged_userns") != "1"
    )


def _setting(name: str) -> str:
    try:
        return (_SYSCTL / name).read_text(encoding="ascii").strip()
    except (OSError, UnicodeError):
        return ""  # this kernel has no such setting


def _version() -> int | None:
    found = re.match(r"systemd (\d+)", ask("systemctl", "--version", seconds=_SECONDS).text)
    return int(found[1]) if found else None


def _specifiers(text: str) -> str:
    """Return a text in which systemd puts nothing else for `%`."""
    return text.replace("%", "%%")


def _word(text: str) -> str:
    """Return one word of a command line or of an environment, quoted."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_specifiers(escaped)}"'


def _listed(path: Path) -> str:
    """Return a path of a list. There a backslash stands for itself, so a quote is kept apart by the other kind.

    The hyphen before it: one that is missing is no reason not to start.
    """
    mark = "'" if '"' in str(path) else '"'
    return f"{mark}-{_specifiers(str(path))}{mark}"


_HEAD = """\
[Unit]
Description=Stornowacht: watches your own Kleinanzeigen sales
# It never gives up: after many failures in a row it still tries again, only more rarely.
StartLimitIntervalSec=0

[Service]
"""
_START = """\
# It says itself when it is ready (its database is open), and from then on that it gets on. If it does not for ten minutes,
# it is ended and started anew. Only its main process is heard: children, such as the browser, do not vouch for it.
Type=notify
NotifyAccess=main
TimeoutStartSec=15min
WatchdogSec=10min
ExecStart={command}
# `systemctl --user reload stornowacht` makes it read its config again.
ExecReload=/bin/kill -HUP $MAINPID
WorkingDirectory=-{folder}
# Variables that your config refers to (env:NAME), one NAME=value a line; a service does not see those of your shell.
# Keep that file to yourself: chmod 600.
EnvironmentFile=-{secrets}
Environment=PYTHONUNBUFFERED=1
"""
_AGAIN = """\
# A check that is under way may end (25 seconds); then whatever is left of it and its browser goes.
KillMode=mixed
TimeoutStopSec=60
# On every failure, also that of a config: a disk that was full, or another watch that was in the way, may be gone by then.
Restart=on-failure
"""
_GROWING = """\
RestartSec=10
RestartSteps=6
RestartMaxDelaySec=15min
"""
_STEADY = """\
# systemd before 254 knows no growing pauses.
RestartSec=60
"""
_RESOURCES = """\
# A check with its browser takes up to a gigabyte. A browser that wants far more is held back, then ended: it alone
# (OOMPolicy=continue), and the watch goes on.
MemoryHigh=1536M
MemoryMax=2G
TasksMax=800
OOMPolicy=continue
# Whatever you do on this computer comes first.
CPUWeight=50
IOWeight=50
UMask=0077
"""
_RIGHTS = """\
# --- What it may not do -----------------------------------------------------------------------------------------------
# Chromium builds a sandbox of its own out of namespaces of users, processes and networks (RestrictNamespaces= names
# those), writes machine code while it runs (so no MemoryDenyWriteExecute=), and asks for many system calls, newer versions
# for others: so the filter names what is forbidden, not what is allowed.
NoNewPrivileges=yes
RestrictNamespaces=user pid net
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=~@clock @cpu-emulation @module @obsolete @raw-io @reboot @swap
SystemCallErrorNumber=EPERM
"""
_VIEW = """\
# Your files are there to be read, and not to be changed, but for its own folders, the cache and the pages of this session
# (%t). It takes PrivateUsers=, without which none of this holds for a user's service. No PrivateTmp= and no PrivateDevices=:
# a visible window finds the screen through /tmp, and the graphics card and the sound below /dev. The session's bus, and
# with it notifications and the keyring, stays within reach.
PrivateUsers=yes
ProtectSystem=full
ProtectHome=read-only
ProtectControlGroups=yes
ReadWritePaths={writable} -%C -%t
"""
_TAIL = """\

[Install]
WantedBy=default.target
"""
