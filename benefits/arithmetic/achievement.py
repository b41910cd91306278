"""How far a benefit has come from where it began to where it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def achievement(start: Decimal | None, target: Decimal | None, measured: Decimal | None) -> Decimal | None:
    """Return (measured − start) / (target − start), or ``None`` where it cannot be computed.

    The same for what shall rise and what shall fall.  Nothing is known without a baseline, without a
    measurement, or when the target is where it began.
    """
    if start is None or target is None or measured is None or start == target:
        return None
    return (measured - start) / (target - start)
