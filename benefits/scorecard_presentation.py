"""The scorecard in words: headings, definitions, and the list behind each figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Benefit
from benefits.scorecard import AMOUNTS, MUNICIPALITY, OWNER, SECTOR, UNIT
from core.charts import Series, line
from core.formats import kroner, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from benefits.scorecard import Row
    from core.charts import Chart


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of the scorecard: its field of a row, its heading, and the measurements that the list behind it keeps."""

    name: str
    label: Any
    measuring: str = ""

    @property
    def is_amount(self) -> bool:
        return self.name in AMOUNTS

    def heading(self, measure: str) -> str:
        return f"{self.label} ({UNITS[measure]})" if self.is_amount else str(self.label)


FIRST = gettext_lazy("Hvem")
COLUMNS = (
    Column("benefits", gettext_lazy("Gevinster")),
    Column("planned", gettext_lazy("Planlagt")),
    Column("measured", gettext_lazy("Målt")),
    Column("verified", gettext_lazy("Bekreftet")),
    Column("forecast", gettext_lazy("Prognose")),
    Column("due", gettext_lazy("Måledager"), "due"),
    Column("made", gettext_lazy("Målinger"), "made"),
    Column("confirmed", gettext_lazy("Bekreftede målinger"), "verified"),
    Column("missing", gettext_lazy("Mangler"), "missing"),
)
OF_RECEIVERS = COLUMNS[:5]
UNITS = {"kroner": gettext_lazy("kr"), "hours": gettext_lazy("timer"), "points": gettext_lazy("poeng")}
_KEYS = {OWNER: "owner", UNIT: "unit", SECTOR: "unit", MUNICIPALITY: "unit"}


def headings(measure: str, columns: tuple[Column, ...] = COLUMNS) -> list[str]:
    return [str(FIRST), *(column.heading(measure) for column in columns)]


def file_lines(rows: list[Row], total: Row) -> list[list[Any]]:
    """Return what stands on the screen as typed cells: the rows, and the sum of all."""
    named = [(row.name or _("Uten tjenesteeier"), row) for row in rows] + [(_("Alle"), total)]
    return [[name, *_typed(row, COLUMNS)] for name, row in named]


def receiver_lines(rows: list[Row]) -> list[list[Any]]:
    return [[name, *_typed(row, OF_RECEIVERS)] for name, row in _by_receiver(rows)]


def year_lines(rows: list[Row]) -> list[list[Any]]:
    """Return the course over the years as typed cells, in the order of the drawing's table."""
    ordered = sorted(rows, key=lambda row: row.key)
    return [
        [int(row.key), *(_whole(value) for value in (row.measured, row.planned, row.forecast))]
        for row in ordered
    ]


def year_headings(measure: str) -> list[str]:
    unit = UNITS[measure]
    return [_("År"), *(f"{label} ({unit})" for label in (_("Målt"), _("Planlagt"), _("Prognose")))]


def _typed(row: Row, columns: tuple[Column, ...]) -> list[Any]:
    """Return the figures of a row rounded as on the screen."""
    values = [(getattr(row, column.name), column.is_amount) for column in columns]
    return [
        _unknown(row) if value is None else round(value) if is_amount else value
        for value, is_amount in values
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
    """Return the rows as cells: what it is, how it is written, and the address of the list behind it.

    :param url: makes the address of a list; an empty one where the list would hold less than the figure.
    """
    key = _KEYS.get(chosen["per"])
    found = []
    for row in rows:
        own = {key: row.key} if key and not is_total else {}
        name = _("Alle") if is_total else row.name or _("Uten tjenesteeier")
        has_list = is_total or key is not None
        found.append({"name": name, "cells": _cells(row, chosen, own, url if has_list else no_list)})
    return found


def no_list(**_chosen: Any) -> str:
    return ""


def _cells(
    row: Row, chosen: dict[str, Any], own: dict[str, str], url: Callable[..., str], columns: tuple[Column, ...] = COLUMNS
) -> list[dict[str, Any]]:  # fmt: skip
    measure, cells = chosen["regnet"], []
    for column in columns:
        value = getattr(row, column.name)
        state = {"measuring": column.measuring, "year": chosen["aar"]} if column.measuring else {}
        cells.append({
            "heading": column.heading(measure), "text": _written(value, measure) if column.is_amount else number(value),
            "url": url(counted="on", beneficiary=chosen["mottaker"], **own, **state),
            "unknown": _unknown(row) if value is None else "",
        })  # fmt: skip
    return cells


def receivers(rows: list[Row], chosen: dict[str, Any], url: Callable[..., str]) -> list[dict[str, Any]]:
    """Return a line per receiver: internal, citizens and business apart."""
    return [
        {"name": name, "cells": _cells(row, {**chosen, "mottaker": row.key}, {}, url, OF_RECEIVERS)}
        for name, row in _by_receiver(rows)
    ]


def _by_receiver(rows: list[Row]) -> list[tuple[str, Row]]:
    found = {row.key: row for row in rows}
    return [(str(code.label), found[code.value]) for code in Benefit.Beneficiary if code.value in found]


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
        unit=str(UNITS[measure]),
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
        (_("Region"), _("Regionens egne gevinster, og summen av det kommunene har i sine lokale planer. Regionen ser summen, ikke planene.")),
        (_("Bekreftet"), _("Den delen av det målte som økonomisjefen har bekreftet.")),
        (_("Prognose"), _("Planen for %(year)s ganget med måloppnåelsen dere venter å ende på, eller den ved siste måling.") % {"year": year}),
        (_("Måloppnåelse"), _("(målt − nullpunkt) / (mål − nullpunkt) for hovedindikatoren. Er nullpunktet likt målet, kan den ikke beregnes.")),
        (_("Spart tid"), _("Står i kroner bare når et budsjett er kuttet, og da ikke i timer. Slik telles ingenting to ganger.")),
        (_("Måledager"), _("Måledager i %(year)s som er passert. «Målinger» er dem det er ført verdi for.") % {"year": year}),
        (_("Mangler"), _("Målinger med måledag i %(year)s som er passert, uten ført verdi.") % {"year": year}),
    ]  # fmt: skip
