"""macOS: an agent of the user's own launchd (launchd.plist(5), launchctl(1))."""

import os
import plistlib
import re
from pathlib import Path

from watcher.service.manager import Running
from watcher.service.plan import LOG_FILE_ONLY, Plan
from watcher.service.program import ask, require
from watcher.service.seal import sealed
from watcher.texts.language import _

LABEL = "stornowacht.watch"
_SECONDS = 20.0
_STOP_SECONDS = 60
"""So long a check that is under way may take to end, before launchd ends it by force (25 seconds, and its browser)."""
_PAUSE_SECONDS = 60
"""launchd knows no growing pauses between two attempts, only a shortest one."""
_SEAL_LINE = 2
"""Below the two lines that say what kind of file it is."""


class Launchd:
    """The launchd of the user's own session."""

    name = "launchd"
    encoding = "utf-8"

    def place(self) -> Path:
        """Return where the agents of a user lie."""
        return Path.home() / "Library" / "LaunchAgents" / f"{LABEL}.plist"

    def log(self) -> Path:
        """Return where goes what cannot stand in the watch's own log: why it did not start, say."""
        return Path.home() / "Library" / "Logs" / "stornowacht.log"

    def written(self, plan: Plan) -> str:
        """Return the agent."""
        agent = {
            "Label": LABEL,
            "ProgramArguments": list(plan.command),
            "WorkingDirectory": str(plan.storage),
            "EnvironmentVariables": {"PYTHONUNBUFFERED": "1", LOG_FILE_ONLY: "1", **plan.environment},
            "RunAtLoad": True,
            # Whoever ends it in earnest (exit code 0) is not contradicted; a fault is followed by another attempt.
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": _PAUSE_SECONDS,
            "ExitTimeOut": _STOP_SECONDS,
            # No ProcessType: "Background" also slows down the processor, and a check has its deadline.
            "LowPriorityIO": True,
            "Umask": 0o077,
            "StandardOutPath": str(self.log()),
            "StandardErrorPath": str(self.log()),
        }
        body = plistlib.dumps(agent, sort_keys=False).decode("utf-8")
        return sealed(body, config=plan.config, line=_SEAL_LINE, comment=("<!-- ", " -->"))

    def refusal(self) -> str:
        """Return why launchd does not answer: over ssh, without a login at the screen, there is no session to speak to."""
        answer = ask("launchctl", "print", _domain(), seconds=_SECONDS)
        return "" if answer.is_yes else answer.words or _("launchctl does not answer")

    def start(self, file: Path) -> None:
        """Let launchd forget an older agent and begin with this one."""
        ask("launchctl", "bootout", f"{_domain()}/{LABEL}", seconds=_SECONDS + _STOP_SECONDS)
        # One that was switched off by hand once stays so through every bootstrap.
        require("launchctl", "enable", f"{_domain()}/{LABEL}", seconds=_SECONDS)
        advice = _("What it said stands in {path}.").format(path=self.log())
        require("launchctl", "bootstrap", _domain(), str(file), seconds=_SECONDS, advice=advice)

    def stop(self, file: Path) -> None:
        """End it, and let launchd forget it."""
        if self.running(file).is_known:
            require("launchctl", "bootout", f"{_domain()}/{LABEL}", seconds=_SECONDS + _STOP_SECONDS)

    def forget(self) -> None:
        """Do nothing: launchd has forgotten it with its end."""

    def running(self, file: Path) -> Running:  # noqa: ARG002 - launchd goes by the label
        """Ask launchd."""
        answer = ask("launchctl", "print", f"{_domain()}/{LABEL}", seconds=_SECONDS)
        if not answer.is_yes:
            return Running(is_known=False, is_enabled=False, is_running=False)
        told = dict(re.findall(r"^\t(state|pid|last exit code) = (.*)$", answer.text, re.MULTILINE))
        pid = told.get("pid", "")
        state = told.get("state", "")
        return Running(
            is_known=True,
            is_enabled=True,
            is_running=state == "running",
            pid=int(pid) if pid.isdecimal() else None,
            detail=state,
        )

    def by_hand(self, file: Path) -> tuple[str, ...]:
        """Return what is to be said at the Mac's own screen."""
        return (f"launchctl bootstrap {_domain()} {_quoted(file)}",)

    def leftovers(self) -> tuple[Path, ...]:
        """Return the file that launchd has written."""
        return (self.log(),)

    def remarks(self) -> tuple[str, ...]:
        """Say when it watches, and where its words are."""
        return (
            _("It watches while you are logged in; while the Mac sleeps, nobody watches."),
            _("`stornowacht log` shows what it says; why it did not start would stand in {path}.").format(
                path=self.log()
            ),
        )


def _domain() -> str:
    return f"gui/{os.getuid()}"


def _quoted(path: Path) -> str:
    from shlex import quote  # noqa: PLC0415 - only for whoever has to do it by hand

    return quote(str(path))
