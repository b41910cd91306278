"""The scorecard in words: headings, definitions, and the list behind each figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Benefit
from benefits.scorecard import MUNICIPALITY, OWNER, SECTOR, UNIT
from core.charts import Series, line
from core.formats import kroner, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from benefits.scorecard import Row
    from core.charts import Chart

_FIRST, _COUNTED = gettext_lazy("Hvem"), (
    gettext_lazy("Måledager"), gettext_lazy("Målinger"), gettext_lazy("Bekreftet"), gettext_lazy("Mangler"),
)  # fmt: skip
HEADINGS: dict[str, tuple[Any, ...]] = {
    "kroner": (
        _FIRST, gettext_lazy("Gevinster"), gettext_lazy("Planlagt (kr)"), gettext_lazy("Målt (kr)"),
        gettext_lazy("Bekreftet (kr)"), gettext_lazy("Prognose (kr)"), *_COUNTED,
    ),
    "hours": (
        _FIRST, gettext_lazy("Gevinster"), gettext_lazy("Planlagt (timer)"), gettext_lazy("Målt (timer)"),
        gettext_lazy("Bekreftet (timer)"), gettext_lazy("Prognose (timer)"), *_COUNTED,
    ),
    "points": (
        _FIRST, gettext_lazy("Gevinster"), gettext_lazy("Planlagt (poeng)"), gettext_lazy("Målt (poeng)"),
        gettext_lazy("Bekreftet (poeng)"), gettext_lazy("Prognose (poeng)"), *_COUNTED,
    ),
}  # fmt: skip
_KEYS = {OWNER: "owner", UNIT: "unit", SECTOR: "unit", MUNICIPALITY: "unit"}
# What each of the nine figures adds to the list it opens.
_STATES = ("", "", "", "", "", "due", "made", "verified", "missing")
_UNITS = {"kroner": "kr", "hours": "timer", "points": "poeng"}


def file_lines(rows: list[Row], total: Row) -> list[list[Any]]:
    """Return what stands on the screen as typed cells: the rows, and the sum of all."""
    named = [(row.name or _("Ingen"), row) for row in rows] + [(_("Alle"), total)]
    return [
        [name, *(_unknown(row) if value is None else value for value in row.figures)] for name, row in named
    ]


def _unknown(row: Row) -> str:
    """Return what stands for an amount that is not known: nothing is counted so here, or it is not measured."""
    return "–" if row.planned is None else _("mangler")


def _written(value: Any, measure: str) -> str:
    if value is None:
        return ""
    return kroner(round(value)) if measure == "kroner" else number(round(value))


def shown_rows(
    rows: list[Row], chosen: dict[str, Any], url: Callable[..., str], *, is_total: bool = False
) -> list[dict[str, Any]]:
    """Return the rows as cells: what it is, how it is written, and the address of the list behind it."""
    found = []
    for row in rows:
        own = {} if is_total else {_KEYS[chosen["per"]]: row.key}
        name = _("Alle") if is_total else row.name or _("Ingen")
        found.append({"name": name, "cells": _cells(row, chosen, own, url)})
    return found


def _cells(
    row: Row, chosen: dict[str, Any], own: dict[str, str], url: Callable[..., str]
) -> list[dict[str, Any]]:
    cells = []
    for at, (heading, value) in enumerate(zip(HEADINGS[chosen["regnet"]][1:], row.figures, strict=True)):
        is_amount = 0 < at < 5  # noqa: PLR2004 - the four amounts
        text = _written(value, chosen["regnet"]) if is_amount else number(value)
        state = {"measuring": _STATES[at], "year": chosen["aar"]} if _STATES[at] else {}
        address = url(counted="on", beneficiary=chosen["mottaker"], **own, **state)
        cells.append(
            {
                "heading": heading,
                "text": text,
                "url": address,
                "unknown": _unknown(row) if value is None else "",
            }
        )
    return cells


def receivers(rows: list[Row], chosen: dict[str, Any], url: Callable[..., str]) -> list[dict[str, Any]]:
    """Return a line per receiver: internal, citizens and business apart."""
    labels = {code.value: code.label for code in Benefit.Beneficiary}
    found = {row.key: row for row in rows}
    return [
        {"name": labels[code], "cells": _cells(found[code], {**chosen, "mottaker": code}, {}, url)[:5]}
        for code in labels
        if code in found
    ]


def course(rows: list[Row], measure: str) -> Chart | None:
    """Draw planned, expected and measured over the years."""
    if not any(row.planned for row in rows):
        return None
    ordered = sorted(rows, key=lambda row: row.key)
    series = [
        Series(_("Målt"), [_whole(row.measured) for row in ordered]),
        Series(_("Planlagt"), [_whole(row.planned) for row in ordered], "plan"),
        Series(_("Prognose"), [_whole(row.forecast) for row in ordered], "plan"),
    ]
    return line(
        _("Gevinster per år"),
        [row.key for row in ordered],
        series,
        unit=_UNITS[measure],
        key="gevinsterperaar",
    )


def _whole(value: Any) -> Any:
    return None if value is None else round(value)


def definitions(year: int) -> list[tuple[str, str]]:
    """Return what each figure is."""
    return [
        (_("Gevinster"), _("Gevinster i tiltak som er vedtatt og ikke stoppet. De som er tatt ut av planen, teller ikke.")),
        (_("Planlagt"), _("Det planen sier for %(year)s: (minst + 3 · sannsynlig + mest) / 5, eller full virkning fra året den er ventet (ellers fra året den ble beskrevet).") % {"year": year}),
        (_("Målt"), _("Full virkning per år ganget med måloppnåelsen ved den siste målingen i %(year)s. Uten måling står det «mangler», ikke null. En strek betyr at ingen av gevinstene regnes slik.") % {"year": year}),
        (_("Bekreftet"), _("Den delen av det målte som økonomisjefen har bekreftet.")),
        (_("Prognose"), _("Planen for %(year)s ganget med måloppnåelsen dere venter å ende på, eller den ved siste måling.") % {"year": year}),
        (_("Måloppnåelse"), _("(målt − nullpunkt) / (mål − nullpunkt) for hovedindikatoren. Er nullpunktet likt målet, kan den ikke beregnes.")),
        (_("Spart tid"), _("Står i kroner bare når et budsjett er kuttet, og da ikke i timer. Slik telles ingenting to ganger.")),
        (_("Måledager"), _("Måledager i %(year)s som er passert. «Målinger» er dem det er ført verdi for.") % {"year": year}),
        (_("Mangler"), _("Målinger med måledag i %(year)s som er passert, uten ført verdi.") % {"year": year}),
    ]  # fmt: skip
