"""Channels are found, and finding them costs next to nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

import notifiers
from notifiers.contract import ChannelKind
from notifiers.discovery import channels
from tests.notifiers.samples import CANCELLED

_PIGEON = """
from dataclasses import dataclass
from pydantic import BaseModel, ConfigDict
from notifiers.contract import ChannelKind
from notifiers.message import Message, Receipt

class PigeonSettings(BaseModel):
    model_config = ConfigDict(extra="forbid")

@dataclass(frozen=True, slots=True, kw_only=True)
class Pigeon:
    name: str = "pigeon"
    def deliver(self, message: Message) -> Receipt:
        return Receipt(channel=self.name, detail=message.subject)
    def probe(self) -> Receipt:
        return Receipt(channel=self.name, detail="coo")

KIND = ChannelKind(name="{name}", settings=PigeonSettings, build=lambda settings, *, app_name, language: Pigeon())
"""


@pytest.fixture
def more_channels(tmp_path, monkeypatch):
    """A folder that belongs to the package for the length of a test."""
    monkeypatch.setattr(notifiers, "__path__", [*notifiers.__path__, str(tmp_path)])
    channels.cache_clear()
    yield tmp_path
    channels.cache_clear()
    for name in [name for name in sys.modules if name.startswith("notifiers.pigeon")]:
        del sys.modules[name]


def test_every_channel_is_there_by_name():
    assert {"apprise", "desktop", "email", "ntfy", "sound", "webhook"} <= set(channels())
    assert all(isinstance(kind, ChannelKind) and kind.name == name for name, kind in channels().items())


def test_one_new_file_is_a_new_channel(more_channels: Path):
    (more_channels / "pigeon.py").write_text(_PIGEON.replace("{name}", "pigeon"))

    kind = channels()["pigeon"]

    channel = kind.build(kind.settings(), app_name="Stornowacht", language="de")
    assert channel.deliver(CANCELLED).detail == CANCELLED.subject


def test_a_name_that_two_files_claim_is_an_error(more_channels: Path):
    (more_channels / "pigeon.py").write_text(_PIGEON.replace("{name}", "email"))

    with pytest.raises(ValueError, match="'email'"):
        channels()


def test_a_file_that_cannot_be_imported_does_not_vanish_in_silence(more_channels: Path):
    (more_channels / "pigeon.py").write_text("import no_such_module\n")

    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        channels()


@pytest.mark.slow
def test_finding_and_building_imports_nothing_heavy():
    code = (
        "import sys; from notifiers.discovery import channels; kinds = channels(); "
        "kinds['desktop'].build(kinds['desktop'].settings(), app_name='x', language='de'); "
        "print([name for name in ('desktop_notifier', 'dbus_fast', 'keyring', 'asyncio', 'apprise', 'requests', 'watcher') "
        "if name in sys.modules])"
    )
    program = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )

    assert program.stdout.strip() == "[]"
