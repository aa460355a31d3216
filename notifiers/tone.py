"""The sounds of an alert, made here: no file to ship, none to lose."""

import io
import math
import wave
from array import array
from collections.abc import Sequence
from typing import Final

from notifiers.message import Urgency

RATE: Final = 22_050
_LOUDEST: Final = 32_767
_FADE: Final = 0.012  # seconds; without it each note begins and ends with a click
_REST: Final = 0.0  # as a frequency

# Frequency in hertz, seconds, loudness from 0 to 1.
_Note = tuple[float, float, float]
_CALL: Final[tuple[_Note, ...]] = ((988.0, 0.12, 0.9), (740.0, 0.12, 0.9), (_REST, 0.06, 0.0))
_MELODIES: Final[dict[Urgency, Sequence[_Note]]] = {
    Urgency.LOW: ((659.0, 0.25, 0.3),),
    Urgency.NORMAL: ((659.0, 0.18, 0.5), (880.0, 0.35, 0.5)),
    Urgency.CRITICAL: (*_CALL * 2, (_REST, 0.15, 0.0), *_CALL * 2),
}
_SILENCE: Final[Sequence[_Note]] = ((_REST, 0.1, 0.0),)


def alert(urgency: Urgency) -> bytes:
    """A WAV file that is told apart by ear: one soft note, two notes, a call that does not let go."""
    return _wav(_MELODIES[urgency])


def silence() -> bytes:
    """A WAV file in which nothing is heard, played like any other."""
    return _wav(_SILENCE)


def _wav(notes: Sequence[_Note]) -> bytes:
    samples = array("h")
    for note in notes:
        samples.extend(_samples(*note))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(samples.itemsize)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
    return file.getvalue()


def _samples(frequency: float, seconds: float, loudness: float) -> Sequence[int]:
    count, fade = int(seconds * RATE), int(_FADE * RATE)
    turn = math.tau * frequency / RATE
    return [
        int(_LOUDEST * loudness * min(1.0, at / fade, (count - at) / fade) * math.sin(turn * at))
        for at in range(count)
    ]
