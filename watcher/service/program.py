"""The programs by which a system's service manager is spoken to."""

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.service.fault import ServiceError
from watcher.texts.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a program answered."""

    code: int | None
    """Its exit code; `None` when it is not there, cannot be started or did not come to an end."""
    out: bytes = b""
    words: str = ""
    """The last line of what it complained of."""

    @property
    def is_yes(self) -> bool:
        """Whether it did what it was asked for."""
        return self.code == 0

    @property
    def text(self) -> str:
        """What it printed."""
        return self.out.decode(errors="replace").strip()


def ask(*command: str, seconds: float) -> Answer:
    """Run a program to its end, without a terminal."""
    program = shutil.which(command[0])
    if program is None:
        return Answer(code=None, words=_("{program} is not installed").format(program=command[0]))
    try:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        words = _("{program} has not answered for {seconds:.0f} seconds").format(
            program=command[0], seconds=seconds
        )
        return Answer(code=None, words=words)
    except OSError as error:
        return Answer(code=None, words=error.strerror or str(error))
    said = (
        done.stderr.decode(errors="replace").strip() or done.stdout.decode(errors="replace").strip()
    ).splitlines()
    return Answer(code=done.returncode, out=done.stdout, words=said[-1] if said else "")


def require(*command: str, seconds: float, advice: str = "") -> Answer:
    """Run a program that must say yes.

    Raises:
        ServiceError: it did not.
    """
    answer = ask(*command, seconds=seconds)
    if not answer.is_yes:
        raise ServiceError(
            _("`{command}` did not work: {words}").format(
                command=_shown(command), words=answer.words or answer.code
            ),
            advice=advice,
        )
    return answer


def _shown(command: Sequence[str]) -> str:
    return " ".join(command)
