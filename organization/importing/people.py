"""People and their roles from a file: one line for each role."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from organization.importing.plans import CHANGED, NEW, SAME, Change, Importer, differences
from organization.importing.register import Register
from organization.importing.roles import RoleReader, WantedRole
from organization.models import Person, RoleAssignment
from organization.operations.roles import require_administrator
from organization.roles import Role

if TYPE_CHECKING:
    from datetime import datetime

    from core.spreadsheets import Row

FACTS = ("name", "username", "employee_number", "email", "phone", "title")
_BATCH = 1000


@dataclass(slots=True)
class WantedPerson:
    """A person as the file wants it: who, on which line first, with which facts and roles."""

    row: Row
    person: Person
    is_new: bool
    facts: dict[str, str]
    told: tuple[str, ...] = ()
    roles: list[WantedRole] = field(default_factory=list)


class PeopleImporter(Importer):
    """People are found again by user name or employee number, roles by person, role, unit and first day."""

    def read(self, rows: list[Row]) -> None:
        self.register = Register(self.municipality, rows)
        self.people: dict[str, WantedPerson] = {}
        self.roles = RoleReader(self)
        for row in rows:
            before = len(self.plan.errors)
            wanted = self._person(row)
            role = self.roles.read(row)
            if wanted is not None and role is not None and len(self.plan.errors) == before:
                self.roles.compare(wanted, role)
        self._check_twins()
        if self.plan.errors:
            return
        for wanted in self.people.values():
            self._settle_main(wanted)
            self.plan.changes += [self._change(wanted, role) for role in wanted.roles]
        self.plan.changes.sort(key=lambda change: change.line)

    # --- Who ---------------------------------------------------------------------------------------
    def _person(self, row: Row) -> WantedPerson | None:
        facts = {key: self.text(row, key) for key in FACTS if key in row.values}
        facts["name"] = self.text(row, "name", required=True)
        found, problem = self.register.find(facts.get("username", ""), facts.get("employee_number", ""))
        if problem:
            self.wrong(row, "username", problem)
            return None
        key = f"#{found.pk}" if found is not None else facts.get("username", "").casefold()
        if key in self.people:
            self._agree(row, self.people[key], facts)
            return self.people[key]
        self.check_fields(
            row, Person(**facts), {name: name for name in facts if facts[name] or name == "name"}
        )
        self.people[key] = self._wanted(row, found, facts)
        return self.people[key]

    def _wanted(self, row: Row, found: Person | None, facts: dict[str, str]) -> WantedPerson:
        if found is None:
            return WantedPerson(row, Person(**facts), is_new=True, facts=facts)
        kept = {
            name: value
            for name, value in facts.items()
            if value or name not in {"username", "employee_number"}
        }
        told = differences(found, kept)
        if told and not self.register.may_edit(found, self.actor):
            told = (_("Navn og kontakt endres ikke: personen hører til et annet sted."),)
            kept = {}
        return WantedPerson(row, found, is_new=False, facts=kept if told else {}, told=told)

    def _agree(self, row: Row, earlier: WantedPerson, facts: dict[str, str]) -> None:
        stated = {key: earlier.row.text(key) for key in facts}
        for name, value in facts.items():
            if value != stated[name]:
                words = {"value": stated[name], "line": earlier.row.line}
                self.wrong(
                    row,
                    name,
                    _("Samme person står med «%(value)s» på linje %(line)d. Skriv det likt.") % words,
                )

    def _check_twins(self) -> None:
        """See that no two people end up with the same e-mail address or employee number."""
        for name in ("email", "employee_number"):
            holders: dict[str, int] = {}
            for wanted in self.people.values():
                value = wanted.facts.get(name, "").casefold()
                if not value:
                    continue
                owner = self.register.owner(name, value)
                if value in holders:
                    words = {"line": holders[value]}
                    self.wrong(
                        wanted.row, name, _("En annen person har samme verdi på linje %(line)d.") % words
                    )
                elif owner is not None and owner != wanted.person.pk:
                    self.wrong(wanted.row, name, _("Er alt i bruk av en annen person."))
                holders[value] = wanted.row.line

    def _settle_main(self, wanted: WantedPerson) -> None:
        """Let a new person's first role be the main one when the file does not say which."""
        if wanted.is_new and wanted.roles and not any(role.row.is_main for role in wanted.roles):
            wanted.roles[0].row.is_main = True

    def _change(self, wanted: WantedPerson, role: WantedRole) -> Change:
        label = f"{wanted.person.name}: {Role(role.row.role).label}, {role.row.unit.name}"
        told = role.told
        if wanted.row.line == role.line:
            told = (*wanted.told, *told)
            told = (_("Ny person"), *told) if wanted.is_new else told
        what = (
            NEW
            if role.is_new
            else CHANGED
            if role.told or (wanted.facts and wanted.row.line == role.line)
            else SAME
        )
        return Change(role.line, what, label, told)

    # --- What is done --------------------------------------------------------------------------------
    def write(self, *, now: datetime) -> None:
        people = list(self.people.values())
        self._write_people(
            [w for w in people if w.is_new], [w for w in people if not w.is_new and w.facts], now
        )
        roles = [role for wanted in people for role in wanted.roles]
        new = [role.row for role in roles if role.is_new]
        changed = [role.row for role in roles if not role.is_new and role.told]
        for row in [*new, *changed]:
            row.person_id = row.person.pk
            row.stamp(now)
        self._yield_main([*new, *changed], now)
        RoleAssignment.objects.bulk_create(new, batch_size=_BATCH)
        fields = ["valid_to", "is_main", "allocated_percentage", "field", "competence", "changed_at"]
        RoleAssignment.objects.bulk_update(changed, fields, batch_size=_BATCH)
        self._keep_administrator(changed)

    def _write_people(self, new: list[WantedPerson], changed: list[WantedPerson], now: datetime) -> None:
        for wanted in [*new, *changed]:
            for name, value in wanted.facts.items():
                setattr(wanted.person, name, value)
            wanted.person.stamp(now)
        for wanted in new:
            wanted.person.set_unusable_password()
        Person.objects.bulk_create([wanted.person for wanted in new], batch_size=_BATCH)
        Person.objects.bulk_update(
            [wanted.person for wanted in changed], [*FACTS, "changed_at"], batch_size=_BATCH
        )

    def _yield_main(self, rows: list[RoleAssignment], now: datetime) -> None:
        """Let a main position that has begun take over from the one before."""
        today = timezone.localdate(now)
        mains = [row for row in rows if row.is_main and row.valid_from <= today]
        others = RoleAssignment.objects.filter(is_main=True, person__in=[row.person_id for row in mains])
        others.exclude(pk__in=[row.pk for row in mains if row.pk]).update(is_main=False, changed_at=now)

    def _keep_administrator(self, changed: list[RoleAssignment]) -> None:
        by_day: dict[Any, list[RoleAssignment]] = defaultdict(list)
        for row in changed:
            if row.valid_to is not None:
                by_day[row.valid_to].append(row)
        for day, rows in by_day.items():
            require_administrator(rows, day)
