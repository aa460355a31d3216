"""The calendar file: other programs read it, and it changes only when something has changed."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.support.clock import NOON
from tests.support.every import every
from tests.support.memory import tmp_path
from tests.support.values import CASE, ORDER
from watcher.app.agenda import Appointment
from watcher.domain.confidence import Confidence
from watcher.domain.order import Order
from watcher.domain.step import CaseKind, Step
from watcher.policy.rules import rule_named
from watcher.postman.calendar_file import PRODUCT, CalendarError, calendar, write_calendar

__all__ = ["tmp_path"]


def step(
    name: str = "ask_carrier", *, order: Order = ORDER, hours: float = 6, urgent: bool = False
) -> Appointment:
    return Appointment(
        case=CASE,
        order=order,
        at=NOON + timedelta(hours=hours),
        subject=Step(id=name, due_at=NOON + timedelta(hours=hours), urgent=urgent),
        certainty=Confidence.LIKELY,
        urgent=urgent,
    )


def period() -> Appointment:
    case = replace(CASE, kind=CaseKind.DISPUTED)
    return Appointment(
        case=case,
        order=ORDER,
        at=NOON + timedelta(days=5),
        subject=rule_named("agree_within_5_days"),
        certainty=Confidence.LIKELY,
    )


def events(content: bytes) -> dict[str, dict[str, object]]:
    parsed = Calendar.from_ical(content)
    assert parsed["PRODID"] == PRODUCT
    return {
        str(event["UID"]): {
            "at": event.decoded("DTSTART"),
            "stamp": event.decoded("DTSTAMP"),
            "number": int(event["SEQUENCE"]),
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "alarms": [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")],
            "status": str(event["STATUS"]),
        }
        for event in parsed.walk("VEVENT")
    }


def written(*appointments: Appointment, before: bytes = b"", days: float = 0) -> bytes:
    return calendar(appointments, language="de", at=NOON + timedelta(days=days), before=before)


def test_each_appointment_is_one_entry_at_its_time() -> None:
    found = events(written(step(), step("relist", hours=48), period()))
    assert found.keys() == {
        f"{CASE.id}-step-ask_carrier@stornowacht",
        f"{CASE.id}-step-relist@stornowacht",
        f"{CASE.id}-rule-agree_within_5_days@stornowacht",
    }
    carrier = found[f"{CASE.id}-step-ask_carrier@stornowacht"]
    assert (carrier["at"], carrier["number"]) == (NOON + timedelta(hours=6), 0)
    assert carrier["summary"] == "Friteuse: Versuch es auch beim Paketdienst"
    assert f"stornowacht show {CASE.id}" in str(carrier["description"])


def test_the_words_are_those_of_the_language() -> None:
    [found] = events(calendar([step("relist")], language="en", at=NOON)).values()
    assert found["summary"] == "Friteuse: Put the item up again"


def test_a_period_says_what_ends_and_where_that_is_known_from() -> None:
    [found] = events(written(period())).values()
    assert "Zeit, euch zu einigen" in str(found["summary"])
    assert "hilfe.kleinanzeigen.de" in str(found["description"])


def test_what_is_urgent_rings_while_people_are_awake_and_once_more() -> None:
    urgent, plain = (
        events(written(step(urgent=is_urgent))).popitem()[1]["alarms"] for is_urgent in (True, False)
    )
    assert urgent == [timedelta(hours=-8), timedelta(hours=-1)]
    assert plain == [timedelta(hours=-2)]


def test_a_time_that_nobody_is_sure_of_is_marked() -> None:
    [found] = events(written(replace(step(), certainty=Confidence.UNSURE))).values()
    assert found["status"] == "TENTATIVE"
    assert "unsicher" in str(found["description"])


def test_nothing_of_the_buyer_or_the_parcel_stands_in_it() -> None:
    order = replace(
        ORDER,
        buyer="Erika",
        tracking_number="00340434161094022115",
        conversation="abc12:def34",
        ad_id="2748193001",
    )
    text = written(
        *(step(name, order=order) for name in ("ask_buyer", "ask_carrier", "tell_support"))
    ).decode()
    for secret in ("Erika", "0034", "abc12", "2748193001", "45,00", "offer-1"):
        assert secret not in text.replace("\r\n ", "")


def test_entries_that_stay_the_same_keep_their_stamp_and_number() -> None:
    first = written(step(), step("relist", hours=48))
    assert written(step(), step("relist", hours=48), before=first, days=1) == first


def test_an_entry_that_moves_gets_the_next_number_and_the_others_stay() -> None:
    first = written(step(), step("relist"))
    second = events(written(step(hours=7), step("relist"), before=first, days=1))
    third = events(
        written(step(hours=8), step("relist"), before=written(step(hours=7), before=first), days=2)
    )
    moved, stayed = f"{CASE.id}-step-ask_carrier@stornowacht", f"{CASE.id}-step-relist@stornowacht"
    assert (second[moved]["number"], third[moved]["number"]) == (1, 2)
    assert second[moved]["stamp"] == NOON + timedelta(days=1)
    assert (second[stayed]["number"], second[stayed]["stamp"]) == (0, NOON)


def test_an_entry_of_what_is_done_goes() -> None:
    first = written(step(), step("relist"))
    assert len(events(written(step("relist"), before=first))) == 1
    assert events(written(before=first)) == {}


@every(
    "title",
    [
        "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:evil\r\n",
        'a;b,c\\n:d"',
        "\x1b[2J\u202egnp\x00",
        "ü" * 500,
        "👩\u200d🔧" * 60,
        "\udcff",
        "{0.__class__} [x|y] {buyer}",
    ],
)
def test_a_hostile_title_stays_a_title(title: str) -> None:
    content = written(step(order=replace(ORDER, title=title)), step("relist"))
    assert len(events(content)) == 2
    assert not set(content.decode()) & set("\x1b\u202e\x00")
    assert max(map(len, content.split(b"\r\n"))) <= 75
    assert written(step(order=replace(ORDER, title=title)), step("relist"), before=content, days=1) == content


def test_a_file_is_written_once_and_then_only_when_something_changes(tmp_path: Path) -> None:
    path = tmp_path / "seller.ics"

    def write(*appointments: Appointment, days: float) -> bool:
        return write_calendar(path, appointments, language="de", at=NOON + timedelta(days=days))

    assert write(step(), days=0)
    before = path.stat()
    assert not write(step(), days=1)
    assert path.stat() == before
    assert write(step(hours=7), days=2)
    assert [path.name for path in tmp_path.iterdir()] == ["seller.ics"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_may_read_stays_so_and_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.ics", tmp_path / "link.ics"
    link.symlink_to(real)
    write_calendar(link, [step()], language="de", at=NOON)
    real.chmod(0o644)
    write_calendar(link, [step(hours=9)], language="de", at=NOON)
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o644
    assert len(events(real.read_bytes())) == 1


@pytest.mark.parametrize(
    "content", [b"my diary", b"BEGIN:VCALENDAR\r\nPRODID:-//Somebody//EN\r\nEND:VCALENDAR\r\n", b"\x00\xff"]
)
def test_somebody_elses_file_is_left_as_it_is(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "diary.ics"
    path.write_bytes(content)
    with pytest.raises(CalendarError) as caught:
        write_calendar(path, [step()], language="de", at=NOON)
    assert str(path) in caught.value.message
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:300], lambda whole: whole.replace(b"DTSTAMP", b"DTST"), lambda _: b""]
)
def test_a_damaged_file_of_ours_is_written_anew(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "seller.ics"
    whole = written(step())
    path.write_bytes(damage(whole))
    assert write_calendar(path, [step()], language="de", at=NOON)
    assert path.read_bytes() == whole


def test_a_place_that_cannot_be_written_is_told_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "folder.ics").mkdir()
    circle = tmp_path / "circle.ics"
    circle.symlink_to(circle)
    for path in (tmp_path / "folder.ics", tmp_path / "nowhere" / "a.ics", circle):
        with pytest.raises(CalendarError) as caught:
            write_calendar(path, [step()], language="de", at=NOON)
        assert str(path) in caught.value.message
        assert "[seller] calendar" in caught.value.advice
