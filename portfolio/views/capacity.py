"""Capacity: roles by months, one role with what it has, and which roles there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import StaleVersion
from core.paging import keyset
from organization.forms.choices import norwegian
from organization.models import Unit
from portfolio.capacity import operations, policies, presentation
from portfolio.capacity.forms import AbsenceForm, CapacityForm, RoleForm
from portfolio.capacity.months import month_of, read_month
from portfolio.capacity.presentation import Months
from portfolio.models import Absence, Capacity, ResourceRole
from portfolio.views.projects import CONFLICT

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.forms.base import Deed
    from organization.http import Request

BY_NAME = ("sort_name", "pk")
ROLES_ON_A_PAGE = 20


def _months(request: Request) -> Months:
    """Return the months of the address; one that cannot be read is as if it were not there."""
    return Months(read_month(request.GET.get("fra", "")) or month_of(timezone.localdate()))


def _home(request: Request) -> Unit | None:
    home: Unit | None = Unit.objects.visible_to(request.actor).filter(pk=request.actor.acting_for_id).first()
    return home


# --- Roles by months -------------------------------------------------------------------------------
@never_cache
@require_GET
def capacity_overview(request: Request) -> HttpResponse:
    """Show how much of each role is used, month by month, in the municipality that the actor acts for."""
    home, months = _home(request), _months(request)
    roles = ResourceRole.objects.visible_to(request.actor).filter(municipality=home).in_use()
    by_name = roles.annotate(sort_name=norwegian("name")).select_related("owner")
    page = keyset(by_name, request, BY_NAME, size=ROLES_ON_A_PAGE)
    rows = presentation.rows_of(page.rows, months)
    context = {
        "home": home, "months": months, "page": page, "rows": rows, "over": presentation.over_told(rows),
        "may_set": home is not None and policies.may_set_roles(request.actor, home.pk),
    }  # fmt: skip
    return render(request, "portfolio/capacity_overview.html", context)


@never_cache
@require_GET
def capacity_role(request: Request, pk: int) -> HttpResponse:
    """Show one role: its months, how much there is, what takes of it, and who asks for it."""
    role = _role(request, pk)
    months = _months(request)
    context = {
        "role": role, "months": months, "may_answer": policies.may_answer_for(request.actor, role),
        "may_set": policies.may_set_roles(request.actor, role.municipality_id),
        **presentation.role_page(role, months, actor=request.actor),
    }  # fmt: skip
    return render(request, "portfolio/capacity_role.html", context)


def _role(request: Request, pk: int) -> ResourceRole:
    rows = ResourceRole.objects.visible_to(request.actor).select_related("owner", "stand_in", "municipality")
    role: ResourceRole = get_object_or_404(rows, pk=pk)
    return role


# --- Which roles there are -------------------------------------------------------------------------
def _set_at_home(request: Request) -> Unit:
    """:raises PermissionDenied: the actor does not manage the portfolio."""
    home = _home(request)
    if home is None or not policies.may_set_roles(request.actor, home.pk):
        raise PermissionDenied
    return home


@never_cache
@require_GET
def role_list(request: Request) -> HttpResponse:
    """Show the roles of the own municipality, those out of use too."""
    home = _set_at_home(request)
    rows = ResourceRole.objects.filter(municipality=home).annotate(sort_name=norwegian("name"))
    rows = rows.select_related("owner", "stand_in").with_staff(timezone.localdate())
    page = keyset(rows, request, BY_NAME)
    return render(request, "portfolio/capacity_roles.html", {"home": home, "page": page})


@never_cache
@require_http_methods(["GET", "POST"])
def role_create(request: Request) -> HttpResponse:
    role = ResourceRole(municipality=_set_at_home(request))
    return _form_page(request, RoleForm(_posted(request), instance=role), _("Ny rolle"), reverse("portfolio:capacity_roles"))  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def role_edit(request: Request, pk: int) -> HttpResponse:
    role = _role(request, pk)
    if not policies.may_set_roles(request.actor, role.municipality_id):
        raise PermissionDenied
    title = _("Endre rollen «%(role)s»") % {"role": role.name}
    return _form_page(request, RoleForm(_posted(request), instance=role), title, reverse("portfolio:capacity_roles"))  # fmt: skip


@require_POST
def role_use(request: Request, pk: int) -> HttpResponse:
    """Take a role out of use, or into use again."""
    role, in_use = _role(request, pk), request.POST.get("i_bruk") == "ja"
    operations.set_in_use(role, in_use, by=request.actor, now=timezone.now())
    said = (
        _("Rollen er i bruk igjen.") if in_use else _("Rollen er tatt ut av bruk. Det som er tildelt, står.")
    )
    messages.success(request, said)
    return redirect("portfolio:capacity_roles")


# --- How much there is of a role, and what takes of it -----------------------------------------------
def _role_to_write(request: Request, pk: int) -> ResourceRole:
    """:raises PermissionDenied: the actor does not answer for the role."""
    role = _role(request, pk)
    if not policies.may_answer_for(request.actor, role):
        raise PermissionDenied
    return role


@never_cache
@require_http_methods(["GET", "POST"])
def capacity_add(request: Request, pk: int) -> HttpResponse:
    row = Capacity(role=_role_to_write(request, pk))
    form = CapacityForm(_posted(request), instance=row, initial={"from_on": month_of(timezone.localdate())})
    return _form_page(request, form, _("Ny kapasitet"), row.role.get_absolute_url(), row)


@never_cache
@require_http_methods(["GET", "POST"])
def capacity_edit(request: Request, pk: int, row: int) -> HttpResponse:
    found = _row_of(request, Capacity, pk, row)
    form = CapacityForm(_posted(request), instance=found)
    return _form_page(request, form, _("Endre kapasiteten"), found.role.get_absolute_url(), found)


@never_cache
@require_http_methods(["GET", "POST"])
def capacity_remove(request: Request, pk: int, row: int) -> HttpResponse:
    return _remove_page(request, _row_of(request, Capacity, pk, row))


@never_cache
@require_http_methods(["GET", "POST"])
def absence_add(request: Request, pk: int) -> HttpResponse:
    row = Absence(role=_role_to_write(request, pk))
    form = AbsenceForm(_posted(request), instance=row)
    return _form_page(request, form, _("Nytt fravær"), row.role.get_absolute_url(), row)


@never_cache
@require_http_methods(["GET", "POST"])
def absence_edit(request: Request, pk: int, row: int) -> HttpResponse:
    found = _row_of(request, Absence, pk, row)
    form = AbsenceForm(_posted(request), instance=found)
    return _form_page(request, form, _("Endre fraværet"), found.role.get_absolute_url(), found)


@never_cache
@require_http_methods(["GET", "POST"])
def absence_remove(request: Request, pk: int, row: int) -> HttpResponse:
    return _remove_page(request, _row_of(request, Absence, pk, row))


def _row_of(request: Request, model: Any, pk: int, row: int) -> Any:
    role = _role_to_write(request, pk)
    found = get_object_or_404(model.objects.filter(role=role).select_related("role"), pk=row)
    found.role = role
    return found


def _posted(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _form_page(
    request: Request, form: Deed, title: str, back: str, row: Capacity | Absence | None = None
) -> HttpResponse:
    if form.is_bound and form.carry_out(by=request.actor, now=timezone.now()):
        messages.success(request, _("Lagret."))
        return redirect(back)
    context = {"form": form, "title": title, "back": back, "row": row, "role": row.role if row else None}
    return render(request, "portfolio/capacity_form.html", context, status=form.status)


def _remove_page(request: Request, row: Capacity | Absence) -> HttpResponse:
    """Ask first, then take a row away."""
    is_stale, back = False, row.role.get_absolute_url()
    if request.method == "POST":
        try:
            operations.remove(row, seen=request.POST.get("seen", ""), by=request.actor)
            messages.success(request, _("Fjernet."))
            return redirect(back)
        except StaleVersion:
            is_stale = True
    context = {
        "row": row,
        "role": row.role,
        "back": back,
        "is_stale": is_stale,
        "seen": row.changed_at.isoformat(),
    }
    return render(request, "portfolio/capacity_remove.html", context, status=CONFLICT if is_stale else 200)
