"""What a human copies from a carrier's page: read as far as it can be understood, and no further."""

import unicodedata
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.carriers import pages
from tests.carriers.spoken import EVERYTHING
from tests.support.every import every
from watcher.carriers.harmless import harmless_line
from watcher.carriers.paste import LONGEST, Pasted, PasteProblem, Statement, read_pasted
from watcher.carriers.when import dated
from watcher.domain.confidence import Confidence
from watcher.domain.parcel import Milestone

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
LOADED = "Die Sendung wurde in das Zustellfahrzeug geladen."
AT_DEPOT = "Die Sendung wurde im Ziel-Paketzentrum bearbeitet."


def read(text: str, carrier: str | None = None, now: datetime = NOW) -> Pasted:
    return read_pasted(text, carrier=carrier, now=now)


def course(pasted: Pasted) -> list[tuple[str, str]]:
    """Each statement as German time and milestone, with a question mark behind what is unsure and `~` behind what is likely."""
    marks = {Confidence.CERTAIN: "", Confidence.LIKELY: "~", Confidence.UNSURE: "?"}
    return [
        (
            each.at.astimezone(BERLIN).strftime("%d.%m. %H:%M") if each.at else "",
            each.milestone.value + marks[each.confidence],
        )
        for each in pasted.statements
    ]


def only(text: str, carrier: str | None = None, now: datetime = NOW) -> Statement:
    statements = read(text, carrier, now).statements
    assert len(statements) == 1, statements
    return statements[0]


def german(at: datetime | None) -> str:
    assert at is not None
    assert at.utcoffset() == timedelta(0)
    return at.astimezone(BERLIN).strftime("%Y-%m-%d %H:%M")


# --- whole pages ----------------------------------------------------------------------------------------------------


def test_a_page_of_dhl_with_its_menus_tells_the_course_and_the_number() -> None:
    pasted = read(pages.DHL, "dhl")
    assert course(pasted) == [
        ("19.11. 19:00", "label_created"),
        ("20.11. 11:27", "handed_in"),
        ("20.11. 19:30", "in_transit"),
        ("21.11. 03:51", "at_depot"),
        ("21.11. 08:15", "out_for_delivery"),
    ]
    assert [each.number for each in pasted.numbers] == [pages.DHL_NUMBER]
    assert (pasted.carrier, pasted.problem) == ("dhl", None)
    assert pasted.statements[-1].words.startswith("Die Sendung wurde in das Zustellfahrzeug geladen.")


def test_a_page_of_hermes_tells_the_shop_from_the_driver_and_leaves_the_wish_out() -> None:
    pasted = read(pages.HERMES, "hermes")
    assert course(pasted) == [
        ("19.11. 10:57", "label_created"),
        ("19.11. 14:29", "handed_in"),
        ("20.11. 09:27", "handed_in"),
        ("20.11. 15:36", "in_transit"),
        ("21.11. 02:20", "at_depot~"),
        ("21.11. 06:59", "out_for_delivery"),
    ]
    assert [each.at_shop for each in pasted.statements] == [False, True, False, False, False, False]
    assert pasted.problem is None


def test_dates_below_the_statuses_are_theirs_as_well() -> None:
    assert course(read(pages.HERMES_BELOW, "hermes")) == [
        ("03.11. 11:37", "handed_in?"),
        ("03.11. 14:03", "handed_in"),
        ("04.11. 23:27", "in_transit"),
        ("05.11. 08:01", "out_for_delivery"),
        ("05.11. 15:29", "delivered"),
    ]


def test_a_list_of_dpd_oldest_first_leaves_the_estimate_out() -> None:
    pasted = read(pages.DPD, "dpd")
    assert course(pasted) == [
        ("18.11. 13:29", "label_created"),
        ("19.11. 17:39", "in_transit"),
        ("20.11. 03:55", "at_depot"),
        ("20.11. 06:10", "out_for_delivery"),
        ("20.11. 09:40", "exception"),
        ("20.11. 16:02", "at_depot~"),
    ]
    assert pasted.problem is None


def test_times_below_the_heading_of_a_day_belong_to_that_day() -> None:
    assert course(read(pages.DPD_BY_DAY, "dpd")) == [
        ("19.11. 17:39", "in_transit"),
        ("20.11. 03:55", "at_depot"),
        ("20.11. 06:10", "out_for_delivery"),
    ]


def test_the_bar_of_steps_on_a_page_of_gls_is_no_course() -> None:
    pasted = read(pages.GLS, "gls")
    assert course(pasted) == [
        ("17.11. 14:09", "label_created"),
        ("18.11. 16:09", "handed_in"),
        ("18.11. 22:38", "in_transit"),
        ("19.11. 04:21", "in_transit"),
        ("19.11. 06:40", "out_for_delivery~"),
        ("19.11. 10:20", "exception"),
        ("19.11. 10:22", "held_at_pickup"),
        ("19.11. 10:47", "held_at_pickup"),
    ]


def test_an_english_page_of_ups_is_read_too() -> None:
    pasted = read(pages.UPS, "ups")
    assert course(pasted) == [
        ("18.11. 09:12", "label_created"),
        ("19.11. 17:30", "handed_in"),
        ("19.11. 23:02", "in_transit"),
        ("20.11. 05:40", "in_transit"),
        ("20.11. 08:05", "out_for_delivery"),
        ("20.11. 14:31", "exception"),
        ("20.11. 15:15", "held_at_pickup"),
    ]
    assert [each.number for each in pasted.numbers] == [pages.UPS_NUMBER]


def test_the_one_sentence_of_deutsche_post_has_its_date_in_it() -> None:
    assert course(read(pages.DEUTSCHE_POST, "deutsche_post")) == [("20.11. 12:00", "at_depot~")]


def test_a_page_reads_the_same_with_any_line_ends() -> None:
    for page in (pages.DHL, pages.DPD, pages.GLS):
        assert read(page.replace("\n", "\r\n"), "dhl") == read(page, "dhl")
        assert read(page.replace("\n", "\u2028"), "dhl").statements == read(page, "dhl").statements


def test_a_page_pasted_twice_in_one_text_says_everything_once() -> None:
    assert read(pages.DPD + pages.DPD, "dpd").statements == read(pages.DPD, "dpd").statements


# --- dates ----------------------------------------------------------------------------------------------------------


@every(
    ("date", "moment"),
    [
        ("Fr, 20.11.2026, 14:05 Uhr", "2026-11-20 14:05"),
        ("20.11.2026 14:05", "2026-11-20 14:05"),
        ("20.11.2026, 14.05 Uhr", "2026-11-20 14:05"),
        ("20.11.26 14:05", "2026-11-20 14:05"),
        ("20.11. 08:12", "2026-11-20 08:12"),
        ("Freitag, 20. November 2026 um 14:05", "2026-11-20 14:05"),
        ("20. Nov. 2026, 14:05", "2026-11-20 14:05"),
        ("Heute, 08:15", "2026-11-22 08:15"),
        ("Gestern, 08:15", "2026-11-21 08:15"),
        ("2026-11-20T14:05", "2026-11-20 14:05"),
        ("2026-11-20 14:05:33", "2026-11-20 14:05"),
        ("2026-11-20T13:05:00Z", "2026-11-20 14:05"),
        ("2026-07-20T14:05:00+02:00", "2026-07-20 14:05"),
        ("20-Nov-2026 14:05", "2026-11-20 14:05"),
        ("Friday, November 20, 2026 at 2:05 P.M.", "2026-11-20 14:05"),
        ("Nov 20, 12:05 a.m.", "2026-11-20 00:05"),
        ("11/20/2026 14:05", "2026-11-20 14:05"),
        ("Yesterday, 2:05 pm", "2026-11-21 14:05"),
        ("20.11.2026 | 14:05 | Musterstadt", "2026-11-20 14:05"),
        ("31.12. 23:50", "2026-12-31 23:50"),
        ("07.01. 10:00", "2026-01-07 10:00"),
        ("29.02. 10:00", "2024-02-29 10:00"),
    ],
)
@every("layout", ["{date} {words}", "{date}\n{words}", "{date}\n\n{words}", "• {date} - {words}"])
def test_a_date_is_found_in_front_of_the_words_and_above_them(date: str, moment: str, layout: str) -> None:
    found = only(layout.format(date=date, words=LOADED), "dhl")
    assert (german(found.at), found.milestone) == (moment, Milestone.OUT_FOR_DELIVERY)
    assert found.words.endswith(LOADED)


@every(
    "text",
    [
        f"{LOADED} 20.11.2026, 14:05",
        f"{LOADED} (20.11.2026 14:05)",
        f"{LOADED}\n20.11.2026 14:05",
        f"{LOADED}\nMusterstadt, 20.11.2026, 14:05",
        f"Musterstadt 20.11.2026 14:05 {LOADED}",
        f"20.11.2026\n14:05\nMusterstadt\n{LOADED}",
        f"20.11.2026\n14:05 Uhr {LOADED}",
    ],
)
def test_a_date_is_found_behind_and_below_and_in_pieces(text: str) -> None:
    assert german(only(text, "dhl").at) == "2026-11-20 14:05"


def test_a_date_in_the_sentence_is_the_status_own() -> None:
    assert german(only("Die Sendung wurde am 20.11.2026 um 14:05 Uhr zugestellt.").at) == "2026-11-20 14:05"


def test_a_day_without_a_time_stays_that_day_and_is_not_in_the_future_for_that() -> None:
    assert german(only(f"20.11.2026 {LOADED}", "dhl").at) == "2026-11-20 12:00"
    morning = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)
    found = only(f"Heute: {LOADED}", "dhl", morning)
    assert german(found.at) == "2026-11-22 08:30"
    assert found.confidence is Confidence.CERTAIN


def test_a_day_without_a_time_keeps_its_place_between_its_neighbours() -> None:
    text = f"20.11.2026 18:40 {LOADED}\n20.11.2026 {AT_DEPOT}\n20.11.2026 17:10 Die Sendung wurde im Start-Paketzentrum bearbeitet."
    assert course(read(text, "dhl")) == [
        ("20.11. 17:10", "in_transit"),
        ("20.11. 17:10", "at_depot"),
        ("20.11. 18:40", "out_for_delivery"),
    ]


def test_statuses_of_a_day_without_times_keep_the_order_of_the_text() -> None:
    newest_first = "20.11.2026\nIn Zustellung\nIm Paketzustellzentrum\n19.11.2026\nUnterwegs"
    oldest_first = "19.11.2026\nUnterwegs\n20.11.2026\nIm Paketzustellzentrum\nIn Zustellung"
    expected = [
        ("19.11. 12:00", "in_transit"),
        ("20.11. 12:00", "at_depot"),
        ("20.11. 12:00", "out_for_delivery"),
    ]
    assert course(read(newest_first, "dpd")) == expected
    assert course(read(oldest_first, "dpd")) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"20.11.2026 18:40 Die Sendung wurde im Start-Paketzentrum bearbeitet. 21.11.2026 09:12 {LOADED}",
        f"20.11.2026 18:40 im Start-Paketzentrum bearbeitet 21.11.2026 09:12 {LOADED}",
        f"Gestern, 09:12 {LOADED} Fr, 20.11.2026, 18:40 Uhr im Start-Paketzentrum bearbeitet",
        f"Die Sendung wurde im Start-Paketzentrum bearbeitet. 20.11.2026 18:40 {LOADED} 21.11.2026 09:12",
        f"20.11.2026\t18:40\tim Start-Paketzentrum bearbeitet\t21.11.2026\t09:12\t{LOADED}",
    ],
)
def test_two_statuses_on_one_line_keep_their_own_dates(text: str) -> None:
    pasted = read(text, "dhl")
    assert course(pasted) == [("20.11. 18:40", "in_transit"), ("21.11. 09:12", "out_for_delivery")]
    assert pasted.problem is None


def test_a_long_course_without_line_ends_is_read_to_its_end() -> None:
    text = (
        " ".join(f"20.11.2026 {hour:02}:10 {AT_DEPOT}" for hour in range(20)) + f" 21.11.2026 09:12 {LOADED}"
    )
    assert len(text) > 1000
    found = course(read(text, "dhl"))
    assert (len(found), found[-1]) == (21, ("21.11. 09:12", "out_for_delivery"))


def test_statuses_on_one_line_whose_dates_cannot_be_told_are_unsure() -> None:
    text = f"im Start-Paketzentrum bearbeitet 20.11.2026 18:40 {LOADED} 21.11.2026 09:12 liegt zur Abholung bereit"
    statements = read(text, "dhl").statements
    assert {each.confidence for each in statements} == {Confidence.UNSURE}


def test_a_second_date_within_a_sentence_is_no_second_status() -> None:
    found = only("20.11.2026 18:40 Die Sendung wurde am 20.11.2026 um 18:35 Uhr zugestellt.", "dhl")
    assert (german(found.at), found.confidence) == ("2026-11-20 18:40", Confidence.CERTAIN)


def test_clocks_are_german_ones_in_summer_and_in_winter() -> None:
    assert only(f"20.11.2026 14:05 {LOADED}").at == datetime(2026, 11, 20, 13, 5, tzinfo=UTC)
    assert only(f"20.07.2026 14:05 {LOADED}").at == datetime(2026, 7, 20, 12, 5, tzinfo=UTC)
    assert only(f"25.10.2026 02:30 {LOADED}").at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


@every(
    "line",
    ["03/04/2026 10:00", "31.02.2026 10:00", "00.11.2026", "99.99.2026 10:00", "20.13.2026", "1. Mal", "2. Zustellversuch", "Tel. 0800 20.11", "14:00 - 15:30 Uhr", "zwischen 14:00 und 15:30", "2026-13-40T10:00", "20.11.1999"],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(line: str) -> None:
    assert dated(line, now=NOW).when is None


# --- one status, several, none --------------------------------------------------------------------------------------


def test_a_single_status_without_a_date_belongs_to_the_moment_of_pasting() -> None:
    found = only(LOADED, "dhl")
    assert (found.at, found.milestone, found.confidence) == (
        None,
        Milestone.OUT_FOR_DELIVERY,
        Confidence.CERTAIN,
    )


def test_the_same_status_as_heading_and_sentence_is_a_single_one() -> None:
    assert only(f"In Zustellung\n{LOADED}\nHilfe & Kontakt", "dhl").milestone is Milestone.OUT_FOR_DELIVERY


def test_of_several_statuses_without_a_date_nobody_knows_the_latest() -> None:
    pasted = read(f"{LOADED}\n{AT_DEPOT}", "dhl")
    assert pasted.problem is PasteProblem.UNDATED
    assert course(pasted) == [("", "out_for_delivery?"), ("", "at_depot?")]


def test_beside_dated_ones_a_status_without_a_date_counts_for_nothing() -> None:
    pasted = read(f"{LOADED}\nSendungsverlauf\n\n20.11.2026, 04:10\n{AT_DEPOT}\n19.11.2026, 20:00\nDie Sendung wurde im Start-Paketzentrum bearbeitet.", "dhl")  # fmt: skip
    assert course(pasted) == [("19.11. 20:00", "in_transit"), ("20.11. 04:10", "at_depot")]


def test_what_contradicts_itself_is_kept_as_it_is() -> None:
    text = "20.11.2026 10:00 Die Sendung wurde zugestellt.\n20.11.2026 15:00 Die Sendung wurde im Start-Paketzentrum bearbeitet."
    pasted = read(text, "dhl")
    assert course(pasted) == [("20.11. 10:00", "delivered"), ("20.11. 15:00", "in_transit")]
    assert pasted.problem is None


def test_a_dated_line_that_nobody_understands_is_kept_as_not_known() -> None:
    pasted = read(
        f"20.11.2026, 10:00\nDas Paket tanzt einen wilden Tango\n19.11.2026, 10:00\n{AT_DEPOT}", "dhl"
    )
    assert course(pasted) == [("19.11. 10:00", "at_depot"), ("20.11. 10:00", "unknown?")]
    assert pasted.statements[-1].words == "Das Paket tanzt einen wilden Tango"
    assert pasted.problem is None


def test_a_single_line_that_nobody_understands_is_kept_in_its_words() -> None:
    pasted = read("Das Paket tanzt einen wilden Tango", "dhl")
    assert [(each.words, each.milestone) for each in pasted.statements] == [
        ("Das Paket tanzt einen wilden Tango", Milestone.UNKNOWN)
    ]
    assert pasted.problem is PasteProblem.NOT_UNDERSTOOD


def test_a_page_without_any_status_is_not_understood() -> None:
    pasted = read("Startseite\nMein Konto\nHier können Sie Marken kaufen.\nImpressum")
    assert (pasted.statements, pasted.problem) == ((), PasteProblem.NOT_UNDERSTOOD)


@every("text", ["", "   ", "\n\t\n", "\x00\x1b[2J", "\u200b\u202e\ufeff", "\xa0"])
def test_an_empty_text_says_nothing(text: str) -> None:
    assert read(text, "dhl") == Pasted(problem=PasteProblem.EMPTY)


@pytest.mark.parametrize(
    "text",
    [
        "Die Sendung wird voraussichtlich am 24.11.2026 zugestellt.",
        "Voraussichtliche Zustellung:\nDienstag, 24. November, 10:30 - 14:00 Uhr\nDie Sendung wird morgen zugestellt.",
        "24.11.2026, 10:00 Die Sendung wurde zugestellt.",
    ],
)
def test_what_is_to_come_says_nothing_and_never_counts_later(text: str) -> None:
    pasted = read(text, "dhl")
    assert pasted.problem is PasteProblem.FUTURE
    assert all(each.confidence is Confidence.UNSURE for each in pasted.statements)


def test_beside_what_has_happened_what_is_to_come_is_merely_unsure() -> None:
    text = f"24.11.2026, 10:00 Die Sendung wurde zugestellt.\n20.11.2026, 04:10 {AT_DEPOT}"
    pasted = read(text, "dhl")
    assert course(pasted) == [("20.11. 04:10", "at_depot"), ("24.11. 10:00", "delivered?")]
    assert pasted.problem is None


def test_a_clock_that_is_a_little_fast_is_no_forecast() -> None:
    assert only(f"22.11.2026 13:40 {LOADED}", "dhl").confidence is Confidence.CERTAIN


def test_a_false_return_of_hermes_is_kept_and_unsure() -> None:
    text = "20.11.2026 09:27 Die Sendung wurde von Hermes im PaketShop abgeholt.\n20.11.2026 09:28 Die Sendung wird an den Versender zurückgeführt."
    assert course(read(text, "hermes")) == [("20.11. 09:27", "handed_in"), ("20.11. 09:28", "returning?")]


# --- carriers and numbers -------------------------------------------------------------------------------------------


def test_the_text_of_another_carrier_is_read_and_named() -> None:
    pasted = read(pages.HERMES, "dhl")
    assert (pasted.problem, pasted.carrier) == (PasteProblem.OTHER_CARRIER, "hermes")
    assert [(at, milestone.rstrip("?~")) for at, milestone in course(pasted)] == [
        (at, milestone.rstrip("?~")) for at, milestone in course(read(pages.HERMES, "hermes"))
    ]
    assert {each.carrier for each in pasted.statements} == {"hermes"}
    assert {each.confidence for each in pasted.statements} == {Confidence.UNSURE}


def test_a_number_is_read_as_that_of_the_carrier_of_whom_the_text_speaks() -> None:
    pasted = read("Deine Hermes Sendung 02180171003654 wurde zugestellt.", "dhl")
    assert [(each.number, each.carrier) for each in pasted.numbers] == [("02180171003654", "hermes")]
    assert pasted.numbers[0].confidence is not Confidence.UNSURE
    assert [each.confidence for each in pasted.statements] == [Confidence.UNSURE]


def test_a_number_with_a_wrong_check_digit_is_named_and_no_number() -> None:
    wrong = pages.DHL_NUMBER[:-1] + str((int(pages.DHL_NUMBER[-1]) + 1) % 10)
    pasted = read(f"DHL\nSendungsnummer {wrong}\n20.11.2026 04:10 {AT_DEPOT}", "dhl")
    assert pasted.mistyped == (wrong,)
    assert wrong not in [each.number for each in pasted.numbers if each.confidence is not Confidence.UNSURE]


@every("page", [pages.DHL, pages.HERMES, pages.DPD, pages.GLS, pages.UPS, pages.DEUTSCHE_POST])
def test_a_real_page_has_no_wrong_number(page: str) -> None:
    assert read(page).mistyped == ()


@pytest.mark.parametrize("carrier", [None, "DHL Paket", "dhl", "deutsche_post"])
def test_a_house_that_speaks_of_its_other_half_is_no_other_carrier(carrier: str | None) -> None:
    text = f"Deutsche Post DHL Group\n20.11.2026 04:10 {AT_DEPOT}"
    assert read(text, carrier).problem is None


def test_a_text_that_names_no_carrier_is_taken_for_that_of_the_order() -> None:
    pasted = read(f"20.11.2026 04:10 {AT_DEPOT}", "dhl")
    assert (pasted.carrier, pasted.problem) == (None, None)


def test_a_number_alone_is_no_problem() -> None:
    pasted = read(f"Sendungsnummer: {pages.DHL_NUMBER}", "dhl")
    assert ([each.number for each in pasted.numbers], pasted.statements, pasted.problem) == (
        [pages.DHL_NUMBER],
        (),
        None,
    )


def test_statuses_of_several_parcels_stand_under_their_numbers() -> None:
    text = f"""Meine Sendungen
{pages.DHL_NUMBER}
20.11.2026, 08:15
{LOADED}
{pages.OTHER_DHL_NUMBER}
19.11.2026, 20:00
{AT_DEPOT}
"""
    found = {each.milestone: each.numbers for each in read(text, "dhl").statements}
    assert found == {
        Milestone.OUT_FOR_DELIVERY: {pages.DHL_NUMBER},
        Milestone.AT_DEPOT: {pages.OTHER_DHL_NUMBER},
    }


def test_two_numbers_above_one_course_are_one_parcel() -> None:
    text = f"Sendungsnummer {pages.DHL_NUMBER}\nWeitere Nummer {pages.OTHER_DHL_NUMBER}\n20.11.2026 04:10 {AT_DEPOT}"
    pasted = read(text, "dhl")
    assert len(pasted.numbers) == 2
    assert [each.numbers for each in pasted.statements] == [frozenset()]


# --- hostile pastes -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html><body><p>Die Sendung wurde zugestellt.</p></body></html>",
        '  <html lang="de">\n<body>',
        "<?xml version='1.0'?><data/>",
        "<div>\n<span class='x'>20.11.2026</span>\n<span>Die Sendung wurde zugestellt.</span>\n</div><br><br>",
    ],
)
def test_the_source_of_a_page_is_told_from_the_page(text: str) -> None:
    assert read(text, "dhl") == Pasted(problem=PasteProblem.MARKUP)


@pytest.mark.parametrize(
    "text",
    [
        "Gewicht < 5 kg\n20.11.2026 10:00 Die Sendung wurde zugestellt.",
        "<3 20.11.2026 10:00 Die Sendung wurde zugestellt. >>",
        "20.11.2026 10:00 Die Sendung wurde zugestellt. <a href='x'>mehr</a>",
    ],
)
def test_a_text_with_a_pointed_bracket_is_no_source(text: str) -> None:
    assert [each.milestone for each in read(text, "dhl").statements] == [Milestone.DELIVERED]


def test_a_text_of_megabytes_is_not_read() -> None:
    assert read("Die Sendung wurde zugestellt.\n" * 200_000) == Pasted(problem=PasteProblem.TOO_LONG)
    assert read(" " * LONGEST + "x").problem is PasteProblem.TOO_LONG


@pytest.mark.slow
def test_a_long_text_is_read_to_a_bound() -> None:
    line = "20.11.2026 {:02}:{:02} Die Sendung wurde im Ziel-Paketzentrum bearbeitet."
    text = "\n".join(line.format(hour, minute) for hour in range(20) for minute in range(60))
    assert len(text) < LONGEST
    statements = read(text, "dhl").statements
    assert len(statements) == 200
    assert german(statements[-1].at) == "2026-11-20 19:59"


def test_colours_titles_and_direction_marks_do_not_survive() -> None:
    text = "20.11.2026 10:00 \x1b[31;1mDie Sendung\x1b[0m \x1b]0;Titel\x07wurde \u202ezugestellt\u202c.\x9b2J\x08\u2066 Rest\u2069"
    words = only(text, "dhl").words
    assert words == "Die Sendung wurde zugestellt. Rest"


def test_a_line_without_an_end_becomes_words_of_bounded_length() -> None:
    words = only("20.11.2026 10:00 Die Sendung wurde zugestellt. " + "x" * 5_000, "dhl").words
    assert len(words) == 300
    assert words.endswith("…")


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        read_pasted("x", carrier=None, now=datetime(2026, 11, 22))


PIECES = st.sampled_from(
    [each.words for each in EVERYTHING[::5]]
    + [
        "20.11.2026", "14:05", "Fr, 20.11.2026, 14:05 Uhr, Musterstadt", "Heute", "Gestern, 08:15", "2026-11-20T14:05:00+14:00",
        "24.12.2099 23:59", "31.02.2026", "\n", "\n\n", "\t", " | ", "\r", "<", "\x1b[31m", "\x1b]8;;http://x\x07", "\u202e", "\u2028",
        "a\u0308", "\ud800", "\x00", pages.DHL_NUMBER, pages.HERMES_NUMBER, "Hermes", "DHL", "nicht", "voraussichtlich", "?",
    ]
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None, derandomize=True)
@given(
    st.lists(PIECES | st.text(max_size=15), max_size=25).map("".join)
    | st.lists(PIECES | st.text(max_size=15), max_size=25).map(" ".join),
    st.sampled_from([None, "dhl", "hermes", "dpd", "gls", "ups", "deutsche_post", "x"]),
    st.datetimes(datetime(2001, 1, 1), datetime(2098, 12, 31), timezones=st.just(UTC)),
)
def test_whatever_is_pasted_words_are_one_safe_line_and_nothing_fails(
    text: str, carrier: str | None, now: datetime
) -> None:
    pasted = read_pasted(text, carrier=carrier, now=now)
    assert pasted.problem is not None or pasted.statements or pasted.numbers
    for each in pasted.statements:
        assert each.words.isprintable()
        assert 0 < len(each.words) <= 300
        assert not any(unicodedata.category(sign).startswith("C") for sign in each.words)
        assert each.at is None or each.at.utcoffset() == timedelta(0)
        assert each.confidence is Confidence.UNSURE or each.milestone is not Milestone.UNKNOWN
        if each.at is not None and each.at > now + timedelta(hours=1):
            assert each.confidence is Confidence.UNSURE
    times = [each.at for each in pasted.statements if each.at is not None]
    assert times == sorted(times)
    assert read_pasted(text, carrier=carrier, now=now) == pasted


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(max_size=80))
def test_a_harmless_line_is_harmless(text: str) -> None:
    line = harmless_line(text)
    assert line.isprintable()
    assert line == harmless_line(line)
