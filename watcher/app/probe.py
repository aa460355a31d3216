"""The redacted report of pages that were not understood, for a public bug tracker."""

from collections.abc import Iterable, Iterator
from dataclasses import fields

from watcher import __version__
from watcher.app.understanding import understand
from watcher.domain.capture import Capture
from watcher.pages.code_words import MASKED
from watcher.pages.layout import all_layouts, identify
from watcher.pages.lore import SHIPPED, Lore
from watcher.pages.outline import outline_of
from watcher.pages.page import Page, parse
from watcher.pages.shape import answer_of

_BROWSERS = frozenset({"Chrome", "Chromium", "Edg", "Edge"})
_MOST = 200_000
"""Characters; nobody reads more."""


def probe(captures: Iterable[Capture], *, lore: Lore = SHIPPED) -> str:
    """Return the report: how the pages and their JSON are built, with every text, number, name and id masked."""
    lines = [
        "# Stornowacht probe",
        "",
        "How pages of the message box are built, for whoever teaches Stornowacht to read them. Texts, numbers, names and ids",
        f"are masked ({MASKED}); what stays are words of the site's code and what Stornowacht's own tables took a text for.",
        "",
        f"Program: stornowacht {__version__}",
    ]
    for number, capture in enumerate(captures, start=1):
        lines += ["", f"## Page {number}: {capture.kind.value.replace('_', ' ')}", "", *_page(capture, lore)]
    report = "\n".join(lines) + "\n"
    return (
        report
        if len(report) <= _MOST
        else report[:_MOST] + "\n... cut: the page is larger than a report may be\n"
    )


def _page(capture: Capture, lore: Lore) -> Iterator[str]:
    page, understood = parse(capture), understand(capture, lore=lore)
    layout = identify(page, lore.layouts)
    browser = dict(capture.facts).get("browser", "")
    yield f"- taken on {capture.taken_at:%Y-%m-%d}, with {_browser(browser)}"
    yield f"- status {capture.status}, settled: {str(capture.settled).lower()}, answers lost: {len(capture.lost_bodies)}"
    met = understood.wall.value if understood.wall else "read"
    yield f"- taken for: {met}" + (f" ({understood.cause.value})" if understood.cause else "")
    shipped = {known.name for known in all_layouts()}
    yield f"- layout: {layout.name if layout and layout.name in shipped else 'one of the user' if layout else 'none'}"
    finders = [known.name for known in all_layouts() if known.thread(page) is not None]
    yield f"- conversation found by: {', '.join(finders) or 'none'}"
    read = understood.listing or understood.thread
    for problem in read.problems if read else ():
        yield f"- problem: {problem.kind.value}"
    for order in understood.thread.orders if understood.thread else ():
        yield f"- order read as: {order.stage.value}, {order.confidence.value}, not understood: {len(order.unknown_events)}"
    yield from ("", "### What each layout's selectors find", "")
    yield from _selectors(page)
    yield from ("", "### Answers in JSON", "")
    for body in capture.bodies:
        yield from answer_of(body)
    for shape in capture.shapes:
        yield from ("From an address that is not known:", "", *shape.split("\n"))
    if not capture.bodies and not capture.shapes:
        yield "none was kept"
    yield from ("", "### Elements", "", "```", *outline_of(page), "```")


def _browser(told: str) -> str:
    """Return a browser's name and major version."""
    name, _slash, version = told.partition("/")
    major = version.partition(".")[0]
    known = name.removeprefix("Headless") in _BROWSERS and major.isascii() and major.isdecimal()
    return f"{name} {major[:4]}" if known else "an unknown browser"


def _selectors(page: Page) -> Iterator[str]:
    for layout in all_layouts():
        counts = ", ".join(
            f"{field.name} {_few(len(page.soup.select(getattr(layout.selectors, field.name), limit=10)))}"
            for field in fields(layout.selectors)
        )
        yield f"- {layout.name}: {counts}"


def _few(count: int) -> str:
    return str(count) if count < 10 else "10 or more"  # noqa: PLR2004
