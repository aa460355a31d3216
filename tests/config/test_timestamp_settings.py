"""The table [timestamp]: whom is asked, and that nobody outside hears of a practice."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.every import every
from tests.timestamping.authority import identity
from watcher.config import Config, ConfigError
from watcher.example import example_config
from watcher.timestamping.authority import authorities

Load = Callable[[str], Config]
HERE = '[site]\nbase_url = "http://127.0.0.1:8000"\ngateway_url = "http://127.0.0.1:8001"\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / "root.pem"
    path.write_text(identity("Root").pem, encoding="ascii")
    return path


def test_without_the_table_nobody_is_asked(config: Load) -> None:
    loaded = config("")
    assert (loaded.timestamp, loaded.stamped_by) == (None, ())


def test_known_authorities_are_asked_by_their_names(config: Load) -> None:
    loaded = config('[timestamp]\nauthorities = ["digicert", "sectigo", "digicert"]\n')
    assert loaded.stamped_by == ("digicert", "sectigo")


def test_an_own_authority_is_asked_without_being_named_twice(config: Load, root: Path) -> None:
    own = f'[[timestamp.authority]]\nname = "mine"\nurl = "https://tsa.example/tsr"\nroots = "{root}"\n'
    assert config(own).stamped_by == ("mine",)
    named = '[timestamp]\nauthorities = ["digicert"]\n' + own
    assert config(named).stamped_by == ("digicert",)


def test_paths_count_from_the_configs_folder(config: Load, root: Path) -> None:
    own = '[[timestamp.authority]]\nname = "mine"\nurl = "https://tsa.example/"\nroots = "root.pem"\n'
    loaded = config(own).timestamp
    assert loaded is not None
    assert loaded.authority[0].roots == root


def test_a_practice_site_is_nobodys_business_outside(config: Load, root: Path) -> None:
    known = HERE + '[timestamp]\nauthorities = ["digicert", "mine"]\n'
    own = f'[[timestamp.authority]]\nname = "mine"\nurl = "http://127.0.0.1:9/tsa"\nroots = "{root}"\n'
    assert config(known + own).stamped_by == ("mine",)
    far = own.replace("127.0.0.1:9", "tsa.example")
    assert config(known + far).stamped_by == ()


OWN = '[[timestamp.authority]]\nname = "mine"\n'


@every(
    ("text", "said"),
    [
        ("[timestamp]\n", "authorities is empty"),
        (
            '[timestamp]\nauthorities = ["nobody"]\n',
            "there is no authority 'nobody'; known are dfn, digicert",
        ),
        ('[timestamp]\nauthorities = ["sectigo_qualified"]\n', "its root certificate must come from you"),
        (OWN, "url is missing"),
        (OWN + 'url = "https://tsa.example/"\n', "roots is missing"),
        (OWN + 'url = "ftp://tsa.example/"\nroots = "a.pem"\n', "write an address"),
        (OWN + 'url = "https://me:secret@tsa.example/"\nroots = "a.pem"\n', "write an address"),
        (OWN + 'url = "https://tsa.example/"\nroots = ""\n', "must be a path"),
        (OWN + 'url = "https://tsa.example/"\nroots = "a.pem"\nqualified = "perhaps"\n', "qualified"),
        ((OWN + 'url = "https://tsa.example/"\nroots = "a.pem"\n') * 2, "the same name"),
        (OWN.replace("mine", "My Own") + 'url = "https://tsa.example/"\nroots = "a.pem"\n', "name"),
    ],
)
def test_a_mistake_is_told_with_its_place(config: Load, text: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config(text)
    assert said in caught.value.message
    assert "timestamp" in caught.value.message
    assert "secret" not in caught.value.message


def test_the_description_names_every_authority_that_can_be_asked_at_once() -> None:
    text = example_config()
    for name, facts in authorities().items():
        if facts.roots:
            assert name in text


def test_the_example_with_answers_asks_them(config: Load) -> None:
    text = example_config({"": {"language": "en"}, "timestamp": {"authorities": ["digicert", "sectigo"]}})
    assert config(text).stamped_by == ("digicert", "sectigo")
