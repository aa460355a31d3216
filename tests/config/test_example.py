"""The commented example is made from the model: it loads, says everything, and can be uncommented line by line."""

import tomllib
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from notifiers.discovery import channels
from tests.support.every import every
from watcher.config import Config
from watcher.config_file import load
from watcher.example import TABLES, example_config
from watcher.texts import language

MODELS = [*(model for _, model in TABLES), *(kind.settings for kind in channels().values())]
ANSWERS: dict[str, dict[str, Any]] = {
    "": {"language": "en"},
    "terms": {"i_accept_the_risk": True},
    "account": {"name": "second"},
    "storage": {"dir": 'C:\\data "mine" \x7f ü'},
    "notify.email": {
        "to": "me@gmx.de",
        "preset": "gmx",
        "username": "me@gmx.de",
        "password": "keyring:stornowacht/me@gmx.de",
    },
    "notify.desktop": {},
}


def written(folder: Path, text: str) -> Config:
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load(folder / "config.toml")


@pytest.fixture(params=["de", "en"])
def spoken(request: pytest.FixtureRequest) -> str:
    language.use(request.param)
    return str(request.param)


@pytest.mark.usefixtures("spoken")
def test_the_example_is_the_default(tmp_path: Path) -> None:
    assert written(tmp_path, example_config()).model_dump() == written(tmp_path, "").model_dump()


@pytest.mark.usefixtures("spoken")
def test_answers_come_back_as_they_were_given(tmp_path: Path) -> None:
    config = written(tmp_path, example_config(ANSWERS))
    assert (config.language, config.terms.i_accept_the_risk) == ("en", True)
    assert config.account[0].name == "second"
    assert config.storage.dir is not None
    assert str(config.storage.dir).endswith(ANSWERS["storage"]["dir"])
    assert sorted(config.channels) == ["desktop", "email"]
    assert config.channels["email"].password == "keyring:stornowacht/me@gmx.de"  # type: ignore[attr-defined]


@every("model", MODELS)
def test_every_setting_says_what_it_is_for(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        assert field.description, name


def test_every_setting_stands_in_the_example() -> None:
    text = example_config()
    for model in MODELS:
        for name in model.model_fields:
            assert f"# {name} =" in text or f".{name}]]" in text


def test_every_table_of_the_config_stands_in_the_example() -> None:
    text = example_config()
    for name, field in Config.model_fields.items():
        if name not in {"language", "notify"}:
            assert f"[{name}]" in text or f"[{name}." in text, field


def test_every_default_in_the_example_can_be_uncommented(tmp_path: Path) -> None:
    lines = example_config().splitlines()
    settings = [
        index
        for index, line in enumerate(lines)
        if _is_setting(line) and not _is_of_an_optional_table(lines, index)
    ]
    assert len(settings) > 12
    for index in settings:
        changed = [line.removeprefix("# ") if number == index else line for number, line in enumerate(lines)]
        written(tmp_path, "\n".join(changed))


def _is_setting(line: str) -> bool:
    name, equals, value = line.removeprefix("# ").partition(" = ")
    if not line.startswith("# ") or not equals or not name.isidentifier():
        return False
    try:
        tomllib.loads(f"x = {value}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def _is_of_an_optional_table(lines: list[str], index: int) -> bool:
    heading = next(
        line for line in reversed(lines[: index + 1]) if line.lstrip("# ").startswith("[") or line == lines[0]
    )
    return heading.startswith("# [")


@pytest.mark.parametrize("heading", ["[[account.page]]", "[mailbox]", "[tracking.dhl]", "[[layout]]"])
def test_an_optional_table_can_be_uncommented_as_a_whole(tmp_path: Path, heading: str) -> None:
    lines = example_config().splitlines()
    begin = lines.index(f"# {heading}")
    end = next(number for number, line in enumerate([*lines, ""]) if number > begin and not line)
    table = [line.removeprefix("# ") for line in lines[begin:end] if _is_setting(line) or heading in line]
    written(tmp_path, "\n".join([*lines[:begin], *table, *lines[end:]]))


def test_no_line_of_the_example_is_too_long_to_read() -> None:
    assert max(map(len, example_config().splitlines())) <= 120


def test_all_languages_can_be_chosen() -> None:
    assert set(get_args(Config.model_fields["language"].annotation)) == {"de", "en"}
