"""What is computed with on a day: the municipality's own basis, or the defaults with their source."""

from __future__ import annotations

from datetime import date

from benefits.models import CalculationBasis

# The day of the circular that the defaults are read from (domain/benefits 3.5).
_R109 = date(2021, 6, 25)


def basis_for(municipality_id: int, day: date) -> CalculationBasis:
    """Return the latest basis that counts on ``day``, or an unsaved one with the defaults."""
    rows = CalculationBasis.objects.filter(municipality_id=municipality_id, valid_from__lte=day)
    found: CalculationBasis | None = rows.order_by("-valid_from").first()
    return found or CalculationBasis(municipality_id=municipality_id, valid_from=_R109)
