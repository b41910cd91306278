"""What is added to a plan after its intake: what nobody had foreseen, and new benefits."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from benefits.guards import why_not_planned_in
from benefits.models import SideEffect
from benefits.operations.overview import SENT_TWICE
from benefits.policies import may_plan_whole
from benefits.workflow import ownership_workflow
from core.errors import Refused
from core.history import record
from core.workflow import TransitionDenied
from governance.models import Initiative

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime

    from benefits.forms import BenefitForm
    from benefits.models import Benefit
    from core.actors import Actor


@contextmanager
def _adding(initiative: Initiative, action: str, *, by: Actor, now: datetime) -> Iterator[Initiative]:
    """Lock the initiative and check that ``by`` may add to its plan now.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not work on its plan.
    :raises Refused: it is not sent in, or has ended without being adopted.
    """
    with transaction.atomic():
        visible = Initiative.objects.visible_to(by).select_for_update(of=("self",))
        current: Initiative | None = visible.select_related("unit").filter(pk=initiative.pk).first()
        if current is None:
            raise Http404
        if not may_plan_whole(by, current):
            raise TransitionDenied
        if reason := why_not_planned_in(current):
            raise Refused(reason)
        with record(action, actor=by):
            yield current


def why_not_seen(day: date, today: date) -> str:
    """Return why nothing can have been seen on ``day``, or nothing."""
    return _("Dagen kan ikke være fram i tid. Velg i dag eller en tidligere dag.") if day > today else ""


def record_effect(
    initiative: Initiative, values: Mapping[str, Any], *, by: Actor, now: datetime
) -> SideEffect:
    """Record an unexpected benefit or disbenefit; the same sent twice is one.

    :param values: ``sort``, ``title``, ``how``, ``whom`` and ``seen_on``.
    :raises Refused: also when it is said to have been seen on a day that has not come.
    """
    if reason := why_not_seen(values["seen_on"], timezone.localdate(now)):
        raise Refused(reason)
    with _adding(initiative, "record_effect", by=by, now=now) as current:
        same = SideEffect.objects.filter(initiative=current, title=values["title"], sort=values["sort"])
        standing: SideEffect | None = same.filter(created_at__gt=now - SENT_TWICE).first()
        if standing is not None:
            return standing
        row = SideEffect(initiative=current, recorded_by_id=by.person_id, created_at=now, **values)
        row.stamp(now)
        row.full_clean(exclude=["recorded_by"])
        row.save()
    return row


def add_later(
    form: BenefitForm, *, initiative: Initiative, by: Actor, now: datetime, effect: SideEffect | None = None
) -> Benefit:
    """Add the benefit that a valid form describes to the plan, and ask its service owner; the same sent twice is one.

    :param effect: the unexpected benefit that it began as.
    """
    with _adding(initiative, "add_later", by=by, now=now) as current:
        benefit: Benefit = form.save(commit=False)
        same = current.benefits.filter(title=benefit.title, kind=benefit.kind, how=benefit.how)
        standing: Benefit | None = same.filter(created_at__gt=now - SENT_TWICE).first()
        if standing is not None:
            return standing
        owner = benefit.service_owner
        benefit.initiative, benefit.created_at, benefit.service_owner = current, now, None
        benefit.stamp(now)
        benefit.save()
        if effect is not None:
            rows = SideEffect.objects.filter(initiative=current, pk=effect.pk, sort="benefit", benefit=None)
            rows.update(benefit=benefit, changed_at=now)
        return ownership_workflow.perform(
            "ask_owner", benefit, by=by, now=now, vouched=True, data={"service_owner": owner}
        )
