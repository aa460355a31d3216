"""What is read of an answer of DHL's, and that nothing in it makes the reader fail."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.every import every
from tests.tracking.dhl_server import ANNOUNCED, HANDED_IN, LOADED, NUMBER, body, event, shipment
from watcher.domain.answer import Answer, Said, SourceProblem
from watcher.tracking.dhl_body import problem_in, read

DELIVERED = event(
    "2026-11-23T13:05:00", "Die Sendung wurde erfolgreich zugestellt.", statusCode="delivered", status="ZU"
)


def answer_to(*events: dict[str, Any], **more: Any) -> Answer:
    return read(body(shipment(*events, **more)), number=NUMBER)


def words(answer: Answer) -> list[str]:
    return [said.words for said in answer.statements]


def test_a_time_without_an_offset_is_german_time_and_one_with_an_offset_is_taken_at_its_word() -> None:
    summer = event("2026-07-01T08:00:00", "Im Sommer")
    winter = event("2026-12-01T08:00:00+02:00", "Im Winter")
    assert [said.at for said in answer_to(winter, summer).statements] == [
        datetime(2026, 7, 1, 6, tzinfo=UTC),
        datetime(2026, 12, 1, 6, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    "events", [(LOADED, HANDED_IN, ANNOUNCED), (ANNOUNCED, HANDED_IN, LOADED), (HANDED_IN, LOADED, ANNOUNCED)]
)
def test_the_oldest_comes_first_however_they_are_listed(events: tuple[dict[str, Any], ...]) -> None:
    assert [said.event_code for said in answer_to(*events).statements] == ["VA", "ES", "PO"]


@every("timestamp", [None, "", "gestern", 1763971200, "0001-01-01T00:00:00", "9999-12-31T23:59:59-23:59"])
def test_an_event_without_a_readable_time_keeps_its_place_and_has_none(timestamp: Any) -> None:
    middle = event(None, "Dazwischen") | {"timestamp": timestamp}
    answer = answer_to(LOADED, middle, ANNOUNCED)
    assert words(answer)[1] == "Dazwischen"
    assert answer.statements[1].at is None


def test_events_of_the_same_minute_stay_in_the_order_they_happened_in() -> None:
    first, second = event("2026-11-21T10:15:00", "Erst"), event("2026-11-21T10:15:00", "Dann")
    assert words(answer_to(LOADED, second, first)) == ["Erst", "Dann", LOADED["description"]]


def test_the_present_state_is_said_once_when_an_event_says_it_already() -> None:
    assert len(answer_to(status=LOADED).statements) == 3
    assert len(answer_to(status=LOADED | {"timestamp": "2026-11-23T08:41:00Z"}).statements) == 3


def test_the_present_state_counts_where_there_are_no_events() -> None:
    answer = answer_to(events=[], status=DELIVERED)
    assert words(answer) == ["Die Sendung wurde erfolgreich zugestellt."]
    assert answer.problem is None


def test_a_present_state_that_no_event_tells_stands_where_its_time_puts_it() -> None:
    assert [said.event_code for said in answer_to(status=DELIVERED).statements] == ["VA", "ES", "PO", "ZU"]
    assert [said.event_code for said in answer_to(LOADED, ANNOUNCED, status=HANDED_IN).statements] == [
        "VA",
        "ES",
        "PO",
    ]


def test_the_mark_of_a_return_is_about_the_parcel_as_it_is_now() -> None:
    answer = answer_to(DELIVERED, LOADED, returnFlag=True)
    assert [said.is_return for said in answer.statements] == [False, True]
    assert not any(said.is_return for said in answer_to(DELIVERED, returnFlag="true").statements)


def test_words_are_the_description_else_the_remark_else_the_status_and_a_code_is_no_words() -> None:
    told = [
        event("2026-11-01T08:00:00", "", remark="Bemerkung"),
        event("2026-11-02T08:00:00", " \u200b ", status="Ein ganzer Satz."),
        event("2026-11-03T08:00:00", "Beschreibung", remark="Bemerkung"),
        event("2026-11-04T08:00:00", "", status="LA"),
    ]
    answer = answer_to(*told)
    assert words(answer) == ["Bemerkung", "Ein ganzer Satz.", "Beschreibung", ""]
    assert answer.statements[3].event_code == "LA"
    assert answer.statements[1].event_code is None
    assert answer.problem is None


def test_hostile_words_become_one_harmless_line() -> None:
    hostile = "Zu\x1b[31mge\u202estellt <a href='https://boese.example'>hier</a>\ud800\n" + "x" * 5_000_000
    [said] = answer_to(event("2026-11-01T08:00:00", hostile)).statements
    assert len(said.words) <= 500
    assert said.words.encode()
    assert said.words.startswith("Zu [31mgestellt hier")
    assert "boese.example" not in said.words


def test_an_event_that_cannot_be_read_is_never_left_out_in_silence() -> None:
    for unread in (None, "Zugestellt", [], {}, {"timestamp": "2026-11-01T08:00:00"}, {"description": 7}):
        answer = answer_to(events=[LOADED, unread, ANNOUNCED])
        assert answer.problem is SourceProblem.NOT_UNDERSTOOD
        assert len(answer.statements) == 2
    assert answer_to(events="keine").problem is SourceProblem.NOT_UNDERSTOOD
    assert answer_to(events=[], status={}).problem is SourceProblem.NOT_UNDERSTOOD


def test_more_events_than_a_parcel_can_have_are_told_as_such() -> None:
    answer = answer_to(*[LOADED] * 600)
    assert answer.problem is SourceProblem.NOT_UNDERSTOOD
    assert len(answer.statements) <= 501


def test_a_strangers_parcel_is_never_taken_for_the_one_that_was_asked_about() -> None:
    answer = read(body(shipment(id="00340434999000022221")), number=NUMBER)
    assert answer.problem is SourceProblem.NOT_UNDERSTOOD
    assert answer.statements == ()


@pytest.mark.parametrize("told", [NUMBER, int(NUMBER), NUMBER.lstrip("0"), "0034 0434 9990 0001 1126"])
def test_spellings_of_the_number_are_the_same_number(told: Any) -> None:
    assert read(body(shipment(id=told)), number=NUMBER).problem is None


def test_a_number_that_is_only_named_as_a_piece_is_found() -> None:
    told = shipment(id="555000111", details={"pieceIds": [None, NUMBER]})
    assert read(body(told), number=NUMBER).problem is None


def test_of_two_parcels_with_one_number_none_is_chosen() -> None:
    assert read(body(shipment(), shipment()), number=NUMBER).problem is SourceProblem.NOT_UNDERSTOOD


def test_of_parcels_with_different_numbers_only_the_right_one_is_read() -> None:
    answer = read(body(shipment(DELIVERED, id="555000111"), shipment()), number=NUMBER)
    assert [said.event_code for said in answer.statements] == ["VA", "ES", "PO"]


def test_no_parcel_is_not_found() -> None:
    assert read(b'{"shipments": []}', number=NUMBER).problem is SourceProblem.NOT_FOUND


@every(
    ("address", "is_kept"),
    [
        ("https://www.dhl.de/de/privatkunden.html?piececode=1&verfuegen_selected_tab=FIRST", True),
        ("https://www.dhl.com/de-de/home.html", True),
        ("https://dhl.de", True),
        ("http://www.dhl.de/", False),
        ("https://www.dhl.de.example.org/", False),
        ("https://boesedhl.de/", False),
        ("https://me@www.dhl.de/", False),
        ("https://www.dhl.de\\@boese.example/", False),
        ("https://www.dhl.de/\u202egnp", False),
        ("https://www.dhl.de/ x", False),
        ("https://www.dhl.de/" + "x" * 500, False),
        ("javascript:alert(1)", False),
        (7, False),
    ],
)
def test_only_a_page_of_the_carriers_own_is_shown_as_its_link(address: Any, *, is_kept: bool) -> None:
    assert answer_to(rerouteUrl=address).reroute_url == (address if is_kept else None)


def test_a_forecast_is_a_day_or_a_span_and_no_event() -> None:
    frame = {"estimatedFrom": "2026-11-24T08:30:00Z", "estimatedThrough": "2026-11-24T11:30:00"}
    span = answer_to(estimatedTimeOfDelivery="2026-11-24T00:00:00", estimatedDeliveryTimeFrame=frame)
    assert span.delivery_expected == "2026-11-24T09:30+01:00/2026-11-24T11:30+01:00"
    assert answer_to(estimatedTimeOfDelivery="2026-11-24T00:00:00").delivery_expected == "2026-11-24"
    assert answer_to(estimatedTimeOfDelivery="bald", estimatedDeliveryTimeFrame=[]).delivery_expected is None
    assert len(span.statements) == 3


def test_an_errors_body_is_told_as_one_line() -> None:
    told = json.dumps({"title": "Too Many\nRequests", "detail": "x" * 5000, "status": 429}).encode()
    assert problem_in(told).startswith("Too Many Requests – xxx")
    assert len(problem_in(told)) < 250
    assert problem_in(b"<html>") == problem_in(b"[]") == problem_in(b'{"title": 1}') == ""


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)
_NAMES = [
    *("id", "service", "status", "events", "returnFlag", "rerouteUrl", "details", "pieceIds"),
    *("timestamp", "statusCode", "description", "remark"),
    *("estimatedTimeOfDelivery", "estimatedDeliveryTimeFrame", "estimatedFrom", "estimatedThrough"),
]
_TIMES = st.datetimes().map(datetime.isoformat) | st.sampled_from(["2026-11-21T10:15:00Z", "0001-01-01", ""])
_LEAF = _ANYTHING | _TIMES | st.just(NUMBER)
_EVENT = st.dictionaries(st.sampled_from(_NAMES), _LEAF)
_SHIPMENT = st.dictionaries(
    st.sampled_from(_NAMES), _LEAF | _EVENT | st.lists(_EVENT | _LEAF, max_size=5)
).map(lambda told: {"id": NUMBER} | told)


@given(whole=_ANYTHING | st.fixed_dictionaries({"shipments": st.lists(_SHIPMENT | _ANYTHING, max_size=3)}))
def test_whatever_json_comes_becomes_an_answer_that_hides_nothing(whole: Any) -> None:
    answer = read(json.dumps(whole).encode(), number=NUMBER)
    assert answer.statements or answer.problem is not None
    for said in answer.statements:
        assert isinstance(said, Said)
        assert said.words or said.status_code or said.event_code
        assert (said.words + (said.status_code or "")).encode()
        assert said.at is None or said.at.tzinfo is UTC
    dated = [said.at for said in answer.statements if said.at]
    assert dated == sorted(dated)


@given(st.binary())
def test_whatever_bytes_come_become_an_answer(raw: bytes) -> None:
    assert read(raw, number=NUMBER).problem is not None
    assert isinstance(problem_in(raw), str)
