"""Values that tests remember, and strategies that make every possible one."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st

from tests.support.clock import NOON
from watcher.domain.account import Account
from watcher.domain.alert import Alert, AlertKind
from watcher.domain.cadence import Reason
from watcher.domain.capture import Body, Capture, PageKind
from watcher.domain.case import Case
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.outcome import Outcome
from watcher.domain.stage import Stage
from watcher.domain.step import CaseKind, Step

ACCOUNT = Account(name="main")
ORDER = Order(
    id="oabc2345",
    account="main",
    conversation="a:b:c",
    deal_ids=frozenset({"offer-1"}),
    stage=Stage.CANCELLED,
    reached=Stage.SHIPPED,
    stage_at=NOON,
    first_seen_at=NOON,
    last_seen_at=NOON,
    confidence=Confidence.LIKELY,
    title="Friteuse",
    buyer="Erika",
    amount_cents=4500,
)
CASE = Case(
    id="cabc2345",
    order=ORDER.id,
    account="main",
    kind=CaseKind.IN_TRANSIT,
    confidence=Confidence.LIKELY,
    opened_at=NOON,
    steps=(Step(id="ask_carrier", due_at=NOON, urgent=True), Step(id="relist")),
)


def alert(key: str, *, critical: bool = True, at: datetime = NOON, case: str | None = None) -> Alert:
    return Alert(
        key=key, kind=AlertKind.CASE_OPENED, account="main", at=at, critical=critical, order=None, case=case
    )


def capture(name: str = "capture-1", **changes: object) -> Capture:
    values: dict[str, object] = {
        "id": name,
        "account": "main",
        "kind": PageKind.CONVERSATION,
        "conversation": "a:b:c",
        "taken_at": NOON,
        "url": "https://www.kleinanzeigen.de/m-nachrichten.html?conversationId=a:b:c",
        "final_url": "https://www.kleinanzeigen.de/m-nachrichten.html?conversationId=a:b:c",
        "status": 200,
        "html": "<p>Grüße\r\n</p>",
        "screenshot": b"RIFF picture",
        "preview": b"PNG preview",
        "bodies": (
            Body(url="https://gateway/one", status=200, content=b'{"one": 1}'),
            Body(url="https://gateway/two", status=200, content=b'{"two": 2}'),
        ),
        "facts": (("browser", "Chromium 156"),),
    }
    return Capture(**{**values, **changes})  # type: ignore[arg-type]


_OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(
    datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.one_of(st.just(UTC), _OFFSETS)
)
texts = st.text(max_size=40)
maybe_moments = st.none() | moments
maybe_texts = st.none() | texts

accounts = st.builds(
    Account,
    name=st.just("main"),
    last_check_at=maybe_moments,
    last_outcome=st.none() | st.sampled_from(Outcome),
    last_complete_at=maybe_moments,
    failures=st.integers(0, 10**6),
    next_check_at=maybe_moments,
    next_check_reason=st.none() | st.sampled_from(Reason),
    cool_down_until=maybe_moments,
    told_outcome=st.none() | st.sampled_from(Outcome),
    listing_digest=maybe_texts,
)
orders = st.builds(
    Order,
    id=st.text(min_size=1, max_size=12),
    account=st.just("main"),
    conversation=texts,
    deal_ids=st.frozensets(texts, max_size=4),
    stage=st.sampled_from(Stage),
    reached=st.none() | st.sampled_from(Stage),
    stage_at=moments,
    made_at=maybe_moments,
    paid_at=maybe_moments,
    ship_by=maybe_moments,
    buyer_since=maybe_moments,
    first_seen_at=moments,
    last_seen_at=moments,
    confidence=st.sampled_from(Confidence),
    title=maybe_texts,
    buyer=maybe_texts,
    ad_id=maybe_texts,
    amount_cents=st.none() | st.integers(0, 10**9),
    carrier=maybe_texts,
    tracking_number=maybe_texts,
    pickup=st.none() | st.booleans(),
    unknown_events=st.lists(texts, max_size=4).map(tuple),
    missing_checks=st.integers(0, 100),
)
steps = st.builds(
    Step,
    id=texts,
    due_at=maybe_moments,
    urgent=st.booleans(),
    moves_to=st.none() | st.sampled_from(CaseKind),
    done_at=maybe_moments,
    done_by=st.none() | st.sampled_from(["seller", "seen", "dropped"]),
)
cases = st.builds(
    Case,
    id=st.text(min_size=1, max_size=12),
    order=st.just(ORDER.id),
    account=st.just("main"),
    kind=st.sampled_from(CaseKind),
    confidence=st.sampled_from(Confidence),
    opened_at=moments,
    steps=st.lists(steps, max_size=5).map(tuple),
    acknowledged_at=maybe_moments,
    closed_at=maybe_moments,
)
