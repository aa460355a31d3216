"""`track`: where a parcel is, from what the seller types or copies from the carrier's page."""

import re
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from watcher.app.parcel_words import news_words, problem_words
from watcher.app.parcels import Tracked, learn, take_number, take_text
from watcher.app.seller import find
from watcher.bootstrap import attributions, house, now
from watcher.carriers.own import carrier_here
from watcher.carriers.paste import LONGEST, PasteProblem
from watcher.carriers.tracking_text import is_number
from watcher.cli.ask import asked, say_attributions
from watcher.cli.common import config_option, json_option, load_config, moment, print_json, printable
from watcher.cli.hints import fitted
from watcher.cli.report import Json, case_json, time_json
from watcher.cli.waiting import back_json, back_of, back_words
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import AHEAD, Milestone, Parcel, Sighting
from watcher.errors import UsageError
from watcher.texts.language import _, current
from watcher.texts.names import confidence_name, milestone_name, origin_name

_REFUSED = re.compile(
    r"annahme.{0,60}verweiger|verweiger.{0,60}annahme|nicht angenommen|not accepted|refused", re.IGNORECASE
)
_LONGEST_WORDS = 100
_MOST_LINES = 40
_CODES = {
    None: 0,
    PasteProblem.OTHER_CARRIER: 5,
    PasteProblem.NOT_UNDERSTOOD: 5,
    PasteProblem.FUTURE: 5,
    PasteProblem.UNDATED: 5,
}
"""Every other problem is wrong usage: the text was none to read."""


@click.command(
    "track",
    help=_(
        "Where an order's parcel is. With a tracking number: keep it. With text copied from the carrier's page (or - to "
        "read it from standard input): take from it where the parcel is."
    ),
)
@click.argument("order")
@click.argument("text", nargs=-1)
@click.option("--ask", is_flag=True, help=_("Ask the carrier's interface now, with your own key."))
@config_option
@json_option
def track_command(
    order: str, *, text: tuple[str, ...], ask: bool, config_path: Path | None, as_json: bool
) -> int:
    """Tell or learn where a parcel is."""
    if ask and text:
        raise UsageError(
            _("--ask takes no number and no text."),
            advice=_("`stornowacht track ORDER --ask` asks about the number that is known."),
        )
    config = load_config(config_path)
    with house(config) as our:
        rules = our.case_rules()
        found = find(order, our.store.orders(), what="order")
        given = " ".join(text)
        if given.strip() == "-":
            given = _standard_input()
        if ask:
            tracked = asked(our, found.id)
        elif not text:
            tracked = learn(our.store, found, (), rules=rules, at=now())
        elif is_number(given):
            tracked = take_number(our.store, found.id, given, rules=rules, clock=now)
        else:
            tracked = take_text(our.store, found.id, given, rules=rules, clock=now)
    if as_json:
        print_json(parcel_json(tracked))
    else:
        if tracked.problem is not None:
            click.echo(fitted(problem_words(tracked)), err=True)
        elif text or tracked.new:
            click.echo(news_words(tracked.new))
        _say_numbers(tracked)
        say_parcel(tracked)
    return _CODES.get(tracked.problem, 2)


def _standard_input() -> str:
    """Return what is piped or typed in, up to a little more than is read anyway; bytes that are no text become marks.

    Raises:
        UsageError: there is no standard input.
    """
    if sys.stdin is None:
        raise UsageError(
            _("There is nothing to read from."),
            advice=_('Give the text as an argument: stornowacht track ORDER "…"'),
        )
    if sys.stdin.isatty():
        click.echo(
            _("Paste the text, then end it with Ctrl-D on a line of its own (Windows: Ctrl-Z, Enter)."),
            err=True,
        )
    data = sys.stdin.buffer.read(4 * (LONGEST + 1))
    return data.decode(sys.stdin.encoding or "utf-8", errors="replace")


def _say_numbers(tracked: Tracked) -> None:
    """Say which number in a text was mistyped, and which one was known until now."""
    if tracked.mistyped:
        mistyped = ", ".join(map(printable, tracked.mistyped))
        words = _("{numbers} cannot be right: the check digit does not fit, so at least one digit is wrong. It was not taken over.")  # fmt: skip
        click.echo(fitted(words.format(numbers=mistyped)), err=True)
    if tracked.replaced is not None:
        words = _("Until now its number was {number}. What was said so far stays: look whether it is about this parcel.")  # fmt: skip
        click.echo(fitted(words.format(number=printable(tracked.replaced))), err=True)


def say_parcel(tracked: Tracked) -> None:
    """Say where the parcel is, how sure that is, and what was said about it."""
    parcel, language = tracked.parcel, current()
    known = carrier_here(parcel.carrier)
    number = parcel.number or _("number not known")
    name = known.name or parcel.carrier or _("carrier not known")
    click.secho(f"{printable(name)}, {printable(number)}", bold=True)
    doubt = (
        f", {confidence_name(parcel.confidence, language=language)}"
        if parcel.is_sure and parcel.confidence is Confidence.LIKELY
        else ""
    )
    click.echo(
        "  "
        + milestone_name(parcel.milestone, language=language)
        + (f" ({moment(parcel.at)}{doubt})" if parcel.at else "")
    )
    back = back_of(parcel, tracked.sightings)
    if back is not None:
        click.echo(fitted("  " + back_words(back, at=now())))
    if parcel.contradicts:
        words = _(
            "What was said about this parcel contradicts itself: look yourself. Nothing is concluded from it."
        )
        click.echo(fitted("  " + words))
    if parcel.is_at(Milestone.EXCEPTION) and _is_refused(parcel, tracked.sightings):
        click.echo(fitted("  " + _("It was refused: such a parcel often goes back to the sender by itself, but its carrier has not said so yet.")))  # fmt: skip
    if parcel.number_back:
        click.echo("  " + _("Number of the way back: {number}").format(number=printable(parcel.number_back)))
    url = known.tracking_url(parcel.number)
    if url:
        click.echo("  " + url)
    if len(tracked.sightings) > _MOST_LINES:
        left_out = len(tracked.sightings) - _MOST_LINES
        click.echo("  " + _("… and {count} earlier words; --json shows them all").format(count=left_out))
    for sighting in tracked.sightings[-_MOST_LINES:]:
        click.echo(fitted("  " + _line(sighting)))
    say_attributions(tracked.sightings)
    is_clear = tracked.problem is None and not parcel.contradicts
    if is_clear and tracked.case is not None and tracked.case.is_open:
        click.echo(_("The case follows: `stornowacht show {order}`").format(order=tracked.order.id))


def _is_refused(parcel: Parcel, sightings: Iterable[Sighting]) -> bool:
    """Whether the latest word says that the recipient did not accept the parcel."""
    return any(
        each.milestone is Milestone.EXCEPTION and each.at == parcel.at and _REFUSED.search(each.words)
        for each in sightings
    )


def _line(sighting: Sighting) -> str:
    language = current()
    words = printable(sighting.words) or (
        _("Tracking number {number}").format(number=printable(sighting.number))
        if sighting.milestone is Milestone.UNKNOWN and sighting.number
        else milestone_name(sighting.milestone, language=language)
    )
    words = words if len(words) <= _LONGEST_WORDS else words[: _LONGEST_WORDS - 1].rstrip() + "…"
    return f"· {moment(sighting.at)}  {words}  [{origin_name(sighting.origin, language=language)}]{_doubt(sighting)}"


def _doubt(sighting: Sighting) -> str:
    if sighting.at > sighting.learnt_at + AHEAD:
        return " – " + _("lay in the future, not counted")
    if sighting.milestone is Milestone.UNKNOWN:
        return " – " + _("not understood, not counted") if sighting.words else ""
    return " – " + _("unsure, not counted") if sighting.confidence is Confidence.UNSURE else ""


def parcel_json(tracked: Tracked) -> Json:
    """Return what is known of a parcel."""
    parcel = tracked.parcel
    return {
        "order": tracked.order.id,
        "carrier": parcel.carrier,
        "number": parcel.number,
        "number_back": parcel.number_back,
        "milestone": parcel.milestone.value,
        "at": time_json(parcel.at),
        "confidence": parcel.confidence.value,
        "contradicts": parcel.contradicts,
        "handed_in": time_json(parcel.handed_in_at),
        "at_shop": parcel.at_shop,
        "goes_back": back_json(back_of(parcel, tracked.sightings)),
        "new": tracked.new,
        "problem": tracked.problem,
        "other_numbers": list(tracked.others),
        "mistyped_numbers": list(tracked.mistyped),
        "replaced": tracked.replaced,
        "case": case_json(tracked.case) if tracked.case else None,
        "sightings": [
            {
                "milestone": sighting.milestone.value,
                "at": time_json(sighting.at),
                "learnt": time_json(sighting.learnt_at),
                "origin": sighting.origin.value,
                "confidence": sighting.confidence.value,
                "carrier": sighting.carrier,
                "number": sighting.number,
                "words": sighting.words,
            }
            for sighting in tracked.sightings
        ],
        "attributions": attributions(tracked.sightings),
    }
