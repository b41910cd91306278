"""The stakeholders of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from portfolio import policies
from portfolio.models import ProjectStakeholder
from portfolio.operations import why_ended
from portfolio.stakeholders.forms import ADD, EDIT, REMOVE, StakeholderForm
from portfolio.stakeholders.presentation import rows_of
from portfolio.views.projects import project_or_404
from portfolio.views.rows import RowPage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

STAKEHOLDERS = RowPage(
    model=ProjectStakeholder, form=StakeholderForm, show="portfolio:stakeholder_list", anchor="interessent",
    list_title=gettext_lazy("Interessenter"), new_title=gettext_lazy("Ny interessent"), edit_title=gettext_lazy("Endre interessent"),
    remove_title=gettext_lazy("Fjern interessent"), add=ADD, edit=EDIT, remove=REMOVE, remove_address="portfolio:stakeholder_remove",
)  # fmt: skip


@never_cache
@require_GET
def stakeholder_list(request: Request, pk: int) -> HttpResponse:
    """Show whom a project affects, and how they are met."""
    project = project_or_404(request, pk)
    closed = why_ended(project)
    context = {
        "project": project, "rows": rows_of(project), "closed": closed,
        "may_edit": policies.may_edit(request.actor, project) and not closed,
    }  # fmt: skip
    return render(request, "portfolio/stakeholder_list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def stakeholder_create(request: Request, pk: int) -> HttpResponse:
    return STAKEHOLDERS.create(request, pk)


@never_cache
@require_http_methods(["GET", "POST"])
def stakeholder_edit(request: Request, pk: int, row: int) -> HttpResponse:
    return STAKEHOLDERS.change(request, pk, row)


@never_cache
@require_http_methods(["GET", "POST"])
def stakeholder_remove(request: Request, pk: int, row: int) -> HttpResponse:
    return STAKEHOLDERS.take_away(request, pk, row)
