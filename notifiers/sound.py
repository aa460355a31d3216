"""The channel sound: this machine calls, and says in one line of its terminal why."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from notifiers import plain, setting, tone, words
from notifiers.contract import ChannelKind, DeliveryError
from notifiers.excerpt import excerpt
from notifiers.message import Message, Receipt, Urgency
from notifiers.words import Language

TERMINAL: Final = "STORNOWACHT_TERMINAL"
"""Environment variable: the terminal of whoever started this process, for one that has none of its own."""
_PLAYERS: Final[tuple[tuple[str, ...], ...]] = (
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("afplay",),
    ("canberra-gtk-play", "-f"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
)
_REASON: Final = 200
_TITLE: Final = 120
_LINE: Final = 160
_LINES: Final = 3


class SoundSettings(BaseModel):
    """The table ``[notify.sound]``. It may be empty: its presence switches the channel on."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    player: Annotated[
        str | None,
        Field(
            min_length=1,
            description="The program that plays the sound; the file's name is its only argument. Default: the first that "
            f"works of {', '.join(player for player, *_ in _PLAYERS)}.",
            examples=["paplay"],
        ),
    ] = None
    file: Annotated[
        Path | None,
        Field(
            description="A sound file of your own. Default: a made tone, the more urgent the more insistent.",
            examples=["/home/me/alarm.wav"],
        ),
    ] = None
    line: Annotated[
        bool, Field(description="Also write a line on the terminal, where the program runs in one.")
    ] = True
    timeout: Annotated[float, Field(gt=0, le=60, description="Seconds that the sound may take.")] = 20.0

    @field_validator("file")
    @classmethod
    def _absolute(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        return setting.absolute(value, info)


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundChannel:
    """Plays a sound through a program of this machine, and believes only one that ends well.

    Whether somebody heard it, nobody can say: a loudspeaker that is turned down looks the same.
    """

    settings: SoundSettings
    app_name: str
    language: Language
    name: str = "sound"

    def deliver(self, message: Message) -> Receipt:
        """Plays the sound, and then writes the line; returns once the player has ended with 0.

        Without a terminal there is no line, and that is no failure: the sound is what counts.

        Raises:
            DeliveryError: No player is there (permanent), or none of them played it.
        """
        players = self._players()
        if self.settings.file is None:
            with _kept(tone.alert(message.urgency)) as file:
                receipt = self._played(players, file)
        else:
            receipt = self._played(players, self._own_file(self.settings.file))
        if self.settings.line:
            self._write(message)
        return receipt

    def probe(self) -> Receipt:
        """Plays silence, all the way to the loudspeaker.

        Raises:
            DeliveryError: As with `deliver`.
        """
        players = self._players()
        if self.settings.file is not None:
            self._own_file(self.settings.file)
        with _kept(tone.silence()) as file:
            return self._played(players, file)

    def _players(self) -> Sequence[tuple[str, ...]]:
        wanted = _PLAYERS if self.settings.player is None else ((self.settings.player,),)
        found = [(path, *options) for name, *options in wanted if (path := shutil.which(name)) is not None]
        if not found:
            names = ", ".join(name for name, *_ in wanted)
            raise self._fault(words.SOUND_NO_PLAYER, words.SOUND_PLAYER_ADVICE, permanent=True, names=names)
        return found

    def _played(self, players: Sequence[tuple[str, ...]], file: Path) -> Receipt:
        """By the first that can: one may be installed whose sound server does not run."""
        end = time.monotonic() + self.settings.timeout
        faults: list[tuple[str, str]] = []
        for player in players:
            name, left = Path(player[0]).name, end - time.monotonic()
            if left <= 0:
                break
            reason = self._reason_against(player, file, seconds=left)
            if reason is None:
                return Receipt(channel=self.name, detail=name)
            faults.append((name, reason))
        name, reason = faults[0]
        raise self._fault(words.SOUND_FAILED, words.SOUND_FAILED_ADVICE, player=name, reason=reason)

    def _reason_against(self, player: tuple[str, ...], file: Path, *, seconds: float) -> str | None:
        """None if it played."""
        try:
            done = subprocess.run(
                [*player, str(file)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return words.SOUND_TOO_LONG.said(self.language, seconds=self.settings.timeout)
        except OSError as error:
            return plain.line(error.strerror or str(error), limit=_REASON)
        if done.returncode == 0:
            return None
        said = plain.line(done.stderr.decode("utf-8", "replace"), limit=_REASON)
        return said or f"exit {done.returncode}"

    def _own_file(self, file: Path) -> Path:
        try:
            with file.open("rb") as content:
                content.read(1)
        except OSError as error:
            raise self._fault(
                words.SOUND_FILE,
                words.SOUND_FILE_ADVICE,
                permanent=True,
                path=file,
                reason=error.strerror or str(error),
            ) from error
        return file

    def _write(self, message: Message) -> None:
        said = excerpt(message, private=True, language=self.language, title=_TITLE, lines=_LINES, line=_LINE)
        line = " · ".join([f"{self.app_name}: {said.title}", *said.body.split("\n")])
        bell = "\a" if message.urgency is Urgency.CRITICAL else ""
        _write_line(f"{bell}{line}\n")

    def _fault(
        self, what: words.Phrase, advice: words.Phrase, *, permanent: bool = False, **values: object
    ) -> DeliveryError:
        return DeliveryError(
            what.said(self.language, **values), permanent=permanent, advice=advice.said(self.language)
        )


def _write_line(text: str) -> None:
    """On the terminal, if there is one."""
    try:
        place = os.environ.get(TERMINAL) or os.ttyname(sys.stderr.fileno())
        # It stays theirs, and one that is held (Ctrl-S) does not hold us.
        terminal = os.open(place, os.O_WRONLY | os.O_NOCTTY | os.O_NONBLOCK)
    except (OSError, ValueError, AttributeError):
        return  # none, or not on this system
    try:
        if os.isatty(terminal):
            os.write(terminal, text.encode("utf-8", "replace"))
    except OSError:
        pass  # gone, or held
    finally:
        os.close(terminal)


@contextmanager
def _kept(wav: bytes) -> Iterator[Path]:
    """A file for as long as somebody plays it."""
    with tempfile.TemporaryDirectory(prefix="stornowacht-") as folder:
        file = Path(folder) / "alert.wav"
        file.write_bytes(wav)
        yield file


def build(settings: SoundSettings, *, app_name: str, language: Language) -> SoundChannel:
    """Build the channel; nothing is played yet."""
    return SoundChannel(settings=settings, app_name=app_name, language=language)


KIND = ChannelKind(name="sound", settings=SoundSettings, build=build)
