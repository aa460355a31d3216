"""`capture.json`: what it tells of a capture, and that all of it is read again."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.values import capture
from watcher.domain.capture import Body, CapturedFile, Removed, Role
from watcher.domain.exchange import Exchange, Tls
from watcher.storage.capture_facts import read_facts
from watcher.storage.capture_files import files_of, read_back
from watcher.storage.vault import FileVault

PLAIN = Exchange(
    headers=(("Date", "x"),), removed_headers=("set-cookie",), address="127.0.0.1:80", why_no_tls="plain http"
)
SECURE = Exchange(
    address="[::1]:443",
    http_version="HTTP/2",
    tls=Tls(
        protocol="TLS 1.3",
        issuer="A CA",
        subject="site.example",
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
        valid_to=datetime(2027, 1, 1, tzinfo=UTC),
    ),
)
EXTRAS = (
    CapturedFile(role=Role.THUMBNAIL, media_type="image/png", content=b"small"),
    CapturedFile(role=Role.PART, media_type="image/webp", content=b"card", label="card-12"),
    CapturedFile(role=Role.PART, media_type="image/jpeg", content=b"photo", label="photo-1"),
    CapturedFile(role=Role.MHTML, media_type="multipart/related", content=b"archive"),
    CapturedFile(role=Role.OUTLINE, media_type="text/plain", content=b"- main"),
    CapturedFile(role=Role.TEXT_MAP, media_type="application/json", content=b"{}"),
)  # fmt: skip


def facts(shown):
    return json.loads(files_of(shown)[-1].content)


def test_what_is_lacking_is_named_and_the_capture_is_not_complete():
    shown = capture(
        settled=False,
        screenshot=b"",
        lost_bodies=("https://gateway/three",),
        missing=("mhtml: the browser did not answer",),
    )
    told = facts(shown)
    assert told["complete"] is False
    assert told["missing"] == [
        "page: it did not come to rest in time",
        "screenshot: none could be taken",
        "json: the bytes of https://gateway/three could not be had",
        "mhtml: the browser did not answer",
    ]
    assert facts(capture())["complete"] is True
    assert facts(capture())["missing"] == []


def test_a_page_that_never_came_says_so_once():
    assert capture(settled=False, failure="net::ERR_TIMED_OUT").lacks == ("page: net::ERR_TIMED_OUT",)


def test_an_answer_that_bears_a_token_is_not_among_the_files_and_the_facts_say_so():
    bodies = capture().bodies
    shown = capture(bodies=(replace(bodies[0], withheld=True), bodies[1]))
    stored = [file for file in files_of(shown) if file.role is Role.JSON]
    assert [(file.content, file.label) for file in stored] == [(bodies[1].content, "answer-2")]
    told = facts(shown)
    assert [answer.get("withheld", False) for answer in told["answers"]] == [True, False]
    assert told["missing"] == ["json: the answer of https://gateway/one bears a token and is not kept"]


def test_the_connection_stands_in_the_facts_and_what_is_not_known_says_why():
    told = facts(capture(document=PLAIN, bodies=(Body(url="u", status=200, content=b"{}", exchange=SECURE),)))
    assert told["document"]["tls"] is None
    assert told["document"]["why_no_tls"] == "plain http"
    assert told["document"]["removed_headers"] == ["set-cookie"]
    assert told["answers"][0]["connection"]["tls"] == {
        "protocol": "TLS 1.3",
        "issuer": "A CA",
        "subject": "site.example",
        "valid_from": "2026-01-01T00:00:00+00:00",
        "valid_to": "2027-01-01T00:00:00+00:00",
    }


@settings(deadline=None, derandomize=True)
@given(
    st.sampled_from([None, PLAIN, SECURE]),
    st.lists(st.builds(Removed, where=st.text(), what=st.text(), times=st.integers(1)), max_size=3),
    st.lists(st.sampled_from(["mhtml: x", "part card-3: y", "screenshot: 9 pixels do not fit"]), max_size=3),
    st.booleans(),
)
def test_facts_are_read_again_as_they_were_written(exchange, removed, missing, withheld):
    body = Body(url="https://gateway/one", status=200, content=b"", exchange=exchange, withheld=withheld)
    shown = capture(bodies=(body,), document=exchange, removed=tuple(removed), missing=tuple(missing))
    again = read_facts(facts(shown), shown.id, shown.account)
    assert again == replace(shown, html="", screenshot=b"", preview=b"", screenshot_type="image/webp")


def test_what_a_killed_check_staged_with_all_its_details_comes_back_whole(vault: FileVault):
    bodies = (*capture().bodies, Body(url="https://gateway/w", status=200, content=b"", withheld=True))
    shown = capture(extras=EXTRAS, document=SECURE, bodies=bodies, missing=("outline: it came out empty",))
    folder = vault.stage(shown).folder
    recovered = ("recovered", "left behind by a check that did not end")
    assert read_back(folder, "main") == replace(shown, facts=(*shown.facts, recovered))


def test_without_facts_extras_come_back_by_their_names(vault: FileVault):
    folder = vault.stage(capture(extras=EXTRAS)).folder
    (folder / "capture.json").unlink()
    (folder / "0099-unheard_of.png").write_bytes(b"?")
    found = read_back(folder, "main")
    assert [(file.role, file.label, file.media_type) for file in found.extras] == [
        (file.role, file.label, file.media_type) for file in EXTRAS
    ]
    assert not found.is_complete


def test_facts_of_before_there_were_details_are_still_read():
    told = facts(capture())
    for name in ("complete", "missing", "removed", "document"):
        del told[name]
    for answer in told["answers"]:
        answer.pop("connection", None)
    assert read_facts(told, "capture-1", "main").is_complete is False, "there is no picture without its bytes"
    assert read_facts(told, "capture-1", "main").missing == ()
