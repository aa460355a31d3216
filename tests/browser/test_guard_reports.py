"""Reports that the network service posts by itself: only https sites get them, so the loopback proof cannot try them."""

import ssl
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import trustme

from tests.browser.guarded import CHROMIUM, SWITCHES
from watcher.browser.guard import IGNORED_DEFAULT_ARGUMENTS, launch_arguments, write_extension

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium or chromium-browser on the PATH"),
]


class Site(BaseHTTPRequestHandler):
    """A page that breaks its own policy and wants to hear about it."""

    timeout = 5

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Reporting-Endpoints", f'reports="https://{self.headers["Host"]}/reports"')
        self.send_header("Content-Security-Policy", "img-src 'none'; report-to reports")
        self.end_headers()
        self.wfile.write(b"<!doctype html><img src=/forbidden.png>")

    def do_POST(self):
        self.server.reports.append(self.headers["Content-Type"])
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    """Speaks TLS per connection, so that a silent one holds up nobody and is closed with its thread."""

    daemon_threads = False

    def __init__(self, context):
        self.reports, self.context = [], context
        super().__init__(("127.0.0.1", 0), Site)

    def finish_request(self, request, client_address):
        request.settimeout(5)
        with self.context.wrap_socket(request, server_side=True) as spoken:
            super().finish_request(spoken, client_address)

    def shutdown_request(self, request):
        # wrap_socket has detached the plain socket already, unless the greeting failed.
        request.close()

    def handle_error(self, *_):
        pass


@contextmanager
def https_site():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)
    with Server(context) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "unguarded"])
def test_a_site_gets_its_reports_from_an_unguarded_browser_only(playwright, tmp_path, guarded):
    extension = write_extension(tmp_path / "guard")
    with https_site() as site:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile",
            executable_path=CHROMIUM,
            args=[
                *SWITCHES,
                "--short-reporting-delay",
                "--ignore-certificate-errors",
                *(launch_arguments(extension) if guarded else []),
            ],
            ignore_default_args=list(IGNORED_DEFAULT_ARGUMENTS) if guarded else None,
            ignore_https_errors=True,
        )
        try:
            page = context.pages[0]
            page.goto(f"https://localhost:{site.server_port}/")
            deadline = time.monotonic() + (1 if guarded else 30)
            while not site.reports and time.monotonic() < deadline:
                page.wait_for_timeout(50)
        finally:
            context.close()
        assert bool(site.reports) is not guarded
        assert set(site.reports) <= {"application/reports+json"}
