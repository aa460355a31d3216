"""`carriers`: what is known about each carrier, with source and date, and the seller's own entries."""

import textwrap
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import click

from watcher.app.insights import own_attempts
from watcher.bootstrap import house, now
from watcher.carriers.knowledge import OTHER, Carrier, Days, Hold, Way, all_carriers, carrier
from watcher.carriers.own import with_own
from watcher.cli.carriers_json import attempts_json, carrier_json
from watcher.cli.common import config_option, json_option, load_config, print_json, printable
from watcher.config import Config
from watcher.domain.fact import Fact, Saying
from watcher.domain.figure import Row
from watcher.errors import UsageError
from watcher.postman.letter_words import said, source_line
from watcher.storage.database import FILE_NAME
from watcher.texts.insight_words import attempts_words
from watcher.texts.language import _, current, ngettext
from watcher.texts.names import until_milestone

_WIDTH = 78
_LONGEST_WORD = 70
_LABEL, _HANGING = "  ", "    "
_MARK = "NUMBER"
"""What stands for the tracking number in an address that is shown."""


@click.command(
    "carriers",
    help=_(
        "What is known about the carriers, or one CARRIER: ways to get a parcel back, storage periods, tracking; each "
        "with its source and date."
    ),
)
@click.argument("name", metavar="[CARRIER]", required=False)
@config_option
@json_option
def carriers_command(name: str | None, *, config_path: Path | None, as_json: bool) -> int:
    """Show the dated carrier facts."""
    config = load_config(config_path)
    own = config.own_carriers
    shown = [with_own(each, own) for each in (all_carriers() if name is None else [_named(name)])]
    today, own_record = now().date(), _own_record(config)
    if as_json:
        print_json(
            {
                "carriers": [
                    {
                        **carrier_json(each, today=today),
                        "own_attempts": attempts_json(own_record.get(each.id)),
                    }
                    for each in shown
                ]
            }
        )
        return 0
    for line in _page(shown, today, own_record):
        click.echo(line)
    return 0


def _own_record(config: Config) -> dict[str, Row]:
    """Return how the seller's own attempts ended, by carrier; nothing before there is a storage folder."""
    if not (config.storage_dir / FILE_NAME).is_file():
        return {}
    with house(config) as our:
        return own_attempts(our.store)


def _named(name: str) -> Carrier:
    """Return the carrier of that name.

    Raises:
        UsageError: nobody has described such a carrier; the entry for all others has to be asked for by its own name.
    """
    found = carrier(name)
    if found.id == OTHER and name.strip().casefold() != OTHER:
        raise UsageError(
            _("No carrier {name!r} is described.").format(name=name),
            advice=_(
                "Described are: {names}; `stornowacht carriers {other}` says what holds for all others."
            ).format(names=", ".join(each.id for each in all_carriers() if each.id != OTHER), other=OTHER),
        )
    return found


def _page(shown: list[Carrier], today: date, own_record: Mapping[str, Row]) -> Iterator[str]:
    yield click.style(_("What is publicly known about the carriers"), bold=True)
    yield from _wrapped(
        _(
            "Read from public pages, never tried at a counter. No carrier owes a private sender anything once the parcel "
            "is handed in: ask, and try. What the carrier itself tells you counts more."
        ),
        indent="",
    )
    for known in shown:
        yield ""
        yield click.style((known.name or _("Any other carrier")).upper(), bold=True)
        yield from _lines(known, today, own_record.get(known.id))


def _lines(known: Carrier, today: date, attempts: Row | None) -> Iterator[str]:
    yield ""
    yield from _tracking(known, today)
    yield from _phone(known, today)
    yield from _cutoff(known, today)
    yield from _holds(known, today)
    if known.own_note:
        yield from _wrapped(_("Note: {note}").format(note=printable(known.own_note)))
        yield from _standing(None, today)
    yield ""
    yield click.style("  " + _("Ways to get a parcel back, in this order"), bold=True)
    if attempts is not None:
        yield from (click.style(line, fg="cyan") for line in _wrapped(attempts_words(attempts)))
    for number, way in enumerate(known.ways, start=1):
        yield ""
        yield from _way(number, way, today)


def _tracking(known: Carrier, today: date) -> Iterator[str]:
    if known.tracking is None:
        yield from _wrapped(_("Tracking: no address known; it is on your receipt."))
        return
    yield from _wrapped(_("Tracking: {url}").format(url=known.tracking.replace("{number}", _MARK)))
    yield from _standing(known.tracking_fact, today)


def _phone(known: Carrier, today: date) -> Iterator[str]:
    if known.phone is None:
        yield from _wrapped(
            _("Phone: no checked number known. Look it up here: in tracking, or on your receipt.")
        )
        if known.id != OTHER:
            yield from _wrapped(
                _('Keep it in the config: [carrier.{carrier}] phone = "…"').format(carrier=known.id)
            )
        return
    yield from _wrapped(_("Phone: {number}").format(number=printable(known.phone.number)))
    yield from _standing(known.phone.fact, today)


def _cutoff(known: Carrier, today: date) -> Iterator[str]:
    if known.cutoff is None:
        yield from _wrapped(_("Requests until: not known, so ask at once."))
        return
    yield from _wrapped(_("Requests until: {time}").format(time=f"{known.cutoff.time:%H:%M}"))
    yield from _note(known.cutoff.note)
    yield from _standing(known.cutoff.fact, today)


def _holds(known: Carrier, today: date) -> Iterator[str]:
    if not known.holds:
        yield from _wrapped(_("Storage period: not known; the collection slip or tracking may say it."))
    for hold in known.holds:
        yield from _wrapped(_("Storage period: {words}").format(words=hold_words(hold)))
        yield from _note(hold.note)
        yield from _standing(hold.fact, today)


def hold_words(hold: Hold) -> str:
    """Say how long a parcel waits, and where."""
    span = {
        Days.CALENDAR: ngettext("{count} calendar day", "{count} calendar days", hold.days),
        Days.WORKING: ngettext("{count} working day (Mon-Sat)", "{count} working days (Mon-Sat)", hold.days),
        Days.WEEKDAYS: ngettext("{count} working day (Mon-Fri)", "{count} working days (Mon-Fri)", hold.days),
    }[hold.counted].format(count=hold.days)
    return " ".join(filter(None, (span, hold.place.said(current()))))


def _way(number: int, way: Way, today: date) -> Iterator[str]:
    language = current()
    heading = f"{number}. {way.title.said(language)}"
    yield from (click.style(line, bold=True) for line in _wrapped(heading))
    who = said(f"label.who_{way.who}", language=language)
    until = until_milestone(way.until_milestone, language=language)
    yield from _wrapped(" · ".join(filter(None, (who, until))), indent="     ")
    yield from _wrapped(way.how.said(language), indent="     ")
    if way.have_at_hand:
        words = said("label.at_hand", language=language, words=way.have_at_hand.said(language))
        yield from _wrapped(words, indent="     ")
    yield from _note(way.afterwards, indent="     ")
    cost = way.cost.said(language) or _("not known")
    yield from _wrapped(said("label.cost", language=language, words=cost), indent="     ")
    yield from _standing(way.fact, today, indent="     ")


def _note(words: Saying, *, indent: str = _HANGING) -> Iterator[str]:
    if words:
        yield from _wrapped(words.said(current()), indent=indent)


def _standing(fact: Fact | None, today: date, *, indent: str = _HANGING) -> Iterator[str]:
    """Say where something is known from, and what speaks against relying on it."""
    if fact is None:
        yield from (click.style(line, fg="cyan") for line in _wrapped(_("your own entry"), indent=indent))
        return
    if fact.is_old(today):
        old = _("OLD: nobody has read the source for more than a year.")
        yield from (click.style(line, fg="yellow") for line in _wrapped(old, indent=indent))
    source = source_line(fact, language=current())
    yield from (click.style(line, dim=True) for line in _wrapped(source, indent=indent))


def _breakable(word: str) -> str:
    """Return an address that is wider than a line in parts, with a blank between them."""
    cut = word.rfind("/", 0, _LONGEST_WORD) + 1
    return f"{word[:cut]} {_breakable(word[cut:])}" if cut and len(word) > _LONGEST_WORD else word


def _wrapped(text: str, *, indent: str = _LABEL) -> list[str]:
    """Break a text into lines; addresses stay whole where they fit."""
    return textwrap.wrap(
        " ".join(map(_breakable, text.split())),
        width=_WIDTH,
        initial_indent=indent,
        subsequent_indent=_HANGING if indent == _LABEL else indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
