"""`policy`: the rules, their sources, and what of them matters in a case."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from fixtures.shop import five_orders
from tests.support.cli import CommandLine
from tests.support.clock import NOON, Clock
from tests.support.rooms import Rooms
from watcher.domain.step import CaseKind
from watcher.policy.rules import rules, rules_for
from watcher.policy.support import support_ways
from watcher.storage.store import SqliteStore
from watcher.texts.playbook import Subject, words_for


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.fixture
def disputed(cli: CommandLine) -> str:
    """The case of a seller whose buyer has reported a problem."""
    rooms = Rooms(cli.data, five_orders(NOON), Clock())
    rooms.check()
    rooms.clock.forward(minutes=20)
    rooms.shop.happen("friteuse", "DISPUTED")
    rooms.check()
    case = next(case for case in rooms.store.cases() if case.kind is CaseKind.DISPUTED)
    rooms.store.close()
    return case.id


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_page_has_every_rule_with_its_source_in_either_language(cli: CommandLine, language: str) -> None:
    cli.write_config(spoken=language)
    said = cli("policy")
    assert (said.code, said.err) == (0, "")
    for rule in rules():
        assert (rule.says.de if language == "de" else rule.says.en) in flat(said.out)
        assert rule.fact.source in flat(said.out)


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_line_is_wider_than_a_terminal(cli: CommandLine, language: str, disputed: str) -> None:
    cli.write_config(spoken=language)
    for arguments in ([], [disputed]):
        assert max(map(len, cli("policy", *arguments).out.splitlines())) <= 80


def test_it_needs_no_data_and_makes_none(cli: CommandLine) -> None:
    assert cli("policy").code == 0
    assert not cli.data.exists()


def test_gaps_are_named_as_gaps(cli: CommandLine) -> None:
    gaps = sum(rule.unknown for rule in rules())
    assert gaps
    assert flat(cli("policy").out).count("A gap: nobody has described it publicly.") == gaps


def test_what_the_new_provider_does_otherwise_is_said_beside_the_old_rule(cli: CommandLine) -> None:
    assert "see “Release on confirmation”" in flat(cli("policy").out)


def test_a_case_shows_only_what_matters_there(seller: CommandLine, case_id: str) -> None:
    said = seller("policy", case_id)
    assert said.code == 0
    assert case_id in said.out
    for rule in rules():
        assert (rule.says.en in flat(said.out)) is (CaseKind.IN_TRANSIT in rule.kinds)


def test_a_case_names_the_open_steps_that_a_rule_matters_for(seller: CommandLine, case_id: str) -> None:
    proof = words_for("keep_proof", Subject(kind=CaseKind.IN_TRANSIT), language="en").title
    assert "Matters for: " in seller("policy", case_id).out
    assert proof in flat(seller("policy", case_id).out)
    seller("done", case_id, "keep_proof")
    assert proof not in flat(seller("policy", case_id).out)


def test_a_problem_report_dates_the_period_to_agree_and_no_other(cli: CommandLine, disputed: str) -> None:
    found = {rule["id"]: rule["until"] for rule in cli("policy", disputed, "--json").json["rules"]}
    agree = found.pop("agree_within_5_days")
    reported = NOON + timedelta(minutes=20)
    assert abs(datetime.fromisoformat(agree) - (reported + timedelta(days=5))) < timedelta(minutes=1)
    assert set(found.values()) == {None}
    assert "(likely)" in cli("policy", disputed).out


def test_old_facts_are_shown_as_old(cli: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "OLD:" not in cli("policy").out
    monkeypatch.setattr("watcher.cli.policy.now", lambda: datetime(2028, 1, 1, tzinfo=UTC))
    assert flat(cli("policy").out).count("OLD: nobody has read the source") == len(rules()) + len(
        support_ways()
    )
    assert all(rule["old"] for rule in cli("policy", "--json").json["rules"])


def test_scripts_get_every_rule_with_the_contracts_keys(cli: CommandLine) -> None:
    found = cli("policy", "--json").json
    assert found["case"] is None
    assert [rule["id"] for rule in found["rules"]] == [rule.id for rule in rules()]
    wanted = {
        "id", "topic", "provider", "title", "says", "period", "until", "certainty", "unknown", "replaced_by",
        "source", "published", "seen", "confidence", "old", "kinds", "steps",
    }  # fmt: skip
    assert all(rule.keys() == wanted for rule in found["rules"])
    [confirm] = [rule for rule in found["rules"] if rule["id"] == "confirm_availability"]
    assert confirm["period"] == {"hours": 48, "days": 0, "counts_from": "paid"}


def test_scripts_get_the_same_in_every_language(seller: CommandLine, case_id: str) -> None:
    english = seller("policy", case_id, "--json").out
    seller.write_config(spoken="de")
    assert seller("policy", case_id, "--json").out == english
    found = seller("policy", case_id[:5], "--json").json
    assert found["case"] == case_id
    assert [rule["id"] for rule in found["rules"]] == [rule.id for rule in rules_for(CaseKind.IN_TRANSIT)]


def test_a_buyer_or_a_title_does_not_steer_the_terminal(seller: CommandLine, case_id: str) -> None:
    store = SqliteStore(seller.data)
    with store.writing() as writing:
        writing._connection.execute("UPDATE orders SET title = ?", ("x\x1b[2J\x9b\u202egnp\r\n{0}" * 50,))
    store.close()
    for extra in ([], ["--json"]):
        said = seller("policy", case_id, *extra)
        assert said.code == 0
        assert not set(said.all) & set("\x1b\x9b\u202e\r")


@pytest.mark.parametrize("wanted", ["c000000", "", "\udcff", "{0}"])
def test_an_unknown_case_is_wrong_usage(seller: CommandLine, wanted: str) -> None:
    said = seller("policy", wanted)
    assert (said.code, said.out) == (2, "")
    assert "stornowacht cases" in said.err


def test_the_page_says_how_to_reach_support_and_where_that_is_known_from(cli: CommandLine) -> None:
    words = flat(cli("policy").out)
    for way in support_ways():
        assert way.says.en in words
        assert way.fact.source in words
    assert [way["id"] for way in cli("policy", "--json").json["support"]] == [
        way.id for way in support_ways()
    ]


def test_a_case_says_how_to_reach_support_while_a_step_leads_there(
    seller: CommandLine, case_id: str, order_id: str
) -> None:
    assert "HOW TO REACH SUPPORT" in seller("policy", case_id).out
    seller("note", order_id, "Formular", "--support")
    assert "HOW TO REACH SUPPORT" in seller("policy", case_id).out  # the follow-up
    seller("close", case_id)
    assert "HOW TO REACH SUPPORT" not in seller("policy", case_id).out
