"""What the portfolio puts in people's inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.inbox import InboxSource, Task
from governance.models import Initiative, Status
from organization.roles import Permission

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _rows(actor: Any) -> QuerySet[Any]:
    rows = Initiative.objects.visible_to(actor).filter(status=Status.ADOPTED)
    if actor.is_system:
        return rows.none()
    return (
        rows.filter(municipality_id__in=actor.municipalities_where(Permission.MANAGE_PORTFOLIO))
        .select_related("unit")
        .order_by("status_since", "pk")
    )


def _task(initiative: Initiative, actor: Any) -> Task:
    return Task(
        verb=_("Ta inn i porteføljen"), title=initiative.card_title or initiative.title,
        why=_("Saken er vedtatt og har ikke noe prosjekt"), url=reverse("portfolio:project_start", args=[initiative.pk]),
        where=str(initiative.unit), action=_("Opprett prosjekt"),
    )  # fmt: skip


adopted_without_project = InboxSource(key="portfolio", rows=_rows, task=_task)
