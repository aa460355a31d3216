"""The own ads: how often they are read, and by what they are judged."""

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field, PlainSerializer, ValidationInfo, field_validator

from watcher.durations import duration_text, parse_duration
from watcher.settings.listing_rules import ListingRule, mind_off, mind_own
from watcher.settings.table import Table, at_least_a_second
from watcher.texts.language import _

if TYPE_CHECKING:
    from watcher.listings.rule import Rule

NEVER = "never"
SHORTEST = timedelta(days=1)
"""Own ads change rarely, and each of them is a page load on somebody else's site."""


def _parse_every(value: object) -> timedelta | str:
    if isinstance(value, str) and value.strip() == NEVER:
        return NEVER
    try:
        return parse_duration(value)
    except ValueError as error:
        raise ValueError(_('write a number and a unit, such as "7d", or "never"')) from error


def _text(value: timedelta | str) -> str:
    return value if isinstance(value, str) else duration_text(value)


Every = Annotated[timedelta | str, BeforeValidator(_parse_every), PlainSerializer(_text)]
"""A span, or `never`: then only `stornowacht listings --read` reads them."""


class Listings(Table):
    """The table [listings]."""

    every: Every = Field(
        default="7d",
        validate_default=True,
        description='How often `run` reads your own ads; at least "1d". "never": only `stornowacht listings --read` does.',
    )
    ads_per_reading: int = Field(
        default=20,
        ge=1,
        le=60,
        description="How many ads one reading opens; the others wait for the next one.",
    )
    off: tuple[str, ...] = Field(
        default=(),
        description="Rules about ads that you do not want; `stornowacht listings --rules` names them all.",
        examples=[["no_payment_deadline"]],
    )
    rule: tuple[ListingRule, ...] = Field(
        default=(),
        description="Your own rules about ads; each is a table [[listings.rule]] with id, needs or never, says, why and "
        "better.",
    )

    _known = field_validator("off")(mind_off)
    _own_names = field_validator("rule")(mind_own)

    @field_validator("every")
    @classmethod
    def _is_rare(cls, value: timedelta | str, info: ValidationInfo) -> timedelta | str:
        floor = (info.context or {}).get("floor")
        if isinstance(value, str):
            return value
        at_least_a_second(value)
        if floor is not None and is_too_often(value, floor=floor):
            raise ValueError(too_often())
        return value

    @property
    def rules(self) -> "tuple[Rule, ...]":
        """The rules by which ads are judged."""
        from watcher.listings.rules import rules_in_force  # noqa: PLC0415 - only where ads are judged

        return rules_in_force(off=self.off, own=(table.rule for table in self.rule))

    @property
    def interval(self) -> timedelta | None:
        """How often they are read by the clock; `None`: never."""
        return None if isinstance(self.every, str) else self.every


def is_too_often(every: timedelta | str, *, floor: timedelta) -> bool:
    """Whether a site with this floor would be read too often; the practice shop's floor is a second."""
    return not isinstance(every, str) and every < SHORTEST and floor > timedelta(seconds=1)


def too_often() -> str:
    """Return what to say of an interval that is shorter than allowed."""
    return _("{floor} is the shortest; the site is not ours").format(floor=duration_text(SHORTEST))
