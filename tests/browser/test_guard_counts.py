"""What the guard stopped is counted, by names that tell nothing of a person and never grow long."""

import pytest

from tests.browser.guarded import guarded, serving, until
from watcher.browser.recorder import OTHERS, Recorder, name_of_stopped


@pytest.mark.parametrize(
    ("method", "url", "name"),
    [
        ("POST", "https://a.example/messagebox/api/users/4815/read?ids=a:b#c", "POST https://a.example/messagebox/api/users/…/read"),
        ("WEBSOCKET", "wss://a.example/live/erika%40mail.example", "WEBSOCKET wss://a.example/live/…"),
        ("ERIKAS-VERY-OWN-SECRET-METHOD", "https://a.example/x", "… https://a.example/x"),
        ("PUT", "https://[broken/x", "PUT ?"),
    ],
)  # fmt: skip
def test_a_stopped_request_is_named_without_what_may_name_a_person(method, url, name):
    assert name_of_stopped(method, url) == name


@pytest.mark.slow
def test_an_endless_address_gets_a_short_name():
    assert len(name_of_stopped("POST", "https://a.example" + "/a" * 2_000_000)) < 220
    assert len(name_of_stopped("POST" * 2_000_000, f"https://{'a.' * 2_000_000}example/x")) < 220


@pytest.mark.browser
def test_writes_websockets_and_foreign_hosts_are_counted_until_forgotten(playwright, tmp_path):
    busy = """<img src="http://127.0.0.2:1/ad.png?who=erika"><script>
const socket = (where) => new Promise((done) => { new WebSocket(`ws://${location.host}${where}`).onerror = done; });
const made = URL.createObjectURL(new Blob([`new WebSocket("ws://${location.host}/worker").onerror = () => postMessage(0)`]));
Promise.all([
  fetch("/save/4815?name=erika", { method: "POST" }).catch(() => 0),
  socket("/live?name=erika"), socket("/live"), new Promise((done) => { new Worker(made).onmessage = done; }),
]).then(() => document.title = "tried");
</script>"""
    with (
        serving("127.0.0.1", {"/": busy}) as (site, seen),
        guarded(playwright, tmp_path, hosts=("127.0.0.1",)) as (_context, page),
    ):
        recorder = Recorder(page)
        page.goto(site)
        page.wait_for_function("document.title === 'tried'")
        until(page, lambda: recorder.blocked >= 4 and recorder.foreign)
        host = "127.0.0.1"
        assert recorder.stopped == {
            f"POST http://{host}/save/…": 1,
            f"WEBSOCKET ws://{host}/live": 2,
            f"WEBSOCKET ws://{host}/worker": 1,
        }
        assert recorder.blocked == 4
        assert recorder.foreign == {"http://127.0.0.2": 1}
        recorder.forget()
        assert (recorder.blocked, recorder.stopped, recorder.foreign) == (0, {}, {})
    assert not [entry for entry in seen if "save" in entry or "live" in entry or "worker" in entry]


@pytest.mark.browser
def test_a_page_cannot_fill_the_books_with_made_up_addresses(playwright, tmp_path):
    flood = """<script>for (let n = 0; n < 120; n++)
fetch('/' + 'abcdefghij'[n % 10] + 'xyz'.repeat(n / 10), {method: 'POST'}).catch(() => 0)</script>"""
    with (
        serving("127.0.0.1", {"/": flood}) as (site, seen),
        guarded(playwright, tmp_path, hosts=("127.0.0.1",)) as (_context, page),
    ):
        recorder = Recorder(page)
        page.goto(site)
        until(page, lambda: recorder.blocked >= 120)
        assert len(recorder.stopped) <= 51
        assert recorder.stopped[OTHERS] > 0
        assert sum(recorder.stopped.values()) == recorder.blocked == 120
        assert not [entry for entry in seen if entry.startswith("POST")]
