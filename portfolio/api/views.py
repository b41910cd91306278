"""``/api/v1/projects/``, ``/api/v1/status-reports/`` and ``/api/v1/budget-lines/``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema, extend_schema_view

from core.api.bulk import BulkAnswer, BulkView
from core.api.filtering import check_known
from core.api.idempotency import once
from core.api.preconditions import check_version
from core.api.singles import (
    SingleDetailView,
    SingleListView,
    SingleTransitionListView,
    SingleTransitionView,
    SingleView,
)
from core.api.views import ListView
from core.seeing import lock
from organization.actors import as_person
from portfolio.api import accounting, examples, writing
from portfolio.api.filters import BudgetLineFilters, ProjectFilters, StatusFilters
from portfolio.api.rows import BudgetLineRow, ProjectRecord, ProjectRow, StatusRow
from portfolio.models import BudgetLine, Project, StatusReport
from portfolio.reading import readable_project
from portfolio.workflow import phase_workflow, status_workflow

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet
    from django.http import HttpResponseBase
    from rest_framework.request import Request
    from rest_framework.response import Response


class ProjectList(SingleListView):
    resource = "projects"
    people_only = ("POST",)
    detail = "api:project_detail"
    serializer_class = ProjectRow
    filterset_class = ProjectFilters
    expands = ProjectRow

    def get_queryset(self) -> QuerySet[Any]:
        return Project.objects.visible_to(self.actor)

    @extend_schema(
        summary=_("List prosjekter"),
        description=_("Prosjektene i kommunen, og de regionale den deltar i."),
        examples=[examples.PROJECT],
    )
    def get(self, request: Request) -> Response:
        return super().get(request)

    @extend_schema(
        summary=_("Ta et vedtatt tiltak inn i porteføljen"),
        description=_("For porteføljeforvalteren. Prosjektet begynner i den første fasen for sitt slag."),
        request=writing.CREATE,
        responses={201: ProjectRow},
        examples=[examples.NEW_PROJECT],
    )
    def post(self, request: Request) -> HttpResponseBase:
        return super().post(request)

    def create(self, body: Any, *, by: Any, now: datetime) -> Project:
        return writing.create(body, by=by, now=now)


class _OneProject(SingleView):
    listing = ProjectList
    record = ProjectRecord
    workflows = (phase_workflow, status_workflow)

    def load(self, pk: int) -> Any:
        return readable_project(pk, as_person(self.caller))


class ProjectDetail(_OneProject, SingleDetailView):
    people_only = ("PATCH",)
    idempotent = ("PATCH",)
    versioned: ClassVar[Any] = {"PATCH": True}
    problems: ClassVar[Any] = {"PATCH": (412, 428)}
    tagged = ("GET", "PATCH")

    @extend_schema(
        summary=_("Hent ett prosjekt"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.PROJECT],
    )
    def get(self, request: Request, pk: int) -> Response:
        return super().get(request, pk)

    @extend_schema(
        summary=_("Endre slag"),
        description=_("Følg arbeidet som et annet slag: med eller uten konseptfase og sjekklister."),
        request=writing.CHANGE,
        responses={200: ProjectRecord},
    )
    def patch(self, request: Request, pk: int) -> HttpResponseBase:
        check_known(request, ())
        readable_project(pk, as_person(self.caller))
        now = timezone.now()
        return once(request, lambda: self._change(request, pk, now), again=self.answer, now=now)

    def _change(self, request: Request, pk: int, now: datetime) -> Response:
        project = lock(Project(pk=pk), self.caller)
        check_version(request, project.version, required=True)
        writing.change(project, request.data, by=as_person(self.caller), now=now)
        return self.answer(pk)


class ProjectTransitions(_OneProject, SingleTransitionListView):
    """What the caller may do with a project: its phase, and whether it runs."""


class ProjectTransition(_OneProject, SingleTransitionView):
    answers = "Project"


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


@extend_schema_view(
    get=extend_schema(
        operation_id="status_reports_retrieve",
        summary=_("Hent én statusrapport"),
        description=_("En publisert rapport, og kladden for dem som skriver den."),
        examples=[examples.STATUS],
    )
)
class StatusDetail(SingleDetailView):
    listing = StatusList


@extend_schema_view(
    get=extend_schema(
        operation_id="budget_lines_list",
        summary=_("List budsjettlinjer"),
        description=_(
            "Budsjett, bundet, påløpt og prognose for prosjektene du leser, per år og finansiering."
        ),
        examples=[examples.BUDGET_LINE],
    )
)
class BudgetLineList(ListView):
    resource = "budget-lines"
    serializer_class = BudgetLineRow
    filterset_class = BudgetLineFilters
    expands = BudgetLineRow

    def get_queryset(self) -> QuerySet[Any]:
        return BudgetLine.objects.visible_to(self.actor)


@extend_schema_view(
    get=extend_schema(
        operation_id="budget_lines_retrieve",
        summary=_("Hent én budsjettlinje"),
        description=_("Det samme som i lista, og `ETag`."),
        examples=[examples.BUDGET_LINE],
    )
)
class BudgetLineDetail(SingleDetailView):
    listing = BudgetLineList


@extend_schema_view(
    post=extend_schema(
        operation_id="budget_lines_bulk",
        summary=_("Før regnskapstall for mange prosjekter"),
        description=_(
            "Høyst 500 rader. En rad finnes igjen på prosjekt, år og finansiering, så det samme sendt to ganger endrer ingenting. Budsjett "
            "og prognose blir stående. Hver rad lagres eller avvises for seg."
        ),
        request=accounting.BULK,
        responses={200: BulkAnswer},
        examples=[examples.ACTUALS],
    )
)
class BudgetLineBulk(BulkView):
    resource = "budget-lines"
    write_all = staticmethod(accounting.write_all)
