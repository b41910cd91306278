"""The role on a line of a file of people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from core.formats import long_date
from organization.importing.plans import differences
from organization.models import RoleAssignment, Unit
from organization.policies import CASE_ROLES
from organization.roles import COUNCIL_ROLES, Role

if TYPE_CHECKING:
    from datetime import date

    from core.spreadsheets import Row
    from organization.importing.people import PeopleImporter, WantedPerson

_ROLES = {text.casefold(): role for role in Role for text in (role.value, str(role.label))}
_ALL = 100


@dataclass(slots=True)
class WantedRole:
    """A role as the file wants it: the row that is new or changed, its line, and how it differs."""

    line: int
    row: RoleAssignment
    is_new: bool
    told: tuple[str, ...] = ()


@dataclass(slots=True)
class Stated:
    """What a line says of a role, before it's known whose."""

    row: Row
    role: Role
    unit: Unit
    valid_from: date
    terms: dict[str, Any]


class RoleReader:
    """Reads roles and compares them with those that stand, for one file."""

    def __init__(self, importer: PeopleImporter) -> None:
        self.importer = importer
        municipality = importer.municipality
        self.units = {unit.code: unit for unit in Unit.objects.filter(municipality=municipality)}
        self.standing: dict[tuple[int, str, int], list[RoleAssignment]] = defaultdict(list)
        for row in RoleAssignment.objects.filter(unit__municipality=municipality).select_related("unit"):
            self.standing[row.person_id, row.role, row.unit_id].append(row)

    def read(self, row: Row) -> Stated | None:
        """Return what the line says, or None when something in it is wrong."""
        unit = self._unit(row)
        role = self._role(row)
        begins = self.importer.day(row, "valid_from", required=True)
        terms = self._terms(row, role)
        ends = terms.get("valid_to")
        if begins is not None and ends is not None and ends < begins:
            self.importer.wrong(row, "valid_to", _("Rollen kan ikke slutte før den begynner."))
        if unit is None or role is None or begins is None:
            return None
        self._check_closed(row, unit, ends)
        return Stated(row, role, unit, begins, terms)

    def _unit(self, row: Row) -> Unit | None:
        code = self.importer.text(row, "unit", required=True)
        unit = self.units.get(code)
        if code and unit is None:
            self.importer.wrong(
                row, "unit", _("Kommunen har ingen enhet med koden «%(code)s».") % {"code": code}
            )
        return unit

    def _check_closed(self, row: Row, unit: Unit, ends: date | None) -> None:
        if unit.closed_on is not None and (ends is None or ends > unit.closed_on):
            self.importer.wrong(
                row, "unit", _("Enheten er lagt ned fra %(day)s.") % {"day": long_date(unit.closed_on)}
            )

    def _role(self, row: Row) -> Role | None:
        typed = self.importer.text(row, "role", required=True)
        role = _ROLES.get(typed.casefold())
        if typed and role is None:
            self.importer.wrong(
                row, "role", _("Rollen «%(typed)s» finnes ikke. Se tabellen over roller.") % {"typed": typed}
            )
        return role

    def _terms(self, row: Row, role: Role | None) -> dict[str, Any]:
        """Return what the file says beyond whose, where and from when; an absent column says nothing."""
        terms: dict[str, Any] = {}
        if "valid_to" in row.values:
            terms["valid_to"] = self.importer.day(row, "valid_to")
        if "is_main" in row.values:
            terms["is_main"] = bool(self.importer.flag(row, "is_main"))
        if "allocated_percentage" in row.values:
            terms["allocated_percentage"] = self._percentage(row, role)
        for key in ("field", "competence"):
            if key in row.values:
                terms[key] = self.importer.text(row, key)
                if terms[key] and role is not None and role not in COUNCIL_ROLES:
                    self.importer.wrong(row, key, _("Gjelder bare roller i rådet. La feltet stå tomt."))
        keys = {key: key for key in ("field", "competence") if terms.get(key)}
        self.importer.check_fields(row, RoleAssignment(**{key: terms[key] for key in keys}), keys)
        return terms

    def _percentage(self, row: Row, role: Role | None) -> int | None:
        value = self.importer.number(row, "allocated_percentage", decimals=0)
        if value is None:
            return None
        if not 0 <= value <= _ALL or value != int(value):
            self.importer.wrong(row, "allocated_percentage", _("Avsatt tid er et helt tall mellom 0 og 100."))
            return None
        if role is not None and role != Role.COORDINATOR:
            self.importer.wrong(
                row, "allocated_percentage", _("Gjelder bare koordinator. La feltet stå tomt.")
            )
        return int(value)

    def compare(self, wanted: WantedPerson, stated: Stated) -> None:
        """Add the role to the person's, as new, changed or the same."""
        if self._repeats(wanted, stated):
            return
        standing = self.standing[wanted.person.pk, stated.role, stated.unit.pk] if wanted.person.pk else []
        same = next((row for row in standing if row.valid_from == stated.valid_from), None)
        if same is None:
            self._check_overlap(stated, standing)
            row = RoleAssignment(
                person=wanted.person,
                role=stated.role,
                unit=stated.unit,
                valid_from=stated.valid_from,
                **stated.terms,
            )
            role = WantedRole(stated.row.line, row, is_new=True)
        else:
            role = WantedRole(stated.row.line, same, is_new=False, told=differences(same, stated.terms))
            same.person = wanted.person
            for name, value in stated.terms.items():
                setattr(same, name, value)
        self._check_rights(wanted, role, stated)
        wanted.roles.append(role)

    def _repeats(self, wanted: WantedPerson, stated: Stated) -> bool:
        for earlier in wanted.roles:
            row = earlier.row
            if (row.role, row.unit_id) == (stated.role, stated.unit.pk) and _meets(stated, row):
                problem = _("Samme rolle på samme enhet står på linje %(line)d. Ta bort den ene.")
                self.importer.wrong(stated.row, "role", problem % {"line": earlier.line})
                return True
        return False

    def _check_overlap(self, stated: Stated, standing: list[RoleAssignment]) -> None:
        for row in standing:
            if row.valid_to != row.valid_from and _meets(stated, row):
                problem = _(
                    "Personen har alt rollen her fra %(day)s. Skriv den datoen, eller avslutt rollen først."
                )
                self.importer.wrong(stated.row, "valid_from", problem % {"day": long_date(row.valid_from)})
                return

    def _check_rights(self, wanted: WantedPerson, role: WantedRole, stated: Stated) -> None:
        actor = self.importer.actor
        touched = role.is_new or role.told
        if (
            touched
            and wanted.person.pk is not None
            and wanted.person.pk == actor.person_id
            and stated.role in CASE_ROLES
        ):
            self.importer.wrong(
                stated.row,
                "role",
                _("Du kan ikke gi deg selv en rolle som leser saker. Be en annen administrator."),
            )
        makes_main = role.row.is_main and (role.is_new or role.told)
        if makes_main and not wanted.is_new and not self.importer.register.may_edit(wanted.person, actor):
            self.importer.wrong(
                stated.row, "is_main", _("Personen har hovedstillingen et annet sted. Skriv nei.")
            )
        if role.row.is_main and any(other.row.is_main for other in wanted.roles):
            self.importer.wrong(stated.row, "is_main", _("Personen har to hovedstillinger i filen. Velg én."))


def _meets(stated: Stated, row: RoleAssignment) -> bool:
    """Tell whether two periods have a day in common."""
    ends = stated.terms.get("valid_to")
    return (row.valid_to is None or row.valid_to > stated.valid_from) and (
        ends is None or ends > row.valid_from
    )
