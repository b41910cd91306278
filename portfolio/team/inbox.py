"""What the people of projects put in the portfolio manager's inbox: projects whose owner or manager has left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.inbox import InboxSource, Task
from organization.roles import Permission
from portfolio.models import Project

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _rows(actor: Any) -> QuerySet[Any]:
    managed = frozenset() if actor.is_system else actor.municipalities_where(Permission.MANAGE_PORTFOLIO)
    if not managed:
        return Project.objects.none()
    rows = Project.objects.visible_to(actor).without_leaders(managed, timezone.localdate())
    return rows.select_related("unit").order_by("-changed_at", "-pk")


def _task(project: Project, actor: Any) -> Task:
    return Task(
        verb=_("Pek ut en ny for"), title=project.name, why=project.left_note, where=str(project.unit),
        url=reverse("portfolio:leaders_change", args=[project.pk]), action=_("Pek ut"),
    )  # fmt: skip


projects_without_leaders = InboxSource(key="leaders", rows=_rows, task=_task)
