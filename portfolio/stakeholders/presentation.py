"""How the stakeholders of a project are shown: those with most to say and to lose first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from portfolio.models import Degree, ProjectStakeholder

if TYPE_CHECKING:
    from portfolio.models import Project


def rows_of(project: Project) -> list[ProjectStakeholder]:
    """Return them in one query."""
    order = list(Degree.values)
    rows = list(ProjectStakeholder.objects.filter(project=project))
    rows.sort(key=lambda row: (order.index(row.influence), order.index(row.affected), row.name, row.pk))
    return rows
