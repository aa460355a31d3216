"""[remind] and [[escalation]]: a default that needs no editing, and mistakes told with their place."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest

from watcher.config import Config
from watcher.config_file import load
from watcher.domain.escalation import Round, default_policies
from watcher.domain.step import CaseKind
from watcher.example import example_config

Load = Callable[[str], Config]
Told = Callable[[str], list[str]]
DESKTOP = "[notify.desktop]\n"
OWN = """
[remind]
every = "20m"
[[escalation]]
kinds = ["in_transit", "unclear"]
rounds = [
    { after = "0s", channels = ["desktop"] },
    { after = "5m", critical = true },
]
repeat = "10m"
[notify.desktop]
"""


def test_without_a_word_in_the_config_there_is_a_policy_for_every_kind(config: Load) -> None:
    rules = config("").remind_rules
    assert rules.policies == default_policies(timedelta(minutes=30))
    assert set(rules.policies) == set(CaseKind)
    assert (rules.quiet.hours, rules.quiet.wake_me) == ((time(22), time(7)), True)
    assert rules.ask_back == timedelta(hours=3)


def test_own_rounds_stand_for_the_kinds_they_name_and_the_others_keep_the_default(config: Load) -> None:
    policies = config(OWN).remind_rules.policies
    policy = policies[CaseKind.UNCLEAR]
    assert policy.rounds == (
        Round(channels=frozenset({"desktop"}), critical=True),
        Round(after=timedelta(minutes=5), critical=True),
    )
    assert policy.at(9).after == timedelta(minutes=10)
    assert (
        policies[CaseKind.BEFORE_SHIPMENT]
        == default_policies(timedelta(minutes=20))[CaseKind.BEFORE_SHIPMENT]
    )


def test_own_rounds_of_a_case_of_days_grow_loud_unless_they_say_how_loud_they_are(config: Load) -> None:
    table = '[[escalation]]\nkinds = ["disputed"]\nrounds = [{{ after = "0s"{loud} }}]\nrepeat = "1h"\n'
    silent = config(table.format(loud="")).remind_rules.policies[CaseKind.DISPUTED]
    assert [silent.at(place).critical for place in range(4)] == [False, False, True, True]
    never = config(table.format(loud=", critical = false")).remind_rules.policies[CaseKind.DISPUTED]
    assert not any(never.at(place).critical for place in range(9))


def test_quiet_hours_can_be_set_and_switched_off(config: Load) -> None:
    set_ = config('[remind]\nquiet_hours = "23:30 - 06:00"\nwake_me = false').remind_rules.quiet
    assert (set_.hours, set_.wake_me) == ((time(23, 30), time(6)), False)
    off = config('[remind]\nquiet_hours = ""').remind_rules.quiet
    assert not off.is_quiet(datetime(2026, 11, 24, 2, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[remind]\nquiet_hours = "22"', '[remind] quiet_hours: write two times such as "23:00-06:30"'),
        (
            '[remind]\nquiet_hours = "25:00-07:00"',
            '[remind] quiet_hours: write two times such as "23:00-06:30"',
        ),
        ('[remind]\nquiet_hours = "22:00-22:00"', "[remind] quiet_hours: the two times must be different"),
        ('[remind]\nask_back = "0s"', "[remind] ask_back: must be at least 1s"),
        (
            '[[escalation]]\nkinds = ["on_the_moon"]\nrounds = [{ after = "0s" }]',
            "[[escalation]] number 1, kinds: must be one of before_shipment, in_transit, after_delivery, unclear, disputed",
        ),
        (
            '[[escalation]]\nkinds = ["unclear"]\nrounds = [{ after = "0s" }]\nrepeat = "0s"',
            "[[escalation]] number 1, repeat: must be at least 1s",
        ),
        (
            '[[escalation]]\nkinds = ["unclear"]\nrounds = [{ channels = ["ntfy"] }]',
            "[[escalation]] channels: there is no [notify.ntfy]",
        ),
        (
            '[[escalation]]\nkinds = ["unclear"]\nrounds = [{}]\n[[escalation]]\nkinds = ["unclear"]\nrounds = [{}]',
            "escalation: two tables are about unclear",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(mistakes: Told, text: str, told: str) -> None:
    [line] = mistakes(text)
    assert told == line


def test_a_round_without_a_channel_is_refused(mistakes: Told) -> None:
    [line] = mistakes('[[escalation]]\nkinds = ["unclear"]\nrounds = [{ channels = [] }]')
    assert "name a channel" in line


def test_the_example_in_the_config_is_one_that_works(tmp_path, config: Load) -> None:
    lines = example_config().splitlines()
    begin = lines.index("# [[escalation]]")
    table = [
        line.removeprefix("# ")
        for line in lines[begin : begin + 20]
        if line.startswith(("# [[escalation]]", "# kinds =", "# rounds =", "# repeat =", "# by_day ="))
    ]
    mail = '[notify.email]\nto = "me@example.org"\nhost = "localhost"\nsender = "me@example.org"\n'
    path = tmp_path / "config.toml"
    path.write_text("\n".join(table) + "\n" + DESKTOP + mail)
    policy = load(path).remind_rules.policies[CaseKind.IN_TRANSIT]
    assert [one.channels for one in policy.rounds] == [frozenset({"desktop"}), frozenset({"email"})]


def test_a_practice_site_on_this_machine_has_no_night_of_its_own(config: Load) -> None:
    site = '[site]\nbase_url = "http://127.0.0.1:8001"\ngateway_url = "http://127.0.0.1:8002"\n'
    assert config(site).remind_rules.quiet.hours is None
    set_ = config(f'{site}[remind]\nquiet_hours = "22:00-07:00"').remind_rules.quiet
    assert set_.hours == (time(22), time(7))
