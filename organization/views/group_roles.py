"""The page of the roles that follow from groups where people log in."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from organization.forms.group_roles import GroupRoleForm, GroupRoleRemoveForm, providers_of
from organization.models import GroupRole
from organization.views._pages import bound, done, own_municipality, page, sent_form

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_http_methods(["GET", "POST"])
def group_role_list(request: Request) -> HttpResponse:
    """Show which groups give which roles, add one, and take one away."""
    municipality = own_municipality(request)
    forms = bound(request, {
        "add": partial(GroupRoleForm, instance=GroupRole(municipality=municipality)),
        "remove": partial(GroupRoleRemoveForm, municipality=municipality),
    })  # fmt: skip
    form = sent_form(request, forms)
    if form is not None and done(request, form):
        return redirect("organization:group_role_list")
    names = {one.key: one.name for one in providers_of(municipality)}
    own = GroupRole.objects.visible_to(request.actor).filter(municipality=municipality).select_related("unit")
    rows = own.order_by("provider", "group", "unit__path", "role")
    shown = [(row, names.get(row.provider, row.provider)) for row in rows]
    context = {"rows": shown, "providers": names, "municipality": municipality, **forms}
    return page(request, "group_role_list.html", context, form=form)
