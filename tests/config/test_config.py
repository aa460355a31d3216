"""The config: what it means, and how every mistake in it is told at once."""

import os
import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.every import every
from watcher.config import FLOOR, LOOPBACK_FLOOR, Config, ConfigError, default_path
from watcher.config_file import load, peek_language
from watcher.settings.table import is_loopback
from watcher.texts import language

Load = Callable[[str], Config]
Told = Callable[[str], list[str]]

LOOPBACK = """
[site]
base_url = "http://127.0.0.1:8000"
gateway_url = "http://localhost:8001"
"""


def test_an_empty_config_is_the_default(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    config = load(tmp_path / "config.toml")
    assert config.language == "de"
    assert not config.terms.i_accept_the_risk
    assert [account.name for account in config.account] == ["main"]
    assert config.channels == {}
    assert config.floor == FLOOR


def test_all_mistakes_are_told_at_once_each_with_its_place(mistakes: Told) -> None:
    told = mistakes(
        """
[terms]
i_accept_the_risk = "perhaps"
[watch]
hot = "1s"
lvie = "20m"
threads_per_check = "many"
[[account]]
name = "a b"
[notify.email]
too = "x"
[storge]
dir = "x"
"""
    )
    assert {line.partition(": ")[0] for line in told} >= {
        "[terms] i_accept_the_risk",
        "[watch] hot",
        "[watch] lvie",
        "[watch] threads_per_check",
        '[[account]] number 1 ("a b"), name',
        "[notify.email] too",
        "[notify.email] to",
        "storge",
    }


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ('[watch]\nlvie = "20m"', "live"),
        ("[term]", "terms"),
        ("[[acount]]", "account"),
        ("[notify.emial]", "email"),
        ('[notify.email]\npasword = "env:X"', "password"),
        ('[site]\nbase_ulr = "x"', "base_url"),
    ],
)
def test_a_misspelt_name_comes_with_a_guess(mistakes: Told, text: str, guess: str) -> None:
    assert any(f"did you mean {guess}?" in line for line in mistakes(text))


def test_a_name_like_no_other_comes_without_a_guess(mistakes: Told) -> None:
    assert mistakes("xyzzy = 1") == ["xyzzy: there is no such setting"]


@every(
    ("text", "told"),
    [
        ('[terms]\ni_accept_the_risk = "perhaps"', "[terms] i_accept_the_risk: must be true or false"),
        ("[terms]\ni_accept_the_risk = []", "[terms] i_accept_the_risk: must be true or false"),
        ("terms = 3", "terms: must be a table"),
        ("notify = 3", "notify: must be a table"),
        ("[notify]\nemail = true", "[notify] email: must be a table"),
        ('[watch]\nthreads_per_check = "x"', "[watch] threads_per_check: must be a whole number"),
        ("[watch]\nthreads_per_check = 1.5", "[watch] threads_per_check: must be a whole number"),
        ("[watch]\nthreads_per_check = 0", "[watch] threads_per_check: must be at least 1"),
        ("[watch]\nthreads_per_check = 999", "[watch] threads_per_check: must be at most 200"),
        ("[storage]\ndir = 3", "[storage] dir: must be a path in quotes"),
        ('[storage]\ndir = ""', "[storage] dir: must be a path in quotes"),
        ('[storage]\ndir = "a\\u0000b"', "[storage] dir: must be a path in quotes"),
        ('[storage]\ndir = "~nobody-of-this-name/x"', "[storage] dir: there is no such user's home folder"),
        ("[site]\nbase_url = 3", "[site] base_url: must be a text in quotes"),
        ("[account]\nname = 'main'", "account: must be a list in square brackets"),
        ("account = []", "account: at least one entry is needed, and it must be right"),
        ('[remind]\nevery = "0s"', "[remind] every: must be at least 1s"),
        ('[browser]\nvisit = "0m"', "[browser] visit: must be at least 1s"),
        ('[remind]\nevery = "999d"', "[remind] every: must be at most 366d"),
        ("[notify.desktop]\ntimeout = 0", "[notify.desktop] timeout: must be more than 0.0"),
        ("[notify.desktop]\ntimeout = 99", "[notify.desktop] timeout: must be at most 60.0"),
        ('[notify.desktop]\ntimeout = "x"', "[notify.desktop] timeout: must be a number"),
        ('language = "fr"', 'language: must be one of "de", "en"'),
        ('[[account]]\nname = "a"\n[[account]]\nname = "A"', "account: two accounts have the same name"),
    ],
)
def test_a_wrong_value_is_told_in_plain_words(mistakes: Told, text: str, told: str) -> None:
    assert mistakes(text) == [told]


@pytest.mark.parametrize("value", ['"20"', "20", '"20 minutes"', '"-5m"', '"1.5h"', '""', "true", '"m"'])
def test_a_span_needs_a_number_and_a_unit(mistakes: Told, value: str) -> None:
    [told] = mistakes(f"[watch]\nlive = {value}")
    assert told == '[watch] live: write a number and a unit: "90s", "20m", "2h" or "1d"'


@pytest.mark.parametrize("name", ["", "a b", "../x", "-x", "a/b", "x" * 41, "ä", ".", "a\\u001b[2J", "a\\n"])
def test_an_accounts_name_is_fit_for_a_folder(mistakes: Told, name: str) -> None:
    [told] = mistakes(f'[[account]]\nname = "{name}"')
    assert told.startswith("[[account]] number 1")
    assert ", name: letters, digits" in told
    assert told.isprintable()


@pytest.mark.parametrize(
    "url",
    [
        "www.kleinanzeigen.de",
        "ftp://example.org",
        "https://example.org/path",
        "https://example.org?q=1",
        "https://example.org#part",
        "https://user:secret@example.org",
        "https://",
        "https://example.org:99999",
        "https://example.org:x",
        "https://[::1",
        "https://exa mple.org",
        "https://example.org\\u0007",
        "",
    ],
)
def test_an_address_is_scheme_host_and_port_and_nothing_else(mistakes: Told, url: str) -> None:
    [told] = mistakes(f'[site]\nbase_url = "{url}"')
    assert told.startswith("[site] base_url: write an address")
    assert "secret" not in told


@pytest.mark.parametrize(
    "url", ["http://www.kleinanzeigen.de", "http://localhost.example.org", "http://10.0.0.1"]
)
def test_only_this_machine_may_be_asked_without_encryption(mistakes: Told, url: str) -> None:
    [told] = mistakes(f'[site]\ngateway_url = "{url}"')
    assert told == "[site] gateway_url: an address without https is only good for this very machine"


def test_an_address_may_end_with_a_slash(config: Load) -> None:
    assert config('[site]\nbase_url = "https://example.org/"').site.base_url == "https://example.org"


@pytest.mark.parametrize("proxy", ["proxy:80", "http://", "http://a b", "ftp://x", "http://a,http://b", ""])
def test_a_proxy_is_an_address(mistakes: Told, proxy: str) -> None:
    [told] = mistakes(f'[browser]\nproxy = "{proxy}"')
    assert told.startswith("[browser] proxy: write an address")


@pytest.mark.parametrize("name", ["hot", "live", "quiet"])
def test_no_setting_undercuts_the_floor_of_a_real_site(mistakes: Told, name: str) -> None:
    [told] = mistakes(f'[watch]\n{name} = "299s"')
    assert told == f"[watch] {name}: 5m is the shortest; the site is not ours"


def test_every_interval_below_the_floor_is_told(mistakes: Told) -> None:
    assert len(mistakes('[watch]\nhot = "1s"\nlive = "2s"\nquiet = "3s"')) == 3


def test_the_practice_shop_may_be_visited_every_second(config: Load) -> None:
    loaded = config(LOOPBACK + '[watch]\nhot = "1s"\nlive = "1s"\nquiet = "1s"')
    assert loaded.floor == LOOPBACK_FLOOR
    assert loaded.pace.hot == timedelta(seconds=1)


def test_on_loopback_there_is_a_floor_as_well(mistakes: Told) -> None:
    [told] = mistakes(LOOPBACK + '[watch]\nhot = "0s"')
    assert told.startswith("[watch] hot: 1s is the shortest")


def test_a_gateway_that_is_not_ours_keeps_the_floor_up(mistakes: Told) -> None:
    [told] = mistakes('[site]\nbase_url = "http://127.0.0.1:8000"\n[watch]\nhot = "1s"')
    assert told.startswith("[watch] hot: 5m is the shortest")


def test_the_floor_holds_without_a_file_too() -> None:
    with pytest.raises(ValueError, match="5m"):
        Config.model_validate({"watch": {"hot": "1s"}})


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1", "http://127.8.9.1:1", "http://[::1]:80", "http://localhost"]
)
def test_loopback_is_known(url: str) -> None:
    assert is_loopback(url)


@pytest.mark.parametrize("url", ["", "x", "http://[::1", "http://127.0.0.1.example.org", "http://0.0.0.0"])
def test_what_is_not_loopback_is_not_taken_for_it(url: str) -> None:
    assert not is_loopback(url)


def test_paths_count_from_the_configs_own_folder(config: Load, tmp_path: Path) -> None:
    loaded = config('[storage]\ndir = "data"\n[browser]\nexecutable = "bin/chromium"')
    assert loaded.storage_dir == tmp_path / "data"
    assert loaded.browser.executable == tmp_path / "bin" / "chromium"


def test_a_whole_path_stays_as_it_is_and_the_home_folder_is_known(config: Load) -> None:
    assert config('[storage]\ndir = "/srv/data"').storage_dir == Path("/srv/data")
    assert config('[storage]\ndir = "~/data"').storage_dir == Path.home() / "data"


def test_without_a_folder_the_platforms_own_is_used(config: Load) -> None:
    assert config("").storage_dir.name == "stornowacht"


def test_mistakes_are_told_in_the_language_that_the_config_names(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    for named in ("en", "de"):
        path.write_text(f'language = "{named}"\nxyzzy = 1\n[notify.email]\nto = "nonsense"\nhost = "x"')
        with pytest.raises(ConfigError):
            load(path)
        assert language.current() == named


def test_the_words_of_a_channels_mistake_follow_the_config(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    words = []
    for named in ("en", "de"):
        path.write_text(f'language = "{named}"\n[notify.email]\nto = "nonsense"\nhost = "x"')
        with pytest.raises(ConfigError) as caught:
            load(path)
        words.append(caught.value.message.splitlines()[1])
    assert words[0] != words[1]


@pytest.mark.parametrize("text", ["[watch", "a = ", "a = 1\na = 2", '"x', "=", "a = " + "[" * 5000])
def test_what_is_no_toml_is_told_with_the_files_name(config: Load, text: str) -> None:
    with pytest.raises(ConfigError, match=r"config\.toml is not valid TOML"):
        config(text)


def test_a_missing_file_is_told_with_the_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / "nowhere" / "config.toml")
    assert "config.toml" in caught.value.message
    assert "stornowacht init" in caught.value.advice


def test_a_folder_in_the_configs_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


def test_a_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xff\xfe\x00language")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "config.toml")


def test_a_path_that_cannot_be_one_is_told() -> None:
    for path in (Path("a\0b"), Path("x" * 5000)):
        with pytest.raises(ConfigError, match="cannot be read"):
            load(path)


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        (tmp_path / "config.toml").mkdir()  # root may read every file, but nobody reads a folder
    else:
        (tmp_path / "config.toml").write_text("")
        (tmp_path / "config.toml").chmod(stat.S_IWUSR)
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "config.toml")


def test_the_mark_that_windows_editors_write_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b'\xef\xbb\xbflanguage = "en"\r\n')
    assert load(tmp_path / "config.toml").language == "en"
    assert peek_language(tmp_path / "config.toml") == "en"


def test_the_environment_names_the_config(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("STORNOWACHT_CONFIG", str(tmp_path / "mine.toml"))
    assert default_path() == tmp_path / "mine.toml"


def test_an_empty_environment_names_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORNOWACHT_CONFIG", "")
    assert default_path().name == "config.toml"


def test_an_unknown_home_in_the_environment_is_no_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORNOWACHT_CONFIG", "~nobody-of-this-name/config.toml")
    with pytest.raises(ConfigError):
        load(default_path())


def test_a_table_switches_a_channel_on(config: Load) -> None:
    assert list(config("[notify.desktop]").channels) == ["desktop"]
    loaded = config(
        '[notify.desktop]\n[notify.email]\nto = "me@example.org"\nhost = "localhost"\nsender = "me@example.org"'
    )
    assert sorted(loaded.channels) == ["desktop", "email"]


def test_a_channel_that_does_not_exist_is_told(mistakes: Told) -> None:
    assert mistakes("[notify.pigeon]") == ["[notify] pigeon: there is no such setting"]


def test_a_password_in_the_config_is_refused_and_not_repeated(mistakes: Told) -> None:
    told = mistakes(
        '[notify.email]\nto = "me@gmx.de"\npreset = "gmx"\nusername = "me@gmx.de"\npassword = "hunter2-geheim"'
    )
    assert told
    assert "hunter2" not in "\n".join(told)


def test_no_value_of_any_mistake_is_repeated(mistakes: Told) -> None:
    told = mistakes('password = "hunter2"\n[notify]\nemail = "hunter2"\n[terms]\npassword = "hunter2"')
    assert "hunter2" not in "\n".join(told)


def test_an_unknown_home_in_a_channels_path_is_told(mistakes: Told) -> None:
    told = mistakes(
        '[notify.email]\nto = "me@example.org"\nhost = "localhost"\nsender = "me@example.org"\nca_file = "~nobody-here/ca"'
    )
    assert told


def test_an_address_to_let_through_must_be_exact(mistakes: Told) -> None:
    [told] = mistakes('[site]\nallow = ["https://*.example.org/*"]')
    assert told.startswith("[site] allow: ")


@pytest.mark.parametrize(
    ("text", "named"),
    [('language = "en"', "en"), ('language = "fr"', "de"), ("language = 3", "de"), ("[x", "de"), ("", "de")],
)
def test_a_peek_at_the_language_never_complains(tmp_path: Path, text: str, named: str) -> None:
    (tmp_path / "config.toml").write_text(text)
    assert peek_language(tmp_path / "config.toml") == named


def test_a_peek_at_nothing_speaks_german(tmp_path: Path) -> None:
    assert peek_language(tmp_path / "nowhere.toml") == "de"
