"""Asking a carrier's interface now, because the human wants to know; and what must stand where its words are shown."""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta

import click

from watcher.app.ask_parcel import Asking
from watcher.app.parcels import Tracked, learn
from watcher.app.poll_parcels import ask_now
from watcher.app.seller import find
from watcher.bootstrap import House, attributions, explained_problem, now
from watcher.cli.common import moment, printable
from watcher.domain.parcel import Sighting
from watcher.texts.language import _

_PATIENCE = timedelta(seconds=10)
"""A pause between two questions that is waited out; who must wait longer is told so."""


def asked(our: House, order: str) -> Tracked:
    """Ask where an order's parcel is; returns what is known then. What stood in the way is said on stderr.

    Raises:
        UsageError: there is no such order, it has no parcel or no number, or no interface of its carrier is set up.
        ConfigError: the key is not where the config says.
    """
    asking = _patiently(our, order)
    source = asking.question.source.name
    if asking.not_before is not None:
        click.echo(
            _("Not asked: the interface is left alone until {at}.").format(at=moment(asking.not_before)),
            err=True,
        )
    elif asking.answer is not None and asking.answer.problem is not None:
        told = explained_problem(source, asking.answer.problem, detail=asking.answer.detail)
        click.echo(f"{printable(told.message)}\n{printable(told.advice)}", err=True)
    if asking.tracked is not None:
        return asking.tracked
    found = find(order, our.store.orders(), what="order")
    return learn(our.store, found, (), rules=our.case_rules(), at=now())


def say_attributions(sightings: Iterable[Sighting]) -> None:
    """Say what the terms of the interfaces want to stand where their words are shown; nothing where there are none."""
    for line in attributions(sightings):
        click.echo("  " + line)


def _patiently(our: House, order: str) -> Asking:
    sources, rules = [each.source for each in our.polled()], our.case_rules()
    ends = now() + _PATIENCE
    while True:
        asking = ask_now(our.store, sources, order, rules=rules, clock=now)
        if asking.not_before is None or asking.not_before > ends:
            return asking
        _sleep_until(asking.not_before)


def _sleep_until(at: datetime) -> None:
    time.sleep(max((at - now()).total_seconds(), 0.05))
