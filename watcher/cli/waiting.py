"""From when a parcel that waits to be collected goes back by itself, as commands say it."""

from collections.abc import Iterable
from datetime import UTC, datetime, time

from watcher.carriers.knowledge import BERLIN
from watcher.carriers.own import carrier_here
from watcher.carriers.waiting import GoesBack, goes_back, waits_since
from watcher.cli.report import Json
from watcher.domain.parcel import Parcel, Sighting
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name, day


def back_of(parcel: Parcel, sightings: Iterable[Sighting]) -> GoesBack | None:
    """Return from when the parcel goes back by itself; `None` unless it waits and the storage period is known."""
    since = waits_since(parcel, sightings)
    return None if since is None else goes_back(carrier_here(parcel.carrier), since)


def back_words(back: GoesBack, *, at: datetime) -> str:
    """Say it, with how sure that is; a day that is over already as one that is."""
    language = current()
    noon = datetime.combine(back.on, time(12), tzinfo=BERLIN).astimezone(UTC)
    said = (
        _("goes back by itself from about {day} if nobody collects it ({sure})")
        if back.on > at.astimezone(BERLIN).date()
        else _("should be going back by itself since about {day} if nobody has collected it ({sure})")
    )
    return said.format(
        day=day(noon, language=language, now=at), sure=confidence_name(back.certainty, language=language)
    )


def back_json(back: GoesBack | None) -> Json | None:
    """Return it for scripts."""
    return {"on": back.on.isoformat(), "certainty": back.certainty.value} if back else None
