"""Writes to a municipality's own checklists.  Projects under way keep the words they began with."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused, StaleVersion
from core.history import label_actions, record
from core.workflow import TransitionDenied
from organization.models import Unit
from portfolio.checklist.standard import standard_points
from portfolio.models import ChecklistPoint
from portfolio.policies import may_set_checklists

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from core.actors import Actor

MOST = 30
"""Points that one decision point can have in use: more than this nobody answers with care."""
label_actions({"set_checklist": gettext_lazy("Sjekklisten endret")})


@contextmanager
def _setting(municipality_id: int, *, by: Actor) -> Iterator[None]:
    """Let one at a time set a municipality's checklists, since their points stand in an order.

    :raises TransitionDenied: ``by`` may not.
    """
    if not may_set_checklists(by, municipality_id):
        raise TransitionDenied
    with transaction.atomic(), record("set_checklist", actor=by):
        Unit.objects.select_for_update(no_key=True).get(pk=municipality_id)
        yield


def begin_with_standard(municipality: Unit, *, by: Actor, now: datetime) -> None:
    """Make the standard checklist the municipality's own, unless it has one already.

    :raises TransitionDenied: ``by`` does not set the municipality's rules.
    """
    with _setting(municipality.pk, by=by):
        if ChecklistPoint.objects.filter(municipality=municipality).exists():
            return
        rows = standard_points(municipality.pk)
        for row in rows:
            row.stamp(now)
        ChecklistPoint.objects.bulk_create(rows)


def save_point(
    point: ChecklistPoint, values: Mapping[str, Any], *, by: Actor, now: datetime, seen: str = ""
) -> ChecklistPoint:
    """Put a new point last at its decision point, or change one.

    :param seen: when the one that is changed was last changed, as the form was opened.
    :raises Http404: there is none to change.
    :raises TransitionDenied: ``by`` does not set the municipality's rules.
    :raises StaleVersion: somebody else has changed it since ``seen``.
    :raises Refused: the same stands there already, or there are too many, or none to add to.
    """
    with _setting(point.municipality_id, by=by):
        row = _locked(point) if point.pk else point
        if point.pk and seen != row.changed_at.isoformat():
            raise StaleVersion(theirs={_("Hva skal være i orden?"): row.text, _("Forklaring"): row.help})
        for name, value in values.items():
            setattr(row, name, value)
        if row.is_active:
            _refuse_crowd(row)
        if not row.pk:
            row.position = _last_position(row) + 1
        _save(row, now)
    return row


def set_in_use(point: ChecklistPoint, in_use: bool, *, by: Actor, now: datetime) -> ChecklistPoint:
    """Take a point out of use or into use again.

    :raises Http404: there is none.
    :raises TransitionDenied: ``by`` does not set the municipality's rules.
    :raises Refused: another one in use says the same by now, or there are too many.
    """
    with _setting(point.municipality_id, by=by):
        row = _locked(point)
        if row.is_active != in_use:
            row.is_active = in_use
            if in_use:
                _refuse_crowd(row)
            _save(row, now)
    return row


def move_point(point: ChecklistPoint, *, up: bool, by: Actor, now: datetime) -> None:
    """Let a point change places with its neighbor at the same decision point.

    :raises Http404: there is none.
    :raises TransitionDenied: ``by`` does not set the municipality's rules.
    """
    with _setting(point.municipality_id, by=by):
        row = _locked(point)
        order = list(_beside(row).order_by("position", "pk"))
        here = order.index(row)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(order):
            return
        order[here], order[there] = order[there], order[here]
        for position, one in enumerate(order, start=1):
            if one.position != position:
                one.position = position
                _save(one, now)


def _beside(row: ChecklistPoint) -> Any:
    return ChecklistPoint.objects.filter(municipality_id=row.municipality_id, point=row.point)


def _locked(point: ChecklistPoint) -> ChecklistPoint:
    row: ChecklistPoint | None = ChecklistPoint.objects.select_for_update().filter(pk=point.pk).first()
    if row is None:
        raise Http404
    return row


def _last_position(row: ChecklistPoint) -> int:
    return _beside(row).aggregate(last=Max("position"))["last"] or 0


def _refuse_crowd(row: ChecklistPoint) -> None:
    others = _beside(row).filter(is_active=True).exclude(pk=row.pk)
    if not row.pk and not ChecklistPoint.objects.filter(municipality_id=row.municipality_id).exists():
        raise Refused(_("Begynn med standardlisten før du legger til egne punkter."))
    if others.filter(text__iexact=row.text).exists():
        raise Refused(_("Det samme punktet står i sjekklisten fra før."))
    if others.count() >= MOST:
        raise Refused(
            _("Sjekklisten har %(most)s punkter. Ta ett ut av bruk før du legger til et nytt.")
            % {"most": MOST}
        )


def _save(row: ChecklistPoint, now: datetime) -> None:
    row.stamp(now)
    try:
        row.full_clean(exclude=["municipality"])
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    row.save()
