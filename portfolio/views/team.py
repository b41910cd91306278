"""The people of a project: who leads it, who takes part, and how that is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused, StaleVersion
from portfolio import policies
from portfolio.models import Project, ProjectMember
from portfolio.operations import why_ended
from portfolio.team import operations, presentation
from portfolio.team.forms import LeadersForm, MemberForm
from portfolio.views.projects import CONFLICT, INVALID
from portfolio.views.rows import RowPage

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

MEMBERS = RowPage(
    model=ProjectMember, form=MemberForm, show="portfolio:team", anchor="deltaker", related=("person",),
    list_title=gettext_lazy("Folk i prosjektet"), new_title=gettext_lazy("Ny deltaker"), edit_title=gettext_lazy("Endre deltaker"),
    remove_title=gettext_lazy("Fjern deltaker"), add=operations.ADD, edit=operations.EDIT, remove=operations.REMOVE,
    remove_address="portfolio:member_remove",
)  # fmt: skip


@never_cache
@require_GET
def team(request: Request, pk: int) -> HttpResponse:
    """Show who leads a project and who takes part."""
    project = _with_leavers(request, pk)
    runs, actor = project.is_running, request.actor
    context = {
        "project": project, "people": presentation.people_of(project, timezone.localdate()), "closed": why_ended(project),
        "may_edit": runs and policies.may_edit(actor, project), "may_name": runs and policies.may_move(actor, project),
    }  # fmt: skip
    return render(request, "portfolio/team.html", context)


def _with_leavers(request: Request, pk: int) -> Project:
    rows = Project.objects.visible_to(request.actor).in_full().with_leavers(timezone.localdate())
    found: Project = get_object_or_404(rows, pk=pk)
    return found


@never_cache
@require_http_methods(["GET", "POST"])
def member_create(request: Request, pk: int) -> HttpResponse:
    return MEMBERS.create(request, pk)


@never_cache
@require_http_methods(["GET", "POST"])
def member_edit(request: Request, pk: int, row: int) -> HttpResponse:
    return MEMBERS.change(request, pk, row)


@never_cache
@require_http_methods(["GET", "POST"])
def member_remove(request: Request, pk: int, row: int) -> HttpResponse:
    return MEMBERS.take_away(request, pk, row)


@never_cache
@require_http_methods(["GET", "POST"])
def leaders_change(request: Request, pk: int) -> HttpResponse:
    """Name another owner or manager."""
    project = _with_leavers(request, pk)
    if not policies.may_move(request.actor, project):
        raise PermissionDenied
    why = why_ended(project)
    reasons = [why] if why else []
    form = LeadersForm(request.POST if request.method == "POST" else None, project=project)
    if request.method == "POST" and not reasons and form.is_valid():
        try:
            operations.change_leaders(project, by=request.actor, now=timezone.now(), **form.cleaned_data)
        except Refused as refused:
            reasons = [str(reason) for reason in refused.reasons]
        except StaleVersion as stale:
            reasons = [_stale_words(stale)]
            typed = request.POST.copy()
            form.data = typed
            typed["version"] = str(Project.objects.values_list("version", flat=True).get(pk=pk))
        else:
            messages.success(request, _("Lagret. Den som er ny, har fått varsel."))
            return redirect("portfolio:team", pk=pk)
    status = INVALID if form.errors else CONFLICT if form.is_bound and reasons else 200
    context = {"project": project, "form": form, "reasons": reasons}
    return render(request, "portfolio/leaders_change.html", context, status=status)


def _stale_words(stale: StaleVersion) -> str:
    stands = ", ".join(f"{label}: {name}" for label, name in stale.theirs.items())
    return _(
        "Noen andre har endret prosjektet imens. Nå står det %(stands)s. Lagre igjen om du fortsatt vil bytte."
    ) % {"stands": stands}
