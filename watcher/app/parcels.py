"""The seller's word about a parcel: handed in, a number, what the carrier's page says."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.app.case_book import CaseRules, follow_up
from watcher.app.ports import Store
from watcher.app.seller import find, seller_saw
from watcher.carriers.harmless import harmless_line
from watcher.carriers.paste import Pasted, PasteProblem, read_pasted
from watcher.carriers.recogniser import NumberProblem, candidates, explain
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.parcel import Milestone, Origin, Parcel, Sighting, parcel_of
from watcher.errors import UsageError
from watcher.texts.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What is known of a parcel after a new word about it."""

    order: Order
    parcel: Parcel
    sightings: tuple[Sighting, ...]
    new: int = 0
    """How many words were new."""
    problem: PasteProblem | None = None
    others: tuple[str, ...] = ()
    """Tracking numbers in a text that are not this parcel's, or not for sure; nothing of theirs was taken over."""
    mistyped: tuple[str, ...] = ()
    """What a text has of tracking numbers with a wrong check digit: at least one digit is wrong."""
    replaced: str | None = None
    """The number that was known until now, where another one took its place."""
    case: Case | None = None


_LONGEST_NUMBER = 40
_BEFORE_THE_WAY = frozenset({Milestone.UNKNOWN, Milestone.LABEL_CREATED, Milestone.HANDED_IN})


def hand_in(
    store: Store, order_id: str, *, number: str | None, rules: CaseRules, clock: Callable[[], datetime]
) -> Tracked:
    """Remember that the seller handed the parcel in, with its number where it has one.

    A parcel that is known to be further on its way is not taken back to the counter by it: then only the number is news.

    Raises:
        UsageError: there is no such order, it has no parcel, or the number cannot be one.
    """
    order, now = find(order_id, store.orders(), what="order"), clock()
    known = _known(store, order, at=now)
    carrier, digits = (None, None) if number is None else checked_number(number, order)
    is_further = known.is_sure and known.milestone not in _BEFORE_THE_WAY
    said = replace(
        seller_saw(order, Milestone.UNKNOWN if is_further else Milestone.HANDED_IN, at=now),
        carrier=carrier,
        number=digits,
    )
    news = () if is_further and digits is None else (said,)
    return learn(store, order, news, rules=rules, at=now)


def take_number(
    store: Store, order_id: str, number: str, *, rules: CaseRules, clock: Callable[[], datetime]
) -> Tracked:
    """Remember the parcel's number; that of the way back, once it is known to be on it.

    Raises:
        UsageError: there is no such order, it has no parcel, or the number cannot be one.
    """
    order, now = find(order_id, store.orders(), what="order"), clock()
    before = _known(store, order, at=now).number
    carrier, digits = checked_number(number, order)
    told = learn(store, order, _number_word(store, order, carrier, digits, at=now), rules=rules, at=now)
    return replace(told, replaced=before if told.parcel.number != before else None)


def take_text(
    store: Store, order_id: str, text: str, *, rules: CaseRules, clock: Callable[[], datetime]
) -> Tracked:
    """Read what was copied from a carrier's page; what is understood is kept, and nothing is guessed.

    1. Every status with a time is kept in the carrier's words; those that nobody understands as not known.
    2. A text that names another parcel's number, or tells of several parcels while this one's number is not known, is not
       taken over: the answer names the numbers.
    3. A number is taken over where the text has no other, the parcel none yet, and no other carrier is spoken of.
    4. What another carrier says is kept and counts for nothing; it counts once the seller has told that carrier's number, and a
       text with that number is pasted.

    Raises:
        UsageError: there is no such order, or it has no parcel.
    """
    order, now = find(order_id, store.orders(), what="order"), clock()
    known = _known(store, order, at=now)
    pasted = read_pasted(text, carrier=known.carrier, now=now)
    if pasted.problem is PasteProblem.OTHER_CARRIER and _numbers_of(known) & set(_sure_numbers(pasted)):
        pasted = read_pasted(
            text, carrier=pasted.carrier, now=now
        )  # our number: whose it is tells the carrier
    others, problem = _others(pasted, known)
    if others:
        told = learn(store, order, (), rules=rules, at=now, problem=problem)
        return replace(told, others=others, mistyped=pasted.mistyped)
    news = tuple(_news(sightings_in(pasted, order, known, at=now), store.sightings(order.id), known))
    sure = _sure_numbers(pasted)
    if len(sure) == 1 and _may_tell_the_number(pasted) and not any(sighting.number for sighting in news):
        carrier = next(each.carrier for each in pasted.numbers if each.number == sure[0])
        news += _number_word(store, order, carrier, sure[0], at=now)
    told = learn(store, order, news, rules=rules, at=now, problem=pasted.problem)
    return replace(told, mistyped=pasted.mistyped)


def _news(sightings: Sequence[Sighting], earlier: Sequence[Sighting], known: Parcel) -> Iterator[Sighting]:
    """Yield what was not pasted before; the same words again only where they are surer now, under the parcel's number then."""
    said: dict[tuple[Milestone, datetime, str], int] = {}
    for old in earlier:
        if old.origin is Origin.PASTE:
            key = (old.milestone, old.at, old.words)
            said[key] = min(old.confidence.rank, said.get(key, old.confidence.rank))
    for sighting in sightings:
        rank = said.get((sighting.milestone, sighting.at, sighting.words))
        if rank is None:
            yield sighting
        elif sighting.confidence.rank < rank:
            yield replace(sighting, number=sighting.number or known.number)


def sightings_in(
    pasted: Pasted, order: Order, known: Parcel, *, at: datetime, origin: Origin = Origin.PASTE
) -> tuple[Sighting, ...]:
    """Return each statement as a sighting; a number belongs to the parcel when it is the only one.

    Where a text tells of several parcels, only what stands under this one's number is about it.
    """
    sure = _sure_numbers(pasted)
    is_way_back = known.is_at(Milestone.RETURNING, Milestone.RETURNED)
    is_free = _may_tell_the_number(pasted) and (known.number is None or is_way_back)
    number = sure[0] if len(sure) == 1 and is_free else None
    return tuple(
        Sighting(
            order=order.id,
            milestone=statement.milestone,
            at=statement.at or at,
            learnt_at=at,
            origin=origin,
            confidence=statement.confidence,
            at_shop=statement.at_shop,
            carrier=statement.carrier if known.carrier is None else None,
            number=number,
            words=statement.words,
        )
        for statement in pasted.statements
        if not statement.numbers or statement.numbers & _numbers_of(known)
    )


def _known(store: Store, order: Order, *, at: datetime) -> Parcel:
    return parcel_of(store.sightings(order.id), now=at, carrier=order.carrier, number=order.tracking_number)


def _may_tell_the_number(pasted: Pasted) -> bool:
    return pasted.problem is not PasteProblem.OTHER_CARRIER


def _numbers_of(parcel: Parcel) -> set[str]:
    return {number.upper() for number in (parcel.number, parcel.number_back) if number}


def _sure_numbers(pasted: Pasted) -> list[str]:
    return list(
        dict.fromkeys(each.number for each in pasted.numbers if each.confidence is not Confidence.UNSURE)
    )


def _others(pasted: Pasted, known: Parcel) -> tuple[tuple[str, ...], PasteProblem | None]:
    """Return the numbers of other parcels because of which a text is not taken over.

    On the way back a carrier may give the parcel a new number: then another one is no reason.
    """
    sure, ours = _sure_numbers(pasted), _numbers_of(known)
    has_parts = any(statement.numbers for statement in pasted.statements)
    if not ours:
        return (tuple(sure), PasteProblem.SEVERAL_PARCELS) if has_parts else ((), None)
    if (
        not sure
        or ours & set(sure)
        or (known.is_at(Milestone.RETURNING, Milestone.RETURNED) and not has_parts)
    ):
        return (), None
    return tuple(sure), PasteProblem.OTHER_NUMBER


def _number_word(
    store: Store, order: Order, carrier: str | None, number: str, *, at: datetime
) -> tuple[Sighting, ...]:
    """Return the number as the seller's word; nothing where it is known already."""
    if number in _numbers_of(_known(store, order, at=at)):
        return ()
    said = seller_saw(order, Milestone.UNKNOWN, at=at)
    return (replace(said, carrier=carrier, number=number),)


def learn(
    store: Store,
    order: Order,
    sightings: Sequence[Sighting],
    *,
    rules: CaseRules,
    at: datetime,
    problem: PasteProblem | None = None,
) -> Tracked:
    """Remember words about a parcel, and let the order's case follow them; in one transaction.

    Raises:
        UsageError: the order is a pick-up deal, which has no parcel.
    """
    if order.pickup:
        raise UsageError(
            _("{order} is a pick-up deal: it has no parcel.").format(order=order.id),
            advice=_("`stornowacht note` keeps what you want to write down about it."),
        )
    with store.writing() as writing:
        new = [sighting for sighting in sightings if writing.save_sighting(sighting)]
        if new:
            writing.record(
                "parcel_seen",
                at=at,
                account=order.account,
                order=order.id,
                milestones=[sighting.milestone.value for sighting in new],
                origin=new[0].origin.value,
            )
        case = follow_up(writing, store, order, rules=rules, at=at)
    known = tuple(store.sightings(order.id))
    parcel = parcel_of(known, now=at, carrier=order.carrier, number=order.tracking_number)
    return Tracked(order=order, parcel=parcel, sightings=known, new=len(new), problem=problem, case=case)


def checked_number(text: str, order: Order) -> tuple[str | None, str]:
    """Return carrier and number as they are kept; a shape that nobody knows is kept as it was typed, in capitals.

    The carrier is `None` where the number does not tell it for sure: then that of the order's page stands.

    Raises:
        UsageError: it is empty, or its check digit is wrong: no number is better than a wrong one.
    """
    wrong = explain(text, carrier=order.carrier)
    if wrong in {NumberProblem.EMPTY, NumberProblem.WRONG_CHECK_DIGIT}:
        raise UsageError(
            _("{number!r} cannot be a tracking number: {why}.").format(
                number=harmless_line(text, limit=_LONGEST_NUMBER),
                why=_("nothing is there")
                if wrong is NumberProblem.EMPTY
                else _("its check digit does not fit, so at least one digit is wrong"),
            ),
            advice=_("Type it as it stands on the receipt; blanks do not matter."),
        )
    found = next(iter(candidates(text, carrier=order.carrier)), None)
    if found is None:
        return None, "".join(harmless_line(text).split())[:_LONGEST_NUMBER].upper()
    return None if found.confidence is Confidence.UNSURE else found.carrier, found.number
