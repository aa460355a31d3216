"""Let atheris look for a page or an answer that makes a reader raise, or take too long: `python -m bench.fuzz [SECONDS]`.

Coverage-guided, for a night rather than for every change; the suite has Hypothesis for that. Needs `pip install atheris`. Every
input becomes a capture of a list and of a conversation; the outcome must be a reading or the name of what stopped it.
"""

import sys
import time
from datetime import UTC, datetime

from watcher.app.probe import probe
from watcher.app.understanding import understand
from watcher.domain.capture import Body, Capture, PageKind

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
BOX = "https://gateway.site.example/messagebox/api/users/1/conversations"
CONVERSATION = "a:b:c"
SLOW_SECONDS = 5.0
MARKER = '<span id="user-email">angemeldet als: x</span>'


def look_at(data: bytes) -> None:
    """Read one input in every way; a slow one counts as a failure."""
    content, _, html = data.partition(b"\0")
    text = html.decode(errors="replace")
    begun = time.perf_counter()
    for kind, url in (
        (PageKind.CONVERSATION_LIST, f"{BOX}?page=0&size=25"),
        (PageKind.CONVERSATION, f"{BOX}/{CONVERSATION}?contentWarnings=true"),
        (PageKind.ADDED, "https://www.site.example/x"),
    ):
        capture = Capture(
            id="c",
            account="main",
            kind=kind,
            conversation=CONVERSATION if kind is PageKind.CONVERSATION else None,
            taken_at=NOW,
            url="https://www.site.example/m-nachrichten.html",
            final_url="https://www.site.example/m-nachrichten.html",
            status=200,
            html=MARKER + text,
            bodies=(Body(url=url, status=200, content=content),),
        )
        assert understand(capture).verdict
        probe([capture])
    took = time.perf_counter() - begun
    if took > SLOW_SECONDS:
        raise TimeoutError(f"{took:.1f} s for {len(data)} bytes")


def main() -> None:
    """Run the fuzzer."""
    try:
        import atheris  # type: ignore[import-not-found]  # noqa: PLC0415 - only whoever fuzzes has it
    except ImportError:
        sys.exit("atheris is not installed: pip install atheris")
    seconds = sys.argv[1] if len(sys.argv) > 1 else "60"
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096"], look_at)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
