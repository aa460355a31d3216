"""A carrier's interface that is asked where parcels are."""

from dataclasses import dataclass

from watcher.app.doctor.finding import Finding, bad, ok, warn
from watcher.domain.answer import SourceProblem
from watcher.texts.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class InterfaceFacts:
    """How it stands with an interface, as it is remembered: a question only to see would cost one of the day's."""

    name: str
    asked: int
    per_day: int
    problem: SourceProblem | None = None
    message: str = ""
    advice: str = ""


def interface(facts: InterfaceFacts) -> Finding:
    """Say what its last answer was worth, and how much of the day's questions is used."""
    name = f"tracking/{facts.name}"
    if facts.problem is SourceProblem.KEY_REFUSED:
        return bad(name, facts.message, facts.advice)
    if facts.problem is not None:
        return warn(name, facts.message, facts.advice)
    used = _("{asked} of {per_day} questions asked today").format(asked=facts.asked, per_day=facts.per_day)
    return ok(name, _("its key is found; {used}, and nothing was asked now").format(used=used))
