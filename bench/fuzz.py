"""Let atheris look for a page or an answer that makes a reader raise, or take too long: `python -m bench.fuzz [SECONDS]`.

Coverage-guided, for a night rather than for every change; the suite has Hypothesis for that. Needs `pip install atheris`. It begins
with the practice shop's answers and saved pages. The first byte of an input says what it is a capture of: a list, a conversation or
an added page; the rest is an answer and, after a zero, the page. The outcome must be a reading or the name of what stopped it.
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir

from fixtures.shop import five_orders
from fixtures.shop.answers import conversation, conversation_list
from watcher.app.probe import probe
from watcher.app.understanding import understand
from watcher.domain.capture import Body, Capture, PageKind

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BOX = "https://gateway.site.example/messagebox/api/users/1/conversations"
CONVERSATION = "a:b:c"
SLOW_SECONDS = 5.0
LONGEST = 6_000
PAGES = Path(__file__).parent.parent / "fixtures" / "pages"
MARKER = '<span id="user-email">angemeldet als: x</span>'


def look_at(data: bytes) -> None:
    """Read one input and report it; a slow one counts as a failure."""
    what, content, html = data[:1], *data[1:].partition(b"\0")[::2]
    kind = list(PageKind)[what[0] % len(PageKind) if what else 0]
    url = {
        PageKind.CONVERSATION_LIST: f"{BOX}?page=0&size=25",
        PageKind.CONVERSATION: f"{BOX}/{CONVERSATION}?contentWarnings=true",
    }.get(kind, "https://www.site.example/x")
    capture = Capture(
        id="c",
        account="main",
        kind=kind,
        conversation=CONVERSATION if kind is PageKind.CONVERSATION else None,
        taken_at=NOW,
        url="https://www.site.example/m-nachrichten.html",
        final_url="https://www.site.example/m-nachrichten.html",
        status=200,
        html=MARKER + html.decode(errors="replace"),
        bodies=(Body(url=url, status=200, content=content),),
    )
    begun = time.perf_counter()
    assert understand(capture).verdict
    probe([capture])
    took = time.perf_counter() - begun
    if took > SLOW_SECONDS:
        raise TimeoutError(f"{took:.1f} s for {len(data)} bytes")


def seeds() -> Iterator[bytes]:
    """Return what the fuzzer begins with: answers, and pages."""
    deals = five_orders(NOW)
    yield b"\0" + _json(conversation_list(deals, page=0, size=2, base_url=""))
    for deal in deals:
        yield b"\1" + _json(conversation(deal, base_url=""))
    for page in sorted(PAGES.glob("*/*.html")):
        body = page.read_bytes().partition(b"<body")[2]
        for kind in (b"\0", b"\1", b"\2"):
            yield kind + b"\0<body" + body[:LONGEST]


def _json(answer: object) -> bytes:
    return json.dumps(answer, separators=(",", ":")).encode()


def main() -> None:
    """Run the fuzzer."""
    try:
        import atheris  # type: ignore[import-not-found]  # noqa: PLC0415 - only whoever fuzzes has it
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris")
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    atheris.instrument_all()
    # Kept, for the fuzzer ends the program: the next night goes on with what this one has found.
    folder = Path(gettempdir(), "stornowacht-fuzz")
    folder.mkdir(exist_ok=True)
    for number, seed in enumerate(seeds()):
        (folder / f"seed-{number:02}").write_bytes(seed)
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", f"-max_len={LONGEST}", str(folder)], look_at)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
