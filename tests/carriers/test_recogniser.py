"""Tracking numbers, by their shape, their check digit and the carrier that the page names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fixtures.shop.histories import parcel_number
from watcher.carriers.recogniser import TrackingNumber, gs1_is_valid, recognise_in

DHL = parcel_number("0034043420051118270")
HERMES = parcel_number("0298017264153")


def found(text, carrier=None):
    number = recognise_in(text, carrier=carrier)
    return None if number is None else (number.carrier, number.number)


@pytest.mark.parametrize("digits", ["4006381333931", "73513537", "036000291452"])
def test_published_gs1_numbers_are_valid(digits):
    assert gs1_is_valid(digits)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.text("0123456789", min_size=13, max_size=19), st.integers(0, 18), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(stem, place, shift):
    number = parcel_number(stem)
    place %= len(number)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert gs1_is_valid(number)
    assert not gs1_is_valid(wrong)


@pytest.mark.parametrize(
    ("number", "carrier"),
    [
        (DHL, "dhl"),
        ("JJD000390007881234567", "dhl"),
        ("JD014600003323456789", "dhl"),
        ("JVGL0612345678901234", "dhl"),
        (HERMES, "hermes"),
        ("H1234567890123456789", "hermes"),
    ],
)
@pytest.mark.parametrize(
    "text", ["{}", "Sendungsnummer: {}.", "({})", "https://x.example/?piececode={}&y=1", "ä {} ö"]
)
def test_a_number_is_found_wherever_it_stands(number, carrier, text):
    assert found(text.format(number)) == (carrier, number)


@pytest.mark.parametrize("number", [DHL, HERMES])
def test_a_number_with_a_wrong_check_digit_is_left_alone(number):
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert found(f"Nr. {wrong}") is None


def test_the_right_number_is_found_behind_a_wrong_one():
    wrong = DHL[:-1] + str((int(DHL[-1]) + 1) % 10)
    assert found(f"{wrong} {DHL}") == ("dhl", DHL)


@pytest.mark.parametrize(
    "text", ["", "Nr. 123", f"9{DHL}", f"{HERMES}9", "49123456789012", "Ihre Nummer folgt"]
)
def test_other_digits_are_no_number(text):
    assert found(text) is None


def test_digits_of_other_scripts_are_no_number():
    assert found(HERMES.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) is None


def test_only_a_number_of_the_named_carrier_counts():
    assert found(f"{DHL} {HERMES}", "hermes") == ("hermes", HERMES)
    assert found(f"{HERMES} {DHL}", "dhl") == ("dhl", DHL)
    assert found(HERMES, "dhl") is None


def test_a_carrier_without_a_known_shape_has_no_number():
    """Fourteen digits may as well be DPD's."""
    assert found(HERMES, "dpd") is None


def test_unmistakable_numbers_win_over_mere_digits():
    assert recognise_in(f"{HERMES} {DHL}") == TrackingNumber(number=DHL, carrier="dhl")
