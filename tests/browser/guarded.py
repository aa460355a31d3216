"""A guarded browser without the program around it, and sites on loopback for it."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from watcher.browser.features import features_left_off
from watcher.browser.guard import IGNORED_DEFAULT_ARGUMENTS, launch_arguments, write_extension
from watcher.browser.proof import canary

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = [*features_left_off(), *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]


@contextmanager
def serving(host: str, pages: dict[str, str], port: int = 0) -> Iterator[tuple[str, list[str]]]:
    """A server on loopback that notes what reaches it."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(f"{self.command} {self.path}")
            kind = "text/javascript" if self.path.endswith(".js") else "text/html"
            body = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 - named by the library

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer((host, port), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def until(page, happened: Callable[[], object], seconds: float = 20) -> None:
    """Let the browser tell its news until this has happened: on a busy machine they come later than the page's own."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it never came to that"
        page.wait_for_timeout(20)


@contextmanager
def guarded(playwright, folder, *, hosts, allow=(), more=()):
    extension = write_extension(folder / "guard", hosts=hosts, allow=allow)
    context = playwright.chromium.launch_persistent_context(
        folder / "profile",
        executable_path=CHROMIUM,
        headless=True,
        args=[*SWITCHES, *launch_arguments(extension), *more],
        ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS),
    )
    try:
        page = context.pages[0]
        assert canary(page, timeout=5)
        yield context, page
    finally:
        context.close()
