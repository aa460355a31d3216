"""`report`: packs what helps, and nothing about anybody."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.support.cli import CommandLine
from tests.support.every import every
from tests.support.visiting import FakeVisitor
from watcher.app.bug_report import masked_config
from watcher.bootstrap import now
from watcher.daemon.log_file import LogFile
from watcher.storage.store import SqliteStore

PLANTED = {
    "mail address": "jana.petersen@example.org",
    "mail server": "mail.petersen.example",
    "user": "petersen-smtp",
    "environment": "PETERSENS_PASSWORD",
    "topic": "geheimes-thema-4711",
    "person's name": "Marlene Petersen",
    "street": "Birkenweg",
    "telephone": "0151 23456789",
    "account": "petersens-laden",
    "carrier": "nachbar_ottokar",
    "comment": "Kommentar-Krokodil",
    "tracking number": "00340434161094022115",
    "token in the log": "eyJhbGciOiJIUzI1NiJ9.cGV0ZXJzZW4.c2lnbmF0dXI",
    "title in the log": "Thermomix-Ersatz",
    "note": "Klingelschild Zwölfender",
    "typo": "hunter2-geheim",
    "home": "/home/petersen",
}
CONFIG = f"""# {PLANTED["comment"]}
[notify.email]
to = "{PLANTED["mail address"]}"
sender = "{PLANTED["mail address"]}"
host = "{PLANTED["mail server"]}"
username = "{PLANTED["user"]}"
password = "env:{PLANTED["environment"]}"
[notify.ntfy]
topic = "{PLANTED["topic"]}"
[seller]
name = "{PLANTED["person's name"]}"
[[account]]
name = "{PLANTED["account"]}"
[watch]
live = "25m"
mode = "scheduled"
"""


def unpacked(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


@pytest.mark.slow
def test_nothing_that_was_planted_is_in_the_report_and_what_helps_is(
    cli: CommandLine, visitor: FakeVisitor, tmp_path: Path
) -> None:
    cli.write_config(more=CONFIG.replace("[seller]\nname", "[seller]\n# name"))
    first = cli("check", PLANTED["account"])
    assert first.code == 0, first.all
    visitor.wall = "unreadable"
    cli("check")
    with_orders = SqliteStore(cli.data)
    order = with_orders.orders()[0]
    names = {
        word
        for known in with_orders.orders()
        for word in (known.title, known.buyer, known.conversation)
        if word
    }
    with_orders.close()
    cli("note", order.id, f"{PLANTED['note']}, {PLANTED['street']} 12")
    cli("track", order.id, PLANTED["tracking number"])
    log = LogFile(cli.data)
    log.write(
        json.dumps(
            {
                "event": "check_failed",
                "level": "error",
                "timestamp": now().isoformat(),
                "account": PLANTED["account"],
                "words": " ".join(PLANTED.values()),
                "order": order.id,
            }
        )
    )
    log.close()
    said = cli("report", str(tmp_path / "report.zip"))
    assert said.code == 0, said.all
    assert "look at it before you send it" in said.out
    parts = unpacked(tmp_path / "report.zip")
    assert {
        "README.txt",
        "program.json",
        "config.toml",
        "log.jsonl",
        "doctor.json",
        "state.json",
        "pages.md",
    } <= parts.keys()
    everything = "\n".join(parts.values())
    leaks = [
        name for name, secret in {**PLANTED, **{word: word for word in names}}.items() if secret in everything
    ]
    assert leaks == []
    assert "etersen" not in everything
    assert 'live = "25m"' in parts["config.toml"]
    assert 'password = "env:…"' in parts["config.toml"]
    assert json.loads(parts["log.jsonl"])["account"] == "account-1"
    state = json.loads(parts["state.json"])
    assert state["accounts"][0]["last_outcome"] == "unreadable"
    assert (sum(state["orders"].values()) == len(names) and state["captures"]) or state["captures"]
    assert (
        json.loads(parts["program.json"])["schema"]["database"]
        == json.loads(parts["program.json"])["schema"]["program"]
    )
    assert all(part in said.out for part in parts if part != "README.txt")


def test_a_config_with_mistakes_is_reported_as_well(cli: CommandLine, tmp_path: Path) -> None:
    cli.write_config(more='[watch]\nhunter = "hunter2-geheim"\n')
    said = cli("report", str(tmp_path / "report.zip"))
    assert said.code == 0, said.all
    parts = unpacked(tmp_path / "report.zip")
    assert "[watch]" in parts["config.toml"]
    assert "hunter" not in "".join(parts.values())
    assert "fault.txt" in parts


def test_a_log_that_cannot_be_read_leaves_its_reason_and_all_the_rest(
    cli: CommandLine, tmp_path: Path
) -> None:
    (cli.data / "log" / "stornowacht.jsonl").mkdir(parents=True)
    said = cli("report", str(tmp_path / "report.zip"))
    assert said.code == 0, said.all
    parts = unpacked(tmp_path / "report.zip")
    assert "cannot be read" in parts["log.txt"]
    assert "log.jsonl" not in parts
    assert {"program.json", "config.toml", "doctor.json", "state.json"} <= parts.keys()


def test_a_file_that_is_there_is_never_replaced(cli: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "mine.zip"
    target.write_text("mine")
    assert cli("report", str(target)).code == 2
    assert target.read_text() == "mine"


def test_a_name_that_no_file_can_have_comes_with_the_way_out(cli: CommandLine, tmp_path: Path) -> None:
    for target in (tmp_path / ("a" * 300), tmp_path / "nowhere" / "x.zip"):
        said = cli("report", str(target))
        assert said.code == 2
        assert f"{target} cannot be written" in said.err
        assert "Name another file" in said.err


@every(
    ("line", "shown"),
    [
        ('live = "20m"', 'live = "20m"'),
        ('memory = "1500 MB"', 'memory = "1500 MB"'),
        ("enabled = true", "enabled = true"),
        ("port = 465", "port = 465"),
        ("port = 4915123456789", 'port = "…"'),
        ('mode = ["scheduled", "mail"]', 'mode = ["scheduled", "mail"]'),
        ('password = "mail"', 'password = "…"'),
        ('to = ["erika@example.org"]', 'to = ["…"]'),
        ('passwort = "mail"', '… = "…"'),
        ("when = 2026-11-26", '… = "…"'),
    ],
)
def test_of_a_setting_the_kind_of_value_stays(line: str, shown: str) -> None:
    known = {"live", "memory", "enabled", "port", "mode", "password", "to"}
    assert masked_config(line, known=known) == shown + "\n"
