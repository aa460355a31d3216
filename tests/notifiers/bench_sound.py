"""The opposite number of the channel sound: a player that only takes a real WAV file, and a terminal that is looked at."""

import os
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notifiers.sound import TERMINAL
from tests.notifiers.bench import Bench

_PLAYER = """#!{python}
import sys, wave
from pathlib import Path
sound = wave.open(sys.argv[1])
if Path({gone!r}).exists():
    sys.exit("no such device")
if any(sound.readframes(sound.getnframes())):
    with open({played!r}, "ab") as played:
        played.write(b".")
"""


@contextmanager
def terminal(environment: pytest.MonkeyPatch) -> Iterator[int]:
    """The side of a terminal on which a person sits."""
    person, program = os.openpty()
    attributes = termios.tcgetattr(program)
    attributes[1] = 0  # what is written arrives as it is
    termios.tcsetattr(program, termios.TCSANOW, attributes)
    os.set_blocking(person, False)
    environment.setenv(TERMINAL, os.ttyname(program))
    try:
        yield person
    finally:
        os.close(person)
        os.close(program)


def seen(person: int) -> str:
    """Everything that has come so far; a terminal hands it over in pieces."""
    pieces = []
    while True:
        try:
            pieces.append(os.read(person, 65536))
        except BlockingIOError:
            return b"".join(pieces).decode("utf-8")


@contextmanager
def bench(folder: Path, environment: pytest.MonkeyPatch) -> Iterator[Bench]:
    player, gone, played = folder / "player", folder / "gone", folder / "played"
    player.write_text(_PLAYER.format(python=sys.executable, gone=str(gone), played=str(played)))
    player.chmod(0o700)
    lines: list[str] = []
    with terminal(environment) as person:

        def arrived() -> list[str]:
            # Our own bell is no part of what strangers wrote.
            lines.extend(line.removeprefix("\a") for line in seen(person).split("\n") if line)
            assert len(lines) == (played.stat().st_size if played.exists() else 0), "a sound with each line"
            return list(lines)

        yield Bench(settings={"player": str(player), "timeout": 10}, arrived=arrived, die=gone.touch)
