"""`questions`: what waits, how sure, the oldest first; own answer times; one line in `status`."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.cli import CommandLine
from watcher.domain.account import Account
from watcher.domain.confidence import Confidence
from watcher.domain.question import AnswerTime, Question
from watcher.storage.store import SqliteStore

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)


def asked(name: str, hours_ago: float, **known: object) -> Question:
    asked_at = NOW - timedelta(hours=hours_ago)
    values = {"account": "main", "conversation": f"{name}:b:c", "asked_at": asked_at, "seen_at": NOW}
    told = {"confidence": Confidence.CERTAIN, "title": f"Ding {name}", "buyer": f"Käufer {name}"}
    return Question(**{**told, **values, **known})  # type: ignore[arg-type]


def answered(number: int, minutes: float) -> AnswerTime:
    at = NOW - timedelta(days=number)
    return AnswerTime(
        account="main",
        conversation="a:b:c",
        asked_at=at,
        answered_at=at + timedelta(minutes=minutes),
        exact=number > 0,
    )


@pytest.fixture
def shop(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Two questions, one of them unsure, an old one, another account's; seven answers."""
    store = SqliteStore(cli.data)
    with store.writing() as writing:
        for name in ("main", "other"):
            writing.save_account(Account(name=name))
        shelf = writing.questions()
        for question in (
            asked("new", 5),
            asked("unsure", 30, confidence=Confidence.UNSURE, title=None, buyer=None),
            asked("old", 24 * 20),
            asked("theirs", 2, account="other"),
        ):
            shelf.save(question)
        shelf.save_answers("main", "a:b:c", [answered(n, 10 * (n + 1)) for n in range(7)], instead_of=None)
    store.close()
    cli.write_config(more='[[account]]\nname = "main"\n[[account]]\nname = "other"\n')
    monkeypatch.setattr("watcher.cli.questions.now", lambda: NOW)
    monkeypatch.setattr("watcher.cli.status.now", lambda: NOW)
    return cli


def lines_of(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_what_waits_is_shown_the_oldest_first_and_how_sure(shop: CommandLine) -> None:
    said = shop("questions", "main")
    assert (said.code, said.err) == (0, "")
    lines = lines_of(said.out)
    first = next(number for number, line in enumerate(lines) if line.startswith("for 30 hours (no title)"))
    assert "unsure" in lines[first]
    assert lines[first + 1].startswith("for 5 hours Ding new Käufer new 26.11. 08:00 certain") or lines[
        first + 1
    ].startswith("for 5 hours Ding new Käufer new")
    assert "Ding theirs" not in said.out


def test_an_old_one_stands_apart(shop: CommandLine) -> None:
    said = shop("questions", "main").out
    assert said.index("Old, and no longer reminded of") < said.index("Ding old")


def test_own_answer_times_stand_with_their_counts_and_too_few_to_say(shop: CommandLine) -> None:
    lines = lines_of(shop("questions").out)
    assert "Half of your answers came within 40 min (7 answers since 20 Nov 2026)." in lines
    assert "1 of them was only seen in the list: its time is rough." in lines
    assert "13–14 h 40 min 7" in lines
    assert "Monday too few to say 1" in lines


def test_without_an_account_all_are_shown_and_each_says_whose_it_is(shop: CommandLine) -> None:
    [line] = [line for line in lines_of(shop("questions").out) if "Ding theirs" in line]
    assert line.endswith("other")


def test_scripts_get_everything(shop: CommandLine) -> None:
    told = shop("questions", "main", "--json").json
    assert [(each["title"], each["old"]) for each in told["questions"]] == [
        (None, False),
        ("Ding new", False),
        ("Ding old", True),
    ]
    [new] = [each for each in told["questions"] if each["title"] == "Ding new"]
    assert (new["waits_seconds"], new["confidence"], new["reminded_at"]) == (5 * 3600, "certain", None)
    assert new["url"].endswith("/m-nachrichten.html?conversationId=new:b:c")
    times = told["answer_times"]
    assert (times["count"], times["exact"], times["median_seconds"], times["enough"]) == (7, 6, 2400, 6)
    assert times["by_hour"] == [{"hour": 13, "count": 7, "median_seconds": 2400}]
    assert {each["median_seconds"] for each in times["by_weekday"]} == {None}


def test_an_account_that_nobody_knows_is_wrong_usage(shop: CommandLine) -> None:
    said = shop("questions", "mian")
    assert said.code == 2
    assert "main, other" in said.err


def test_somebody_who_has_just_begun_is_told_so(cli: CommandLine) -> None:
    said = cli("questions")
    assert said.code == 0
    assert "No question waits for your answer." in said.out
    assert "No answer of yours is known yet." in said.out


def test_status_says_it_in_one_line_and_counts_for_scripts(shop: CommandLine) -> None:
    lines = [line for line in shop("status").out.splitlines() if "stornowacht questions" in line]
    assert lines == ["3 questions wait for your answer, the oldest for 30 hours: `stornowacht questions`"]
    told = shop("status", "--json").json["questions"]
    assert told == {"open": 3, "old": 1, "oldest_asked_at": "2026-11-25T06:00:00+00:00"}


def test_status_says_nothing_where_nothing_waits(cli: CommandLine) -> None:
    assert "questions" not in cli("status").out
    assert cli("status", "--json").json["questions"] == {"open": 0, "old": 0, "oldest_asked_at": None}


def test_a_buyers_name_cannot_steer_the_terminal(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    store = SqliteStore(cli.data)
    with store.writing() as writing:
        writing.save_account(Account(name="main"))
        writing.questions().save(asked("x", 1, title="\x1b[31m\u202eLampe", buyer="\x07Jonte"))
    store.close()
    monkeypatch.setattr("watcher.cli.questions.now", lambda: NOW)
    for said in (cli("questions").out, cli("questions", "--json").out):
        assert not any(mark in said for mark in ("\x1b[31m", "\u202e", "\x07"))


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('remind_after = "4"', "[answers] remind_after"),
        ('remind_after = "0s"', "must be at least 1s"),
        ('no_answer_needed = ["passt das?"]', "asks something"),
        ('no_answer_needed = ["bis…"]', "cut off"),
        ('no_answer_needed = ["!"]', "no message"),
        ('no_answer_needed = "danke"', "[answers] no_answer_needed"),
        ('remind = "4h"', "[answers]"),
    ],
)
def test_a_mistake_in_the_config_is_told_with_its_place(cli: CommandLine, table: str, told: str) -> None:
    cli.write_config(more=f"[answers]\n{table}\n")
    said = cli("questions")
    assert said.code == 2
    assert told in said.err


def test_the_config_sets_when_and_of_what_nobody_is_reminded(cli: CommandLine) -> None:
    from watcher.bootstrap import house
    from watcher.config_file import load
    from watcher.domain.question import Closing

    cli.write_config(
        more='[answers]\nremind_after = "4h"\nno_answer_needed = ["Horrido!"]\n[archive]\nforget_orders = "30d"\n'
    )
    with house(load(cli.config)) as our:
        assert our.round_rules().seller.answers_after == timedelta(hours=4)
        rules = our.rules().answers
        assert rules.closing("ok, horrido") is Closing.THANKS
        assert rules.kept_for == timedelta(days=30)
