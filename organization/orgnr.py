"""Norwegian organisation numbers: eight digits and one that checks them."""

from __future__ import annotations

import re

_WEIGHTS = (3, 2, 7, 6, 5, 4, 3, 2)
_NINE_DIGITS = re.compile(r"[0-9]{9}", re.ASCII)


def is_orgnr(text: str) -> bool:
    """Tell whether the text is an organisation number, by its check digit (modulus 11)."""
    if not _NINE_DIGITS.fullmatch(text):
        return False
    sum_of_digits = sum(int(digit) * weight for digit, weight in zip(text[:8], _WEIGHTS, strict=True))
    return -sum_of_digits % 11 == int(text[8])


def grouped(orgnr: str) -> str:
    """Return the digits in threes, as people write them."""
    return " ".join((orgnr[:3], orgnr[3:6], orgnr[6:])).strip()
