"""What a source's problem means for the user, in words."""

from dataclasses import dataclass

from watcher.domain.answer import SourceProblem
from watcher.texts.language import _
from watcher.tracking.source import SourceKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What is wrong, and the way out, in the user's language."""

    message: str
    advice: str


def explained(problem: SourceProblem, kind: SourceKind, *, detail: str = "") -> Explanation:
    """Return what to tell the user of a problem; `detail` is what it rests on, for a technical line."""
    message, advice = _words(problem)
    facts = {"source": kind.title, "name": kind.name, "portal": kind.portal, "detail": detail or "?"}
    return Explanation(message=message.format(**facts), advice=advice.format(**facts))


def _words(problem: SourceProblem) -> tuple[str, str]:
    match problem:
        case SourceProblem.KEY_REFUSED:
            return _("{source} refuses your key."), _(
                "Check `key` in [tracking.{name}], and at {portal} whether your app is approved. Then `stornowacht track ORDER "
                "--ask` tries it at once. Until then look at the carrier's page yourself."
            )
        case SourceProblem.QUOTA_SPENT:
            return _("{source} answers no more questions for now: too many were asked."), _(
                "It goes on by itself. Until then look at the carrier's page yourself."
            )
        case SourceProblem.NOT_FOUND:
            return _("{source} does not know this tracking number, or not yet."), _(
                "A new parcel takes half an hour to appear, and after about three months it is forgotten. Else check the "
                "number."
            )
        case SourceProblem.UNREACHABLE:
            return _("{source} cannot be reached: {detail}"), _("It is tried again by itself.")
        case SourceProblem.NOT_UNDERSTOOD:
            return _("{source} answered something that was not understood: {detail}"), _(
                "It is tried again by itself. Until then look at the carrier's page yourself."
            )
