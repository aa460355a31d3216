"""Tracking numbers, by their shape, their check digit and the carrier that the page or the words around them name."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.shop.histories import parcel_number
from tests.support.every import every
from watcher.carriers.knowledge import all_carriers
from watcher.carriers.numbers.check_digits import (
    gls_is_valid,
    gs1_is_valid,
    identcode_is_valid,
    mod7_is_valid,
    mod37_is_valid,
    s10_is_valid,
    ups_is_valid,
)
from watcher.carriers.numbers.naming import carrier_id, naming_in
from watcher.carriers.numbers.shapes import all_shapes, all_words
from watcher.carriers.recogniser import LONGEST_TEXT, NumberProblem, candidates, explain, recognise_in
from watcher.domain.confidence import Confidence

DHL = parcel_number("0034043420051118270")
HERMES = parcel_number("0298017264153")
DPD = "13225150639240"
GLS = "701498694281"
UPS = "1Z999AA10123456784"


def found(text, carrier=None):
    number = recognise_in(text, carrier=carrier)
    return None if number is None else (number.carrier, number.number)


def ranked(text, carrier=None):
    return [(each.carrier, each.number) for each in candidates(text, carrier=carrier)]


@every(
    ("is_valid", "number"),
    [
        *((gs1_is_valid, number) for number in ("4006381333931", "73513537", "036000291452")),
        # Published by DHL for its test system, and a carrier's public client for real Hermes parcels.
        *(
            (gs1_is_valid, f"003404341610940{tail}")
            for tail in ("15902", "22115", "27318", "32954", "38253", "42557")
        ),
        *(
            (gs1_is_valid, n)
            for n in ("02180171003654", "02310181006981", "11204181008466", "39181147009513")
        ),
        (identcode_is_valid, "563102430313"),
        (gls_is_valid, GLS),
        (mod37_is_valid, f"{DPD}C"),
        (ups_is_valid, UPS),
        (s10_is_valid, "RR473124829DE"),
        (mod7_is_valid, "3318810025"),
    ],
)
def test_published_numbers_are_valid(is_valid, number):
    assert is_valid(number)


CHECKED = [(shape, n) for shape in all_shapes() if shape.check for n in (
    DHL, HERMES, f"{DPD}C", GLS, UPS, "RR473124829DE", "CX473124829DE", "563102430313", "3318810025",
) if shape.accepts(n)]  # fmt: skip


@every(("shape", "number"), CHECKED)
def test_one_wrong_digit_is_noticed_in_every_place(shape, number):
    places = [place for place, sign in enumerate(number) if sign.isdigit() and place > 1]
    missed = 0
    for place in places:
        wrong = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        missed += shape.accepts(wrong)
    # Modulus 7 takes 9 for 2, and UPS' letters share values with digits: the step by one is always noticed but there.
    assert missed <= (1 if shape.carrier in {"dhl", "ups", "dpd"} else 0)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text("0123456789", min_size=13, max_size=19), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed_by_gs1(stem, place, shift):
    number = parcel_number(stem)
    place %= len(number)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert gs1_is_valid(number)
    assert not gs1_is_valid(wrong)


@every(
    ("number", "carrier"),
    [
        (DHL, "dhl"),
        ("JJD000390007881234567", "dhl"),
        ("JD014600003323456789", "dhl"),
        ("JVGL0612345678901234", "dhl"),
        ("CX473124829DE", "dhl"),
        ("RR473124829DE", "deutsche_post"),
        (HERMES, "hermes"),
        ("H1234567890123456789", "hermes"),
        (f"{DPD}C", "dpd"),
        (UPS, "ups"),
    ],
)
@every("text", ["{}", "Sendungsnummer: {}.", "({})", "https://x.example/?piececode={}&y=1", "ä {} ö", "#{}"])
def test_a_number_is_found_wherever_it_stands(number, carrier, text):
    assert found(text.format(number)) == (carrier, number)
    assert found(text.format(number.lower())) == (carrier, number)


@every(
    ("printed", "number"),
    [
        ("0034 0434 2005 1118 270" + DHL[-1], DHL),
        ("00340434.2005", None),
        (f"{HERMES[:4]} {HERMES[4:8]} {HERMES[8:12]} {HERMES[12:]}", HERMES),
        (f"{HERMES[:4]}\u00a0{HERMES[4:8]}-{HERMES[8:]}", HERMES),
        ("1Z 999 AA1 01 2345 6784", UPS),
        ("RR 473 124 829 DE", "RR473124829DE"),
    ],
)
@every("text", ["{}", "Die Sendung {} ist unterwegs, wie oben in diesem langen Satz zu lesen ist."])
def test_a_number_is_found_as_it_is_printed_in_groups(printed, number, text):
    wanted = found(text.format(printed))
    assert (wanted and wanted[1]) == number


@pytest.mark.parametrize("number", [DHL, HERMES])
def test_a_number_with_a_wrong_check_digit_is_left_alone(number):
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert found(f"Nr. {wrong}") is None


def test_the_right_number_is_found_behind_a_wrong_one():
    wrong = DHL[:-1] + str((int(DHL[-1]) + 1) % 10)
    assert found(f"{wrong} {DHL}") == ("dhl", DHL)


@every(
    "text",
    [
        "",
        "Nr. 123",
        f"9{DHL}",
        f"{HERMES}9",
        "49123456789012",
        "Ihre Nummer folgt",
        "20261122140512",
        "Anzeige 2846193751",
        "0171 2345678",
        "DE02 1203 0000 0000 2020 51",
        "Das Teil kostet 45,00 und wiegt 1200 Gramm.",
    ],
)
def test_other_digits_are_no_number(text):
    assert found(text) is None


def test_digits_of_other_scripts_are_no_number():
    assert found(HERMES.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) is None


def test_only_a_number_of_the_named_carrier_counts():
    assert found(f"{DHL} {HERMES}", "hermes") == ("hermes", HERMES)
    assert found(f"{HERMES} {DHL}", "dhl") == ("dhl", DHL)
    assert found(HERMES, "dhl") is None


@pytest.mark.parametrize(
    ("number", "carriers"),
    [(HERMES, {"hermes", "dpd"}), (GLS, {"gls"}), ("RR473124829DE", {"deutsche_post", "dhl"})],
)
def test_whose_a_number_can_be_is_told_as_a_ranked_list(number, carriers):
    assert {carrier for carrier, _ in ranked(number)} == carriers


@every(
    ("number", "carrier"),
    [(HERMES, "hermes"), (HERMES, "dpd"), (DPD, "dpd"), (GLS, "gls"), ("563102430313", "dhl"), (DHL, "dhl"),
     (UPS, "ups"), ("RR473124829DE", "deutsche_post"), ("RR473124829DE", "dhl"), ("50123456789", "gls")],
)  # fmt: skip
@every("text", ["Mit {} verschickt, Nummer {}.", "{}: {}", "argument"])
def test_a_carrier_that_is_named_beats_the_digits(number, carrier, text):
    names = {"deutsche_post": "Deutsche Post", "hermes": "Hermes"}
    name = names.get(carrier, carrier.upper())
    told = ranked(number, carrier) if text == "argument" else ranked(text.format(name, number))
    assert told[0] == (carrier, number)


def test_eight_signs_and_ten_digits_count_only_where_their_carrier_is_named():
    assert ranked("ZK4T81PX") == []
    assert ranked("GLS ZK4T81PX") == [("gls", "ZK4T81PX")]
    assert candidates("DHL Express 3318810025")[0].confidence is Confidence.UNSURE
    assert ranked("Anzeige 3318810025") == []


def test_unmistakable_numbers_win_over_mere_digits():
    assert found(f"{HERMES} {DHL}") == ("dhl", DHL)


def test_the_host_of_a_link_names_the_carrier():
    assert ranked(f"https://tracking.dpd.de/status/de_DE/parcel/{HERMES}")[0] == ("dpd", HERMES)


@every(
    ("typed", "carrier", "problem"),
    [
        ("", None, NumberProblem.EMPTY),
        (" \u00a0-", None, NumberProblem.EMPTY),
        (DHL, None, None),
        (f"{DHL[:-1]}{(int(DHL[-1]) + 1) % 10}", None, NumberProblem.WRONG_CHECK_DIGIT),
        (f"{HERMES[:-1]}{(int(HERMES[-1]) + 1) % 10}", "hermes", NumberProblem.WRONG_CHECK_DIGIT),
        (f"{HERMES[:-1]}{(int(HERMES[-1]) + 1) % 10}", None, None),  # it may be DPD's
        ("1Z999AA10123456785", None, NumberProblem.WRONG_CHECK_DIGIT),
        ("RR473124820DE", "dhl", NumberProblem.WRONG_CHECK_DIGIT),
        ("4711", None, NumberProblem.UNKNOWN_SHAPE),
        ("ABCDEFGHIJK", "gls", NumberProblem.UNKNOWN_SHAPE),
    ],
)
def test_why_something_is_no_number_is_said(typed, carrier, problem):
    assert explain(typed, carrier=carrier) is problem


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(max_size=300), st.sampled_from([None, "dhl", "Hermes", "UPS", "nobody"]))
def test_no_text_breaks_the_recogniser(text, carrier):
    for reading in candidates(text, carrier=carrier):
        assert reading.number.isascii()
        assert reading.number.isalnum()
    explain(text, carrier=carrier)


# --- printed in groups ----------------------------------------------------------------------------------------------


@every(
    ("text", "number"),
    [
        (f"DHL {DHL[:4]} {DHL[4:8]} {DHL[8:12]} {DHL[12:16]} {DHL[16:]} 24.11.2026", DHL),
        (f"Beleg Nr 7 {DHL[:8]} {DHL[8:]}", DHL),
        ("Paket JJD 00 0390 0078 8123 4567, 1 kg", "JJD000390007881234567"),
        ("Sendungs-ID: H 1234 5678 9012 3456 7", "H12345678901234567"),
        ("DPD 1322 5150 6392 40 C", f"{DPD}C"),
        (f"DPD {DPD} C", f"{DPD}C"),
        (f"GLS {GLS[:4]} {GLS[4:8]} {GLS[8:]}", GLS),
        (f"Sendungsnummer {HERMES[:8]} {HERMES[8:]}", HERMES),
        ("rr 47 312 482 9 de", "RR473124829DE"),
    ],
)
def test_the_groups_of_a_receipt_are_one_number(text, number):
    assert candidates(text)[0].number == number


def test_groups_of_digits_that_nothing_announces_are_nobodys_number():
    row = f"{HERMES[:4]} {HERMES[4:8]} {HERMES[8:12]} {HERMES[12:]}"
    assert found(f"Hermes {row}") == found(f"Sendungsnummer {row}") == ("hermes", HERMES)
    assert found(f"Die Maße sind {row}, ungefähr.") is None


def test_a_row_is_one_number_or_none():
    assert ranked(f"Hermes 12 {HERMES[:7]} {HERMES[7:]}") == []
    assert ranked(f"Hermes {HERMES[:7]} {HERMES[7:]}kg") == []


def test_a_telephone_number_is_no_row():
    assert ranked(f"Tel. +{GLS[:2]} {GLS[2:5]} {GLS[5:]}") == []


def test_of_pieces_that_share_digits_the_surer_one_counts():
    assert ranked("JJD000390007881234567 12") == [("dhl", "JJD000390007881234567")]
    assert ranked(f"DPD {DPD} C")[0] == ("dpd", f"{DPD}C")
    assert DPD not in {number for _, number in ranked(f"DPD {DPD} C")}


# --- links ----------------------------------------------------------------------------------------------------------


@every(
    ("link", "expected"),
    [
        (f"https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={DHL}", ("dhl", DHL)),
        (f"https://www.dhl.de/verfolgen?piececode={DHL[:8]}%20{DHL[8:]}&lang=de", ("dhl", DHL)),
        (f"https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation#{HERMES}", ("hermes", HERMES)),
        (f"https://tracking.dpd.de/status/de_DE/parcel/{HERMES}", ("dpd", HERMES)),
        (f"https://gls-group.eu/DE/de/paketverfolgung?match={GLS}&txtAction=71000", ("gls", GLS)),
        ("https://gls-group.eu/DE/de/paketverfolgung?match=ZK4T81PX", ("gls", "ZK4T81PX")),
        (f"https://www.ups.com/track?tracknum={UPS}", ("ups", UPS)),
        (f"https://r.example/?u=https%3A%2F%2Fwww.myhermes.de%2Fsuche%23{HERMES}", ("hermes", HERMES)),
        (f"https://shop.example/go?piececode={HERMES}", ("hermes", HERMES)),
    ],
)  # fmt: skip
def test_a_number_that_only_a_link_holds_is_found(link, expected):
    assert found(link) == found(f"Verfolge dein Paket hier: {link} Viel Freude!") == expected


def test_the_id_in_a_strangers_link_is_no_tracking_number():
    assert found(f"https://img.example/bilder/{HERMES}/gross.jpg") is None
    assert found(f"Hermes: https://kurz.example/{HERMES}") == ("hermes", HERMES)


def test_the_host_counts_more_than_the_words_around_the_link():
    text = f"Nicht mit Hermes, sondern hier: https://tracking.dpd.de/status/de_DE/parcel/{HERMES}"
    assert found(text) == ("dpd", HERMES)


# --- ranking --------------------------------------------------------------------------------------------------------


VALID = (DHL, HERMES, DPD, f"{DPD}C", GLS, UPS, "563102430313", "H1234567890123456789", "JJD000390007881234567",
         "RR473124829DE", "CX473124829DE", "50123456789", "ZK4T81PX", "3318810025")  # fmt: skip


@every("named", ["dhl", "hermes", "dpd", "gls", "ups", "deutsche_post"])
def test_no_number_of_a_named_carrier_stands_behind_one_of_another(named):
    """Deutsche Post and DHL are one house: a letter's number is not wrong where DHL is named."""
    own_numbers = {number for number in VALID if ranked(number, named)[:1] == [(named, number)]}
    assert own_numbers
    for own, other in itertools.permutations(VALID, 2):
        if own in own_numbers and other not in own_numbers and candidates(other, carrier=named):
            told = candidates(f"{other} / {own}", carrier=named)
            first = next(place for place, each in enumerate(told) if each.number == own)
            ahead = {each.carrier for each in told[:first]}
            assert not ahead or ahead | {named} == {"dhl", "deutsche_post"}, (own, other, told)


def test_every_carrier_with_shapes_has_a_file_of_facts_and_words_that_name_it():
    assert {shape.carrier for shape in all_shapes()} <= {known.id for known in all_carriers()}
    for known in all_carriers():
        if known.id in all_words():
            assert carrier_id(known.name) == known.id
            assert {carrier_id(name) for name in known.also if carrier_id(name) in all_words()} <= {known.id}


def test_oops_is_no_carrier():
    assert naming_in("Ups, das habe ich vergessen").carriers == ()
    assert naming_in("per UPS, mit DHL, die Deutsche Post").carriers == ("ups", "dhl", "deutsche_post")
    assert naming_in("Deutsche Post DHL").carriers == ("dhl",)


# --- hostile --------------------------------------------------------------------------------------------------------


@every(
    "part",
    ["1 ", "1", "a", "0 0 3 4 0 4 3 4 ", "JJD 1 1 1 1 1 1 1 1 ", "H 1 ", "RR 1", "dhl ", "https://", "%25",
     "https://x.example/?a=02180171003654 ", "1234 5678 9012 34 A ", "-", "\u00a0", "1Z"],
    ids=repr,
)  # fmt: skip
def test_whatever_repeats_is_read_to_the_end_and_the_number_behind_it_is_found(part):
    text = part * (20_000 // len(part)) + f"\nDHL {DHL}"
    assert ("dhl", DHL) in ranked(text)


def test_of_a_huge_text_the_beginning_counts():
    junk = "x " * (LONGEST_TEXT // 2)
    assert ranked(junk[: -len(DHL)] + DHL) == [("dhl", DHL)]
    assert ranked(junk + DHL) == []
