"""Whether what somebody typed about a parcel is its number, or words about it."""

import re

_LOOKS_LIKE_A_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 .\-\u00a0\u202f]{5,38}[A-Za-z0-9]")
_FEWEST_DIGITS = 7
_WORD = re.compile(r"[A-Za-z]{5}")
_DATE = re.compile(r"\d{1,2}\. ?\d{1,2}\.|20\d\d-\d\d-\d\d")


def is_number(text: str) -> bool:
    """Whether this is a number, and nothing else: "Zugestellt 20.11.2026" is made of the same signs."""
    whole = text.strip()
    is_word = _WORD.search(whole) is not None and not whole.upper().startswith("1Z")
    return (
        _LOOKS_LIKE_A_NUMBER.fullmatch(whole) is not None
        and sum(char.isdigit() for char in whole) >= _FEWEST_DIGITS
        and not is_word
        and not _DATE.search(whole)
    )
