"""Writes to the benefits of an initiative while its form is open."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import Http404

from benefits.models import Benefit
from core.errors import Refused, StaleVersion
from core.workflow import TransitionDenied
from governance import policies
from governance.models import Initiative
from governance.operations import touching

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benefits.forms import BenefitForm
    from core.actors import Actor

# Somebody who sends the same form twice means one benefit.
SAME_BENEFIT = timedelta(minutes=1)


@contextmanager
def _editing(initiative: Initiative, *, by: Actor, now: datetime) -> Iterator[None]:
    """Lock the initiative and check that ``by`` may write in it now.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` may not edit it, or it is no longer open for editing.
    """
    with touching(initiative, "edit_benefits", by=by, now=now):
        current = (
            Initiative.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=initiative.pk).first()
        )
        if current is None:
            raise Http404
        if not current.is_editable_by_submitter or not policies.may_edit(by, current):
            raise TransitionDenied
        yield


def add_benefit(form: BenefitForm, *, initiative: Initiative, by: Actor, now: datetime) -> Benefit:
    """Add the benefit that a valid form describes; the same form sent twice adds one."""
    with _editing(initiative, by=by, now=now):
        benefit: Benefit = form.save(commit=False)
        same = Benefit.objects.filter(
            initiative=initiative,
            title=benefit.title,
            kind=benefit.kind,
            how=benefit.how,
            created_at__gt=now - SAME_BENEFIT,
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
    with _editing(benefit.initiative, by=by, now=now):
        current = Benefit.objects.select_for_update().filter(pk=benefit.pk).first()
        if current is None:
            raise Http404
        if form.clashing_with(current):
            raise StaleVersion(
                mine={clash.label: clash.mine for clash in form.clashes},
                theirs={clash.label: clash.theirs for clash in form.clashes},
            )
        for name in form.changed_data:
            setattr(current, name, form.cleaned_data[name])
        current.stamp(now)
        try:
            current.full_clean()
        except ValidationError as problem:  # two people's changes, each right by itself
            raise Refused(*problem.messages) from problem
        current.save()
    return current


def remove_benefit(benefit: Benefit, *, by: Actor, now: datetime) -> None:
    """Take a benefit out of the overview.  Its history stays."""
    with _editing(benefit.initiative, by=by, now=now):
        Benefit.objects.filter(pk=benefit.pk).delete()
