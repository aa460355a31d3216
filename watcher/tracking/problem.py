"""What a source's problem means: for the user in words, for whoever asks in time."""

from dataclasses import dataclass
from datetime import timedelta

from watcher.texts.language import _
from watcher.tracking.quota import LONGEST_REST
from watcher.tracking.source import Answer, SourceKind, SourceProblem

_KEY_REST = timedelta(hours=6)
_QUOTA_REST = timedelta(hours=1)
"""Where the source does not say how long: its day may end any moment, and somebody else may share the key."""
_LINE_REST = timedelta(minutes=5)
_SHORTEST_REST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What is wrong, and the way out, in the user's language."""

    message: str
    advice: str


def rest_after(answer: Answer) -> timedelta | None:
    """Return how long the whole source is left alone after this answer; `None` where only this parcel is concerned."""
    match answer.problem:
        case SourceProblem.KEY_REFUSED:
            return _KEY_REST
        case SourceProblem.QUOTA_SPENT:
            wish = _QUOTA_REST if answer.retry_after is None else answer.retry_after
            return min(max(wish, _SHORTEST_REST), LONGEST_REST)
        case SourceProblem.UNREACHABLE:
            return _LINE_REST
        case _:
            return None


def explained(answer: Answer, kind: SourceKind) -> Explanation | None:
    """Return what to tell the user of an answer's problem; `None` where it has none."""
    if answer.problem is None:
        return None
    message, advice = _words(answer.problem)
    facts = {"source": kind.title, "name": kind.name, "portal": kind.portal, "detail": answer.detail or "?"}
    return Explanation(message=message.format(**facts), advice=advice.format(**facts))


def _words(problem: SourceProblem) -> tuple[str, str]:
    match problem:
        case SourceProblem.KEY_REFUSED:
            return _("{source} refuses your key."), _(
                "Check `key` in [tracking.{name}], and at {portal} whether your app is approved. Until then look at the "
                "carrier's page yourself."
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
