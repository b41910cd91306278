"""Whom the baton tells what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from core.formats import short_date
from core.notices import Draft
from organization.actors import people_with
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from benefits.models import Handover, HandoverStatus, LocalPlan
    from core.actors import Actor
    from organization.models import Person


def leadership_of(municipality_id: int) -> list[Person]:
    return people_with(Permission.DECIDE_FOR_MUNICIPALITY, municipality_id=municipality_id)


def holder_is_asked(handover: Handover, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Ask whoever has the next answer: the municipality's leadership, or the one who is to take over."""
    with_leadership = handover.is_with_leadership
    people = leadership_of(handover.initiative.municipality_id) if with_leadership else [handover.receiver]
    for person in people:
        yield Draft(
            person=person, event=f"handover_{handover.status}@{now.isoformat()}", url=handover.get_absolute_url(),
            title=_("Ta imot gevinstplanen for «%(title)s»") % {"title": handover.initiative},
            body=_("Frist %(date)s. Svar ja, eller nei med en begrunnelse.") % {"date": short_date(handover.due_on)},
        )  # fmt: skip


def giver_is_told(handover: Handover, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Tell whoever handed it over, and a kommunedirektor who sent it on, what the answer was."""
    title = _("Gevinstplanen for «%(title)s»: %(answer)s") % {
        "title": handover.initiative, "answer": str(handover.get_status_display()).lower(),
    }  # fmt: skip
    for person in {handover.offered_by, handover.led_by} - {None}:
        if person is not None and person.pk != by.person_id:
            yield Draft(
                person=person, event=f"handover_answered@{now.isoformat()}", title=title, body=handover.note,
                url=handover.get_absolute_url(),
            )  # fmt: skip


def region_is_told(
    plan: LocalPlan, handover: Handover, becomes: HandoverStatus, *, now: datetime
) -> Iterator[Draft]:
    """Tell the region of a municipality's answer; about the local plan, since the hand-over is the municipality's own."""
    yield Draft(
        person=handover.offered_by, event=f"local_plan_answered@{now.isoformat()}", body=handover.note,
        url=reverse("benefits:local_plans", args=[plan.template_id]),
        title=_("%(place)s: %(answer)s. «%(title)s»") % {
            "place": plan.municipality, "answer": str(becomes.label).lower(), "title": plan.template,
        },
    )  # fmt: skip


def region_hears_of_leaving(plan: LocalPlan, reason: str, *, now: datetime) -> Iterator[Draft]:
    """Tell whoever owns the regional initiative that a municipality goes out of it, while they still see its plan."""
    people = {plan.template.project_owner, plan.template.service_owner} - {None}
    for person in people:
        yield Draft(
            person=person, event=f"local_plan_left@{now.isoformat()}", body=reason,
            title=_("%(place)s går ut av «%(title)s»") % {"place": plan.municipality, "title": plan.template},
            url=reverse("benefits:local_plans", args=[plan.template_id]),
        )  # fmt: skip
