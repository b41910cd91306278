"""Programmes, and where a project belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.paging import keyset
from core.ui import search_options
from organization.forms.choices import norwegian
from organization.models import Unit
from portfolio import presentation
from portfolio.models import Programme, Project
from portfolio.operations import why_ended
from portfolio.plan.forms import ProjectField
from portfolio.programme import operations, policies
from portfolio.programme.forms import CloseForm, PlaceForm, ProgrammeForm, parents_for
from portfolio.programme.presentation import with_sums
from portfolio.views.projects import CONFLICT, project_or_404

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

BY_NAME = ("sort_name", "pk")
CLOSED = "avsluttede"


@never_cache
@require_GET
def programme_list(request: Request) -> HttpResponse:
    """Show the programmes of the own municipality and its region, with what their projects cost."""
    closed = request.GET.get("vis") == CLOSED
    rows = Programme.objects.visible_to(request.actor).filter(closed_at__isnull=not closed)
    rows = rows.annotate(sort_name=norwegian("name")).select_related("municipality", "owner", "manager")
    page = keyset(rows, request, BY_NAME)
    with_sums(page.rows, request.actor)
    home = _home(request)
    context = {
        "page": page, "closed": closed, "may_make": home is not None and policies.may_make(request.actor, home.pk),
    }  # fmt: skip
    return render(request, "portfolio/programme_list.html", context)


def _home(request: Request) -> Unit | None:
    return Unit.objects.filter(pk=request.actor.acting_for_id).first()


def _programme(request: Request, pk: int) -> Programme:
    rows = Programme.objects.visible_to(request.actor).select_related("municipality", "owner", "manager")
    found: Programme = get_object_or_404(rows, pk=pk)
    return found


@never_cache
@require_GET
def programme_detail(request: Request, pk: int) -> HttpResponse:
    """Show what a programme is for, how its projects stand, and what they cost in all."""
    programme = _programme(request, pk)
    with_sums([programme], request.actor)
    rows = Project.objects.visible_to(request.actor).filter(programme=programme).listed()
    page = keyset(rows, request, presentation.LATEST)
    presentation.show_standing(page.rows, timezone.localdate())
    context = {
        "programme": programme, "page": page, "rows": presentation.rows_of(page.rows),
        "may_lead": programme.is_open and policies.may_lead(request.actor, programme),
        "may_close": policies.may_close(request.actor, programme),
    }  # fmt: skip
    return render(request, "portfolio/programme_detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def programme_create(request: Request) -> HttpResponse:
    home = _home(request)
    if home is None or not policies.may_make(request.actor, home.pk):
        raise PermissionDenied
    form = ProgrammeForm(_posted(request), instance=Programme(municipality=home))
    return _form_page(request, form, _("Nytt program"), reverse("portfolio:programme_list"))


@never_cache
@require_http_methods(["GET", "POST"])
def programme_edit(request: Request, pk: int) -> HttpResponse:
    programme = _programme(request, pk)
    if not policies.may_lead(request.actor, programme):
        raise PermissionDenied
    form = ProgrammeForm(_posted(request), instance=programme)
    return _form_page(request, form, _("Endre programmet"), reverse("portfolio:programme_detail", args=[pk]))


@never_cache
@require_http_methods(["GET", "POST"])
def programme_close(request: Request, pk: int) -> HttpResponse:
    """Say what a programme led to, and end it."""
    programme = _programme(request, pk)
    if not policies.may_close(request.actor, programme):
        raise PermissionDenied
    if not programme.is_open:
        return redirect(programme)
    form = CloseForm(_posted(request), programme=programme)
    return _form_page(request, form, _("Avslutt programmet"), programme.get_absolute_url(), _("Avslutt"))


@require_POST
def programme_reopen(request: Request, pk: int) -> HttpResponse:
    """Open a programme again."""
    programme = operations.reopen_programme(_programme(request, pk), by=request.actor, now=timezone.now())
    messages.success(request, _("Programmet er åpnet igjen."))
    return redirect(programme)


def _posted(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _form_page(request: Request, form: Any, title: str, back: str, submit: str = "") -> HttpResponse:
    if form.is_bound and form.carry_out(by=request.actor, now=timezone.now()):
        messages.success(request, _("Lagret."))
        return redirect(cast("Programme", form.result))
    programme = getattr(form, "programme", None) or form.instance
    name = programme.name if programme.pk else ""
    context = {"form": form, "title": title, "name": name, "back": back, "submit": submit or _("Lagre")}
    return render(request, "portfolio/programme_form.html", context, status=form.status)


# --- Where a project belongs -----------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def project_place(request: Request, pk: int) -> HttpResponse:
    """Let a project belong to a programme, or be a part of another project."""
    project = _project_to_place(request, pk)
    form = PlaceForm(_posted(request), project=project, actor=request.actor)
    why, status = why_ended(project), form.status
    if form.is_bound and not why:
        if form.carry_out(by=request.actor, now=timezone.now()):
            messages.success(request, _("Tilknytningen er lagret."))
            return redirect(project)
        status = form.status
    elif form.is_bound:
        status = CONFLICT
    context = {"project": project, "form": form, "reasons": [why] if why else []}
    return render(request, "portfolio/project_place.html", context, status=status)


@require_GET
def parent_options(request: Request, pk: int) -> HttpResponse:
    """Suggest projects that one can be a part of."""
    project = _project_to_place(request, pk)
    return search_options(request, ProjectField(queryset=parents_for(project, request.actor)))


def _project_to_place(request: Request, pk: int) -> Project:
    project = project_or_404(request, pk)
    if not policies.may_place(request.actor, project):
        raise PermissionDenied
    return project
