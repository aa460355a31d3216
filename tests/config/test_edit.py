"""Changing a config that people edit, too: only what is asked for changes, and no value can say anything but itself."""

import tomllib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.every import every
from watcher.config_edit import EditError, edited
from watcher.example import example_config

MINE = """# my notes
language = "de"  # spoken

[terms]
i_accept_the_risk = false   # not yet

[notify.email]
to = "me@example.org"
host = "mail.example.org"
# a word about the host
sender = "me@example.org"

[[account]]
name = "main"
"""
HOSTILE = [
    'a"b',
    "a'b",
    '"""',
    "a\nb",
    "a\\b",
    '"\n[evil]\nx = 1\n#',
    "x\x00y",
    "x\x1b[31my",
    "x\x7fy",
    "\u202etxt",
    "]",
    "#",
    "ä€😀",
    "",
]


def test_only_what_is_asked_for_changes() -> None:
    made = edited(MINE, {"terms": {"i_accept_the_risk": True}})
    assert made == MINE.replace("= false   #", "= true   #")


def test_a_value_that_is_the_same_changes_nothing() -> None:
    assert edited(MINE, {"": {"language": "de"}, "notify.email": {"host": "mail.example.org"}}) == MINE


@pytest.mark.slow
@every(
    ("text", "value"),
    [(text, value) for text in (MINE, example_config({}), "") for value in HOSTILE],
    ids=lambda case: ascii((case[0][:30], case[1])),
)
def test_a_hostile_value_is_only_a_value(text: str, value: str) -> None:
    before = tomllib.loads(text)
    after = tomllib.loads(edited(text, {"notify.ntfy": {"topic": value}}))
    assert after["notify"].pop("ntfy") == {"topic": value}
    assert (after if after["notify"] else {k: v for k, v in after.items() if k != "notify"}) == before


@pytest.mark.slow
@given(value=st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_out_of_its_quotes(value: str) -> None:
    after = tomllib.loads(edited(MINE, {"notify.email": {"username": value, "sender": value}}))
    assert after["notify"]["email"]["username"] == value
    assert after["terms"] == {"i_accept_the_risk": False}


def test_a_new_table_is_added_and_the_rest_stays() -> None:
    made = edited(MINE, {"notify.desktop": {}, "remind": {"quiet_hours": "23:00-06:00", "wake_me": False}})
    lines = iter(made.splitlines())
    assert all(line in lines for line in MINE.splitlines())
    data = tomllib.loads(made)
    assert data["notify"]["desktop"] == {}
    assert data["remind"] == {"quiet_hours": "23:00-06:00", "wake_me": False}


def test_a_table_that_the_example_shows_is_switched_on_in_its_place() -> None:
    fresh = example_config({"terms": {"i_accept_the_risk": True}})
    made = edited(fresh, {"notify.email": {"to": "me@gmx.de", "preset": "gmx"}})
    assert made.splitlines().count("[notify.email]") == 1
    assert tomllib.loads(made)["notify"] == {"email": {"to": "me@gmx.de", "preset": "gmx"}}
    changed = [line for line in made.splitlines() if line not in fresh.splitlines()]
    assert changed == ["[notify.email]", 'to = "me@gmx.de"', 'preset = "gmx"']
    assert len(made.splitlines()) == len(fresh.splitlines())


def test_a_setting_that_the_example_shows_is_set_in_its_place() -> None:
    fresh = example_config({})
    made = edited(fresh, {"watch": {"live": "30m"}})
    assert [line for line in made.splitlines() if line not in fresh.splitlines()] == ['live = "30m"']


def test_a_table_that_goes_is_kept_as_a_comment() -> None:
    made = edited(MINE, {"notify.email": None})
    assert "notify" not in tomllib.loads(made)
    assert '# to = "me@example.org"\n' in made
    assert "# a word about the host\n" in made
    assert tomllib.loads(edited(made, {"notify.email": {"to": "you@example.org"}}))["notify"]["email"] == {
        "to": "you@example.org"
    }


def test_a_setting_goes_back_to_its_default() -> None:
    data = tomllib.loads(edited(MINE, {"notify.email": {"host": None, "preset": "gmx"}}))
    assert data["notify"]["email"] == {"to": "me@example.org", "sender": "me@example.org", "preset": "gmx"}


def test_going_and_coming_back_leaves_the_other_tables_alone() -> None:
    text = example_config({"notify.email": {"to": "me@gmx.de"}, "notify.desktop": {}})
    for _turn in range(3):
        text = edited(text, {"notify.desktop": None})
        assert set(tomllib.loads(text)["notify"]) == {"email"}
        text = edited(text, {"notify.desktop": {}})
        assert set(tomllib.loads(text)["notify"]) == {"email", "desktop"}


@every(
    "text",
    [
        'notify = { email = { to = "me@example.org" } }\n',
        'notify.email.to = "me@example.org"\n',
        '[notify]\nemail.to = "me@example.org"\n',
        '[notify]\n[notify.email]\nto = "me@example.org"\n',
        '[ notify . email ]\nto = "me@example.org"\n',
        '[notify."email"]\nto = "me@example.org"\n',
    ],
)
def test_other_ways_of_writing_are_understood_or_refused_but_never_garbled(text: str) -> None:
    for changes in (
        {"notify.email": {"to": "you@example.org"}},
        {"notify.desktop": {}},
        {"notify.email": None},
        {"watch": {"live": "30m"}},
    ):
        try:
            made = edited(text, changes)
        except EditError:
            continue
        data = tomllib.loads(made)
        if "notify.email" in changes:
            wanted = changes["notify.email"]
            assert data.get("notify", {}).get("email") == wanted
        else:
            assert data["notify"]["email"] == {"to": "me@example.org"}


def test_what_only_looks_like_a_heading_is_none() -> None:
    text = 'note = """\n# [notify.ntfy]\n# topic =\n"""\n'.replace("note", "language")
    data = tomllib.loads(edited(text, {"notify.ntfy": {"topic": "x" * 16}}))
    assert data["language"] == "# [notify.ntfy]\n# topic =\n"
    assert data["notify"]["ntfy"] == {"topic": "x" * 16}


def test_line_ends_stay_as_they_are() -> None:
    made = edited(MINE.replace("\n", "\r\n"), {"terms": {"i_accept_the_risk": True}})
    assert made == MINE.replace("= false   #", "= true   #").replace("\n", "\r\n")


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(EditError):
        edited("[terms\n", {"terms": {"i_accept_the_risk": True}})
