"""The channel sound: real players, real WAV files, a real terminal."""

import io
import os
import shutil
import wave
from array import array
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from notifiers import tone
from notifiers.contract import DeliveryError
from notifiers.message import Urgency
from notifiers.sound import TERMINAL, SoundChannel, SoundSettings, build
from tests.notifiers.bench_sound import seen, terminal
from tests.notifiers.samples import CANCELLED, HOSTILE

pytestmark = pytest.mark.skipif(os.name != "posix", reason="players are looked for on POSIX systems")


def _channel(*, language="de", **settings) -> SoundChannel:
    return build(SoundSettings.model_validate(settings), app_name="Stornowacht", language=language)


def _program(folder: Path, name: str, words: str) -> Path:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{words}\n")
    program.chmod(0o700)
    return program


@pytest.fixture
def alone(tmp_path, monkeypatch) -> Path:
    """A folder that holds the only programs there are."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture
def recorder(tmp_path, monkeypatch) -> Path:
    """Debian's aplay, whose loudspeaker is a file."""
    if shutil.which("aplay") is None:
        pytest.skip("aplay is not installed (Debian: alsa-utils)")
    heard, config = tmp_path / "heard.wav", tmp_path / "asound.conf"
    config.write_text(
        f'pcm.!default {{ type file slave.pcm null file "{heard}" format wav }}\npcm.null {{ type null }}\n'
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(config))
    return heard


def _samples(wav: bytes) -> array:
    with wave.open(io.BytesIO(wav)) as sound:
        return array("h", sound.readframes(sound.getnframes()))


def test_aplay_plays_it_to_the_loudspeaker(recorder):
    receipt = _channel(player="aplay").deliver(replace(CANCELLED, urgency=Urgency.NORMAL))

    assert receipt.detail == "aplay"
    heard = _samples(recorder.read_bytes())
    assert max(heard) > 10_000
    assert len(heard) >= len(_samples(tone.alert(Urgency.NORMAL)))


def test_a_probe_goes_all_the_way_and_nothing_is_heard(recorder):
    assert _channel(player="aplay").probe().detail == "aplay"

    assert set(_samples(recorder.read_bytes())) == {0}


def test_the_more_urgent_the_longer_and_louder():
    low, normal, critical = (
        _samples(tone.alert(urgency)) for urgency in (Urgency.LOW, Urgency.NORMAL, Urgency.CRITICAL)
    )

    assert len(low) < len(normal) < len(critical)
    assert max(low) < max(normal) < max(critical) <= 32_767


@pytest.mark.parametrize("urgency", Urgency)
def test_a_tone_begins_and_ends_without_a_click(urgency):
    samples = _samples(tone.alert(urgency))

    assert samples[0] == 0
    assert abs(samples[-1]) < 1_000
    assert max(abs(b - a) for a, b in pairwise(samples)) < 12_000


def test_the_line_says_what_has_happened(alone, monkeypatch):
    player = _program(alone, "beep", "exit 0")
    with terminal(monkeypatch) as person:
        _channel(player=str(player)).deliver(CANCELLED)

        assert (
            seen(person)
            == "\aStornowacht: Storniert: Kinderfahrrad, 45 € · Kinderfahrrad, 45 € · Paket NICHT abgeben\n"
        )


def test_only_what_is_critical_rings_the_terminals_bell(alone, monkeypatch):
    player = _program(alone, "beep", "exit 0")
    with terminal(monkeypatch) as person:
        _channel(player=str(player)).deliver(replace(CANCELLED, urgency=Urgency.NORMAL))

        assert "\a" not in seen(person)


def test_strangers_cannot_steer_the_terminal(alone, monkeypatch):
    player = _program(alone, "beep", "exit 0")
    with terminal(monkeypatch) as person:
        _channel(player=str(player)).deliver(HOSTILE)

        line = seen(person)
    assert line.startswith("\a")
    assert line.endswith("\n")
    assert line[1:-1].isprintable()


def test_the_line_can_be_switched_off(alone, monkeypatch):
    player = _program(alone, "beep", "exit 0")
    with terminal(monkeypatch) as person:
        _channel(player=str(player), line=False).deliver(CANCELLED)

        assert seen(person) == ""


@pytest.mark.parametrize("place", [None, "/nowhere/tty", os.devnull])
def test_without_a_terminal_it_is_the_sound_that_counts(alone, monkeypatch, place, capfd):
    monkeypatch.delenv(TERMINAL, raising=False)
    if place:
        monkeypatch.setenv(TERMINAL, place)
    player = _program(alone, "beep", "exit 0")

    assert _channel(player=str(player)).deliver(CANCELLED).detail == "beep"
    assert capfd.readouterr() == ("", "")


def test_a_player_that_fails_is_quoted_and_nothing_is_claimed(alone, monkeypatch):
    player = _program(alone, "beep", "printf 'no \\033[31mdevice\\n' >&2; exit 3")
    with terminal(monkeypatch) as person:
        with pytest.raises(DeliveryError, match=r"beep hat den Ton nicht abgespielt: no .*device") as caught:
            _channel(player=str(player)).deliver(CANCELLED)

        assert seen(person) == ""
    assert not caught.value.permanent
    assert caught.value.message.isprintable()


def test_a_player_that_says_nothing_is_told_by_its_code(alone):
    player = _program(alone, "beep", "exit 3")

    with pytest.raises(DeliveryError, match="exit 3"):
        _channel(player=str(player)).deliver(CANCELLED)


def test_a_player_that_never_ends_is_ended(alone):
    player = _program(alone, "beep", "exec /bin/sleep 60")

    with pytest.raises(DeliveryError, match=r"nicht fertig nach 0\.2 s"):
        _channel(player=str(player), timeout=0.2).deliver(CANCELLED)


def test_the_next_player_is_tried_when_the_first_cannot(alone):
    _program(alone, "paplay", "exit 1")
    _program(alone, "aplay", 'test "$1" = -q && test -s "$2"')

    assert _channel().deliver(CANCELLED).detail == "aplay"


def test_without_any_player_it_names_those_it_looked_for(alone):
    with pytest.raises(DeliveryError, match="paplay, aplay") as caught:
        _channel().deliver(CANCELLED)

    assert caught.value.permanent
    assert "alsa-utils" in caught.value.advice


def test_a_player_that_is_not_there_is_named(alone):
    with pytest.raises(DeliveryError, match="beep"):
        _channel(player="beep").probe()


def test_a_file_of_ones_own_is_played(alone, tmp_path):
    player = _program(alone, "beep", 'read line < "$1" && test "$line" = mine')
    (tmp_path / "alarm.ogg").write_text("mine\n")

    _channel(player=str(player), file=str(tmp_path / "alarm.ogg")).deliver(CANCELLED)


@pytest.mark.parametrize("act", ["deliver", "probe"])
def test_a_file_that_is_not_there_is_named(alone, tmp_path, act):
    player = _program(alone, "beep", "exit 0")

    with pytest.raises(DeliveryError, match=r"alarm\.ogg") as caught:
        getattr(_channel(player=str(player), file=str(tmp_path / "alarm.ogg")), act)(
            *([CANCELLED] if act == "deliver" else [])
        )

    assert caught.value.permanent


def test_a_relative_file_counts_from_the_configs_folder(tmp_path):
    settings = SoundSettings.model_validate({"file": "alarm.wav"}, context={"base": tmp_path})

    assert settings.file == tmp_path / "alarm.wav"


def test_nothing_is_left_lying_about(alone, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    player = _program(alone, "beep", "exit 1")

    with pytest.raises(DeliveryError):
        _channel(player=str(player)).deliver(CANCELLED)

    assert list((tmp_path / "temp").iterdir()) == []
