"""The set-up in the browser: what it writes, what it refuses, and what it never does."""

import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import keyring
import pytest
from keyring.backends.null import Keyring as NothingKept
from starlette.routing import Route

from tests.notifiers.mail_host import PASSWORD, USERNAME, MailHost, mail_host
from tests.notifiers.ntfy_host import ntfy_host
from tests.support.memory import tmp_path
from tests.support.played import played
from tests.web.client import Answer
from tests.web.setup_bench import Bench, bench, storing
from tests.web.test_gate import EVIL, paths
from watcher.bootstrap import now
from watcher.config_file import load
from watcher.texts import language, own
from watcher.web.gate import COOKIE as DASHBOARDS
from watcher.web.jobs import Job, Jobs
from watcher.web.setup import server
from watcher.web.setup.server import COOKIE, ROUTES, url_of
from watcher.web.setup.ways import new_topic

__all__ = ["played", "tmp_path"]  # fixtures that tests find here

READS, WRITES = paths(list(ROUTES), "GET"), paths(list(ROUTES), "POST")
HOSTILE = [
    'pa"ss',
    "pa\\ss",
    "pass]\n[terms]\ni_accept_the_risk = false",
    "'''",
    "\x1b[31m",
    "\u202e",
    " x ",
    "🔑",
]


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Speak English, have no key ring, and start no child: what children do is tried in a real browser."""
    monkeypatch.setattr(language, "_in_force", ["en"])
    monkeypatch.setattr(own, "_in_force", [None])
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(Jobs, "start", lambda _self, *command, **_: started.append(command))
    before = keyring.get_keyring()
    keyring.set_keyring(NothingKept())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Bench]:
    """Somebody who has no config yet."""
    with bench(tmp_path / "deep" / "config.toml") as served:
        served.desk.language = "en"
        language.use("en")
        yield served


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[Bench]:
    """Somebody who has accepted the risk."""
    (tmp_path / "config.toml").write_text(storing(tmp_path), encoding="utf-8")
    with bench(tmp_path / "config.toml") as served:
        yield served


@pytest.fixture
def post_office() -> Iterator[MailHost]:
    with mail_host(login=True) as host:
        yield host


def fields(host: MailHost, /, **changes: str) -> dict[str, str]:
    typed = {
        "provider": "other",
        "host": "127.0.0.1",
        "port": str(host.port),
        "security": "none",
        "username": USERNAME,
        "password": PASSWORD,
    }
    return typed | changes


def address(served: Bench, to: str = "seller@example.org") -> Answer:
    return served.client.post("/mail", {"address": to})


def says_nothing(answer: Answer) -> bool:
    return answer.status in {400, 403} and b"csrf" not in answer.content


# Who may come in


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": ""},
        {"Cookie": f"{COOKIE}=wrong"},
        {"Host": "evil.example"},
        {"Host": ""},
    ],
    ids=str,
)
def test_no_stranger_reads_anything(begun: Bench, headers: dict[str, str]) -> None:
    let_in = [path for path in READS if not says_nothing(begun.client.get(path, **headers))]
    assert let_in == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": ""},
        {"Host": "evil.example"},
        {"Origin": EVIL},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
def test_no_stranger_writes_anything(begun: Bench, headers: dict[str, str]) -> None:
    before = begun.config.read_bytes()
    let_in = [path for path in WRITES if not says_nothing(begun.client.post(path, **headers))]
    assert let_in == []
    assert begun.config.read_bytes() == before


def test_a_form_that_is_not_the_set_ups_own_changes_nothing(begun: Bench) -> None:
    before = begun.config.read_bytes()
    assert {begun.client.post(path, csrf=False).status for path in WRITES} == {403}
    assert begun.config.read_bytes() == before
    assert not begun.desk.finished.is_set()


def test_the_dashboards_cookie_is_left_alone(begun: Bench) -> None:
    answer = begun.client.get(f"/?token={begun.desk.key.token}", Cookie="")
    assert answer.headers["set-cookie"].startswith(f"{COOKIE}=")
    assert COOKIE != DASHBOARDS


def test_every_set_up_has_a_key_of_its_own(tmp_path: Path) -> None:
    with bench(tmp_path / "a.toml") as one, bench(tmp_path / "b.toml") as two:
        assert one.desk.key.token != two.desk.key.token
        assert one.desk.key.token in url_of(one.desk)
        assert two.client.ask("GET", "/", headers={"Cookie": f"{COOKIE}={one.desk.key.token}"}).status == 403


def test_every_route_is_served_and_named_once() -> None:
    assert all(isinstance(route, Route) for route in ROUTES)
    assert len({(route.path, *sorted(route.methods or ())) for route in ROUTES}) == len(ROUTES)


# The risk


def test_nothing_comes_before_the_risk_is_accepted(nothing: Bench) -> None:
    places = {path: nothing.client.get(path).headers.get("location") for path in READS}
    assert {path for path, place in places.items() if place is None} == {"/", "/terms"}
    assert set(places.values()) == {None, "/terms"}
    assert not nothing.config.exists()


@pytest.mark.parametrize("typed", [{}, {"accept": ""}, {"accept": "no"}])
def test_without_a_tick_nothing_is_written(nothing: Bench, typed: dict[str, str]) -> None:
    answer = nothing.client.post("/terms", typed)
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert not nothing.config.exists()


def test_the_tick_is_never_preset(nothing: Bench, begun: Bench) -> None:
    assert 'name="accept"' in nothing.client.get("/terms").text
    for served in (nothing, begun):
        assert "checked" not in served.client.get("/terms").text


def test_the_terms_stand_there_word_for_word(nothing: Bench) -> None:
    assert "crawlers, spiders, scrapers" in nothing.client.get("/terms").text


def test_a_yes_writes_what_init_would_write(nothing: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nothing.client.post("/terms", {"accept": "yes"}).headers["location"] == "/browser"
    config = load(nothing.config)
    assert config.terms.i_accept_the_risk
    assert (config.language, [account.name for account in config.account]) == ("en", ["main"])
    assert "authorities" in nothing.says["timestamp"]
    assert nothing.config.stat().st_mode & 0o777 == 0o600
    assert "# [[escalation]]" in nothing.config.read_text(encoding="utf-8")


def test_a_yes_can_be_taken_back(begun: Bench) -> None:
    begun.client.post("/terms/withdraw")
    assert begun.says["terms"] == {"i_accept_the_risk": False}
    assert begun.client.get("/mail").headers["location"] == "/terms"


def test_the_language_is_spoken_at_once_and_written_where_there_is_a_config(begun: Bench) -> None:
    begun.client.post("/language", {"language": "de"})
    assert '<html lang="de">' in begun.client.get("/").text
    assert begun.says["language"] == "de"
    begun.client.post("/language", {"language": "klingon"})
    assert begun.says["language"] == "de"


# A config that is there


def test_what_is_not_touched_stays_with_its_comments(begun: Bench) -> None:
    begun.client.post("/pace", {"live": "30m", "quiet": "2h"})
    assert "# mine" in begun.config.read_text(encoding="utf-8")
    assert begun.says["watch"] == {"live": "30m"}


def test_a_config_with_mistakes_is_named_and_left_alone_until_the_person_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[terms]\ni_accept_the_risk = true\n[wacht]\nx = "<b>"\n', encoding="utf-8")
    before = path.read_bytes()
    with bench(path) as served:
        assert "wacht" in served.client.get("/").text
        assert {served.client.get(page).headers.get("location") for page in READS} == {None, "/"}
        assert served.client.post("/terms", {"accept": "yes"}).headers["location"] == "/"
        assert served.client.post("/replace").status == 422
        assert path.read_bytes() == before
        served.client.post("/replace", {"sure": "yes"})
        assert path.read_bytes() == before  # the risk comes first
        assert served.client.post("/terms", {"accept": "yes"}).headers["location"] == "/browser"
        assert (tmp_path / "config.toml.bak").read_bytes() == before
        assert load(path).terms.i_accept_the_risk


def test_a_config_that_was_mended_meanwhile_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("[terms\n", encoding="utf-8")
    with bench(path) as served:
        assert served.client.get("/mail").headers["location"] == "/"
        path.write_text(storing(tmp_path), encoding="utf-8")
        assert served.client.get("/mail").status == 200


def test_a_folder_in_the_place_of_the_config_is_never_moved_aside(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.mkdir()
    with bench(path) as served:
        served.client.post("/replace", {"sure": "yes"})
        assert served.client.post("/terms", {"accept": "yes"}).status == 422
    assert path.is_dir()


# E-mail


@pytest.mark.parametrize(
    "typed", ["", "nonsense", "a@b@c", "me@example.org\nBcc: x@y.z", '"><script>alert(1)</script>@x', "me@"]
)
def test_what_is_no_address_is_refused_and_not_lost(begun: Bench, typed: str) -> None:
    answer = begun.client.post("/mail", {"address": typed})
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert "<script>alert" not in answer.text
    if typed and "\n" not in typed:
        assert (
            f'value="{typed.replace("&", "&amp;").replace(chr(34), "&#34;").replace("<", "&lt;").replace(">", "&gt;")}"'
            in answer.text
        )


@pytest.mark.parametrize(
    ("to", "title"), [("me@gmx.de", "GMX"), ("me@web.de", "WEB.DE"), ("me@gmail.com", "Gmail")]
)
def test_the_provider_follows_from_the_address_and_says_what_it_needs(
    begun: Bench, to: str, title: str
) -> None:
    assert address(begun, to).headers["location"] == "/mail/login"
    page = begun.client.get("/mail/login").text
    assert re.search(rf'aria-current="true">{re.escape(title)}</a>', page)
    assert f'value="{to}"' in page
    assert f"{title}:" in page
    assert 'name="host"' not in page


def test_a_real_test_mail_goes_out_before_anything_is_written(begun: Bench, post_office: MailHost) -> None:
    address(begun)
    assert "notify" not in begun.says
    assert begun.client.post("/mail/login", fields(post_office)).headers["location"] == "/mail"
    assert [mail["To"] for mail in post_office.mails] == ["seller@example.org"]
    assert begun.says["notify"]["email"] == {
        "to": "seller@example.org",
        "host": "127.0.0.1",
        "port": post_office.port,
        "security": "none",
        "username": USERNAME,
        "password": "file:mail-password",
    }
    page = begun.client.get("/mail").text
    assert "250 2.0.0 Ok: queued as 4F2A1" in page
    assert PASSWORD not in page


def test_the_password_lies_where_only_the_person_finds_it(begun: Bench, post_office: MailHost) -> None:
    address(begun)
    begun.client.post("/mail/login", fields(post_office))
    kept = begun.config.with_name("mail-password")
    assert kept.read_text(encoding="utf-8") == PASSWORD
    assert kept.stat().st_mode & 0o777 == 0o600
    assert PASSWORD not in begun.config.read_text(encoding="utf-8")
    assert {each.name for each in begun.config.parent.iterdir()} == {"config.toml", "mail-password", "data"}


def test_a_refused_login_is_said_in_plain_words_and_nothing_is_lost_or_written(
    begun: Bench, post_office: MailHost
) -> None:
    address(begun)
    answer = begun.client.post("/mail/login", fields(post_office, password="wr<o>ng "))
    assert answer.status == 422
    assert "535" in answer.text
    assert "begins or ends with a blank" in answer.text
    assert f'value="{post_office.port}"' in answer.text
    assert "wr" + "&lt;o" not in answer.text
    assert "notify" not in begun.says
    assert {each.name for each in begun.config.parent.iterdir()} == {"config.toml", "data"}
    # The right one alone is enough: the rest is still there.
    assert begun.client.post("/mail/login", fields(post_office)).status == 303
    assert len(post_office.mails) == 1


def test_what_was_refused_can_be_kept_all_the_same(begun: Bench, post_office: MailHost) -> None:
    address(begun)
    begun.client.post("/mail/login", fields(post_office, password="later"))
    begun.client.post("/mail/login", fields(post_office, password="", untested="yes"))
    assert begun.config.with_name("mail-password").read_text() == "later"
    assert begun.says["notify"]["email"]["username"] == USERNAME
    assert post_office.mails == []


@pytest.mark.parametrize("password", HOSTILE, ids=ascii)
def test_a_hostile_password_is_a_password_or_refused_but_never_config(
    begun: Bench, post_office: MailHost, password: str
) -> None:
    address(begun)
    answer = begun.client.post("/mail/login", fields(post_office, password=password, untested="yes"))
    assert begun.says["terms"] == {"i_accept_the_risk": True}
    if answer.status == 303:
        kept = begun.config.with_name("mail-password")
        assert kept.read_text(encoding="utf-8") == password
        assert begun.says["notify"]["email"]["password"] == "file:mail-password"
    else:
        assert any(not char.isprintable() for char in password)
        assert "notify" not in begun.says
    assert load(begun.config)


@pytest.mark.slow
@pytest.mark.parametrize("field", ["host", "username", "port", "security", "provider", "password"])
def test_a_hostile_field_never_changes_anything_else(begun: Bench, post_office: MailHost, field: str) -> None:
    csrf = begun.client.csrf
    for typed in [*HOSTILE, "a]\n[x", "x" * 5000]:
        address(begun)
        sent = fields(post_office, untested="yes", csrf=csrf, **{field: typed})
        answer = begun.client.post("/mail/login", sent, csrf=False)
        assert answer.status in {303, 422}
        assert set(begun.says) - {"notify"} == {"language", "terms", "storage", "site"}
        assert begun.says["terms"] == {"i_accept_the_risk": True}
        assert load(begun.config)
        assert "\x1b" not in answer.text


def test_an_empty_password_keeps_the_one_that_is_known(begun: Bench, post_office: MailHost) -> None:
    address(begun)
    begun.client.post("/mail/login", fields(post_office))
    begun.desk.draft = type(begun.desk.draft)()
    address(begun, "other@example.org")
    assert begun.client.post("/mail/login", fields(post_office, password="")).status == 303
    assert begun.says["notify"]["email"]["to"] == "other@example.org"
    assert [mail["To"] for mail in post_office.mails] == ["seller@example.org", "other@example.org"]


def test_a_password_is_not_carried_to_another_mailbox(begun: Bench, post_office: MailHost) -> None:
    address(begun)
    begun.client.post("/mail/login", fields(post_office))
    answer = begun.client.post("/mail/login", fields(post_office, username="else@example.org", password=""))
    assert answer.status == 422
    assert "password" in answer.text.lower()
    assert len(post_office.mails) == 1


def test_a_slip_in_the_address_is_mended_without_typing_the_rest_again(
    begun: Bench, post_office: MailHost
) -> None:
    address(begun, "sellre@example.org")
    begun.client.post("/mail/login", fields(post_office, username="sellre@example.org", password="x"))
    address(begun, "seller@example.org")
    page = begun.client.get("/mail/login").text
    assert 'value="127.0.0.1"' in page
    assert f'value="{post_office.port}"' in page
    assert 'name="username" value="seller@example.org"' in page


def test_what_the_page_does_not_ask_for_stays(tmp_path: Path) -> None:
    more = (
        '[notify.email]\nto = ["me@example.org"]\npreset = "gmx"\nport = 587\nsecurity = "starttls"\n'
        'username = "me@gmx.de"\npassword = "env:MAIL"\nsender = "watch@gmx.de"\ntimeout = 9.0\n'
    )
    (tmp_path / "config.toml").write_text(storing(tmp_path, more=more), encoding="utf-8")
    with bench(tmp_path / "config.toml") as served:
        served.client.post("/mail", {"address": "me@example.org, you@example.org"})
        typed = {"provider": "gmx", "username": "me@gmx.de", "password": "", "untested": "yes"}
        assert served.client.post("/mail/login", typed).status == 303
        assert served.says["notify"]["email"] == {
            "to": ["me@example.org", "you@example.org"],
            "preset": "gmx",
            "port": 587,
            "security": "starttls",
            "username": "me@gmx.de",
            "password": "env:MAIL",
            "sender": "watch@gmx.de",
            "timeout": 9.0,
        }


def test_a_login_name_that_is_no_address_sends_from_where_alerts_go(begun: Bench) -> None:
    address(begun, "me@web.de")
    typed = {"provider": "webde", "username": "me", "password": "x", "untested": "yes"}
    begun.client.post("/mail/login", typed)
    assert begun.says["notify"]["email"]["sender"] == "me@web.de"


def test_mails_can_be_switched_off(begun: Bench, post_office: MailHost) -> None:
    address(begun)
    begun.client.post("/mail/login", fields(post_office))
    begun.client.post("/mail/off")
    assert "notify" not in begun.says
    assert "# mine" in begun.config.read_text(encoding="utf-8")


# Screen and phone


def test_a_topic_cannot_be_guessed_and_can_be_typed() -> None:
    topics = {new_topic() for _turn in range(50)}
    assert len(topics) == 50
    assert all(re.fullmatch(r"storno(-[a-hjkmnp-z2-9]{4}){5}", topic) for topic in topics)


def test_the_phone_gets_a_topic_of_its_own_and_a_real_message(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(storing(tmp_path), encoding="utf-8")
    with ntfy_host() as host, bench(tmp_path / "config.toml") as served:
        served.client.post("/ways/ntfy", {"on": "yes"})
        assert served.says["notify"]["ntfy"] == {"topic": "file:ntfy-topic"}
        topic = (tmp_path / "ntfy-topic").read_text()
        assert (tmp_path / "ntfy-topic").stat().st_mode & 0o777 == 0o600
        assert topic in served.client.get("/ways").text
        served.desk.change({"notify.ntfy": {"server": host.web.url}})
        served.client.post("/ways/ntfy/test")
        assert len(host.of(topic)) == 1
        served.client.post("/ways/ntfy", {"on": "no"})
        assert "notify" not in served.says


@pytest.mark.parametrize("way", ["email", "sound", "x", "..%2fterms"])
def test_only_these_two_are_switched_here(begun: Bench, way: str) -> None:
    before = begun.config.read_bytes()
    assert begun.client.post(f"/ways/{way}", {"on": "yes"}).status in {303, 404}
    assert begun.config.read_bytes() == before


# Pace


def test_what_stays_as_it_was_is_not_written(begun: Bench) -> None:
    before = begun.config.read_bytes()
    answer = begun.client.post("/pace", {"live": "20m", "quiet": "2h", "wake": "yes"})
    assert answer.status == 303
    assert begun.config.read_bytes() == before


def test_quiet_hours_and_waking_are_changed(begun: Bench) -> None:
    typed = {"live": "20m", "quiet": "4h", "sleeps": "yes", "from": "23:30", "until": "06:15"}
    begun.client.post("/pace", typed)
    assert begun.says["watch"] == {"quiet": "4h"}
    assert begun.says["remind"] == {"quiet_hours": "23:30-06:15", "wake_me": False}
    begun.client.post("/pace", {"live": "20m", "quiet": "4h"})
    assert begun.says["remind"]["quiet_hours"] == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"live": "1s"},
        {"live": "soon"},
        {"live": '20m"\n[x]'},
        {"from": "22:00", "until": "22:00"},
        {"from": "25:00"},
        {"from": ""},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_and_not_lost(tmp_path: Path, changes: dict[str, str]) -> None:
    text = storing(tmp_path).partition("[site]")[0]  # a real site, whose floor no interval undercuts
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    typed = {"live": "20m", "quiet": "2h", "sleeps": "yes", "from": "23:00", "until": "07:00"} | changes
    with bench(tmp_path / "config.toml") as served:
        answer = served.client.post("/pace", typed)
        assert answer.status == 422
        assert 'role="alert"' in answer.text
        assert 'value="07:00"' in answer.text or "until" in changes
        assert served.config.read_text(encoding="utf-8") == text


# Login, look, end


def test_what_was_recognised_is_shown_and_strangers_texts_are_only_text(played: Path, tmp_path: Path) -> None:
    shutil.copytree(played / "cancelled", tmp_path / "data")
    (tmp_path / "config.toml").write_text(storing(tmp_path), encoding="utf-8")
    with bench(tmp_path / "config.toml") as served:
        page = served.client.get("/look").text
        assert "Friteuse" in page
        assert "cancelled" in page
        assert "1 cancellation needs you." in page
        assert "Logged in" in served.client.get("/login").text


@pytest.mark.parametrize("path", ["/login/nobody", "/look/nobody", "/login/..", "/look/%00"])
def test_an_account_that_is_not_there_starts_nothing(begun: Bench, path: str) -> None:
    assert begun.client.post(path).status in {303, 404}
    assert begun.desk.jobs.latest("login", about="nobody") is None


def test_the_end_says_what_is_missing(begun: Bench) -> None:
    page = begun.client.get("/done").text
    assert "nobody would be told" in page
    assert "Nobody is logged in yet" in page
    assert "service install" not in page


def test_the_command_that_starts_with_the_computer_is_only_named_where_there_is_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(storing(tmp_path), encoding="utf-8")
    with bench(tmp_path / "config.toml", has_service=True, option=" --config x.toml") as served:
        page = served.client.get("/done").text
        assert "stornowacht service install --config x.toml" in page


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ('{"running": true, "by_hand": []}', "From now on it starts with the computer"),
        (
            '{"running": null, "by_hand": ["systemctl --user daemon-reload"]}',
            "systemctl --user daemon-reload",
        ),
        ("", "A watch is already at work on /data"),
    ],
)
def test_the_button_lets_the_watch_start_with_the_computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, words: str
) -> None:
    (tmp_path / "config.toml").write_text(storing(tmp_path), encoding="utf-8")
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(Jobs, "start", lambda _self, *command, **_: started.append(command))
    with bench(tmp_path / "config.toml", has_service=True) as served:
        assert served.client.post("/done/service").status == 303
        assert started == [("service", "install", "--restart", "--json")]
        job = Job(id="1", command=(), name="service", about="", began_at=now())
        monkeypatch.setattr(Jobs, "latest", lambda *_, **__: job)
        assert "The watch is being started" in served.client.get("/done").text
        said = "" if answer else "A watch is already at work on /data"
        job = replace(job, ended_at=now(), code=0 if answer else 2, answer=answer, words=said)
        assert words in served.client.get("/done").text


def test_without_the_command_the_button_starts_nothing(begun: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, ...]] = []
    monkeypatch.setattr(Jobs, "start", lambda _self, *command, **_: started.append(command))
    begun.client.post("/done/service")
    assert started == []


def test_who_is_asked_for_time_stamps_is_said(nothing: Bench) -> None:
    nothing.client.post("/terms", {"accept": "yes"})
    nothing.desk.change({"storage": {"dir": str(nothing.config.with_name("data"))}})
    assert "Only a hash leaves this computer" in nothing.client.get("/done").text


def test_the_end_ends_the_set_up(begun: Bench) -> None:
    assert begun.client.post("/done", {"watch": "yes"}).status == 200
    assert begun.desk.finished.is_set()
    assert begun.desk.watches_next


def test_two_answers_at_once_are_both_kept(begun: Bench) -> None:
    csrf = begun.client.csrf
    answers = [
        ("/pace", {"live": "30m", "quiet": "2h", "wake": "yes"}),
        ("/ways/ntfy", {"on": "yes"}),
        ("/language", {"language": "de"}),
    ]
    threads = [
        threading.Thread(
            target=begun.client.post, args=(path, {**typed, "csrf": csrf}), kwargs={"csrf": False}
        )
        for path, typed in answers
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert begun.says["watch"] == {"live": "30m"}
    assert begun.says["notify"] == {"ntfy": {"topic": "file:ntfy-topic"}}
    assert begun.says["language"] == "de"


@pytest.mark.parametrize("spoken", ["de", "en"])
def test_every_page_is_whole_in_both_languages(tmp_path: Path, spoken: str) -> None:
    (tmp_path / "config.toml").write_text(storing(tmp_path, language=spoken), encoding="utf-8")
    with bench(tmp_path / "config.toml") as served:
        served.client.post("/mail", {"address": "me@gmx.de"})
        for path in READS:
            answer = served.client.get(path)
            assert answer.status == 200, path
            assert f'<html lang="{spoken}">' in answer.text
            assert answer.text.count("<h1") == 1
            assert len(answer.content) < 30_000
            labels = set(re.findall(r'<label for="([^"]+)"', answer.text))
            shown = re.findall(
                r'<(?:input|select)(?![^>]*type="(?:hidden|checkbox)")[^>]*\sid="([^"]+)"', answer.text
            )
            assert labels == set(shown), path


def test_an_address_that_leads_nowhere_is_a_friendly_page(begun: Bench) -> None:
    answer = begun.client.get("/nothing")
    assert answer.status == 404
    assert "There is nothing here." in answer.text


def test_the_server_lets_go_of_its_port(tmp_path: Path) -> None:
    with bench(tmp_path / "config.toml") as served:
        port = int(served.desk.address.rsplit(":", 1)[1].strip("/"))
    with server.serving_setup(tmp_path / "config.toml", port=port) as again:
        assert again.address == f"http://127.0.0.1:{port}/"
