"""Add a benefit to a plan that is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from benefits import policies
from benefits.models import Ownership
from benefits.operations.overview import SAME_BENEFIT
from benefits.telling import owner_is_asked
from core import notices
from core.errors import Refused
from core.history import record
from core.workflow import TransitionDenied
from governance.models import Initiative

if TYPE_CHECKING:
    from datetime import datetime

    from benefits.forms import BenefitForm
    from benefits.models import Benefit
    from core.actors import Actor


@transaction.atomic
def add_to_plan(form: BenefitForm, *, initiative: Initiative, by: Actor, now: datetime) -> Benefit:
    """Add the benefit that a valid form describes to a plan after the initiative is sent in, and ask its owner.

    The same form sent twice adds one.

    :raises Http404: ``by`` does not read the initiative.
    :raises TransitionDenied: ``by`` does not work on its plan.
    :raises Refused: the plan is still a form, or the initiative has ended.
    """
    rows = Initiative.objects.readable_by(by).select_for_update(of=("self",))
    current = rows.filter(pk=initiative.pk).first()
    if current is None:
        raise Http404
    if not policies.may_plan_in(by, current):
        raise TransitionDenied
    if current.is_editable_by_submitter:
        raise Refused(_("Tiltaket er ikke sendt inn ennå. Gevinstene beskrives i skjemaet."))
    if current.is_final:
        raise Refused(_("Tiltaket er avsluttet, så planen er lukket."))
    benefit: Benefit = form.save(commit=False)
    before = current.benefits.filter(
        title=benefit.title, kind=benefit.kind, created_at__gt=now - SAME_BENEFIT
    )
    if (same := before.first()) is not None:
        return same
    benefit.initiative, benefit.created_at, benefit.ownership = current, now, Ownership.ASKED
    benefit.stamp(now)
    with record("add_to_plan", actor=by):
        benefit.save()
    notices.post(owner_is_asked(benefit, by=by, now=now), about=benefit, now=now)
    return benefit
