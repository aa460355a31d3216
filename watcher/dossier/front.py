"""The cover: who, what, how much, and where things stand."""

from collections.abc import Iterable
from datetime import UTC, datetime

from watcher.app.evidence import Evidence
from watcher.carriers.knowledge import OTHER, carrier
from watcher.domain.confidence import Confidence
from watcher.domain.stage import Stage
from watcher.dossier import called
from watcher.dossier.views import Front, Rows, Tone
from watcher.dossier.words import said
from watcher.texts.fill import one_line
from watcher.texts.language import Language
from watcher.texts.names import cost_name, kind_name, moment, money, money_name, reason_name, stage_name

_LONGEST = 200
_OFF = frozenset({Stage.CANCELLED, Stage.REFUNDED, Stage.DISPUTED})
_SHORT_NAME = 3
FAR = datetime(1970, 1, 1, tzinfo=UTC)
"""A paper is read in other years, too: each date says its own."""


def front_of(evidence: Evidence, *, language: Language, is_redacted: bool) -> Front:
    """Return what stands on the cover."""
    order = evidence.order
    title = one_line(order.title or "", limit=_LONGEST)
    case = evidence.case
    state = kind_name(case.kind, language=language) if case else stage_name(order.stage, language=language)
    sure = called.sure(case.confidence if case else order.confidence, language=language)
    return Front(
        title=title or said("label.untitled", language=language, id=order.id),
        kicker=said("label.redacted" if is_redacted else "label.dossier", language=language),
        state=f"{state[:1].upper()}{state[1:]} {sure}".strip(),
        tone=Tone.OFF if case is not None or order.stage in _OFF else Tone.PLAIN,
        parties=_parties(evidence, language),
        sale=_sale(evidence, language),
        standing=_standing(evidence, language),
        costs=_costs(evidence, language),
        counts=_counts(evidence, language),
        stamps=_stamps(evidence, language),
        head=evidence.head,
        created=said(
            "label.created",
            language=language,
            at=whole_moment(evidence.exported_at, language=language),
            program=evidence.program,
        ),
        redacted=is_redacted,
    )


def whole_moment(at: datetime, *, language: Language) -> str:
    """Return day, year and time."""
    return moment(at, language=language, now=FAR)


def _parties(evidence: Evidence, language: Language) -> Rows:
    own = ", ".join(sorted(evidence.people.own))
    return _rows(
        language,
        seller=own or None,
        account=evidence.account,
        buyer=evidence.order.buyer or said("label.not_known", language=language),
    )


def _sale(evidence: Evidence, language: Language) -> Rows:
    order = evidence.order
    return _rows(
        language,
        item=order.title,
        ad=order.ad_id,
        amount=None if order.amount_cents is None else money(order.amount_cents, language=language),
        shipping=said("label.pickup", language=language) if order.pickup else _shipping(evidence),
        tracking=None if order.pickup else order.tracking_number,
        transaction=", ".join(sorted(order.deal_ids)) or None,
        conversation=order.conversation,
        order=order.id,
    )


def _shipping(evidence: Evidence) -> str | None:
    order = evidence.order
    if not order.carrier:
        return order.shipping_option
    known = carrier(order.carrier)
    name = one_line(order.carrier) if known.id == OTHER else known.name
    return order.shipping_option or (name.upper() if len(name) <= _SHORT_NAME else name)


def _standing(evidence: Evidence, language: Language) -> Rows:
    order, case, sums = evidence.order, evidence.case, evidence.money
    stage = stage_name(order.stage, language=language)
    sure = "" if order.confidence is Confidence.CERTAIN else called.sure(order.confidence, language=language)
    reason = None
    if case is not None and case.reason is not None:
        path = "label.found_reason" if case.reason_found else "label.named_reason"
        words = reason_name(case.reason, language=language)
        reason = words if case.reason_found else said(path, language=language, reason=words)
    return _rows(
        language,
        stage=f"{stage} {sure}".strip(),
        goods=called.goods(case.kind, language=language) if case and case.is_open else None,
        money=money_name(sums.state, language=language),
        reason=reason,
        made=whole_moment(order.made_at, language=language) if order.made_at else None,
        seen_last=whole_moment(order.last_seen_at, language=language),
        forgotten=whole_moment(order.forgotten_at, language=language) if order.forgotten_at else None,
    )


def _costs(evidence: Evidence, language: Language) -> Rows:
    return tuple(
        (
            cost_name(cost.kind, language=language),
            " · ".join(
                filter(
                    None,
                    (
                        money(cost.cents, language=language),
                        said(
                            "label.cost_open",
                            language=language,
                            payer=called.payer(cost.payer, language=language),
                        ),
                        one_line(cost.text, limit=_LONGEST),
                    ),
                )
            ),
        )
        for cost in evidence.costs
    )


def _counts(evidence: Evidence, language: Language) -> tuple[str, ...]:
    numbers = {
        "captures": len(evidence.captures),
        "messages": len(evidence.chat.messages) if evidence.chat else 0,
        "notes": len(evidence.notes),
        "attachments": len(evidence.attachments),
    }
    told = [called.count(what, number, language=language) for what, number in numbers.items() if number]
    ledger = said("count_words.ledger", language=language, lines=str(evidence.lines))
    return (*told, ledger)


def _stamps(evidence: Evidence, language: Language) -> tuple[str, ...]:
    """Return the latest stamp of each authority, and what none reaches."""
    latest = {kept.stamp.authority: kept.stamp for kept in evidence.stamps}
    told = [
        said(
            "label.stamp",
            language=language,
            authority=stamp.authority,
            at=whole_moment(stamp.stamped_at, language=language),
            lines=str(stamp.lines),
            sure=said(f"qualified.{stamp.qualified}", language=language),
        )
        for stamp in latest.values()
    ]
    if not told:
        return (said("label.no_stamps", language=language),)
    kept = [entry.seq for entry in evidence.entries if entry.kind == "capture_kept"]
    if kept and max(stamp.lines for stamp in latest.values()) < max(kept):
        told.append(said("label.no_stamps_after", language=language))
    return tuple(told)


def _rows(language: Language, **values: str | None) -> Rows:
    lines = ((name, one_line(value or "", limit=_LONGEST)) for name, value in values.items())
    return tuple((said(f"label.{name}", language=language), value) for name, value in lines if value)


def joined(parts: Iterable[str | None]) -> str:
    """Return what there is of the parts, with a dot between them."""
    return " · ".join(part for part in parts if part)
