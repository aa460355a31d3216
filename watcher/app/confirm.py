"""The seller's word on what was read: a guess becomes known, or is known to be wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.app.ports import Store
from watcher.app.seller import find
from watcher.domain.case import Ending
from watcher.domain.compare import is_cancellation
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.stage import Stage, furthest
from watcher.domain.wording import OwnWord, Word
from watcher.errors import UsageError
from watcher.texts.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What a confirmation did."""

    order: Order
    taught: tuple[Word, ...]
    """The words that have a confirmed meaning on this account from now on."""
    closed_case: str | None = None
    """The case that was about a cancellation which was none."""


def confirm(store: Store, order_id: str, *, stage: Stage | None, clock: Callable[[], datetime]) -> Confirmed:
    """Say what an order's latest word means: the stage that was read (`None`), or another one.

    1. The event type and the heading that told the stage get that meaning, for this account, from the next check on.
       A word that told something else is left alone: the other reader's mistake is not taught.
    2. The order stands at that stage at once, for certain; `UNKNOWN` says "not that, and I do not know what".
    3. An open case about a cancellation that was none is closed; its steps and its evidence stay.

    Raises:
        UsageError: there is no such order, or nothing told its stage.
    """
    with store.writing() as writing:
        order, now = find(order_id, store.orders(), what="order"), clock()
        meant = order.stage if stage is None else stage
        if stage is None and order.stage is Stage.UNKNOWN:
            raise UsageError(
                _("The order {id} was not understood; there is nothing to say yes to.").format(id=order.id),
                advice=_("Say what it is: `stornowacht confirm {id} --means STAGE`.").format(id=order.id),
            )
        taught = tuple(_taught(order, stage))
        if not taught:
            raise UsageError(
                _("Nothing is known of the words that told the stage of order {id}.").format(id=order.id),
                advice=_("Run `stornowacht check` first; then confirm again."),
            )
        for word in taught:
            own = OwnWord(kind=word.kind, token=word.token, stage=word.stage)
            writing.save_own_word(order.account, own, at=now)
        writing.save_words(order.account, taught, at=now)
        words = tuple(next((new for new in taught if new.token == word.token), word) for word in order.words)
        after = _standing_at(order, meant, words, at=now)
        writing.save_orders([after])
        closed = None
        case = next((case for case in store.cases() if case.order == order.id and case.is_open), None)
        if case is not None and is_cancellation(order) and not is_cancellation(after):
            closed = case.id
            writing.save_case(case.closed(at=now, ending=Ending.BY_SELLER))
            writing.want_capture(case.order, at=now)
            writing.drop_alerts(case.id, now=now)
            writing.record("case_closed", at=now, account=case.account, order=case.order, case=case.id)
        writing.record(
            "confirmed", at=now, account=order.account, order=order.id, read=order.stage, meant=meant
        )
    return Confirmed(order=after, taught=taught, closed_case=closed)


def _taught(order: Order, corrected: Stage | None) -> Iterator[Word]:
    """Return the words with the meaning that they have from now on.

    A request that was withdrawn counts as declined although its word says cancelled: confirming it confirms the word.
    """
    for word in order.words:
        told = word.stage is order.stage or (order.stage is Stage.DECLINED and word.stage is Stage.CANCELLED)
        if not (told or word.stage is Stage.UNKNOWN or word.stage is corrected):
            continue
        meant = corrected or (order.stage if word.stage is Stage.UNKNOWN else word.stage)
        confidence = Confidence.UNSURE if meant is Stage.UNKNOWN else Confidence.CERTAIN
        yield replace(word, stage=meant, confidence=confidence)


def _confidence_of(stage: Stage) -> Confidence:
    return Confidence.UNSURE if stage is Stage.UNKNOWN else Confidence.CERTAIN


def _standing_at(order: Order, stage: Stage, words: tuple[Word, ...], *, at: datetime) -> Order:
    """Return the order at the stage that the seller names; how far it had come before is not made up."""
    return replace(
        order,
        stage=stage,
        stage_at=order.stage_at if stage is order.stage else at,
        reached=furthest(order.reached, stage),
        confidence=_confidence_of(stage),
        words=words,
        unknown_events=tuple(name for name in order.unknown_events if name not in {w.token for w in words}),
    )
