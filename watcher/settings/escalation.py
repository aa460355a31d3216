"""How insistent reminders are, by case kind."""

from datetime import timedelta

from pydantic import Field, field_validator

from watcher.domain.escalation import HOURS_TO_ACT, Policy, Round
from watcher.domain.step import CaseKind
from watcher.durations import Duration
from watcher.settings.table import Table, at_least_a_second
from watcher.texts.language import _

MOST_ROUNDS = 20


class RoundTable(Table):
    """One round within [[escalation]] rounds."""

    after: Duration = timedelta(0)
    channels: tuple[str, ...] | None = None
    critical: bool | None = None

    @field_validator("channels")
    @classmethod
    def _is_not_empty(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if value is not None and not value:
            raise ValueError(_("name a channel, or leave `channels` out: then all of them are used"))
        return value

    def round_for(self, kind: CaseKind) -> Round:
        """Return the round; how loud it is follows from the case kind where nothing is said."""
        return Round(
            after=self.after,
            channels=None if self.channels is None else frozenset(self.channels),
            critical=kind in HOURS_TO_ACT if self.critical is None else self.critical,
        )


class EscalationTable(Table):
    """One table [[escalation]]."""

    kinds: tuple[str, ...] = Field(
        min_length=1,
        description="For which cases: before_shipment, in_transit, after_delivery, disputed, unclear. Cases that no table "
        "names keep the default.",
        examples=[["in_transit", "unclear"]],
    )
    rounds: tuple[RoundTable, ...] = Field(
        min_length=1,
        max_length=MOST_ROUNDS,
        description="One after the other, until you say that you have it: how long after the round before, through which "
        "channels (default: all), and whether it is critical. The first one is the alert itself.",
        examples=[
            [
                {"after": "0s", "channels": ["desktop"]},
                {"after": "10m", "channels": ["email"], "critical": True},
            ]
        ],
    )
    repeat: Duration = Field(
        default=timedelta(minutes=30), description="How often the last of them is repeated after that."
    )
    by_day: bool = Field(default=False, description="Whether repetitions wait for the day.")

    _not_zero = field_validator("repeat")(at_least_a_second)

    @field_validator("kinds")
    @classmethod
    def _are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        known = [kind.value for kind in CaseKind]
        if not set(value) <= set(known):
            raise ValueError(_("must be one of {choices}").format(choices=", ".join(known)))
        return value

    def policies(self) -> dict[CaseKind, Policy]:
        """Return the policy of each case kind that the table names."""
        return {CaseKind(name): self._policy(CaseKind(name)) for name in self.kinds}

    def _policy(self, kind: CaseKind) -> Policy:
        return Policy(
            rounds=tuple(table.round_for(kind) for table in self.rounds),
            repeat=self.repeat,
            by_day=self.by_day,
            grows_loud=all(table.critical is None for table in self.rounds),
        )


def are_different(tables: tuple[EscalationTable, ...]) -> tuple[EscalationTable, ...]:
    """Return the tables, of which no two are about the same case kind."""
    kinds = [kind for table in tables for kind in table.kinds]
    twice = sorted({kind for kind in kinds if kinds.count(kind) > 1})
    if twice:
        raise ValueError(_("two tables are about {kinds}").format(kinds=", ".join(twice)))
    return tables
