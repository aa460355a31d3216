"""What happened with a sale, in words, from the ledger; the same time line as the dossier's."""

from watcher import __version__
from watcher.app.evidence import CaseRecord, Evidence, KeptCapture
from watcher.app.extract import entry_of
from watcher.app.ports import Store
from watcher.domain.acknowledgement import Acknowledgement
from watcher.domain.money import money_of
from watcher.domain.order import Order
from watcher.dossier.timeline import Moment, timeline
from watcher.pages.people import People
from watcher.texts.language import current
from watcher.web.desk import Desk

_MOST_CAPTURES = 1_000
_NOBODY: tuple[Acknowledgement, ...] = ()


def time_line(store: Store, desk: Desk, order: Order) -> tuple[Moment, ...]:
    """Return every entry, the latest first. No file is opened: what the ledger and the tables say is enough."""
    catalogue, at = store.catalogue(), desk.clock()
    cases = catalogue.cases_of(order.id)
    costs = store.costs(order.id)
    records = tuple(CaseRecord(case=case, acknowledgements=_NOBODY, found=None) for case in cases)
    captures = catalogue.latest_captures(order, most=_MOST_CAPTURES)
    entries = (entry_of(line) for line in catalogue.lines_about(order.id))
    evidence = Evidence(
        program=__version__,
        exported_at=at,
        account=order.account,
        order=order,
        wanted_case=None,
        money=money_of(order, cases, costs, now=at),
        costs=tuple(costs),
        cases=records,
        sightings=tuple(store.sightings(order.id)),
        chat=None,
        captures=tuple(KeptCapture(stored=capture, told=None) for capture in captures),
        notes=tuple(store.sealed().notes(order.id)),
        attachments=tuple(store.attachments().of(order.id)),
        missing=frozenset(),
        entries=tuple(entry for entry in entries if entry is not None),
        stamps=(),
        lines=0,
        head="",
        people=People(),
        gaps=(),
    )
    return timeline(evidence, language=current())[::-1]
