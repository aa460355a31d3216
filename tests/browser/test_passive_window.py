"""The window in which the human browses, on a screen: dialogs, downloads and its end are the human's."""

import subprocess
import sys
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.support.screen import display, hands, window_titled

__all__ = ["display"]  # a fixture that tests find here
pytestmark = [pytest.mark.browser, pytest.mark.slow]
# In a process of its own: the driver of the test process knows nothing of the screen.
_PROGRAM = """
import datetime, pathlib, sys
from watcher.browser.passive import accompany
from watcher.browser.browser_settings import BrowserSettings
base_url, storage, browser = sys.argv[1:]
accompany(
    "main",
    settings=BrowserSettings(base_url=base_url, storage=pathlib.Path(storage), executable=pathlib.Path(browser)),
    on_capture=lambda capture: print(capture.kind),
    clock=lambda: datetime.datetime.now(datetime.UTC),
    new_id=lambda: "c",
    language="de",
)
"""
_PAGES = {
    "/question.html": b"<title>Frage</title><script>document.title = confirm('Wirklich?') ? 'Ja' : 'Nein'</script>",
    "/label.bin": b"a shipping label",
}


class Site(BaseHTTPRequestHandler):
    def do_GET(self):
        page = _PAGES.get(self.path)
        self.send_response(HTTPStatus.OK if page else HTTPStatus.NOT_FOUND)
        if self.path.endswith(".bin"):
            self.send_header("Content-Disposition", "attachment; filename=label.bin")
        self.end_headers()
        self.wfile.write(page or b"")

    def log_message(self, *_):
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def window(display, site, a_browser, tmp_path, monkeypatch) -> Iterator[subprocess.Popen[str]]:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DOWNLOAD_DIR"):
        monkeypatch.delenv(name, raising=False)
    command = [sys.executable, "-c", _PROGRAM, site, str(tmp_path / "data"), str(a_browser)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        hands("windowfocus", window_titled("über die Schulter"))
        yield program
        program.kill()


def visit(address: str) -> None:
    hands("key", "ctrl+l")
    hands("type", "--delay", "5", address)
    hands("key", "Return")


def close(program: subprocess.Popen[str]) -> str:
    hands("key", "ctrl+w")
    out, err = program.communicate(timeout=30)
    assert program.returncode == 0, err
    return out


def test_a_window_that_is_closed_at_once_ends_it_quietly(window):
    assert close(window) == ""


def test_what_the_human_answers_to_a_dialog_counts(window, site):
    visit(f"{site}/question.html")
    end = time.monotonic() + 40
    while not hands("search", "--onlyvisible", "--name", "^Ja"):
        assert time.monotonic() < end, "the dialog never took the answer"
        time.sleep(0.3)
        hands("key", "Return")  # as long as there is no dialog, nobody minds
    hands("windowfocus", window_titled("^Ja"))
    close(window)


def test_a_download_of_the_human_is_still_there_after_the_window(window, site, tmp_path):
    visit(f"{site}/label.bin")
    label = tmp_path / "Downloads" / "label.bin"
    end = time.monotonic() + 20
    while not label.exists() and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(0.5)
    close(window)
    assert label.read_bytes() == _PAGES["/label.bin"]
