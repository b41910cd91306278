"""Read whole numbers from addresses and headers, where anything can stand."""

from __future__ import annotations

_LONGEST = 18  # fits a bigint, and Python's limit on long numbers is never met


def whole(text: object) -> int | None:
    """Return the number that ``text`` writes in digits, or ``None``.

    Use it for identifiers in a query: ``None`` finds no row.
    """
    digits = str(text or "")
    return int(digits) if digits.isdecimal() and digits.isascii() and len(digits) <= _LONGEST else None
