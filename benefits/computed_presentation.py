"""How a computed indicator is shown: what is counted, against what, beside all that is reported, and how sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from benefits.silence import rules_for, silences_of
from benefits.sources import sources
from core.formats import number, numeric_date, short_date
from core.formats import rate as share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from benefits.arithmetic import RateRatio
    from benefits.models import Benefit, Indicator, Measurement, MeasurementBasis
    from benefits.silence import Compared
    from core.actors import Actor


def add_computed(lines: Sequence[dict[str, Any]], benefit: Benefit) -> None:
    """Put on each line of an indicator what it is computed from, where it is computed."""
    compared = {found.indicator.pk: found for found in silences_of(benefit)}
    for line in lines:
        indicator: Indicator = line["indicator"]
        if hasattr(indicator, "computation"):
            line["computed"] = _computed(indicator, compared.get(indicator.pk))


def _computed(indicator: Indicator, compared: Compared | None) -> dict[str, Any]:
    rows = sorted(indicator.measurements.all(), key=lambda row: row.due_on)
    points = [point_of(row) for row in rows if hasattr(row, "basis")]
    return {
        "points": points, "compared": compared and compared_of(compared),
        "lacks": next((point["lacks"] for point in reversed(points) if point["lacks"]), ""),
    }  # fmt: skip


def point_of(row: Measurement) -> dict[str, Any]:
    """Return one computed point with all that is reported beside what is counted."""
    basis: MeasurementBasis = row.basis
    return {
        "row": row, "basis": basis, "period": period_words(basis), "lacks": basis.lacks,
        "count": number(basis.count) if basis.count is not None else "",
        "against": against_words(basis), "total": number(basis.total) if basis.total is not None else "",
        "severe": number(basis.severe) if basis.severe is not None else "",
        "severe_share": share(basis.severe, basis.total) if basis.total else _("mangler"),
        "written": number(row.value) if row.value is not None else "",
    }  # fmt: skip


def period_words(basis: MeasurementBasis) -> str:
    return f"{numeric_date(basis.first_day)}–{numeric_date(basis.last_day)}"


def against_words(basis: MeasurementBasis) -> str:
    """Return the denominator with what it is, «mangler» where it is, or nothing where numbers are shown as they are."""
    if not basis.per:
        return ""
    if basis.amount is None:
        return _("mangler")
    unit = _("årsverk i perioden") if basis.per == "work_years" else _("liggedøgn")
    return f"{number(basis.amount)} {unit}"


def compared_of(compared: Compared) -> dict[str, Any]:
    """Say in words how what is counted, and all that is reported, stand against the baseline."""
    return {
        "silence": compared.reason if compared.is_silent else "",
        "is_too_few": compared.is_too_few,
        "counted": ratio_words(compared.counted_ratio),
        "reported": ratio_words(compared.reported_ratio),
        "until": short_date(compared.now.last_day),
    }


def ratio_words(ratio: RateRatio | None) -> str:
    """Say how a rate stands against the baseline, with the interval of 95 per cent, and whether chance alone could give it."""
    if ratio is None:
        return _("Ingen i noen av periodene, så det er ingenting å sammenligne.")
    if ratio.ratio is None:
        return _("Ingen i nullpunktets periode, så forholdet kan ikke regnes ut.")
    interval = {
        "ratio": number(ratio.ratio, 2), "low": number(ratio.low, 2), "high": number(ratio.high, 2) if ratio.high is not None else "∞",
    }  # fmt: skip
    said = _("%(ratio)s ganger nullpunktet (95 %% sikkert mellom %(low)s og %(high)s).") % interval
    if not ratio.is_beyond_chance:
        return said + " " + _("Så stor forskjell kan tilfeldigheter gi.")
    fewer = ratio.ratio < 1
    return said + " " + (
        _("Det er færre, mer enn tilfeldigheter gir.") if fewer else _("Det er flere, mer enn tilfeldigheter gir.")
    )  # fmt: skip


def basis_page(row: Measurement, actor: Actor, today: date) -> dict[str, Any]:
    """Return all that a computed measurement was computed from, with the way to the lists it counts."""
    basis: MeasurementBasis = row.basis
    source = sources().get(basis.source)
    return {
        "point": point_of(row), "basis": basis, "source": source.label if source else basis.source,
        "said": source.describe(basis.choice) if source and basis.choice else "",
        "ways": source.ways(basis, actor, today) if source else [],
        "rules": rules_for(row.indicator.benefit.initiative.municipality_id),
    }  # fmt: skip
