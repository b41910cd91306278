"""Write a self-assessment, and lock it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.formats import month
from core.history import label_actions, record
from core.workflow import TransitionDenied
from organization.actors import as_person
from organization.models import Unit
from portfolio.models import MaturityAnswer, MaturityReview, Prerequisite
from portfolio.policies import may_manage_portfolio_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor

label_actions({
    "start_maturity": gettext_lazy("Egenvurdering begynt"), "answer_maturity": gettext_lazy("Forutsetning vurdert"),
    "lock_maturity": gettext_lazy("Egenvurdering låst"), "drop_maturity": gettext_lazy("Kladd til egenvurdering slettet"),
})  # fmt: skip


@transaction.atomic
def start_review(municipality: Unit, *, by: Actor, now: datetime) -> MaturityReview:
    """Begin a self-assessment with the answers of the last one; the draft that stands is returned.

    :raises TransitionDenied: ``by`` does not manage the portfolio there.
    """
    if not may_manage_portfolio_of(by, municipality.pk):
        raise TransitionDenied
    Unit.objects.select_for_update(no_key=True, of=("self",)).get(pk=municipality.pk)
    its = MaturityReview.objects.filter(municipality=municipality)
    draft: MaturityReview | None = its.filter(locked_at=None).first()
    if draft is not None:
        return draft
    last = its.order_by("-created_at", "-pk").first()
    with record("start_maturity", actor=by):
        made = MaturityReview.objects.create(
            municipality=municipality, title=_("Egenvurdering %(month)s") % {"month": month(now)}, author=as_person(by).person,
            created_at=now, changed_at=now,
        )  # fmt: skip
        MaturityAnswer.objects.bulk_create(
            MaturityAnswer(
                review=made, prerequisite=row.prerequisite, level=row.level, grounds=row.grounds, next_step=row.next_step,
                owner_id=row.owner_id, due_on=row.due_on, changed_at=now,
            )
            for row in (last.answers.all() if last else ())
        )  # fmt: skip
    return made


def _draft(review: MaturityReview, by: Actor) -> MaturityReview:
    """Return the draft, locked for change.

    :raises Http404: ``by`` cannot see it; TransitionDenied: ``by`` does not manage the portfolio there; Refused: it is locked.
    """
    rows = MaturityReview.objects.visible_to(by).select_for_update(of=("self",))
    current: MaturityReview | None = rows.filter(pk=review.pk).first()
    if current is None:
        raise Http404
    if not may_manage_portfolio_of(by, current.municipality_id):
        raise TransitionDenied
    if current.is_locked:
        raise Refused(_("Vurderingen er låst. Begynn på en ny for å endre noe."))
    return current


@transaction.atomic
def answer(
    review: MaturityReview, key: str, values: Mapping[str, Any], *, by: Actor, now: datetime
) -> MaturityAnswer:
    """Judge a prerequisite of the draft.

    :param values: ``level``, ``grounds``, ``next_step``, ``owner`` and ``due_on``.
    :raises Http404: ``by`` cannot see it; TransitionDenied: ``by`` does not manage the portfolio there.
    :raises Refused: it is locked, or cannot be so.
    """
    current = _draft(review, by)
    row = MaturityAnswer.objects.filter(review=current, prerequisite=key).first()
    row = row or MaturityAnswer(review=current, prerequisite=key)
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(now)
    try:
        row.full_clean(exclude=["review", "owner"])
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    with record("answer_maturity", actor=by):
        row.save()
    return row


@transaction.atomic
def lock_review(review: MaturityReview, *, by: Actor, now: datetime) -> MaturityReview:
    """Lock the draft and show it to everybody in the municipality.

    :raises Http404: ``by`` cannot see it; TransitionDenied: ``by`` does not manage the portfolio there.
    :raises Refused: something is not judged yet.
    """
    current = _draft(review, by)
    missing = len(Prerequisite) - MaturityAnswer.objects.filter(review=current).count()
    if missing:
        raise Refused(_("%(count)d av forutsetningene er ikke vurdert ennå.") % {"count": missing})
    current.locked_by, current.locked_at = as_person(by).person, now
    current.stamp(now)
    with record("lock_maturity", actor=by):
        current.save()
    return current


@transaction.atomic
def drop_review(review: MaturityReview, *, by: Actor) -> None:
    """Take a draft away.

    :raises Http404: ``by`` cannot see it; TransitionDenied: ``by`` does not manage the portfolio there; Refused: it is locked.
    """
    current = _draft(review, by)
    with record("drop_maturity", actor=by):
        current.delete()
