"""``/api/v1/projects/`` and ``/api/v1/status-reports/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from core.api.views import ListView
from portfolio.api import examples
from portfolio.api.filters import ProjectFilters, StatusFilters
from portfolio.api.rows import ProjectRow, StatusRow
from portfolio.models import Project, StatusReport

if TYPE_CHECKING:
    from django.db.models import QuerySet


@extend_schema_view(
    get=extend_schema(
        summary=_("List prosjekter"),
        description=_("Prosjektene i kommunen, og de regionale den deltar i."),
        examples=[examples.PROJECT],
    )
)
class ProjectList(ListView):
    resource = "projects"
    serializer_class = ProjectRow
    filterset_class = ProjectFilters
    expands = ProjectRow

    def get_queryset(self) -> QuerySet[Any]:
        return Project.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        operation_id="status_reports_list",
        summary=_("List statusrapporter"),
        description=_(
            "De publiserte statusrapportene til prosjektene du ser. En publisert rapport endres aldri."
        ),
        examples=[examples.STATUS],
    )
)
class StatusList(ListView):
    resource = "status-reports"
    serializer_class = StatusRow
    filterset_class = StatusFilters
    expands = StatusRow

    def get_queryset(self) -> QuerySet[Any]:
        return StatusReport.objects.visible_to(self.actor)
