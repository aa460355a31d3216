"""The platform's support: how to reach it, and that one inquiry is enough."""

from collections.abc import Iterable
from datetime import timedelta

from watcher.app.archive import Note
from watcher.cli.common import moment
from watcher.cli.report import Json
from watcher.policy.support import SupportWay, support_ways
from watcher.postman.letter_words import source_line
from watcher.texts.language import Language, _


def contact_warning(earlier: Iterable[Note], *, patience: timedelta) -> list[str]:
    """Say that support has had this matter only lately, and from when to ask again; nothing where it has not."""
    latest = max((note.at for note in earlier), default=None)
    if latest is None:
        return []
    return [
        _(
            "MIND: support has had this matter since {at}. A second inquiry makes nothing faster; if there is something new, "
            "answer to the first one. If no answer comes, ask again from {again} on, not before."
        ).format(at=moment(latest), again=moment(latest + patience))
    ]


def ways_to_support(*, language: Language) -> list[str]:
    """Say how support can be reached, in the order in which it is worth trying, with where that is known from."""
    return [
        _("How to reach support:"),
        *(
            line
            for number, way in enumerate(support_ways(), start=1)
            for line in (
                f"  {number}. {_about(way, language)}",
                f"     {source_line(way.fact, language=language)}",
            )
        ),
    ]


def _about(way: SupportWay, language: Language) -> str:
    address = f" ({way.address})" if way.address else ""
    return f"{way.title.said(language)}{address}: {way.says.said(language)}"


def support_json() -> list[Json]:
    """Return the ways to reach support."""
    return [
        {
            "id": way.id,
            "title": {"de": way.title.de, "en": way.title.en},
            "says": {"de": way.says.de, "en": way.says.en},
            "address": way.address,
            "source": way.fact.source,
            "published": way.fact.published,
            "seen": way.fact.seen.isoformat(),
            "confidence": way.fact.confidence.value,
        }
        for way in support_ways()
    ]
