"""Who a line of a file means: the people that stand, found in a handful of queries."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from organization.models import Person, RoleAssignment, Unit
from organization.policies import may_manage_unit

if TYPE_CHECKING:
    from core.actors import Actor
    from core.spreadsheets import Row

_CHUNK = 5_000


class Register:
    """The people of a municipality, and those elsewhere whose user names or addresses the file uses."""

    def __init__(self, municipality: Unit, rows: list[Row]) -> None:
        self.municipality = municipality
        roles = RoleAssignment.objects.filter(unit__municipality=municipality)
        self.local_ids = set(roles.values_list("person_id", flat=True))
        self.eligible_ids = self.local_ids | self._of_the_region()
        people = list(Person.objects.filter(pk__in=roles.values("person_id")))
        people += self._elsewhere({row.text("username") for row in rows} - {""})
        self.by_username = {person.username.casefold(): person for person in people}
        self.by_number: dict[str, list[Person]] = defaultdict(list)
        for person in people:
            if person.pk in self.local_ids and person.employee_number:
                self.by_number[person.employee_number.casefold()].append(person)
        self.by_email = self._addresses({row.text("email").casefold() for row in rows} - {""})
        self.tied_elsewhere = self._tied_elsewhere()
        self.homes = self._homes({person.pk for person in self.by_username.values()})

    def _of_the_region(self) -> set[int]:
        """Return the people of the municipalities that take part, when the municipality is a region."""
        today = RoleAssignment.objects.in_force(timezone.localdate())
        return set(
            today.filter(unit__municipality__region=self.municipality).values_list("person_id", flat=True)
        )

    def _tied_elsewhere(self) -> set[int]:
        """Return those of the municipality's people who also hold, or will hold, a role in another one."""
        kept = RoleAssignment.objects.filter(person__in=self.local_ids).exclude(
            valid_to__lte=timezone.localdate()
        )
        outside = kept.exclude(unit__municipality=self.municipality)
        return set(outside.values_list("person_id", flat=True))

    def _elsewhere(self, usernames: set[str]) -> list[Person]:
        names = sorted(name.lower() for name in usernames)
        found: list[Person] = []
        for start in range(0, len(names), _CHUNK):
            rows = Person.objects.annotate(_lower=Lower("username")).filter(
                _lower__in=names[start : start + _CHUNK]
            )
            found += [person for person in rows if person.pk not in self.local_ids]
        return found

    def _addresses(self, addresses: set[str]) -> dict[str, int]:
        listed = sorted(addresses)
        found: dict[str, int] = {}
        for start in range(0, len(listed), _CHUNK):
            rows = Person.objects.annotate(_lower=Lower("email")).filter(
                _lower__in=listed[start : start + _CHUNK]
            )
            found |= dict(rows.values_list("_lower", "pk"))
        return found

    def _homes(self, ids: set[int]) -> dict[int, RoleAssignment]:
        homes: dict[int, RoleAssignment] = {}
        local = Q(person__roles__unit__municipality=self.municipality) | Q(person__in=ids - self.local_ids)
        mine = RoleAssignment.objects.filter(pk__in=RoleAssignment.objects.filter(local).values("pk"))
        for row in mine.main_first(timezone.localdate()).select_related("unit"):
            homes.setdefault(row.person_id, row)
        return homes

    def find(self, username: str, number: str) -> tuple[Person | None, str]:
        """Return the person a line means, if there is one, and what is wrong with the line."""
        by_name = self.by_username.get(username.casefold()) if username else None
        numbered = self.by_number.get(number.casefold(), []) if number else []
        if by_name is None and len(numbered) > 1:
            return None, _("Flere personer har dette ansattnummeret. Skriv brukernavnet også.")
        person = by_name or next(iter(numbered), None)
        if person is None:
            return None, "" if username else _("En ny person trenger et brukernavn.")
        if by_name is None and username:
            return None, _("Ansattnummeret tilhører brukernavnet «%(name)s».") % {"name": person.username}
        if by_name is not None and numbered and by_name not in numbered:
            return None, _("Ansattnummeret tilhører brukernavnet «%(name)s».") % {
                "name": numbered[0].username
            }
        if person.pk not in self.eligible_ids:
            return None, _("Brukernavnet er i bruk av noen utenfor kommunen. Velg et annet.")
        return person, ""

    def may_edit(self, person: Person, actor: Actor) -> bool:
        """Tell whether name and contact may be changed by this import; as ``policies.may_change_log_in``."""
        if person.is_superuser or person.is_staff or person.pk in self.tied_elsewhere:
            return False
        home = self.homes.get(person.pk)
        return home is not None and may_manage_unit(actor, home.unit)

    def owner(self, name: str, value: str) -> int | None:
        """Return who has an e-mail address or employee number already."""
        if name == "email":
            return self.by_email.get(value)
        numbered = self.by_number.get(value, [])
        return numbered[0].pk if numbered else None
