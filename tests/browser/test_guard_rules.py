"""The guard's files: what is written, when, and which exceptions are refused."""

import json

import pytest

from tests.support.every import every
from watcher.browser.guard import (
    IGNORED_DEFAULT_ARGUMENTS,
    fingerprint,
    launch_arguments,
    write_extension,
)
from watcher.browser.guard_rules import RULES, exception_rules, host_rules
from watcher.browser.guard_switches import switches
from watcher.browser.proof import WAYS, Proof
from watcher.errors import BrowserError

REQUIRED = tuple(way.name for way in WAYS if way.everywhere)


def files(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_the_extension_holds_the_visible_rules_and_nothing_else(tmp_path):
    rules = json.loads((write_extension(tmp_path / "guard") / "rules.json").read_text())
    assert [rule["condition"] for rule in rules] == [json.loads(json.dumps(rule.condition)) for rule in RULES]
    assert all(rule.why for rule in RULES)


def test_the_same_exceptions_give_the_same_files_in_any_order(tmp_path):
    one, two = "https://a.example/x", "PUT https://b.example/y"
    first = write_extension(tmp_path / "first", allow=[one, two])
    second = write_extension(tmp_path / "second", allow=[two, one, two])
    assert files(first) == files(second)
    assert fingerprint(first) == fingerprint(second)


def test_an_unchanged_extension_is_not_written_again(tmp_path):
    folder = write_extension(tmp_path)
    before = {file.name: file.stat().st_mtime_ns for file in folder.iterdir()}
    write_extension(tmp_path)
    assert {file.name: file.stat().st_mtime_ns for file in folder.iterdir()} == before


def test_an_exception_changes_the_fingerprint_and_its_removal_restores_it(tmp_path):
    plain = fingerprint(write_extension(tmp_path))
    assert fingerprint(write_extension(tmp_path, allow=["https://a.example/x"])) != plain
    assert fingerprint(write_extension(tmp_path)) == plain


def test_a_sites_hosts_change_the_fingerprint_and_where_the_extension_lies_does_not(tmp_path):
    plain = fingerprint(write_extension(tmp_path / "plain"))
    site = fingerprint(write_extension(tmp_path / "site", hosts=("a.example",)))
    assert plain != site
    assert fingerprint(write_extension(tmp_path / "elsewhere", hosts=("a.example",))) == site
    assert fingerprint(write_extension(tmp_path / "other", hosts=("b.example",))) != site


def test_every_rule_and_every_switch_says_what_it_does_and_why(tmp_path):
    rules = (*RULES, *host_rules(("a.example",)), *exception_rules("GET https://b.example/x"))
    assert all(rule.what and rule.why for rule in rules)
    wanted = switches(tmp_path, hosts=("a.example",))
    assert all(switch.why for switch in wanted)
    assert launch_arguments(tmp_path, hosts=("a.example",)) == [switch.text for switch in wanted]


@pytest.mark.parametrize(
    ("hosts", "closed"),
    [
        (("a.example",), {"127.0.0.1", "localhost"}),
        (("127.0.0.1",), {"localhost"}),
        (("a.example", "127.0.0.1"), {"localhost"}),
        (("127.0.0.1", "localhost"), set()),
        ((), set()),
    ],
)
def test_this_machine_is_closed_but_where_the_site_itself_stands(hosts, closed):
    conditions = [rule.condition for rule in host_rules(hosts)]
    domains = [set(condition["requestDomains"]) for condition in conditions if "requestDomains" in condition]
    assert set().union(*domains) == closed


def test_the_switches_load_the_extension_and_nothing_undoes_them(tmp_path):
    arguments = launch_arguments(tmp_path)
    assert f"--load-extension={tmp_path}" in arguments
    assert "--disable-extensions" in IGNORED_DEFAULT_ARGUMENTS
    assert not any(argument.startswith("--disable-features") for argument in arguments), (
        "would undo Playwright's own"
    )


def test_a_named_proxy_carries_plain_requests_only(tmp_path):
    assert (
        "--proxy-server=http=http://proxy:3128;https=http://proxy:3128;socks=socks5://127.0.0.1:1"
        in launch_arguments(tmp_path, proxy="http://proxy:3128")
    )


def test_a_path_that_chromium_would_cut_in_two_is_refused(tmp_path):
    with pytest.raises(BrowserError, match=r"comma|Komma"):
        launch_arguments(tmp_path / "a,b")


@every(
    ("entry", "reason"),
    [
        ("", "must begin with https"),
        ("a.example/x", "must begin with https"),
        ("wss://a.example/x", "WebSockets never pass"),
        ("https://a.example", "names no path"),
        ("https:///x", "names no host"),
        ("https://*.example/x", r"has no \*"),
        ("https://a.example/x*", r"has no \*"),
        ("https://a.example/x|", r"has no \|"),
        ("https://a.example/x^", r"has no \^"),
        ("https://a.example/x?page=1", r"leave out \?"),
        ("https://a.example/x#top", r"leave out \?"),
        ("https://a.example/x?", "write it as https://a.example/x"),
        ("https://user:word@a.example/x", "user name"),
        ("https://A.example/x", "lower case"),
        ("HTTPS://a.example/x", "write it as https://a.example/x"),
        ("https://a.example:443/x", "default port"),
        ("https://a.example:/x", "default port"),
        ("https://a.example:99999/x", "Port out of range"),
        ("https://a.example/../x", "steps"),
        ("https://a.example/ü", "printable ASCII"),
        ("https://a.example/x\n", "printable ASCII"),
        ("HEAD https://a.example/x", "one of DELETE, GET, PATCH, POST, PUT"),
        ("https://a.example/x https://b.example/y", "one of DELETE, GET, PATCH, POST, PUT"),
    ],
)
def test_what_is_no_exact_address_is_refused_by_name_and_reason(tmp_path, entry, reason):
    with pytest.raises(ValueError, match=reason) as refusal:
        write_extension(tmp_path / "guard", allow=["https://fine.example/x", entry])
    assert repr(entry) in str(refusal.value)
    assert not (tmp_path / "guard").exists(), "a refused list leaves nothing half written"


def test_a_proof_with_nothing_leaked_is_fine():
    assert Proof(leaked=(), tried=REQUIRED, reads_work=True).ok


@pytest.mark.parametrize(
    "proof",
    [
        Proof(leaked=("beacon",), tried=REQUIRED, reads_work=True),
        Proof(leaked=(), tried=REQUIRED, reads_work=False),
        Proof(leaked=(), tried=REQUIRED[1:], reads_work=True),
        Proof(leaked=(), tried=(), reads_work=True),
    ],
    ids=["a leak", "reads broken", "one way untried", "nothing tried"],
)
def test_a_proof_with_a_hole_is_no_proof(proof):
    assert not proof.ok
