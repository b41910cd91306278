"""Close a plan that the line carries, as the portfolio closes that of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from benefits.baton.policies import may_lead
from benefits.closing.queries import carried_in_line
from benefits.filing import file_report
from benefits.models.baton import WAITING
from benefits.policies import may_approve_in
from core.errors import Reason
from core.workflow import TransitionBlocked, TransitionDenied
from governance.gates import Point, gates_at
from governance.guards import rules_of
from governance.models import Initiative
from governance.workflow import initiative_workflow

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor


def may_close_in_line(actor: Actor, initiative: Initiative, /) -> bool:
    """The service owner closes the plan, or those who sign it; of a project's plan the project decides."""
    is_owner = bool(actor) and actor.person_id is not None and actor.person_id == initiative.service_owner_id
    return is_owner or may_approve_in(actor, initiative) or may_lead(actor, initiative)


def why_not_closed(initiative: Initiative) -> list[str]:
    """Return what stands in the way of closing the plan in the line, each with where it is put right."""
    if not carried_in_line().filter(pk=initiative.pk).exists():
        return [_("Planen er ikke i linjen nå. Et prosjekts plan lukkes med prosjektet.")]
    waiting = initiative.handovers.filter(status__in=WAITING).first()
    reasons: list[str] = []
    if waiting is not None:
        told = _("Overleveringen er ikke besvart. Svar på den, eller trekk den.")
        reasons.append(Reason(told, waiting.get_absolute_url()))
    demanded = [gate for gate in gates_at(Point.BP6) if gate.key in rules_of(initiative).gates]
    told_by = ((gate, gate.missing([initiative.pk]).get(initiative.pk)) for gate in demanded)
    return [*reasons, *(Reason(text, gate.url(initiative.pk)) for gate, text in told_by if text)]


@transaction.atomic
def close_plan(initiative: Initiative, *, conclusion: str, by: Actor, now: datetime) -> Initiative:
    """Close the plan, with what it gave in all; the conclusion stands in the history and in the report.

    :raises Http404: ``by`` does not see into it.
    :raises TransitionDenied: ``by`` does not close it.
    :raises TransitionBlocked: it is a project's, or something is missing.
    """
    rows = Initiative.objects.readable_by(by).select_for_update(of=("self",)).select_related("municipality")
    current: Initiative | None = rows.filter(pk=initiative.pk).first()
    if current is None:
        raise Http404
    if not may_close_in_line(by, current):
        raise TransitionDenied
    current.benefits.select_for_update().count()
    if reasons := why_not_closed(current):
        raise TransitionBlocked(reasons)
    file_report(current, conclusion=conclusion, now=now)
    return initiative_workflow.perform(
        "close", current, by=by, now=now, vouched=True, data={"reason": conclusion}
    )
