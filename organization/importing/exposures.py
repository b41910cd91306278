"""Figures to count against, from a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.formats import long_date
from organization.importing.plans import CHANGED, NEW, SAME, Change, Importer, differences
from organization.models import Exposure, Unit

if TYPE_CHECKING:
    from decimal import Decimal

    from core.spreadsheets import Row

_KINDS = {text.casefold(): kind for kind in Exposure.Kind for text in (kind.value, str(kind.label))}
_BATCH = 1000
_DECIMALS = Exposure._meta.get_field("value").decimal_places
Key = tuple[int, str, date]


class ExposureImporter(Importer):
    """Figures are found again by unit, kind and first day."""

    def read(self, rows: list[Row]) -> None:
        self.units = {unit.code: unit for unit in Unit.objects.filter(municipality=self.municipality)}
        stand = Exposure.objects.filter(unit__municipality=self.municipality)
        self.known: dict[Key, Exposure] = {(row.unit_id, row.kind, row.period_start): row for row in stand}
        self.seen: dict[Key, int] = {}
        self.new: list[Exposure] = []
        self.changed: list[Exposure] = []
        for row in rows:
            before = len(self.plan.errors)
            figure = self._figure(row)
            if figure is not None and len(self.plan.errors) == before:
                self._compare(row, figure)

    def _figure(self, row: Row) -> Exposure | None:
        code = self.text(row, "unit", required=True)
        unit = self.units.get(code)
        if code and unit is None:
            self.wrong(row, "unit", _("Kommunen har ingen enhet med koden «%(code)s».") % {"code": code})
        typed = self.text(row, "kind", required=True)
        kind = _KINDS.get(typed.casefold())
        if typed and kind is None:
            labels = ", ".join(str(label) for label in Exposure.Kind.labels)
            self.wrong(
                row,
                "kind",
                _("«%(typed)s» er ukjent. Skriv en av disse: %(known)s.") % {"typed": typed, "known": labels},
            )
        begins = self.day(row, "period_start", required=True)
        ends = self.day(row, "period_end", required=True)
        if begins and ends and ends < begins:
            self.wrong(row, "period_end", _("Perioden slutter før den begynner."))
        value = self._value(row)
        source = self.text(row, "source", required=True)
        if unit is None or kind is None or begins is None or ends is None or value is None:
            return None
        return Exposure(
            unit=unit, kind=kind, period_start=begins, period_end=ends, value=value, source=source
        )

    def _value(self, row: Row) -> Decimal | None:
        value = self.number(row, "value", required=True, decimals=_DECIMALS)
        if value is not None and value < 0:
            self.wrong(row, "value", _("Tallet kan ikke være negativt."))
            return None
        if value is not None:
            self.check_fields(row, Exposure(value=value), {"value": "value"})
        return value

    def _compare(self, row: Row, figure: Exposure) -> None:
        self.check_fields(row, figure, {"source": "source"})
        key: Key = (figure.unit_id, figure.kind, figure.period_start)
        if key in self.seen:
            self.wrong(
                row,
                "period_start",
                _("Samme tall står på linje %(line)d. Ta bort den ene.") % {"line": self.seen[key]},
            )
            return
        self.seen[key] = row.line
        label = f"{figure.unit.name}: {figure.get_kind_display()} {_('fra')} {long_date(figure.period_start)}"
        stands = self.known.get(key)
        if stands is None:
            self.new.append(figure)
            self.plan.changes.append(Change(row.line, NEW, label))
            return
        wanted: dict[str, Any] = {name: getattr(figure, name) for name in ("period_end", "value", "source")}
        told = differences(stands, wanted)
        if told:
            for name, value in wanted.items():
                setattr(stands, name, value)
            self.changed.append(stands)
        self.plan.changes.append(Change(row.line, CHANGED if told else SAME, label, told))

    def write(self, *, now: datetime) -> None:
        for figure in [*self.new, *self.changed]:
            figure.stamp(now)
        Exposure.objects.bulk_create(self.new, batch_size=_BATCH)
        Exposure.objects.bulk_update(
            self.changed, ["period_end", "value", "source", "changed_at"], batch_size=_BATCH
        )
