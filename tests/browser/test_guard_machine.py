"""A page of the site neither looks around on this machine nor leaves the site, whatever tricks it knows."""

import pytest
from playwright.sync_api import Error

from tests.browser.guarded import guarded, serving, until
from watcher.browser import guard, visitor
from watcher.browser.browser_settings import BrowserSettings

pytestmark = pytest.mark.browser
RESOLVER = "--host-resolver-rules=MAP *.example 127.0.0.1"


def all_of(machine: str) -> str:
    """A page that asks this machine, by itself and by frames and workers that hide whose they are."""
    return f"""<!doctype html><title>site</title><body><script>
const to = {machine!r};
const ask = (who) => `<script>fetch("${{to}}/${{who}}").catch(() => 0)</${{"script"}}>
  <img src="${{to}}/${{who}}/image"><link rel="stylesheet" href="${{to}}/${{who}}/style"><iframe src="${{to}}/${{who}}/frame"></iframe>`;
const frame = (attributes) => document.body.append(Object.assign(document.createElement("iframe"), attributes));
const page = (who) => URL.createObjectURL(new Blob([ask(who)], {{ type: "text/html" }}));
frame({{ srcdoc: ask("text") }});
frame({{ srcdoc: ask("sandbox"), sandbox: "allow-scripts allow-popups" }});
frame({{ src: "data:text/html," + encodeURIComponent(ask("data")) }});
frame({{ src: page("blob") }});
frame({{ src: page("sandboxed-blob"), sandbox: "allow-scripts" }});
new Worker(`data:text/javascript,fetch("${{to}}/data-worker")`);
new Worker(URL.createObjectURL(new Blob([`fetch("${{to}}/blob-worker")`])));
navigator.serviceWorker.register("/worker.js");
navigator.credentials.get?.({{ identity: {{ providers: [{{ configURL: to + "/login.json", clientId: "x" }}] }} }}).catch(() => 0);
window.open(to + "/popup");
fetch(to + "/fetch").catch(() => 0).then(() => fetch("/own")).then(() => document.title = "tried");
</script>"""


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_page_of_the_site_does_not_look_around_on_this_machine(playwright, tmp_path, name):
    with serving("127.0.0.1", {}) as (machine, seen):
        to = machine.replace("127.0.0.1", name)
        pages = {"/": all_of(to), "/worker.js": f"fetch('{to}/service-worker').catch(() => 0)"}
        with serving("127.0.0.1", pages) as (site, asked):
            named = site.replace("127.0.0.1", "www.site.example")
            more = [RESOLVER, f"--unsafely-treat-insecure-origin-as-secure={named}"]
            with guarded(playwright, tmp_path, hosts=("site.example",), more=more) as (_context, page):
                page.goto(named, wait_until="commit")  # frames that are refused may keep it loading for ever
                page.wait_for_function("document.title === 'tried'")
                until(page, lambda: "GET /worker.js" in asked)
                page.wait_for_timeout(500)
    assert {"GET /own", "GET /worker.js"} <= set(asked)
    assert seen == []


LOOKING_LIKE_THE_CANARY = (
    "http://127.0.0.1:1@other.example:{port}/canary.html",
    "http://other.example:{port}/canary.html",
    "http://127.0.0.1:{port}/deeper/canary.html",
    "http://127.0.0.1:{port}/canary.htmlx",
    "http://127.0.0.1:{port}/",
)


def test_a_page_of_the_site_cannot_leave_it_by_an_address_that_looks_like_the_canarys(playwright, tmp_path):
    with serving("127.0.0.1", {}) as (machine, seen):
        targets = [address.format(port=machine.rpartition(":")[2]) for address in LOOKING_LIKE_THE_CANARY]
        leaving = {
            f"/{number}": f"<script>setTimeout(() => location.href = {target!r})</script>"
            for number, target in enumerate(targets)
        }
        with (
            serving("127.0.0.1", leaving) as (site, _),
            guarded(playwright, tmp_path, hosts=("site.example",), more=[RESOLVER]) as (context, _page),
        ):
            for number, target in enumerate(targets):
                page = context.new_page()
                page.goto(f"{site.replace('127.0.0.1', 'www.site.example')}/{number}")
                page.wait_for_timeout(300)
                with pytest.raises(Error):
                    page.goto(target)
                assert seen == [], target


def test_a_site_on_this_machine_reads_from_itself_under_its_other_name(playwright, tmp_path):
    with serving("127.0.0.1", {}) as (gateway, seen):
        own = gateway.replace("127.0.0.1", "localhost")
        asking = f"<script>fetch('{own}/own').then(() => document.title = 'read')</script>"
        with (
            serving("127.0.0.1", {"/": asking}) as (site, _),
            guarded(playwright, tmp_path, hosts=("127.0.0.1", "localhost")) as (_context, page),
        ):
            page.goto(site)
            page.wait_for_function("document.title === 'read'")
    assert seen == ["GET /own"]


def test_a_visit_saves_no_download(playwright, a_browser, tmp_path):
    save = """<body><script>
const link = (href) => Object.assign(document.createElement("a"), { href, download: "saved.bin" });
for (const made of [link("/file"), link(URL.createObjectURL(new Blob(["saved"])))]) { document.body.append(made); made.click(); }
</script>"""
    with serving("127.0.0.1", {"/": save, "/file": "saved"}) as (site, seen):
        settings = BrowserSettings(base_url=site, storage=tmp_path, hosts=("127.0.0.1",))
        extension = guard.write_extension(tmp_path / "guard", hosts=settings.hosts)
        profile = tmp_path / "profile"
        context = visitor.launch(playwright, settings, a_browser, profile=profile, extension=extension)
        try:
            page = context.pages[0]
            downloads = []
            page.on("download", lambda download: downloads.append(download))  # noqa: PLW0108 - a built-in can't be a handler
            page.goto(site)
            until(page, lambda: downloads and "GET /file" in seen)
            page.wait_for_timeout(500)
            assert all(download.failure() for download in downloads)
        finally:
            context.close()
    assert "GET /file" in seen
    assert not [file for file in tmp_path.rglob("*") if file.name.startswith("saved")]
