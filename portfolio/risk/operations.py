"""Write a risk or an opportunity of a project."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from portfolio import policies
from portfolio.models import Project, ProjectRisk

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from governance.forms.merging import MergingForm

_SAME = timedelta(minutes=1)
"""Somebody who sends the same form twice means one."""
label_actions({
    "add_risk": gettext_lazy("Risiko eller mulighet registrert"), "edit_risk": gettext_lazy("Risiko eller mulighet endret"),
})  # fmt: skip


def why_closed(project: Project) -> str | None:
    """Return why no risk can be written any more, or ``None``."""
    if project.is_running:
        return None
    return _("Prosjektet er %(status)s. Risikoene kan leses, men ikke endres.") % {
        "status": str(project.get_status_display()).lower()
    }


@transaction.atomic
def save_risk(
    risk: ProjectRisk, values: Mapping[str, Any], *, by: Actor, now: datetime, form: MergingForm | None = None
) -> ProjectRisk:
    """Add a risk to its project, or write what was changed of one; the same sent twice is one.

    :param form: refuses what somebody else changed meanwhile.
    :raises Http404: ``by`` cannot see the project, or the risk is gone.
    :raises TransitionDenied: ``by`` does not work on the project.
    :raises StaleVersion: somebody else changed the same to something else.
    :raises Refused: the project has ended, or what is written cannot be right.
    """
    project = lock(Project(pk=risk.project_id), by)
    if not policies.may_edit(by, project):
        raise TransitionDenied
    if reason := why_closed(project):
        raise Refused(reason)
    its = ProjectRisk.objects.filter(project=project)
    if risk.pk is None and (same := its.filter(created_at__gt=now - _SAME, **values).first()) is not None:
        found: ProjectRisk = same
        return found
    row: ProjectRisk | None = (
        ProjectRisk(project=project, created_at=now)
        if risk.pk is None
        else its.select_for_update(of=("self",)).filter(pk=risk.pk).first()
    )
    if row is None:
        raise Http404
    if row.pk is not None and form is not None:
        form.refuse_clashes(row)
    _write(row, values, by=by, now=now)
    return row


def _write(row: ProjectRisk, values: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    if (row.probability_after is None) != (row.impact_after is None):
        raise Refused(_("Vurder både sannsynlighet og konsekvens etter tiltakene, eller ingen av dem."))
    row.stamp(now)
    try:
        row.full_clean(exclude=["project", "owner"])
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    with record("edit_risk" if row.pk else "add_risk", actor=by):
        row.save()
