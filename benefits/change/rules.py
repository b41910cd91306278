"""What can be right of change work: asked by forms for their words, and by operations before they write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from benefits.models import BenefitRisk, ChangeAction
from organization.models import RoleAssignment
from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from benefits.rules import Problems
    from governance.models import Initiative

MOST_YEARS_AHEAD = 20
_PEOPLE = ("owner", "contact")
_BELONGING = ("benefit", "node", "action")


def problems_of(model: type, values: Mapping[str, Any], initiative: Initiative, *, today: date) -> Problems:
    """Return what cannot be right about the fields that are being written, by field; empty when all can.

    :param values: what is written, by name; what is left as it stands is not looked at.
    """
    problems: Problems = {}
    for name in _PEOPLE:
        if (person := values.get(name)) and not works_there(person.pk, initiative, today):
            problems[name] = [
                _("%(name)s arbeider ikke her lenger. Velg en som gjør det.") % {"name": person.name}
            ]
    for name in _BELONGING:
        if (row := values.get(name)) and row.initiative_id != initiative.pk:
            problems[name] = [_("Det hører ikke til denne planen. Velg på nytt.")]
    role = values.get("role")
    if role is not None and not agents_for(initiative, today).filter(pk=role.pk).exists():
        problems["role"] = [
            _("%(name)s har ikke rollen endringsagent her nå. Velg en som har den.") % {"name": role.person}
        ]
    own = _OWN.get(model)
    return problems | own(values, today) if own else problems


def works_there(person_id: int, initiative: Initiative, day: date) -> bool:
    """Tell whether somebody has a role, on that day, in a municipality that carries the initiative out."""
    held = RoleAssignment.objects.in_force(day).filter(person_id=person_id, person__is_active=True)
    return bool(held.filter(unit__municipality_id__in=initiative.participant_ids).exists())


def agents_for(initiative: Initiative, day: date, kept: int | None = None) -> QuerySet[Any]:
    """Return the roles of change agent, held on that day, that can take part in the initiative; ``kept`` stays."""
    held = RoleAssignment.objects.in_force(day).filter(
        role=Role.CHANGE_AGENT, person__is_active=True, unit__municipality_id__in=initiative.participant_ids
    )
    rows = RoleAssignment.objects.filter(Q(pk__in=held.values("pk")) | Q(pk=kept))
    return rows.select_related("person", "unit").order_by("person__name_sort", "unit__path", "pk")


def _of_action(values: Mapping[str, Any], today: date) -> Problems:
    due_on = values.get("due_on")
    if due_on is None:
        return {}
    if due_on < today:
        return {"due_on": [_("Fristen kan ikke være en dag som er gått. Velg i dag eller en senere dag.")]}
    return _far("due_on", due_on, today)


def _far(name: str, day: date, today: date) -> Problems:
    if day.year <= today.year + MOST_YEARS_AHEAD:
        return {}
    return {name: [_("Det er mer enn 20 år fram i tid. Sjekk årstallet.")]}


def _of_risk(values: Mapping[str, Any], today: date) -> Problems:
    reviewed, again = values.get("reviewed_on"), values.get("review_on")
    if reviewed and reviewed > today:
        return {"reviewed_on": [_("Vurderingen kan ikke være gjort fram i tid. Velg i dag eller en tidligere dag.")]}  # fmt: skip
    if again and reviewed and again <= reviewed:
        return {"review_on": [_("Neste vurdering må komme etter den siste.")]}
    return _far("review_on", again, today) if again else {}


_OWN: dict[type, Any] = {ChangeAction: _of_action, BenefitRisk: _of_risk}
