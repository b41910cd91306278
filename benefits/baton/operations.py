"""Pass the baton: a plan to the line, a regional plan to each municipality, and a change that the line makes itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict, Unpack, cast

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from benefits.baton import policies, telling
from benefits.baton.guards import is_regional, why_not_handed_over
from benefits.baton.template import copy_into, handed_on, open_offers
from benefits.change.handing import hand_on
from benefits.change.offers import open_work_offers
from benefits.models import Handover, HandoverStatus, LocalPlan, TemplateLink, WorkLink
from core import notices
from core.errors import Refused
from core.history import record
from core.workflow import TransitionBlocked, TransitionDenied
from governance import operations
from governance.guards import rules_of
from governance.line_changes import open_in_line
from governance.models import Initiative
from organization.actors import as_person

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from governance.models import Participation
    from organization.models import Person, Unit

S = HandoverStatus
_STANDING = (S.WITH_LEADERSHIP, S.WITH_RECEIVER, S.ACCEPTED)


class Content(TypedDict):
    """What is handed over, what is left to do, and from when."""

    what: str
    open_points: NotRequired[str]
    effective_on: date


def _locked(initiative: Initiative, by: Actor) -> Initiative:
    """Return the initiative, locked, for somebody who may pass its plan on.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` may not hand it over.
    :raises TransitionBlocked: it is not carried out now, or has no benefits.
    """
    rows = Initiative.objects.visible_to(by).select_for_update(of=("self",)).select_related("municipality")
    current: Initiative | None = rows.filter(pk=initiative.pk).first()
    if current is None:
        raise Http404
    if not policies.may_hand_over_in(by, current):
        raise TransitionDenied
    if reason := why_not_handed_over(current):
        raise TransitionBlocked([reason])
    return current


@transaction.atomic
def hand_over(
    initiative: Initiative, *, receiver: Person, by: Actor, now: datetime, **content: Unpack[Content]
) -> Handover:
    """Hand the plan of a municipality's own initiative over to the one who is to take out its benefits.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` may not hand it over.
    :raises TransitionBlocked: it is not carried out now, has no benefits, or is handed over already.
    """
    current = _locked(initiative, by)
    if is_regional(current):
        raise TransitionBlocked([_("Planen er regional. Gi hver kommune sin egen plan.")])
    if current.handovers.filter(status__in=_STANDING).exists():
        raise TransitionBlocked([_("Planen er alt overlevert. Vent på svaret, eller trekk overleveringen.")])
    with record("hand_over", actor=by):
        return _offer(current, S.WITH_RECEIVER, by=by, now=now, receiver=receiver, **content)


def _offer(initiative: Initiative, status: HandoverStatus, *, by: Actor, now: datetime, **fields: Any) -> Handover:  # fmt: skip
    handover = Handover(
        initiative=initiative, status=status, offered_by_id=cast("int", by.person_id), offered_at=now,
        due_on=operations.deadline(now, rules_of(initiative).decision_days), **fields,
    )  # fmt: skip
    handover.stamp(now)
    handover.save()
    notices.post(telling.holder_is_asked(handover, by=by, now=now), about=handover, now=now)
    return handover


@transaction.atomic
def give_local_plans(
    initiative: Initiative, *, by: Actor, now: datetime, **content: Unpack[Content]
) -> list[LocalPlan]:
    """Give every municipality that takes part a plan of its own, and ask its leadership to take it.

    Who has one and has answered no, or took it back, is asked again; who has it keeps what stands.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` may not hand it over.
    :raises TransitionBlocked: it is not carried out now, has no benefits, or every municipality has its plan.
    """
    current = _locked(initiative, by)
    standing = {row.municipality_id: row for row in current.local_plans.select_related("initiative")}
    asked = []
    for part in current.participations.filter(left_at=None).select_related("municipality").order_by("pk"):
        plan = standing.get(part.municipality_id) or _new_plan(current, part, by=by, now=now)
        if plan.initiative.handovers.filter(status__in=_STANDING).exists():
            continue
        with record("hand_over", actor=by):
            _offer(plan.initiative, S.WITH_LEADERSHIP, by=by, now=now, **content)
        asked.append(plan)
    if not asked:
        raise TransitionBlocked([_("Alle kommunene som deltar, har planen sin alt.")])
    return asked


def _new_plan(template: Initiative, part: Participation, *, by: Actor, now: datetime) -> LocalPlan:
    """Open the municipality's own part, with the benefits and indicators of the regional plan as its beginning."""
    leadership = telling.leadership_of(part.municipality_id)
    if not leadership:
        raise TransitionBlocked(
            [
                _("%(place)s har ingen kommunedirektør i systemet. En administrator der må gi noen rollen.")
                % {"place": part.municipality}
            ]
        )
    carrier = open_in_line(
        title=template.card_title, summary=_("Kommunens del av et regionalt tiltak."), unit=part.municipality,
        submitter=leadership[0], by=by, now=now, action="give_local_plan",
    )  # fmt: skip
    with record("give_local_plan", actor=by):
        plan = LocalPlan(
            initiative=carrier, template=template, municipality=part.municipality, created_at=now
        )
        plan.stamp(now)
        plan.save()
        share = _share_of(template, part)
        for benefit in handed_on(template):
            copy_into(plan, benefit, share=share, now=now)
        hand_on(plan, now=now)
    return plan


def _share_of(template: Initiative, part: Participation) -> Decimal:
    """Return the part of the region's amounts that a municipality begins with: as it carries the cost."""
    decided = template.municipal_decisions.filter(municipality_id=part.municipality_id).first()
    share = decided.cost_share if decided else part.cost_share
    if share is not None:
        return share / 100
    return Decimal(1) / max(template.participations.filter(left_at=None).count(), 1)


# --- The template's changes ---------------------------------------------------------------------------
@transaction.atomic
def answer_template(
    plan: LocalPlan, template_id: int, *, take: bool, by: Actor, now: datetime
) -> TemplateLink:
    """Take what the template has changed into the local plan, or keep the own; either way it is answered.

    :raises Http404: there is no such change, or ``by`` does not see into the plan.
    :raises TransitionDenied: ``by`` does not answer for the plan.
    :raises Refused: the local benefit is not open to planning, or what it would become does not fit together.
    """
    seen = Initiative.objects.readable_by(by).select_for_update(of=("self",)).filter(pk=plan.initiative_id)
    current = seen.first()
    offer = next((one for one in open_offers(plan) if one.template.pk == template_id), None)
    if current is None or offer is None:
        raise Http404
    if not policies.may_follow_template(by, current):
        raise TransitionDenied
    with record("take_from_template" if take else "keep_own", actor=by):
        return offer.answer(take=take, now=now)


@transaction.atomic
def leave_regional_plan(plan: LocalPlan, *, by: Actor, now: datetime, reason: str) -> None:
    """Take the municipality out of the regional initiative.  It keeps its own plan; the region no longer sees it.

    :raises Http404: ``by`` does not see into the plan.
    :raises TransitionDenied: ``by`` does not decide for the municipality.
    :raises Refused: it is out already.
    """
    current = Initiative.objects.readable_by(by).filter(pk=plan.initiative_id).first()
    if current is None:
        raise Http404
    if not policies.may_lead(by, current):
        raise TransitionDenied
    rows = plan.template.participations.select_for_update().filter(
        municipality_id=plan.municipality_id, left_at=None
    )
    part = rows.first()
    if part is None:
        raise Refused(_("Kommunen er alt ute av tiltaket."))
    notices.post(telling.region_hears_of_leaving(plan, reason, now=now), about=plan, now=now)
    with (
        record("leave_regional_plan", actor=by, reason=reason),
        operations.touching(plan.template, "leave_regional_plan", by=by, now=now),
    ):
        part.left_at = now
        part.stamp(now)
        part.save(update_fields=["left_at", "changed_at"])


@transaction.atomic
def answer_work(plan: LocalPlan, key: str, *, take: bool, by: Actor, now: datetime) -> WorkLink:
    """Take what has changed in the template's change work into the local plan, or keep the own.

    :param key: which action, stakeholder or risk, as the offer names it.
    :raises Http404: there is no such change, or ``by`` does not see into the plan.
    :raises TransitionDenied: ``by`` does not answer for the plan.
    :raises Refused: the plan is closed, the own row is concluded, or what it would become does not fit.
    """
    rows = Initiative.objects.readable_by(by).select_for_update(of=("self",)).filter(pk=plan.initiative_id)
    current = rows.select_related("unit", "municipality").first()
    if current is None:
        raise Http404
    plan.initiative = current
    offer = next((one for one in open_work_offers(plan) if one.key == key), None)
    if offer is None:
        raise Http404
    if not policies.may_follow_template(by, current):
        raise TransitionDenied
    with record("take_from_template" if take else "keep_own", actor=by):
        return offer.answer(take=take, now=now)


# --- Changes of the line's own ------------------------------------------------------------------------
def open_line_change(
    *, title: str, summary: str, unit: Unit, service_owner: Person, by: Actor, now: datetime
) -> Initiative:
    """Open the plan of a change that the line makes without a project.

    :raises TransitionDenied: ``by`` does not lead there.
    """
    if not policies.may_open_in_line(by, unit):
        raise TransitionDenied
    leader = as_person(by).person
    with transaction.atomic():
        return open_in_line(
            title=title, summary=summary, unit=unit, submitter=leader, service_owner=service_owner, project_owner=leader, by=by,
            now=now, action="open_in_line",
        )  # fmt: skip
