"""What is in force when the seller is reminded, asked and left alone."""

from dataclasses import dataclass, field
from datetime import timedelta

from watcher.domain.escalation import Policies, default_policies
from watcher.domain.quiet_hours import NEVER_QUIET, QuietHours

EVERY = timedelta(minutes=30)
ASK_BACK = timedelta(hours=3)


def _defaults() -> Policies:
    return default_policies(EVERY)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindRules:
    """The seller's own wishes, or the defaults."""

    policies: Policies = field(default_factory=_defaults)
    quiet: QuietHours = NEVER_QUIET
    ask_back: timedelta = ASK_BACK
    """How long after "I have it" it is asked whether it is done."""


def with_own(own: Policies, *, every: timedelta) -> Policies:
    """Return the policy of every case kind: the user's own where there is one."""
    return {**default_policies(every), **own}
