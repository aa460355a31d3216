from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from watcher.config import Config, ConfigError
from watcher.config_file import load
from watcher.texts import language


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv("STORNOWACHT_CONFIG", raising=False)
    before = language.current()
    language.use("en")
    yield
    language.use(before)


@pytest.fixture
def config(tmp_path: Path) -> Callable[[str], Config]:
    """Load a config of this text, in English unless it says otherwise."""

    def write_and_load(text: str) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(text if "language" in text else f'language = "en"\n{text}', encoding="utf-8")
        return load(path)

    return write_and_load


@pytest.fixture
def mistakes(config: Callable[[str], Config]) -> Callable[[str], list[str]]:
    """Return the lines in which the mistakes of a config are told, without the heading."""

    def told(text: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            config(text)
        heading, *lines = caught.value.message.splitlines()
        assert "config.toml" in heading
        return [line.strip() for line in lines]

    return told
