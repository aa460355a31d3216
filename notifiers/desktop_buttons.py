"""What is asked of the program that keeps watch over a notification's buttons, and how it is started."""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Final, Self

_PROGRAM: Final = "notifiers.vigil"
_START_SECONDS: Final = 5.0


class Outcome(StrEnum):
    """How it went."""

    SHOWN = "shown"
    REFUSED = "refused"
    NO_SERVICE = "no service"
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the program said before it was on its own; the reason is that of the desktop."""

    outcome: Outcome
    reason: str = ""

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def of_json(cls, text: str) -> Self:
        """What `to_json` has written; silence for anything else."""
        try:
            parts = json.loads(text)
            return cls(outcome=Outcome(parts["outcome"]), reason=str(parts["reason"]))
        except (ValueError, LookupError, TypeError):
            return cls(outcome=Outcome.SILENCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """Opens `url` or answers with `token`; one of them is set."""

    label: str
    url: str | None = None
    token: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is to be shown and watched over.

    Attributes:
        name: On the bus. Whoever takes it makes the program close its notification and end.
        escapes: The service reads the body as markup.
        urgency, expires: As the service's Notify takes them.
        folder: Where answers are laid.
        kept: What to say when an answer is laid there.
        could_not_open, could_not_keep: What to say when a button fails, with ``{url}`` and ``{reason}``.
        confirm_seconds: How long it may take until the desktop has confirmed.
        watch_seconds: How long the buttons work.
    """

    name: str
    app_name: str
    title: str
    body: str
    escapes: bool
    urgency: int
    expires: int
    buttons: tuple[Button, ...]
    folder: str | None
    kept: str
    could_not_open: str
    could_not_keep: str
    confirm_seconds: float
    watch_seconds: float

    def to_json(self) -> str:
        """As the program reads it."""
        return json.dumps(asdict(self))

    @classmethod
    def of_json(cls, text: str) -> Self:
        """What `to_json` has written."""
        parts = json.loads(text)
        buttons = tuple(Button(**button) for button in parts.pop("buttons"))
        return cls(buttons=buttons, **parts)


def show(request: Request) -> Shown:
    """Start the program and return what it says; it stays behind if the notification is shown.

    It leaves this process at once, in a session of its own: neither the end of a delivery nor the end of the one who
    delivers ends it, and nobody has to wait for it. Takes `confirm_seconds` and a few seconds more at most.
    """
    # -P: whatever lies in the working directory is none of our modules.
    command = [sys.executable, "-P", "-m", _PROGRAM]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as program:
        try:
            said, _ = program.communicate(request.to_json(), timeout=request.confirm_seconds + _START_SECONDS)
        except subprocess.TimeoutExpired:
            program.kill()
            return Shown(outcome=Outcome.SILENCE)
    return Shown.of_json(said)
