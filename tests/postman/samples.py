"""Cases and orders that letters are written about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zlib import compress, crc32

from watcher.carriers.window import window_of
from watcher.domain.account import Account
from watcher.domain.alert import Alert, AlertKind, Wakes
from watcher.domain.case import Case, Ending
from watcher.domain.confidence import Confidence
from watcher.domain.escalation import Stops
from watcher.domain.late import digest
from watcher.domain.order import Order
from watcher.domain.outcome import Cause, Outcome
from watcher.domain.parcel import Parcel
from watcher.domain.playbook import plan
from watcher.domain.question import Question
from watcher.domain.reason import CancelReason, FoundReason
from watcher.domain.session import Session
from watcher.domain.signs import Sign
from watcher.domain.situation import Situation
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind
from watcher.postman.letter import LetterFacts

SEEN_AT = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
HEAD = "5f0c1d9a" * 8
SIGNS = (
    Sign(
        rule="pays_elsewhere",
        at=SEEN_AT - timedelta(days=1),
        quote="Kann ich das Geld auch per PayPal schicken?",
    ),
    Sign(rule="new_account", at=SEEN_AT - timedelta(days=5)),
)
QUESTIONS = tuple(
    Question(
        account="main",
        conversation=f"abc{number}:def34:ghi56",
        asked_at=SEEN_AT - timedelta(hours=9 - number, minutes=5),
        seen_at=SEEN_AT - timedelta(minutes=12),
        confidence=Confidence.CERTAIN,
        title=title,
        buyer=buyer,
    )
    for number, (title, buyer) in enumerate(
        (("Stehlampe, höhenverstellbar", "Jonte"), ("Kinderfahrrad 20 Zoll", "Ayla"), (None, None))
    )
)
FOUND = FoundReason(
    reason=CancelReason.FOUND_CHEAPER,
    rule="found_cheaper",
    sentence="Ich habe sie woanders günstiger gefunden.",
    confidence=Confidence.LIKELY,
)


@cache
def png() -> bytes:
    """The smallest picture there is."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + crc32(kind + data).to_bytes(4)

    header = (1).to_bytes(4) * 2 + bytes((8, 0, 0, 0, 0))
    parts = ((b"IHDR", header), (b"IDAT", compress(b"\0\0")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def an_order(**changes: object) -> Order:
    order = Order(
        id="ok7m2xap",
        account="main",
        conversation="abc12:def34:ghi56",
        deal_ids=frozenset({"p1"}),
        stage=Stage.CANCELLED,
        reached=Stage.SHIPPED,
        stage_at=SEEN_AT,
        first_seen_at=SEEN_AT - timedelta(days=3),
        last_seen_at=SEEN_AT,
        confidence=Confidence.CERTAIN,
        title="Friteuse",
        buyer="Jana Petersen",
        ad_id="2748193001",
        amount_cents=4500,
        carrier="dhl",
        tracking_number="00340434161094022115",
    )
    return replace(order, **changes)


def a_bare_order(**changes: object) -> Order:
    """An order of which nothing is known but that it exists."""
    bare = dict.fromkeys(("title", "buyer", "ad_id", "amount_cents", "carrier", "tracking_number"))
    return an_order(reached=None, **{**bare, **changes})


def a_case(kind: CaseKind, order: Order | None = None, **changes: object) -> Case:
    order = order or an_order()
    case = Case(
        id="ck7m2xap",
        order=order.id,
        account="main",
        kind=kind,
        confidence=Confidence.CERTAIN,
        opened_at=SEEN_AT,
        steps=plan(
            Situation(
                kind=kind,
                at=SEEN_AT,
                window=window_of(Parcel(carrier=order.carrier), SEEN_AT),
                pickup=bool(order.pickup),
            )
        ),
    )
    return replace(case, **changes)


def facts(
    alert_kind: AlertKind = AlertKind.CASE_OPENED,
    *,
    order: Order | None = None,
    case: Case | None = None,
    round_number: int = 0,
    details: tuple[tuple[str, str], ...] = (),
    **changes: object,
) -> LetterFacts:
    alert = Alert(
        key=f"key/{alert_kind}/{round_number}",
        kind=alert_kind,
        account="main",
        at=SEEN_AT,
        critical=True,
        order=order.id if order else None,
        case=case.id if case else None,
        round=round_number,
        details=details,
    )
    whole = LetterFacts(
        alert=alert,
        order=order,
        case=case,
        picture=png(),
        picture_taken_at=SEEN_AT,
        account="main",
        conversation_url="https://www.kleinanzeigen.de/m-nachrichten.html?conversationId=abc12:def34:ghi56",
        base_url="https://www.kleinanzeigen.de",
        ledger_head=HEAD,
        now=SEEN_AT + timedelta(seconds=2),
        repeat=False,
        outcome=None,
    )
    return replace(whole, **changes)


def case_facts(
    kind: CaseKind,
    alert_kind: AlertKind = AlertKind.CASE_OPENED,
    *,
    order: Order | None = None,
    confidence: Confidence = Confidence.CERTAIN,
    **changes: object,
) -> LetterFacts:
    order = order or an_order()
    case = a_case(kind, order, confidence=confidence)
    return facts(alert_kind, order=order, case=case, **changes)


CAUSES = {
    Outcome.UNREACHABLE: (
        Cause.DNS, Cause.TLS, Cause.TIMEOUT, Cause.REFUSED, Cause.RESET, Cause.OFFLINE, Cause.REDIRECTS,
        Cause.TOO_LARGE, Cause.SERVER_ERROR, Cause.NO_ANSWER, Cause.CHECK_FAILED, Cause.TOOK_TOO_LONG,
        Cause.TOO_MUCH_MEMORY,
    ),
    Outcome.BLOCKED: (Cause.TOO_MANY_REQUESTS, Cause.FORBIDDEN, Cause.IP_BLOCK),
    Outcome.CHALLENGE: (Cause.CAPTCHA, Cause.CODE),
    Outcome.LOGGED_OUT: (Cause.LOGIN_PAGE, Cause.NO_MARKER, Cause.GATEWAY_REFUSED),
    Outcome.CONSENT: (Cause.CONSENT_PAGE, Cause.CONSENT_BANNER),
    Outcome.UNREADABLE: (Cause.NOT_UNDERSTOOD,),
    Outcome.PARTIAL: (Cause.BUDGET_SPENT,),
}  # fmt: skip
"""Every cause, by the outcome that it stands behind."""


def an_account(**changes: object) -> Account:
    """An account that has been logged in for thirteen days, and whose logins last for two weeks."""
    account = Account(
        name="main",
        last_check_at=SEEN_AT,
        last_complete_at=SEEN_AT - timedelta(hours=9),
        session=Session(
            since=SEEN_AT - timedelta(days=13),
            seen_at=SEEN_AT,
            lives=(timedelta(days=14), timedelta(days=14, hours=2)),
        ),
    )
    return replace(account, **changes)


def silence_facts(
    outcome: Outcome = Outcome.UNREACHABLE,
    cause: Cause | None = Cause.DNS,
    *,
    round_number: int = 1,
    orders: int = 2,
    **changes: object,
) -> LetterFacts:
    """An account that nobody has seen for certain for nine hours."""
    shipped = an_order(stage=Stage.SHIPPED, last_seen_at=SEEN_AT - timedelta(hours=9))
    return facts(
        AlertKind.ACCOUNT_UNVERIFIED,
        round_number=round_number,
        details=(("since", (SEEN_AT - timedelta(hours=9)).isoformat()), ("outcome", outcome)),
        outcome=outcome,
        cause=cause,
        remembered=an_account(),
        conversation_url=None,
        unverified=tuple(replace(shipped, title=f"Friteuse {number}") for number in range(1, orders + 1)),
        **changes,
    )


PAGE = (("page", "Zahlungen"), ("stage", "cancelled"), ("stage", "refunded"))
MAIL = (("reasons", "dkim_failed,link_to_foreign_host"),)
NEWS: dict[str, LetterFacts] = {
    "unverified": silence_facts(),
    "unverified-again": silence_facts(round_number=3, orders=7),
    "unverified-six": silence_facts(orders=6),
    "unverified-overdue": silence_facts(Outcome.OK, None),
    "unverified-nobody-sells": silence_facts(Outcome.LOGGED_OUT, Cause.GATEWAY_REFUSED, orders=0),
    "session": facts(AlertKind.SESSION_ENDING, remembered=an_account()),
    "session-no-experience": facts(AlertKind.SESSION_ENDING, remembered=an_account(session=Session())),
    "page": facts(AlertKind.PAGE_WORDS, details=PAGE),
    "mail": facts(AlertKind.MAIL_SUSPICIOUS, details=MAIL),
    "mailbox": facts(
        AlertKind.MAILBOX_TROUBLE,
        details=(("message", "imap.example.org refused the login"), ("advice", "Check the password.")),
        conversation_url=None,
    ),
    "mailbox-that-says-nothing": facts(AlertKind.MAILBOX_TROUBLE, conversation_url=None),
    "key": facts(AlertKind.KEY_REFUSED, details=(("source", "dhl"),), conversation_url=None),
    "key-of-a-stranger": facts(
        AlertKind.KEY_REFUSED, details=(("source", "kutsche"),), conversation_url=None
    ),
    **{
        f"forget-{count}": facts(
            AlertKind.FORGET_SOON,
            details=(("count", count), ("from", (SEEN_AT + timedelta(days=7)).isoformat()), ("pages", pages)),
            conversation_url=None,
        )
        for count, pages in (("1", ""), ("4", "yes"), ("0", "yes"))
    },
    "stamps": facts(
        AlertKind.STAMPS_MISSING,
        details=(
            ("authority", "digicert"),
            ("since", (SEEN_AT - timedelta(days=3)).isoformat()),
            ("fault", "http_error"),
            ("detail", "HTTP 503, 12 bytes"),
        ),
        conversation_url=None,
    ),
    "budget": facts(AlertKind.BUDGET_SPENT, details=(("pages", "800"),), conversation_url=None),
    "recovered-from-silence": facts(
        AlertKind.ACCOUNT_RECOVERED, details=(("since", (SEEN_AT - timedelta(hours=9)).isoformat()),)
    ),
    "trouble-blocked-until": facts(
        AlertKind.ACCOUNT_TROUBLE,
        outcome=Outcome.BLOCKED,
        cause=Cause.TOO_MANY_REQUESTS,
        remembered=an_account(cool_down_until=SEEN_AT + timedelta(hours=2)),
    ),
}
"""One letter of every kind of news about an account."""


def progress_letters() -> dict[str, LetterFacts]:
    """How cases and sales go on."""
    letters = {}
    for ending in Ending:
        letters[f"closed-{ending}"] = facts(
            AlertKind.CASE_CLOSED, case=a_case(CaseKind.IN_TRANSIT).closed(at=SEEN_AT, ending=ending)
        )
    for step in ("ask_carrier", "refund_seen"):
        letters[f"due-{step}"] = facts(
            AlertKind.STEP_DUE, case=a_case(CaseKind.IN_TRANSIT), details=(("step", step),)
        )
    for kind in (CaseKind.BEFORE_SHIPMENT, CaseKind.IN_TRANSIT, CaseKind.DISPUTED, CaseKind.UNCLEAR):
        letters[f"ask-back-{kind}"] = case_facts(
            kind,
            AlertKind.ASK_BACK,
            details=(("since", SEEN_AT.isoformat()),),
            now=SEEN_AT + timedelta(hours=3),
        )
    for why in Stops:
        letters[f"stop-{why}"] = case_facts(
            CaseKind.IN_TRANSIT, AlertKind.REMINDERS_STOP, details=(("why", why.value),)
        )
    late = [
        Alert(
            key=f"late-{number}",
            kind=AlertKind.ORDER_UNKNOWN,
            account="main",
            at=SEEN_AT,
            order=an_order().id,
        )
        for number in range(30)
    ]
    letters["digest"] = facts(
        AlertKind.DIGEST, details=digest("email", late, at=SEEN_AT).details, orders=(an_order(),)
    )
    for why in Wakes:
        letters[f"late-{why}"] = replace(case_facts(CaseKind.IN_TRANSIT), late=True, woke=why)
    letters["night"] = facts(
        AlertKind.NIGHT_WATCH,
        case=a_case(CaseKind.IN_TRANSIT),
        details=(("closes", (SEEN_AT + timedelta(hours=7)).isoformat()),),
    )
    letters["payout"] = facts(AlertKind.PAYOUT_OVERDUE, details=(("since", SEEN_AT.isoformat()),))
    letters["confirmation"] = facts(AlertKind.PAYOUT_OVERDUE, details=(("waits_for", "confirmation"),))
    letters["hand-in"] = replace(
        facts(AlertKind.HAND_IN_SOON), waiting=(an_order(stage=Stage.PAID), a_bare_order(id="oq2w3e4r"))
    )
    letters["questions"] = replace(facts(AlertKind.QUESTIONS_WAIT), questions=QUESTIONS)
    letters["question"] = replace(facts(AlertKind.QUESTIONS_WAIT), questions=QUESTIONS[:1])
    letters["signs"] = replace(
        facts(AlertKind.SIGNS_SEEN),
        signs=SIGNS,
    )
    return letters


def every_letter() -> dict[str, LetterFacts]:
    """One letter of every kind, fully known and barely known; named for test ids."""
    letters = {}
    for name, order in {"known": an_order(), "bare": a_bare_order()}.items():
        for kind in CaseKind:
            for confidence in Confidence:
                letters[f"opened-{kind}-{confidence}-{name}"] = case_facts(
                    kind, order=order, confidence=confidence
                )
            letters[f"refund-{kind}-{name}"] = case_facts(kind, AlertKind.REFUND_SEEN, order=order)
            for round_number in (1, 2, 7):
                letters[f"reminder-{kind}-{round_number}-{name}"] = case_facts(
                    kind,
                    AlertKind.CASE_REMINDER,
                    order=order,
                    round_number=round_number,
                    now=SEEN_AT + timedelta(hours=2 * round_number),
                )
        letters[f"unknown-{name}"] = facts(AlertKind.ORDER_UNKNOWN, order=order)
        back = replace(order, stage=Stage.SHIPPED)
        letters[f"reinstated-{name}"] = case_facts(
            CaseKind.IN_TRANSIT, AlertKind.ORDER_REINSTATED, order=back
        )
        letters[f"reinstated-no-case-{name}"] = facts(AlertKind.ORDER_REINSTATED, order=back)
        letters[f"missing-{name}"] = facts(AlertKind.ORDER_MISSING, order=order)
    for outcome in (*Outcome, None):
        letters[f"trouble-{outcome}"] = facts(AlertKind.ACCOUNT_TROUBLE, outcome=outcome)
    for outcome, causes in CAUSES.items():
        for cause in causes:
            letters[f"trouble-{cause}"] = facts(AlertKind.ACCOUNT_TROUBLE, outcome=outcome, cause=cause)
            letters[f"unverified-{cause}"] = silence_facts(outcome, cause)
    letters |= progress_letters()
    letters |= NEWS
    for kind in AlertKind:
        letters[f"nothing-known-{kind}"] = facts(kind, conversation_url=None, picture=None, ledger_head=None)
    pickup = an_order(pickup=True, carrier=None, tracking_number=None)
    letters["opened-pickup"] = case_facts(CaseKind.BEFORE_SHIPMENT, order=pickup)
    letters["opened-hinted"] = case_facts(CaseKind.IN_TRANSIT, order=an_order(), signs=SIGNS, found=FOUND)
    letters["opened-hermes"] = case_facts(CaseKind.IN_TRANSIT, order=an_order(carrier="hermes"))
    letters["opened-dpd"] = case_facts(CaseKind.IN_TRANSIT, order=an_order(carrier="dpd"))
    return letters
