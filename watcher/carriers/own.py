"""What the seller knows about a carrier beyond the shipped facts: a phone number, a cutoff, how long it keeps parcels.

An own entry goes before a shipped fact, and is never shown as one: it has no source.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import time

from watcher.carriers.knowledge import Carrier, Cutoff, Days, Hold, Phone, carrier
from watcher.domain.fact import Saying

_NOTHING = Saying(de="", en="")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntry:
    """The seller's own word about one carrier; `None` and "" leave the shipped facts as they are."""

    phone: str | None = None
    cutoff: time | None = None
    hold_working_days: int | None = None
    note: str = ""


OwnEntries = Mapping[str, OwnEntry]
"""By the carrier's id."""
_in_force: list[OwnEntries] = [{}]


def use_entries(entries: OwnEntries) -> None:
    """Show these entries from now on, in the whole process, wherever what is known about a carrier is shown."""
    _in_force[0] = entries


def carrier_here(name: str | None) -> Carrier:
    """Return the carrier of that id or name as `carrier` does, with the entries in force."""
    return with_own(carrier(name), _in_force[0])


def with_own(known: Carrier, entries: OwnEntries) -> Carrier:
    """Return what is known about a carrier with the seller's own entries before the shipped facts."""
    own = entries.get(known.id)
    if own is None:
        return known
    if own.phone is not None:
        known = replace(known, phone=Phone(number=own.phone, fact=None))
    if own.cutoff is not None:
        known = replace(known, cutoff=Cutoff(time=own.cutoff, note=_NOTHING, fact=None))
    if own.hold_working_days is not None:
        hold = Hold(
            place=_NOTHING, days=own.hold_working_days, counted=Days.WORKING, note=_NOTHING, fact=None
        )
        known = replace(known, holds=(hold,))
    return replace(known, own_note=own.note)
