"""Whether the council and its secretariat are who the mandate says: seats, sectors, fields, competence, terms, time set aside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Count, Exists, F, Func, IntegerField, OuterRef, Q, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.formats import in_sentence, short_date
from governance.mandates import mandate_on
from governance.models import CouncilMandate, Initiative, Status
from organization.models import RoleAssignment, Unit
from organization.roles import COUNCIL_ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from django.db.models import QuerySet

MEMBERS = frozenset({Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY, Role.COUNCIL_MEMBER})
_SECRETARIAT = frozenset({Role.SECRETARIAT, Role.COORDINATOR})
TERMS = COUNCIL_ROLES | _SECRETARIAT
_AT_WORK = (Role.EMPLOYEE, Role.LEADER, Role.SECTOR_LEADER)
_NEEDED = {
    Role.COUNCIL_LEADER: gettext_lazy("Rådet har ingen leder."),
    Role.COUNCIL_DEPUTY: gettext_lazy("Rådet har ingen nestleder."),
    Role.SECRETARIAT: gettext_lazy("Rådet har ikke noe sekretariat."),
}  # fmt: skip


def ending_terms(day: date) -> QuerySet[RoleAssignment]:
    """Return the roles of councils and secretariats that end within the notice of the mandate, and are not given on."""
    left = Func(
        OuterRef("valid_to"), Value(day), template="(%(expressions)s)", arg_joiner=" - ", output_field=IntegerField()
    )  # fmt: skip
    here = OuterRef("unit__municipality_id")
    warns = CouncilMandate.objects.in_force(here, day).filter(term_notice_days__gte=left)
    goes_on = RoleAssignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("valid_to")), person_id=OuterRef("person_id"), role=OuterRef("role"),
        unit_id=OuterRef("unit_id"), valid_from__lte=OuterRef("valid_to"),
    )  # fmt: skip
    rows: QuerySet[RoleAssignment] = RoleAssignment.objects.in_force(day).filter(
        Exists(warns), ~Exists(goes_on), role__in=TERMS, valid_to__isnull=False, person__is_active=True
    )
    return rows


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and where it is put right."""

    text: str
    remedy: str
    url: str
    is_warning: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """What a coordinator has to do beside the time that is set aside; ``most`` is what fits in it."""

    person: Any
    percentage: int | None
    cases: int
    most: int | None

    @property
    def is_over(self) -> bool:
        return self.most is not None and self.cases > self.most


@dataclass(frozen=True, slots=True)
class Composition:
    """Those who are the council and its secretariat on a day, and what is missing."""

    municipality: Unit
    members: list[RoleAssignment]
    loads: list[Load]
    findings: list[Finding]

    @classmethod
    def of(cls, municipality: Unit, day: date) -> Self:
        """Read it in six queries, whatever the number of members."""
        mandate = mandate_on(municipality, day)
        held = RoleAssignment.objects.in_force(day).filter(
            role__in=TERMS, unit__municipality_id=municipality.pk, person__is_active=True
        )
        rows = list(held.select_related("person", "unit").order_by("person__name_sort", "pk"))
        members = [row for row in rows if row.role in MEMBERS]
        loads = _loads(rows, mandate)
        findings = [
            *_unfilled(rows), *_uncovered(members, mandate, municipality, day), *_unstated(members),
            *_overloaded(loads), *_ending(municipality, day),
        ]  # fmt: skip
        order = list(Role)
        return cls(
            municipality, sorted(members, key=lambda row: order.index(Role(row.role))), loads, findings
        )


def _give() -> str:
    return reverse("organization:role_table")


def _person(row: RoleAssignment) -> str:
    return reverse("organization:person_detail", args=[row.person_id])


def _unfilled(rows: Iterable[RoleAssignment]) -> list[Finding]:
    held = {row.role for row in rows}
    found = [
        Finding(str(text), _("Be administrator gi noen rollen."), _give())
        for role, text in _NEEDED.items() if role not in held
    ]  # fmt: skip
    if Role.SECRETARIAT in held and not any(row.is_leading for row in rows):
        found.append(
            Finding(_("Ingen leder sekretariatet."), _("Be administrator merke hvem som leder."), _give())
        )  # fmt: skip
    return found


def _uncovered(
    members: list[RoleAssignment], mandate: CouncilMandate, municipality: Unit, day: date
) -> list[Finding]:
    """Return sectors nobody of the council works in, and fields of the mandate that nobody has."""
    sectors = list(
        Unit.objects.open_on(day).filter(municipality_id=municipality.pk, kind=Unit.Kind.SECTOR).order_by("name")
    )  # fmt: skip
    people = [row.person_id for row in members]
    paths = list(
        RoleAssignment.objects.in_force(day)
        .filter(person_id__in=people, role__in=_AT_WORK)
        .values_list("unit__path", flat=True)
    )
    fields = {row.field.casefold() for row in members}
    remedy = _("Be administrator gi noen derfra en plass i rådet.")
    return [
        *(
            Finding(_("Ingen i rådet arbeider i %(sector)s.") % {"sector": sector}, remedy, _give())
            for sector in sectors if not any(path.startswith(sector.path) for path in paths)
        ),
        *(
            Finding(_("Fagfeltet «%(field)s» har ikke noe medlem.") % {"field": name}, remedy, _give())
            for name in mandate.covered_fields if name.casefold() not in fields
        ),
    ]  # fmt: skip


def _unstated(members: Iterable[RoleAssignment]) -> list[Finding]:
    return [
        Finding(
            _("%(name)s står uten fagfelt eller kompetanse.") % {"name": row.person},
            _("Be administrator skrive det på rollen."), _person(row), is_warning=True,
        )
        for row in members if not row.field or not row.competence
    ]  # fmt: skip


def _loads(rows: Iterable[RoleAssignment], mandate: CouncilMandate) -> list[Load]:
    """Return the coordinators with the cases they prepare now."""
    coordinators = [row for row in rows if row.role == Role.COORDINATOR]
    preparing = Initiative.objects.filter(
        status=Status.UNDER_PREPARATION, case_handler_id__in=[row.person_id for row in coordinators],
        municipality_id__in={row.unit.municipality_id for row in coordinators},
    )  # fmt: skip
    cases = Counter(dict(preparing.values_list("case_handler_id").annotate(count=Count("pk")).order_by()))
    time: dict[int, int | None] = {}
    for row in coordinators:
        known = [one for one in (time.get(row.person_id), row.allocated_percentage) if one is not None]
        time[row.person_id] = sum(known) if known else None
    people = {row.person_id: row.person for row in coordinators}
    return [
        Load(
            person,
            time[pk],
            cases[pk],
            None if time[pk] is None else mandate.cases_per_position * (time[pk] or 0) // 100,
        )
        for pk, person in people.items()
    ]


def _overloaded(loads: Iterable[Load]) -> list[Finding]:
    found = []
    for load in loads:
        url = reverse("organization:person_detail", args=[load.person.pk])
        if load.percentage is None:
            text = _("%(name)s har ikke avsatt tid som koordinator.") % {"name": load.person}
            found.append(
                Finding(text, _("Be administrator skrive avsatt tid på rollen."), url, is_warning=True)
            )
        elif load.is_over:
            text = _("%(name)s utreder %(cases)s saker, og har tid til %(most)s.") % {
                "name": load.person, "cases": load.cases, "most": load.most,
            }  # fmt: skip
            found.append(
                Finding(text, _("Fordel saker på andre, eller sett av mer tid."), reverse("governance:triage_queue"), is_warning=True)
            )  # fmt: skip
    return found


def _ending(municipality: Unit, day: date) -> list[Finding]:
    rows = ending_terms(day).filter(unit__municipality_id=municipality.pk).select_related("person")
    return [
        Finding(
            _("%(name)s slutter som %(role)s %(date)s.") % {
                "name": row.person, "role": in_sentence(row.get_role_display()), "date": short_date(row.valid_to) if row.valid_to else "",
            },
            _("Forleng perioden, eller finn en ny."), _person(row), is_warning=True,
        )
        for row in rows.order_by(F("valid_to"), "pk")
    ]  # fmt: skip
