"""Whether somebody has a case, in words."""

from collections.abc import Iterable, Mapping

from watcher.app.ports import Store
from watcher.cli.common import moment
from watcher.domain.acknowledgement import Acknowledgement, in_force
from watcher.domain.case import Case
from watcher.texts.language import _


def acknowledgements(store: Store, cases: Iterable[Case]) -> Mapping[str, Acknowledgement]:
    """Return by which acknowledgement somebody has each case, for those that somebody has."""
    had = (case for case in cases if case.is_open and case.acknowledged_at is not None)
    found = ((case.id, in_force(store.acknowledgements(case.id))) for case in had)
    return {case: ack for case, ack in found if ack is not None}


def state_words(case: Case, ack: Acknowledgement | None) -> str | None:
    """Return how it stands with a case that is closed, put off or had by somebody; `None`: it is open, and nobody has it."""
    if not case.is_open:
        return _("closed")
    if case.acknowledged_at is None:
        return None
    if ack is not None and ack.snoozed_until is not None:
        return _("put off until {until}").format(until=moment(ack.snoozed_until))
    return _("acknowledged")
