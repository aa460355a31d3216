"""`show`, `reason`, `done name_reason`: why the buyer cancelled, signs worth a look, the chat around it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from fixtures.shop import five_orders
from fixtures.shop.histories import PARTING_WORDS
from tests.support.cli import CommandLine, Said
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from watcher.domain.reason import CancelReason
from watcher.storage.store import SqliteStore
from watcher.texts.names import reason_name

HOSTILE = "x\x1b[2J\x1b]0;x\x07\x9b31m\u202egnp\r\n\x7f\x00[bold] https://beispiel.example/a"


@pytest.fixture(scope="module")
def history() -> Iterator[Path]:
    """A storage folder of a seller whose buyer cancelled in words."""
    with TemporaryDirectory() as folder:
        clock = Clock()
        rooms = Rooms(Path(folder), five_orders(NOON), clock)
        rooms.check()
        clock.forward(minutes=20)
        rooms.shop.cancel("friteuse")
        rooms.check()
        rooms.store.tidy()
        rooms.store.close()
        yield Path(folder)


@pytest.fixture
def told(cli: CommandLine, history: Path) -> CommandLine:
    shutil.copytree(history, cli.data)
    return cli


@pytest.fixture
def case(told: CommandLine) -> str:
    return str(told("cases", "--json").json[0]["id"])


def change(cli: CommandLine, statement: str, *values: object) -> None:
    store = SqliteStore(cli.data)
    with store.writing() as writing:
        writing._connection.execute(statement, values)
    store.close()


def flat(said: Said) -> str:
    return " ".join(said.out.split())


def step_ids(case_json: dict[str, object], *, is_open: bool = True) -> list[str]:
    return [step["id"] for step in case_json["steps"] if step["done"] is not is_open]  # type: ignore[attr-defined]


def test_show_gives_the_reason_found_as_a_hint_with_sentence_and_rule(told: CommandLine, case: str) -> None:
    shown = flat(told("show", case))
    assert "Reason: found it cheaper elsewhere (likely; found in the chat: a hint, no verdict)" in shown
    assert f"“{PARTING_WORDS[0]}” – rule: found_cheaper" in shown
    assert f"`stornowacht reason {case}`" in shown


def test_show_gives_each_sign_with_the_buyers_words_what_to_do_and_its_rule(
    told: CommandLine, case: str
) -> None:
    shown = flat(told("show", case))
    for words in (
        "Worth a second look (hints, no verdicts):",
        "Payment outside the platform (22.11.",
        "“Können Sie mir das Geld einfach per PayPal zurückschicken?”",
        "Stay with “Sicher bezahlen”",
        "Rule: pays_elsewhere; described at https://",
    ):
        assert words in shown


def test_show_for_scripts_has_the_signs_and_the_reason(told: CommandLine, case: str) -> None:
    found = told("show", case, "--json").json
    [sign] = found["signs"]
    assert (sign["rule"], sign["quote"]) == ("pays_elsewhere", PARTING_WORDS[1].split("? ")[0] + "?")
    assert sign["at"] == "2026-11-22T12:20:00+00:00"
    assert sign["title"].keys() == sign["what"].keys() == {"de", "en"}
    assert found["reason"] == {
        "case": case,
        "reason": "found_cheaper",
        "by": "rule",
        "found": {
            "reason": "found_cheaper",
            "rule": "found_cheaper",
            "sentence": PARTING_WORDS[0],
            "confidence": "likely",
        },
    }
    assert "chat" not in found


def test_an_order_without_a_case_has_neither(told: CommandLine) -> None:
    lamp = next(order for order in told("orders", "--json").json if "lampe" in order["title"])
    found = told("show", lamp["id"], "--json").json
    assert (found["signs"], found["reason"]) == ([], None)
    assert "--messages" not in told("show", lamp["id"]).out


def test_a_case_in_whose_chat_no_reason_was_found_says_so_and_how_to_name_one(
    seller: CommandLine, case_id: str
) -> None:
    assert (
        f"none found in the chat. To name it: `stornowacht reason {case_id}`" in seller("show", case_id).out
    )
    assert seller("show", case_id, "--json").json["reason"]["found"] is None
    assert "No reason was found" in seller("reason", case_id).out


def test_the_chat_around_the_cancellation_is_read_from_the_archive(told: CommandLine, case: str) -> None:
    assert "--messages" in told("show", case).out
    shown = flat(told("show", case, "--messages"))
    assert "Chat, as archived on" in shown
    for words in ("Buyer: Hallo, ist die Friteuse noch da?", "You: Das Paket ist abgegeben", *PARTING_WORDS):
        assert words in shown


def test_scripts_get_the_whole_chat_and_where_it_was_read(told: CommandLine, case: str) -> None:
    found = told("show", case, "--json", "--messages").json
    assert [message["from"] for message in found["chat"]["messages"]].count("seller") == 2
    assert found["chat"]["messages"][-1] == {
        "at": "2026-11-22T12:20:00+00:00",
        "from": "buyer",
        "text": PARTING_WORDS[1],
    }
    assert found["chat"]["capture"] in {capture["id"] for capture in found["captures"]}


def test_a_chat_whose_pages_cannot_be_read_says_where_to_look(told: CommandLine, case: str) -> None:
    for capture in told("show", case, "--json").json["captures"]:
        for file in capture["files"]:
            (told.data / file["path"]).unlink(missing_ok=True)
    said = told("show", case, "--messages")
    assert said.code == 0
    assert "archive verify" in said.out
    assert told("show", case, "--messages", "--json").json["chat"] is None


@pytest.mark.parametrize("spoken", ["de", "en"])
def test_hostile_words_of_a_buyer_do_not_steer_the_terminal_and_are_no_links(
    told: CommandLine, case: str, spoken: str
) -> None:
    change(told, "UPDATE signs SET quote = ?, rule = ?", HOSTILE, HOSTILE)
    change(told, "UPDATE found_reasons SET sentence = ?, rule = ?", HOSTILE, HOSTILE)
    told.write_config(spoken=spoken)
    for command in (["show", case], ["show", case, "--json"], ["reason", case], ["reason", case, "--json"]):
        said = told(*command)
        assert said.code == 0
        assert not set(said.all) & set("\x1b\x07\x9b\u202e\r\x7f\x00")
        if "--json" not in command and command[0] == "show":
            assert "https[:]//beispiel[.]example/a" in said.out


def test_reason_lists_the_set_in_the_sellers_language_and_marks_what_was_found(
    told: CommandLine, case: str
) -> None:
    told.write_config(spoken="de")
    said = told("reason", case)
    assert said.code == 0
    for reason in CancelReason:
        assert reason.value in said.out
        assert reason_name(reason, language="de") in said.out
    [marked] = [line for line in said.out.splitlines() if line.startswith("  ?")]
    assert "found_cheaper" in marked
    assert PARTING_WORDS[0] in said.out


def test_reason_for_scripts_lists_the_set_too(told: CommandLine, case: str) -> None:
    found = told("reason", case, "--json").json
    assert [reason["id"] for reason in found["reasons"]] == [reason.value for reason in CancelReason]
    assert (found["case"], found["by"], found["found"]["rule"]) == (case, "rule", "found_cheaper")


def test_a_named_reason_stands_above_the_one_that_was_found(told: CommandLine, case: str) -> None:
    said = told("reason", case, "emergency")
    assert (said.code, said.out) == (0, f"Kept for {case}: emergency.\n")
    found = told("show", case, "--json").json
    assert (found["reason"]["reason"], found["reason"]["by"]) == ("emergency", "seller")
    assert found["reason"]["found"]["reason"] == "found_cheaper"
    assert "name_reason" in step_ids(found["cases"][0], is_open=False)
    assert "Reason: emergency (named by you)" in told("show", case).out
    assert "You named it: emergency." in told("reason", case).out


@pytest.mark.parametrize(
    "word", ["FOUND-CHEAPER", "found it cheaper elsewhere", "woanders günstiger gefunden"]
)
def test_a_reason_can_be_named_as_people_say_it(told: CommandLine, case: str, word: str) -> None:
    assert told("reason", case, word, "--json").json["reason"] == "found_cheaper"


def test_a_suspicion_of_fraud_brings_its_steps_and_where_the_police_are_reached(
    told: CommandLine, case: str
) -> None:
    said = told("reason", case, "seems_fraudulent")
    assert said.code == 0
    for words in (
        "stop_talking", "report_fraud", "report_to_police", "https://portal.onlinewache.polizei.de/de/",
    ):  # fmt: skip
        assert words in said.out
    assert {"stop_talking", "report_fraud", "report_to_police"} <= set(
        step_ids(told("cases", "--json").json[0])
    )
    told("reason", case, "second_thoughts")
    assert "report_to_police" not in step_ids(told("cases", "--json").json[0])


@pytest.mark.parametrize(
    ("command", "advice"),
    [
        (["reason", "c000000"], "stornowacht cases"),
        (["reason", "c000000", "emergency"], "stornowacht cases"),
        (["reason", "CASE", "boredom"], "found_cheaper, second_thoughts"),
        (["reason", "CASE", ""], "found_cheaper"),
        (["reason", "CASE", "\x1b[2J"], "found_cheaper"),
        (["reason"], "Usage"),
    ],
)
def test_what_names_no_case_or_no_reason_is_wrong_usage_with_the_way_out(
    told: CommandLine, case: str, command: list[str], advice: str
) -> None:
    said = told(*(case if word == "CASE" else word for word in command))
    assert (said.code, said.out) == (2, "")
    assert advice in said.err
    assert "\x1b" not in said.err


def test_ticking_the_step_that_asks_for_the_reason_says_how_to_name_it(told: CommandLine, case: str) -> None:
    assert f"`stornowacht reason {case}`" in told("done", case, "name_reason").out
    assert "name_reason" in step_ids(told("cases", "--json").json[0], is_open=False)
    assert told("reason", case, "emergency").code == 0
    assert "stornowacht reason" not in told("done", case, "ask_carrier").out


def test_a_reason_named_before_needs_no_further_word(told: CommandLine, case: str) -> None:
    told("reason", case, "emergency")
    assert "stornowacht reason" not in told("done", case, "name_reason").out


def test_a_closed_case_can_still_be_given_its_reason(told: CommandLine, case: str) -> None:
    told("close", case)
    assert (
        told("reason", case, "seems_fraudulent").out
        == f"Kept for {case}: looks like an attempt to deceive.\n"
    )
    assert told("show", case, "--json").json["reason"]["reason"] == "seems_fraudulent"


def test_scripts_get_the_same_in_every_language(told: CommandLine, case: str) -> None:
    commands = (["show", case, "--json", "--messages"], ["reason", case, "--json"])
    english = [told(*command).out for command in commands]
    told.write_config(spoken="de")
    assert [told(*command).out for command in commands] == english
