"""Writes to the benefits of an initiative: by its authors while the form is open, by its planners after that."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from benefits import workflow
from benefits.guards import initiative_is_sent_in
from benefits.models import Benefit
from benefits.models.benefit import OPEN_TO_PLANNING
from benefits.policies import may_plan
from core.errors import Refused
from core.history import record
from core.seeing import lock
from core.workflow import TransitionDenied
from governance import policies
from governance.operations import touching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benefits.forms import BenefitForm, PlanForm
    from core.actors import Actor
    from governance.models import Initiative

# Somebody who sends the same form twice means one.
SENT_TWICE = timedelta(minutes=1)


@contextmanager
def editing(initiative: Initiative, *, by: Actor, now: datetime) -> Iterator[None]:
    """Lock the initiative and check that ``by`` may write in it now.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` may not edit it, or it is no longer open for editing.
    """
    with touching(initiative, "edit_benefits", by=by, now=now):
        current = lock(initiative, by)
        if not current.is_editable_by_submitter or not policies.may_edit(by, current):
            raise TransitionDenied
        yield


@contextmanager
def planning(benefit: Benefit, action: str, *, by: Actor, now: datetime) -> Iterator[Benefit]:
    """Lock the benefit as ``by`` sees it, and yield it for a change of its plan.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not work on its plan.
    :raises Refused: its initiative is not sent in, or the benefit is concluded.
    """
    with transaction.atomic():
        rows = (
            Benefit.objects.visible_to(by).select_for_update(of=("self",)).select_related("initiative__unit")
        )
        current: Benefit | None = rows.filter(pk=benefit.pk).first()
        if current is None:
            raise Http404
        if not may_plan(by, current):
            raise TransitionDenied
        if reason := why_closed(current):
            raise Refused(reason)
        with record(action, actor=by):
            yield current
            current.stamp(now)
            current.save()


def why_closed(benefit: Benefit) -> str | None:
    """Return why the plan of the benefit cannot be changed now, or ``None``."""
    if reason := initiative_is_sent_in(benefit):
        return reason
    if benefit.status in OPEN_TO_PLANNING:
        return None
    return _("Gevinsten står som «%(state)s». Følg den opp igjen før du endrer planen.") % {
        "state": benefit.get_status_display()
    }


def add_benefit(form: BenefitForm, *, initiative: Initiative, by: Actor, now: datetime) -> Benefit:
    """Add the benefit that a valid form describes; the same form sent twice adds one."""
    with editing(initiative, by=by, now=now):
        benefit: Benefit = form.save(commit=False)
        same = Benefit.objects.filter(
            initiative=initiative,
            title=benefit.title,
            kind=benefit.kind,
            how=benefit.how,
            created_at__gt=now - SENT_TWICE,
        ).first()
        if same is not None:
            return same
        benefit.initiative, benefit.created_at = initiative, now
        benefit.stamp(now)
        benefit.save()
    return benefit


def save_benefit(form: BenefitForm, *, by: Actor, now: datetime) -> Benefit:
    """Save what a valid form changed, unless somebody else changed the same meanwhile.

    :raises StaleVersion: with what was typed and what stands.
    :raises Refused: what both have changed does not fit together.
    """
    benefit: Benefit = form.instance
    with editing(benefit.initiative, by=by, now=now):
        current = Benefit.objects.select_for_update().filter(pk=benefit.pk).first()
        if current is None:
            raise Http404
        form.refuse_clashes(current)
        for name in form.changed_data:
            setattr(current, name, form.cleaned_data[name])
        current.stamp(now)
        try:
            current.full_clean()
        except ValidationError as problem:  # two people's changes, each right by itself
            raise Refused(*problem.messages) from problem
        current.save()
    return current


def save_plan(form: PlanForm, *, by: Actor, now: datetime) -> Benefit:
    """Save what a valid form of a planner changed.  A new service owner is asked anew.

    :raises StaleVersion: somebody else changed the same meanwhile; with what was typed and what stands.
    :raises Refused: what both have changed does not fit together, or the plan is closed.
    """
    with planning(form.instance, "edit_plan", by=by, now=now) as current:
        form.refuse_clashes(current)
        for name in form.changed_data:
            if name != "service_owner":
                setattr(current, name, form.cleaned_data[name])
        try:
            current.full_clean()
        except ValidationError as problem:
            raise Refused(*problem.messages) from problem
    owner = form.cleaned_data["service_owner"]
    if "service_owner" in form.changed_data and (owner and owner.pk) != current.service_owner_id:
        current = workflow.ownership_workflow.perform(
            "ask_owner", current, by=by, now=now, vouched=True, data={"service_owner": owner}
        )
    return current


def remove_benefit(benefit: Benefit, *, by: Actor, now: datetime) -> None:
    """Take a benefit out of the overview.  Its history stays."""
    with editing(benefit.initiative, by=by, now=now):
        Benefit.objects.filter(pk=benefit.pk).delete()
