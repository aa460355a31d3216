"""Check digits of tracking numbers. Every function expects ASCII digits and capitals in the shape that it is named for.

The rules are those of the public tables of plhery/universal-parcel-scraper (`data/checksum-vectors.json`, 2026-10) and
jkeen/tracking_number_data, recomputed on the numbers that the tests name.
"""

from collections.abc import Iterable

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_S10_SPECIAL = {10: 0, 11: 5}


def gs1_is_valid(digits: str) -> bool:
    """Whether the last digit is the GS1 check digit of those before it (weights 3 and 1 from the right).

    DHL's 20 digits are `00` and an SSCC of 18, Hermes' are 14.
    """
    return _gs1_sum(digits[:-1]) % 10 == -int(digits[-1]) % 10


def gls_is_valid(digits: str) -> bool:
    """Whether the last of 12 digits is GLS' check digit: that of GS1, with one more in the sum."""
    return (_gs1_sum(digits[:-1]) + 1) % 10 == -int(digits[-1]) % 10


def identcode_is_valid(digits: str) -> bool:
    """Whether the last of 12 digits is the check digit of Deutsche Post's Identcode (weights 4 and 9 from the left)."""
    total = sum(int(digit) * (9 if place % 2 else 4) for place, digit in enumerate(digits[:-1]))
    return total % 10 == -int(digits[-1]) % 10


def s10_is_valid(number: str) -> bool:
    """Whether the ninth digit of two letters, nine digits and a country is right (UPU S10, modulus 11)."""
    digits = number[2:11]
    rest = 11 - _weighted(digits[:8], _S10_WEIGHTS) % 11
    return _S10_SPECIAL.get(rest, rest) == int(digits[8])


def mod7_is_valid(digits: str) -> bool:
    """Whether the last digit is the remainder of the others, read as one number, by seven (DHL Express, 10 digits)."""
    return int(digits[:-1]) % 7 == int(digits[-1])


def mod37_is_valid(characters: str) -> bool:
    """Whether the last of DPD's 15 characters is the check character of ISO 7064 mod 37,36."""
    product = 36
    for character in characters[:-1]:
        product = ((product + _ALPHABET.index(character)) % 36 or 36) * 2 % 37
    return (product + _ALPHABET.index(characters[-1])) % 36 == 1


def ups_is_valid(number: str) -> bool:
    """Whether the last digit of `1Z` and 16 characters is right (letters are `(ord - 63) mod 10`, weights 1 and 2)."""
    body = (int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in number[2:-1])
    total = sum(value * (2 if place % 2 else 1) for place, value in enumerate(body))
    return total % 10 == -int(number[-1]) % 10


def _gs1_sum(digits: str) -> int:
    return sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(digits)))


def _weighted(digits: str, weights: Iterable[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
