"""Rows that people write on a project: added, corrected and taken away under the lock of their project."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404

from core.errors import Refused, StaleVersion
from core.history import record
from core.seeing import lock
from core.workflow import TransitionDenied
from portfolio import policies
from portfolio.models import Project
from portfolio.operations import why_ended

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from core.history import Tracked
    from governance.forms.merging import MergingForm

R = TypeVar("R", bound="Tracked")
_SAME = timedelta(minutes=1)
"""Somebody who sends the same form twice means one."""


@transaction.atomic
def save_row(
    row: R,
    values: Mapping[str, Any],
    *,
    action: str,
    by: Actor,
    now: datetime,
    form: MergingForm | None = None,
) -> R:
    """Add a row to its project, or write what was changed of one; the same sent twice is one.

    :param form: refuses what somebody else changed meanwhile.
    :raises Http404: ``by`` cannot see the project, or the row is gone.
    :raises TransitionDenied: ``by`` does not work on the project.
    :raises StaleVersion: somebody else changed the same to something else.
    :raises Refused: the project has ended, or what is written cannot be right.
    """  # fmt: skip
    project = _to_write_on(row, by)
    model: Any = type(row)
    its = model.objects.filter(project=project)
    if row.pk is None:
        if (same := its.filter(created_at__gt=now - _SAME, **values).first()) is not None:
            found: R = same
            return found
        current = model(project=project, created_at=now)
    else:
        current = its.select_for_update(of=("self",)).filter(pk=row.pk).first()
        if current is None:
            raise Http404
        if form is not None:
            form.refuse_clashes(current)
    for name, value in values.items():
        setattr(current, name, value)
    current.stamp(now)
    _check(current)
    with record(action, actor=by):
        current.save()
    written: R = current
    return written


@transaction.atomic
def remove_row(row: Tracked, *, action: str, by: Actor, seen: str) -> None:
    """Take a row away; what it said stays in the history.

    :param seen: when the row was last changed, as the page showed it.
    :raises StaleVersion: somebody else has changed it since.
    """
    project = _to_write_on(row, by)
    model: Any = type(row)
    current = model.objects.select_for_update(of=("self",)).filter(project=project, pk=row.pk).first()
    if current is None:
        raise Http404
    if current.changed_at.isoformat() != seen:
        raise StaleVersion
    with record(action, actor=by):
        current.delete()


def _to_write_on(row: Any, by: Actor) -> Project:
    project = lock(Project(pk=row.project_id), by)
    if not policies.may_edit(by, project):
        raise TransitionDenied
    if why := why_ended(project):
        raise Refused(why)
    return project


def _check(row: Tracked) -> None:
    try:
        row.full_clean()
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
