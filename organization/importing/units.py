"""The tree from a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from organization.importing.plans import CHANGED, NEW, SAME, Change, Importer, differences, shown
from organization.models import RoleAssignment, Service, Unit
from organization.operations.units import MAX_DEPTH, fits, insert_unit, level_problem, place_unit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from core.spreadsheets import Row

_KINDS = {
    text.casefold(): kind
    for kind in (Unit.Kind.SECTOR, Unit.Kind.UNIT, Unit.Kind.DEPARTMENT)
    for text in (kind.value, str(kind.label))
}
_FIELDS = {"name": "name", "short_name": "short_name", "orgnr": "orgnr", "code": "code"}
MAX_UNITS = 2_000  # each is placed in the tree by itself: about fifty a second


@dataclass(slots=True)
class Wanted:
    """One unit as the file wants it: new facts, the code above it, and the unit if it exists."""

    row: Row
    code: str
    facts: dict[str, Any]
    above: str
    unit: Unit | None

    @property
    def kind(self) -> str:
        return str(self.facts["kind"])


class UnitImporter(Importer):
    """Units are found again by code.  The tree as it would become is checked as a whole."""

    def read(self, rows: list[Row]) -> None:
        units = list(Unit.objects.filter(municipality=self.municipality).order_by("path"))
        by_path = {unit.path: unit for unit in units}
        self.units = {unit.code: unit for unit in units}
        self.top = self.municipality.code
        self.above = {
            unit.code: by_path[unit.path[: -unit.steplen]].code
            for unit in units
            if unit.pk != self.municipality.pk
        }
        self.wanted: dict[str, Wanted] = {}
        if len(rows) > MAX_UNITS:
            self.wrong(
                rows[-1], "", _("Filen har mer enn %(limit)d enheter. Del den opp.") % {"limit": MAX_UNITS}
            )
            return
        for row in rows:
            self._read_row(row)
        self._check_tree()
        self._check_closing()
        for wanted in self.wanted.values():
            self.plan.changes.append(self._change(wanted))

    def _read_row(self, row: Row) -> None:
        before = len(self.plan.errors)
        code = self.text(row, "code", required=True)
        facts = self._facts(row)
        if code == self.top:
            self.wrong(
                row, "code", _("Dette er koden til kommunen selv, som ikke kan importeres. Ta bort raden.")
            )
        if code in self.wanted:
            line = self.wanted[code].row.line
            self.wrong(
                row, "code", _("Koden «%(code)s» står også på linje %(line)d.") % {"code": code, "line": line}
            )
        unit = self.units.get(code)
        above = self.above.get(code, self.top)
        if "parent" in row.values:
            above = self.text(row, "parent") or self.top
        if unit is None:
            self.check_fields(row, Unit(code=code or "x"), {"code": "code"})
        if len(self.plan.errors) == before:
            self.wanted[code] = Wanted(row, code, facts, above, unit)

    def _facts(self, row: Row) -> dict[str, Any]:
        typed = self.text(row, "kind", required=True)
        kind = _KINDS.get(typed.casefold())
        if typed and kind is None:
            self.wrong(
                row,
                "kind",
                _("«%(typed)s» er ukjent. Skriv sektor, enhet eller avdeling.") % {"typed": typed},
            )
        facts: dict[str, Any] = {"name": self.text(row, "name", required=True), "kind": str(kind or "")}
        for key in ("short_name", "orgnr"):
            if key in row.values:
                facts[key] = self.text(row, key)
        facts |= {"orgnr": facts["orgnr"].replace(" ", "")} if "orgnr" in facts else {}
        if facts.get("orgnr") and not re.fullmatch(r"[0-9]{9}", facts["orgnr"]):
            self.wrong(row, "orgnr", _("Organisasjonsnummeret har ni sifre."))
        if "closed_on" in row.values:
            facts["closed_on"] = self.day(row, "closed_on")
        checked = {name: facts[name] for name in ("name", "short_name") if facts.get(name)}
        self.check_fields(row, Unit(**checked), {name: name for name in checked})
        return facts

    # --- The tree as it would become -----------------------------------------------------------
    def _kind(self, code: str) -> str:
        wanted = self.wanted.get(code)
        return wanted.kind if wanted is not None else str(self.units[code].kind)

    def _closed(self, code: str) -> date | None:
        wanted = self.wanted.get(code)
        stands = self.units[code].closed_on if code in self.units else None
        return wanted.facts.get("closed_on", stands) if wanted is not None else stands

    def _check_tree(self) -> None:
        known = {*self.units, *self.wanted}
        for wanted in self.wanted.values():
            if wanted.above not in known:
                self.wrong(
                    wanted.row,
                    "parent",
                    _("Koden «%(code)s» finnes verken i kommunen eller i filen.") % {"code": wanted.above},
                )
        if self.plan.errors:
            return  # the rest would only repeat what follows from it
        self.above |= {wanted.code: wanted.above for wanted in self.wanted.values()}
        for wanted in self.wanted.values():
            self._check_circle(wanted)
        if self.plan.errors:
            return
        for code, above in self.above.items():
            wanted_row = self.wanted.get(code) or self.wanted.get(above)
            if wanted_row is not None:
                self._check_place(wanted_row, code, above)

    def _check_circle(self, wanted: Wanted) -> None:
        way = [wanted.code]
        while way[-1] != self.top:
            above = self.above[way[-1]]
            if above in way:
                circle = " → ".join([*way, above])
                self.wrong(
                    wanted.row,
                    "parent",
                    _("Enheten ville ligget under seg selv: %(circle)s.") % {"circle": circle},
                )
                return
            way.append(above)
        if self.municipality.depth + len(way) - 1 > MAX_DEPTH:
            self.wrong(wanted.row, "parent", _("Det blir for mange nivåer. Legg enheten høyere opp."))

    def _check_place(self, wanted: Wanted, code: str, above: str) -> None:
        if not fits(self._kind(code), self._kind(above)):
            name = f"«{code}»: " if wanted.code != code else ""
            self.wrong(wanted.row, "kind", name + level_problem(self._kind(code), self._kind(above)))
        ends, above_ends = self._closed(code), self._closed(above)
        if above_ends is not None and (ends is None or ends > above_ends):
            words = {"above": above, "code": code}
            self.wrong(
                wanted.row,
                "closed_on",
                _("«%(above)s» er lagt ned, men «%(code)s» under den er det ikke.") % words,
            )

    def _check_closing(self) -> None:
        closing = {w.unit.pk: w for w in self.wanted.values() if w.unit and self._closes(w)}
        roles = RoleAssignment.objects.filter(unit_id__in=closing).values_list("unit_id", "valid_to")
        left = {pk for pk, ends in roles if ends is None or ends > closing[pk].facts["closed_on"]}
        for pk in left:
            self.wrong(
                closing[pk].row,
                "closed_on",
                _("Noen har fortsatt rolle på enheten da. Avslutt rollene først."),
            )
        for service in Service.objects.filter(unit_id__in=closing):
            words = {"name": service.name}
            self.wrong(
                closing[service.unit_id].row,
                "closed_on",
                _("Tjenesten «%(name)s» hører til enheten. Flytt den først.") % words,
            )

    def _closes(self, wanted: Wanted) -> bool:
        ends = wanted.facts.get("closed_on")
        return ends is not None and wanted.unit is not None and wanted.unit.closed_on != ends

    # --- What is told, and done ------------------------------------------------------------------
    def _change(self, wanted: Wanted) -> Change:
        label = f"{wanted.code} {wanted.facts['name']}"
        if wanted.unit is None:
            return Change(wanted.row.line, NEW, label, (_("Under %(code)s") % {"code": wanted.above},))
        told = differences(wanted.unit, wanted.facts)
        if self._moves(wanted):
            told += (_("Flyttes til %(code)s") % {"code": shown(wanted.above)},)
        return Change(wanted.row.line, CHANGED if told else SAME, label, told)

    def _moves(self, wanted: Wanted) -> bool:
        unit = wanted.unit
        if unit is None or self.plan.errors:
            return False
        above = self.units.get(wanted.above)
        return above is None or unit.path[: -unit.steplen] != above.path

    def write(self, *, now: datetime) -> None:
        """Set the facts first, so that levels fit; then place units, those above before those below."""
        for wanted in self.wanted.values():
            if wanted.unit is not None and differences(wanted.unit, wanted.facts):
                for name, value in wanted.facts.items():
                    setattr(wanted.unit, name, value)
                wanted.unit.stamp(now)
                wanted.unit.save(update_fields=[*wanted.facts, "changed_at"])
        for wanted in list(self._from_the_top()):
            parent = Unit.objects.get(pk=self.units[wanted.above].pk)
            if wanted.unit is None:
                made = Unit(code=wanted.code, **wanted.facts)
                insert_unit(made, parent, now=now)
                self.units[wanted.code] = made
            elif self._moves(wanted):
                place_unit(wanted.unit, parent, now=now)

    def _from_the_top(self) -> Iterator[Wanted]:
        placed: set[str] = set()

        def place(code: str) -> Iterator[Wanted]:
            if code in placed or code not in self.wanted:
                return
            placed.add(code)
            yield from place(self.wanted[code].above)
            yield self.wanted[code]

        for code in self.wanted:
            yield from place(code)
