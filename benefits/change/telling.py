"""Whom change work tells what, after a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benefits.models import BenefitRisk, ChangeAction
from core.formats import short_date
from core.notices import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from benefits.models.change import PlanPart
    from core.actors import Actor


def owner_is_told(row: PlanPart, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Tell somebody that an action or a risk is theirs."""
    if isinstance(row, BenefitRisk):
        title, when, day = _("Du er risikoeier for «%(title)s»"), _("Vurderes igjen %(day)s."), row.review_on
    elif isinstance(row, ChangeAction):
        title, when, day = _("Du er ansvarlig for tiltaket «%(title)s»"), _("Fristen er %(day)s."), row.due_on
    else:
        return
    if row.owner is None or row.owner_id == by.person_id:
        return
    yield Draft(
        person=row.owner, event=f"change_owner@{now.isoformat()}", title=title % {"title": row},
        body=when % {"day": short_date(day)} if day else "", url=row.get_absolute_url(),
    )  # fmt: skip


def planners_are_told(action: ChangeAction, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Tell those who answer for the plan that something will not be done."""
    initiative = action.initiative
    benefit_owner = action.benefit.service_owner if action.benefit else None
    people = (initiative.project_owner, initiative.service_owner, benefit_owner)
    told = {person.pk: person for person in people if person}
    for person in told.values():
        if person.pk != by.person_id:
            yield Draft(
                person=person, event=f"change_given_up@{now.isoformat()}", body=action.outcome,
                title=_("Tiltaket «%(title)s» blir ikke gjennomført") % {"title": action}, url=action.get_absolute_url(),
            )  # fmt: skip
