"""Measurements from a file: tried first, told line by line, and then written in whole or not at all.

A line is found again by initiative, benefit, indicator and day, so that the same file read twice changes nothing.
Each line goes through the same operation as the page, in a transaction that is taken back: what the page refuses,
the file is refused for, with its line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits import policies
from benefits.models import Indicator, Measurement
from benefits.operations import Noting
from core.formats import number, short_date
from core.spreadsheets import Column
from organization.importing import Change
from organization.importing import Kind as FileKind
from organization.importing.plans import NEW, Importer, differences

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from core.spreadsheets import Row

MOST = 2000
_COLUMNS = {"value": "value", "measured_on": "measured_on", "comment": "comment"}


@dataclass(frozen=True, slots=True)
class _Line:
    """One measurement as the file has it."""

    row: Row
    indicator: Indicator
    measured_on: date
    value: Decimal
    comment: str


class MeasurementImporter(Importer):
    """Writes measurements of the indicators that the actor measures."""

    def read(self, rows: list[Row]) -> None:
        self.lines: list[_Line] = []
        self.seen: dict[tuple[int, date], int] = {}
        if len(rows) > MOST:
            self.wrong(
                rows[MOST],
                "indicator",
                _("Filen har mer enn %(most)s målinger. Del den opp.") % {"most": number(MOST)},
            )
            return
        self.indicators = self._own_indicators()
        for row in rows:
            if (line := self._line(row)) is not None:
                self.lines.append(line)
        self.lines.sort(key=lambda line: (line.indicator.pk, line.measured_on))
        self._try()

    def write(self, *, now: datetime) -> None:
        noting = self._noting(now)
        for line in self.lines:
            self._measure(line, noting)

    # --- What stands in the file ---------------------------------------------------------------------
    def _own_indicators(self) -> dict[tuple[str, str, str], list[Indicator]]:
        """Return the indicators that the actor measures, by what a line calls them: more than one when named alike."""
        rows = Indicator.objects.visible_to(self.actor).filter(
            benefit__initiative__municipality=self.municipality
        )
        found: dict[tuple[str, str, str], list[Indicator]] = {}
        for row in rows.select_related("benefit__initiative__unit"):
            if policies.may_measure(self.actor, Measurement(indicator=row)):
                found.setdefault(_key(row.benefit.initiative.number, row.benefit.title, row.name), []).append(
                    row
                )
        return found

    def _indicator(self, row: Row) -> Indicator | None:
        """Return the one that the line is about; where there is none, or several, that is told."""
        names = [self.text(row, key, required=True) for key in ("initiative", "benefit", "indicator")]
        if not all(names):
            return None
        found = self.indicators.get(_key(*names), [])
        if not found:
            problem = _("Du måler ingen indikator «%(name)s» i denne gevinsten. Sjekk stavemåten.")
            self.wrong(row, "indicator", problem % {"name": names[2]})
        elif len(found) > 1:
            problem = _(
                "Flere indikatorer heter «%(name)s» her. Gi dem ulike navn, eller før målingen på siden."
            )
            self.wrong(row, "indicator", problem % {"name": names[2]})
            return None
        return next(iter(found), None)

    def _line(self, row: Row) -> _Line | None:
        indicator = self._indicator(row)
        day, value = self.day(row, "measured_on", required=True), self.number(row, "value", required=True)
        if day is not None and day > timezone.localdate():
            self.wrong(row, "measured_on", _("Målingen kan ikke være gjort fram i tid."))
            return None
        if indicator is None or day is None or value is None:
            return None
        twin = self.seen.setdefault((indicator.pk, day), row.line)
        if twin != row.line:
            self.wrong(
                row,
                "measured_on",
                _("Samme måling står på linje %(line)d. Ta bort den ene.") % {"line": twin},
            )
            return None
        return _Line(row, indicator, day, value, self.text(row, "comment"))

    # --- What it would do ----------------------------------------------------------------------------
    def _try(self) -> None:
        """Write every line and take it all back, so that each is judged with those before it in place."""
        with transaction.atomic():
            noting = self._noting(timezone.now())
            for line in self.lines:
                self._try_one(line, noting)
            transaction.set_rollback(True)
        self.plan.changes.sort(key=lambda change: change.line)

    def _noting(self, now: datetime) -> Noting:
        return Noting((line.indicator.pk for line in self.lines), by=self.actor, now=now)

    def _try_one(self, line: _Line, noting: Noting) -> None:
        label = f"{line.indicator.benefit}: {line.indicator}, {short_date(line.measured_on)}"
        stands = noting.standing(line.indicator.pk, line.measured_on)
        told = differences(stands, {"value": line.value, "comment": line.comment}) if stands else ()
        if stands and told and stands.is_verified:
            told += (_("Må bekreftes av økonomisjefen på nytt"),)
        try:
            with transaction.atomic():
                what = self._measure(line, noting)
        except ValidationError as problem:
            for name, texts in problem.message_dict.items():
                for text in texts:
                    self.wrong(line.row, _COLUMNS.get(name, "value"), text)
            return
        told = told or ((f"{number(line.value)} {line.indicator.unit}",) if what == NEW else ())
        self.plan.changes.append(Change(line.row.line, what, label, told))

    def _measure(self, line: _Line, noting: Noting) -> str:
        _made, what = noting.note(
            line.indicator.pk, value=line.value, measured_on=line.measured_on, comment=line.comment
        )
        return what


def _key(*names: str) -> tuple[str, str, str]:
    first, second, third = (" ".join(name.split()).casefold() for name in names)
    return first, second, third


MEASUREMENTS = FileKind(
    "measurements", gettext_lazy("Målinger"),
    gettext_lazy("En linje per måling. Den finnes igjen på tiltak, gevinst, indikator og dato."),
    (
        Column("initiative", gettext_lazy("Tiltak"), (gettext_lazy("Tiltaksnummer"), gettext_lazy("Saksnummer"))),
        Column("benefit", gettext_lazy("Gevinst")),
        Column("indicator", gettext_lazy("Indikator")),
        Column("measured_on", gettext_lazy("Målt dato"), (gettext_lazy("Dato"), gettext_lazy("Måledato"))),
        Column("value", gettext_lazy("Verdi"), (gettext_lazy("Resultat"), gettext_lazy("Målt verdi"))),
        Column("comment", gettext_lazy("Kommentar"), (gettext_lazy("Merknad"),), required=False),
    ),
    (("2026-014", "Slutt på å hente og levere nøkler", "Minutter til nøkler per vakt", "01.10.2026", "12,5", "Kjørebok uke 39"),),
    MeasurementImporter, "import_measurements",
)  # fmt: skip
