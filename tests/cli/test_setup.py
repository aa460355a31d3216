"""`init` and `notify-test`: from nothing to a program that can tell."""

import tomllib
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from tests.support.rooms import FakePostman
from watcher.bootstrap import has_desktop
from watcher.config_file import load

# A channel that could not say anything here would only make `notify-test` fail.
DESKTOP = ["desktop"] if has_desktop("de") else []


@pytest.fixture
def fresh(cli: CommandLine) -> CommandLine:
    cli.config.unlink()
    return cli


def test_without_a_config_every_command_says_how_to_make_one(fresh: CommandLine) -> None:
    for command in (
        ["check"],
        ["run"],
        ["status"],
        ["orders"],
        ["ack", "c1"],
        ["archive", "verify"],
        ["login"],
    ):
        said = fresh(*command)
        assert (said.code, said.out) == (2, "")
        assert "stornowacht init" in said.err
        assert str(fresh.config) in said.err


def test_init_writes_a_config_that_loads(fresh: CommandLine) -> None:
    said = fresh("init")
    assert said.code == 0
    config = load(fresh.config)
    assert not config.terms.i_accept_the_risk
    assert list(config.channels) == DESKTOP
    assert str(fresh.config) in said.out


def test_init_shows_what_the_terms_say(fresh: CommandLine) -> None:
    assert "crawlers" in fresh("init").out


def test_init_without_a_terminal_accepts_nothing_by_itself(fresh: CommandLine) -> None:
    fresh("init")
    assert fresh("check").code == 2


def test_init_takes_its_answers_as_options(fresh: CommandLine) -> None:
    said = fresh("init", "--accept-risk", "--email", "me@gmx.de", "--language", "en")
    assert said.code == 0
    config = load(fresh.config)
    assert (config.language, config.terms.i_accept_the_risk) == ("en", True)
    assert sorted(config.channels) == [*DESKTOP, "email"]
    assert "GMX" in said.out


def test_init_takes_an_address_of_any_provider(fresh: CommandLine) -> None:
    fresh("init", "--email", "me@example.org")
    assert tomllib.loads(fresh.config.read_text())["notify"]["email"]["host"] == "smtp.example.org"


@pytest.mark.parametrize("spoken", ["de", "en"])
def test_init_writes_in_the_language_that_was_asked_for(fresh: CommandLine, spoken: str) -> None:
    fresh("init", "--language", spoken)
    assert load(fresh.config).language == spoken


def test_init_makes_the_folders_on_the_way(fresh: CommandLine) -> None:
    path = fresh.folder / "a" / "b" / "config.toml"
    assert fresh("init", "--config", str(path), with_config=False).code == 0
    load(path)


def test_init_leaves_a_config_that_is_there_alone(cli: CommandLine) -> None:
    before = cli.config.read_bytes()
    said = cli("init")
    assert said.code == 2
    assert "--force" in said.err
    assert cli.config.read_bytes() == before


def test_init_by_force_keeps_the_old_config_beside_the_new(cli: CommandLine) -> None:
    before = cli.config.read_bytes()
    assert cli("init", "--force").code == 0
    assert (cli.folder / "config.toml.bak").read_bytes() == before
    assert cli.config.read_bytes() != before
    assert not (cli.folder / "config.toml.new").exists()


@pytest.mark.parametrize(
    "email",
    [
        "nonsense",
        "a@b@c",
        "me@example.org\nBcc: x@y.z",
        "\udcff@example.org",
        "m\udcffe@example.org",
        "@",
        "me@",
    ],
)
def test_init_refuses_what_is_no_address_and_writes_nothing(fresh: CommandLine, email: str) -> None:
    said = fresh("init", "--email", email)
    assert said.code == 2
    assert "config.toml.new" not in said.all
    assert list(fresh.folder.iterdir()) == []


def test_a_named_address_is_understood(fresh: CommandLine) -> None:
    assert fresh("init", "--email", "Marlene <me@gmx.de>").code == 0
    assert load(fresh.config).channels["email"].username == "me@gmx.de"  # type: ignore[attr-defined]


def test_init_never_moves_a_folder_aside(fresh: CommandLine) -> None:
    fresh.config.mkdir()
    for force in ([], ["--force"]):
        assert fresh("init", *force).code == 2
    assert fresh.config.is_dir()


@pytest.mark.parametrize("place", ["x" * 300 + ".toml", "file/config.toml", "/proc/stornowacht/config.toml"])
def test_init_tells_where_it_cannot_write(fresh: CommandLine, place: str) -> None:
    (fresh.folder / "file").write_text("")
    said = fresh("init", "--config", str(fresh.folder / place), with_config=False)
    assert said.code == 2
    assert said.err


def test_a_language_that_is_not_spoken_is_wrong_usage(fresh: CommandLine) -> None:
    assert fresh("init", "--language", "fr").code == 2


def test_notify_test_without_a_channel_is_a_mistake_of_the_config(cli: CommandLine) -> None:
    said = cli("notify-test")
    assert said.code == 2
    assert "[notify.email]" in said.err


def test_notify_test_tells_the_truth_per_channel(cli: CommandLine) -> None:
    postman = FakePostman()
    cli.write_config(
        more='[notify.desktop]\n[notify.email]\nto = "me@example.org"\nhost = "localhost"\nsender = "me@example.org"\n'
    )
    cli.use_postman(postman)
    assert cli("notify-test").code == 0
    postman.fail("desktop", reason="no desktop here")
    said = cli("notify-test", "--json")
    assert said.code == 1
    assert {entry["channel"]: entry["ok"] for entry in said.json} == {"email": True, "desktop": False}
    assert "no desktop here" in cli("notify-test").out


def test_a_servers_answer_does_not_steer_the_terminal(cli: CommandLine) -> None:
    postman = FakePostman("desktop")
    postman.fail("desktop", reason="550 \x1b]0;x\x07\u202eno")
    cli.write_config(more="[notify.desktop]\n")
    cli.use_postman(postman)
    for said in (cli("notify-test"), cli("notify-test", "--json")):
        assert said.code == 1
        assert not set(said.all) & set("\x1b\x07\u202e")


def test_notify_test_leaves_the_outbox_alone(cli: CommandLine) -> None:
    cli.write_config(more="[notify.desktop]\n")
    cli.use_postman(FakePostman("desktop"))
    cli("notify-test")
    assert cli("status", "--json").json["waiting_alerts"] == []


def test_run_says_at_once_that_a_password_cannot_be_had(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_SECRET", raising=False)
    cli.write_config(
        more='[notify.email]\nto = "me@gmx.de"\npreset = "gmx"\nusername = "me@gmx.de"\npassword = "env:NO_SUCH_SECRET"\n'
    )
    said = cli("run")
    assert said.code == 2
    assert "[notify.email] password" in said.err


def test_the_environment_names_the_config(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STORNOWACHT_CONFIG", str(cli.config))
    assert cli("status", with_config=False).code == 0


def test_run_says_at_once_that_the_mailboxs_password_cannot_be_had(
    cli: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_SECRET", raising=False)
    cli.write_config(
        more='[watch]\nmode = "mail"\n[mailbox]\nhost = "imap.gmx.net"\nusername = "me"\npassword = "env:NO_SUCH_SECRET"\n'
    )
    said = cli("run")
    assert said.code == 2
    assert "[mailbox] password" in said.err
