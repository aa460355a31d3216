"""A look back on a closed case, for people and for scripts."""

from collections.abc import Iterator

from watcher.cli.hints import paragraph
from watcher.cli.report import Json
from watcher.texts.language import _
from watcher.texts.look_back import LookBack


def look_back_lines(told: LookBack | None) -> Iterator[str]:
    """Say what would have helped, and which tip each suggestion rests on; nothing while the case is open."""
    if told is None:
        return
    yield _("What would have helped?")
    for suggestion in told.suggestions:
        yield "  • " + paragraph(suggestion.says, indent=4).lstrip()
        yield paragraph(suggestion.why)
    if not told.suggestions:
        yield paragraph(told.nothing, indent=2)


def look_back_json(told: LookBack | None) -> list[Json] | None:
    """Return what would have helped; `None` while the case is open, an empty list where nothing points to anything."""
    if told is None:
        return None
    return [{"id": each.id, "says": each.says, "why": each.why} for each in told.suggestions]
