"""Pages of roles: giving, ending, and the table of what each permits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from organization import policies
from organization.forms import people_of
from organization.forms.roles import RoleChoiceForm, RoleEndForm, RoleForm
from organization.models import Person, RoleAssignment
from organization.roles import LEADING_SECRETARIAT, PERMISSIONS, Permission, Role
from organization.views._pages import done, page, participants_led_by, posted, require

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def role_table(request: Request) -> HttpResponse:
    """Show what every role permits: for everyone to read."""
    rows = [(role, permissions_of(role)) for role in Role]
    leading = [permission.label for permission in Permission if permission in LEADING_SECRETARIAT]
    return page(request, "role_table.html", {"rows": rows, "leading": leading, "tab": "roles"})


def permissions_of(role: Role) -> list[str]:
    """Return the words of what a role permits, in the order of the list of permissions."""
    return [str(permission.label) for permission in Permission if permission in PERMISSIONS[role]]


@require_http_methods(["GET", "POST"])
def role_give(request: Request, pk: int) -> HttpResponse:
    """Give a person a role in two steps: which one (in the address), then where and from when."""
    person = _receiver(request, pk)
    require(policies.may_administer(request.actor))
    choice = RoleChoiceForm(request.GET or None, person=person, actor=request.actor)
    if not choice.is_valid():
        if request.method == "POST":
            raise Http404
        return page(request, "role_choose.html", {"person": person, "choice": choice})
    role = Role(choice.cleaned_data["rolle"])
    form = RoleForm(posted(request), instance=RoleAssignment(person=person, role=role), actor=request.actor)
    if done(request, form):
        return redirect("organization:person_detail", pk=pk)
    context = {"person": person, "role": role, "permissions": permissions_of(role)}
    return page(request, "role_give.html", context, form=form)


def _receiver(request: Request, pk: int) -> Person:
    """Return who gets the role: somebody of the municipality, or, for a region, of those that take part in it."""
    own = Person.objects.visible_to(request.actor)
    participants = participants_led_by(request)
    people = own | people_of(participants) if participants else own
    found: Person = get_object_or_404(people, pk=pk)
    return found


@require_http_methods(["GET", "POST"])
def role_end(request: Request, pk: int) -> HttpResponse:
    visible = RoleAssignment.objects.visible_to(request.actor).select_related("unit", "person")
    row = get_object_or_404(visible, pk=pk)
    require(policies.may_end_role(request.actor, row))
    form = RoleEndForm(posted(request), row=row)
    if done(request, form):
        return redirect("organization:person_detail", pk=row.person_id)
    return page(request, "role_end.html", {"row": row}, form=form)
