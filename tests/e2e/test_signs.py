"""A buyer cancels in words, read from a real page: the reason found and a sign worth a look, on screen and for scripts."""

import pytest

from fixtures.shop.histories import PARTING_WORDS

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_what_the_buyer_wrote_is_shown_with_its_rule_and_the_chat_comes_from_the_archive(watched, look):
    watched.shop.cancel("friteuse")
    [case] = look(watched)[0]["cases"]
    assert (case["reason"], case["reason_found"]) == ("found_cheaper", True)
    shown = watched.run("show", case["order"], "--json", "--messages").json
    assert shown["reason"]["found"]["sentence"] == PARTING_WORDS[0]
    assert [sign["rule"] for sign in shown["signs"]] == ["pays_elsewhere"]
    assert [message["text"] for message in shown["chat"]["messages"]][-2:] == list(PARTING_WORDS)
    assert {message["from"] for message in shown["chat"]["messages"]} == {"buyer", "seller"}
    said = watched.run("show", case["order"], "--messages").out
    for word in (*PARTING_WORDS, "pays_elsewhere", "found_cheaper"):
        assert word in " ".join(said.split())
    assert watched.writes() == []
