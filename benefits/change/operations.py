"""Writes to the change work of a plan: save a part, take it out, and take it in again."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.timezone import localdate

from benefits.change import policies, telling
from benefits.change.rules import problems_of
from benefits.models import BenefitRisk
from benefits.models.change import PlanPart
from benefits.operations.mapping import planning_whole, why_plan_is_closed
from core import notices
from core.errors import Refused
from core.history import record
from core.workflow import TransitionDenied
from governance.models import Initiative

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from core.actors import Actor
    from governance.forms.merging import MergingForm

P = TypeVar("P", bound=PlanPart)
_SAME = timedelta(minutes=1)
"""Somebody who sends the same form twice means one."""
OWN = frozenset({"likelihood", "consequence", "measure", "state", "reviewed_on", "review_on"})
"""What the owner of a risk writes; what it is about, and whose it is, is for those who work on the plan."""


def save_part(
    row: P, values: Mapping[str, Any], *, by: Actor, now: datetime, form: MergingForm | None = None
) -> P:
    """Add ``row`` to the plan of its initiative with the values, or change what stands; the same sent twice is one.

    :param form: refuses what somebody else changed meanwhile.
    :raises Http404: ``by`` cannot see the plan, or the row is gone.
    :raises TransitionDenied: ``by`` does not work on it.
    :raises StaleVersion: somebody else changed the same to something else.
    :raises Refused: the plan is closed, or what is written cannot be right.
    """
    with _at_work(row, values, by=by, now=now) as current:
        standing = _locked(row) if row.pk else None
        if standing is None and (same := _just_sent(row, values, current, now)) is not None:
            return same
        one: P = standing or type(row)(initiative=current, created_at=now)
        if standing is not None and form is not None:
            form.refuse_clashes(standing)
        before = getattr(one, "owner_id", None)
        write_part(one, values, current, now)
        if getattr(one, "owner_id", None) != before:
            notices.post(telling.owner_is_told(one, by=by, now=now), about=one, now=now)
    return one


@contextmanager
def _at_work(row: PlanPart, values: Iterable[str], *, by: Actor, now: datetime) -> Iterator[Initiative]:
    """Lock the initiative for whoever works on its plan; who owns a risk judges the own one."""
    initiative: Initiative = row.initiative  # type: ignore[attr-defined]
    is_own = isinstance(row, BenefitRisk) and row.pk and policies.is_owner(by, row)
    if not is_own or not OWN.issuperset(values):
        with planning_whole(initiative, "edit_change_work", by=by, now=now) as current:
            yield current
        return
    with transaction.atomic():
        rows = (
            Initiative.objects.visible_to(by).select_for_update(of=("self",)).select_related("municipality")
        )
        own = rows.filter(pk=initiative.pk).first()
        if own is None:
            raise Http404
        if not BenefitRisk.objects.filter(pk=row.pk, owner_id=by.person_id).exists():
            raise TransitionDenied
        if reason := why_plan_is_closed(own):
            raise Refused(reason)
        with record("edit_change_work", actor=by):
            yield own


def _locked(row: P) -> P:
    rows: Any = type(row)._default_manager.select_for_update(of=("self",))
    found: P | None = rows.filter(pk=row.pk, removed_at=None).first()
    if found is None:
        raise Http404
    return found


def _just_sent(row: P, values: Mapping[str, Any], initiative: Initiative, now: datetime) -> P | None:
    rows: Any = type(row)._default_manager.filter(initiative=initiative, removed_at=None)
    found: P | None = rows.filter(created_at__gt=now - _SAME, **values).first()
    return found


def write_part(one: PlanPart, values: Mapping[str, Any], initiative: Initiative, now: datetime) -> None:
    """Write the values into a row that is locked or new, by the rules of its kind.

    :raises Refused: what is written cannot be right, alone or with what stands.
    """
    dates = {
        name: getattr(one, name, None)
        for name in ("reviewed_on", "review_on")
        if {"reviewed_on", "review_on"} & set(values)
    }
    wrong = problems_of(type(one), {**dates, **values}, initiative, today=localdate(now))
    if wrong:
        raise Refused(*(text for texts in wrong.values() for text in texts))
    for name, value in values.items():
        setattr(one, name, value)
    one.stamp(now)
    try:
        one.full_clean()
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    one.save()


def remove_part(row: P, *, by: Actor, now: datetime) -> P:
    """Take a row out of the plan.  It stays, with its history, and can be taken in again."""
    return _set_removed(row, now, by=by, now=now)


def restore_part(row: P, *, by: Actor, now: datetime) -> P:
    """Take a row into the plan again as it was.

    :raises Refused: another one has taken its place meanwhile.
    """
    return _set_removed(row, None, by=by, now=now)


def _set_removed(row: P, moment: datetime | None, *, by: Actor, now: datetime) -> P:
    action = "remove_change_work" if moment else "restore_change_work"
    with planning_whole(row.initiative, action, by=by, now=now):  # type: ignore[attr-defined]
        rows: Any = type(row)._default_manager.select_for_update(of=("self",))
        one: P | None = rows.filter(pk=row.pk).first()
        if one is None:
            raise Http404
        one.removed_at = moment
        one.stamp(now)
        try:
            one.validate_constraints()
        except ValidationError as problem:
            raise Refused(*problem.messages) from problem
        one.save(update_fields=["removed_at", "changed_at"])
    return one
