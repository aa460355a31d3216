"""What a case gives its ready-made texts: facts, pictures, and what was written to support already."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from watcher.app.archive import Note
from watcher.app.case_book import as_tracked
from watcher.app.seller import earlier_contacts, find
from watcher.bootstrap import House, now
from watcher.cli.report import Json, time_json
from watcher.domain.capture import PageKind
from watcher.domain.case import Case
from watcher.domain.order import Order
from watcher.postman.letter_facts import subject_of
from watcher.texts.language import Language
from watcher.texts.playbook import Draft, Subject, warning_for, words_for

_PICTURES_AT_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMatter:
    """What the texts are about."""

    order: Order
    case: Case | None
    earlier: tuple[Note, ...]
    """Contacts with support that are too fresh for another one."""
    pictures: tuple[Path, ...]
    """The latest pictures of the conversation, for whoever wants to see them."""

    @property
    def subject(self) -> Subject:
        """What the texts are filled with."""
        return subject_of(self.order, self.case)


def matter_of(our: House, wanted: str) -> TextMatter:
    """Return what a case, or an order's latest case, gives its texts.

    Raises:
        UsageError: there is no such case or order.
    """
    cases, orders = our.store.cases(), our.store.orders()
    if wanted.startswith("o"):
        order = find(wanted, orders, what="order")
        case = next((case for case in cases if case.order == order.id), None)
    else:
        case = find(wanted, cases, what="case")
        order = find(case.order, orders, what="order")
    order = as_tracked(order, our.store.sightings(order.id), at=now())
    within = our.config.seller.support_again
    fronts = (
        capture.front
        for capture in reversed(our.store.captures(account=order.account, conversation=order.conversation))
        if capture.kind is not PageKind.AD
    )
    paths = [our.config.storage_dir / front.path for front in fronts if front is not None]
    return TextMatter(
        order=order,
        case=case,
        earlier=tuple(earlier_contacts(our.store, order, within=within, now=now())),
        pictures=tuple(dict.fromkeys(paths))[:_PICTURES_AT_MOST],
    )


def drafts_of(matter: TextMatter, language: Language) -> Iterable[tuple[str, Draft]]:
    """Return the texts of what is still to be done, of everything in a closed case, each with its step."""
    case = matter.case
    steps = case.steps if case else ()
    seen: set[str] = set()
    for step in [step for step in steps if step.is_open and case and case.is_open] or steps:
        for draft in words_for(step.id, matter.subject, language=language).drafts:
            if draft.name not in seen:
                seen.add(draft.name)
                yield step.id, draft


def about_json(matter: TextMatter, language: Language) -> Json:
    """Return what the texts are about."""
    case = matter.case
    return {
        "case": case.id if case else None,
        "order": matter.order.id,
        "warning": warning_for(case.kind, language=language) if case else None,
        "earlier_contacts": [time_json(note.at) for note in matter.earlier],
        "pictures": [str(path) for path in matter.pictures],
    }


def draft_json(draft: Draft, *, used_at: Iterable[str]) -> Json:
    """Return a text, and the steps at which it is offered."""
    return {
        "name": draft.name,
        "to": draft.to.value,
        "label": draft.label,
        "steps": list(used_at),
        "language": draft.language,
        "own": draft.own,
        "fault": draft.fault,
        "text": draft.text,
    }
