"""The command line, called in this process with its own config and data."""

import json
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from watcher.bootstrap import House
from watcher.cli.entry import run
from watcher.texts import language, own


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def all(self) -> str:
        return self.out + self.err


@dataclass(slots=True)
class CommandLine:
    folder: Path
    capture: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch
    tables: dict[str, str] = field(default_factory=dict)
    """Heading -> lines of the config."""

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def write_config(self, *, terms: bool = True, spoken: str = "en", more: str = "") -> None:
        """Write a config; without a table `[remind]` in `more` nothing waits for the morning, at whatever hour tests run."""
        awake = "" if "[remind]" in more else '\n[remind]\nquiet_hours = ""\n'
        self.config.write_text(
            f'language = "{spoken}"\n[terms]\ni_accept_the_risk = {str(terms).lower()}\n'
            f'[storage]\ndir = "{self.data}"\n{more}{awake}',
            encoding="utf-8",
        )

    def __call__(self, *arguments: str, with_config: bool = True) -> Said:
        self.capture.readouterr()
        code = run([*arguments, *(["--config", str(self.config)] if with_config else [])])
        out, err = self.capture.readouterr()
        assert "Traceback" not in out + err
        return Said(code=code, out=out, err=err)

    def use_visitor(self, visitor: object) -> None:
        """Let checks be made with this visitor in place of a browser."""
        self.patch.setattr(House, "visitor", lambda _: nullcontext(visitor))

    def use_postman(self, postman: object) -> None:
        self.patch.setattr(House, "postman", lambda _: postman)


@pytest.fixture
def cli(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.delenv("STORNOWACHT_CONFIG", raising=False)
    monkeypatch.setattr(language, "_in_force", ["en"])
    monkeypatch.setattr(own, "_in_force", [None])
    line = CommandLine(tmp_path, capsys, monkeypatch)
    line.write_config()
    return line
