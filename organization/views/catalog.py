"""Pages of services and professional groups."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET, require_http_methods

from core.paging import keyset
from organization import policies
from organization.finding import services_matching
from organization.forms.catalog import GroupForm, MemberAddForm, MemberRemoveForm, SearchForm, ServiceForm
from organization.forms.choices import norwegian
from organization.models import Person, ProfessionalGroup, Service
from organization.views._pages import bound, done, own_municipality, page, posted, require, sent_form

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def service_list(request: Request) -> HttpResponse:
    filters = SearchForm(request.GET)
    q = filters.cleaned_data["q"] if filters.is_valid() else ""
    services = Service.objects.visible_to(request.actor).select_related(
        "unit", "service_owner", "municipality"
    )
    shown = keyset(
        services_matching(services, q).annotate(sort_name=norwegian("name")), request, ("sort_name", "pk")
    )
    for service in shown.rows:
        service.may_edit = policies.may_manage_municipality(request.actor, service.municipality_id)
    return page(
        request, "service_list.html", {"page": shown, "q": q, **_may_create(request), "tab": "services"}
    )


def _may_create(request: Request) -> dict[str, bool]:
    return {"may_create": policies.may_manage_municipality(request.actor, request.actor.acting_for_id)}


@require_http_methods(["GET", "POST"])
def service_create(request: Request) -> HttpResponse:
    municipality = own_municipality(request)
    form = ServiceForm(posted(request), instance=Service(municipality=municipality))
    if done(request, form):
        return redirect("organization:service_list")
    return page(request, "service_create.html", form=form)


@require_http_methods(["GET", "POST"])
def service_edit(request: Request, pk: int) -> HttpResponse:
    service = get_object_or_404(Service.objects.visible_to(request.actor), pk=pk)
    require(policies.may_manage_municipality(request.actor, service.municipality_id))
    name = service.name
    form = ServiceForm(posted(request), instance=service)
    if done(request, form):
        return redirect("organization:service_list")
    return page(request, "service_edit.html", {"name": name}, form=form)


@require_GET
def group_list(request: Request) -> HttpResponse:
    """Show the professional groups with those responsible and their members."""
    members = Person.objects.order_by("name_sort")
    groups = (
        ProfessionalGroup.objects.visible_to(request.actor).select_related("responsible", "municipality")
        .prefetch_related(Prefetch("members", queryset=members)).annotate(sort_name=norwegian("name"))
    )  # fmt: skip
    shown = keyset(groups, request, ("sort_name", "pk"))
    for group in shown.rows:
        group.may_edit = policies.may_manage_municipality(request.actor, group.municipality_id)
    return page(request, "group_list.html", {"page": shown, **_may_create(request), "tab": "groups"})


@require_http_methods(["GET", "POST"])
def group_create(request: Request) -> HttpResponse:
    municipality = own_municipality(request)
    form = GroupForm(
        posted(request), instance=ProfessionalGroup(municipality=municipality), actor=request.actor
    )
    if done(request, form):
        return redirect("organization:group_edit", pk=form.result.pk)
    return page(request, "group_create.html", form=form)


@require_http_methods(["GET", "POST"])
def group_edit(request: Request, pk: int) -> HttpResponse:
    """Change a group, and take people in and out of it."""
    group = get_object_or_404(ProfessionalGroup.objects.visible_to(request.actor), pk=pk)
    require(policies.may_manage_municipality(request.actor, group.municipality_id))
    name = group.name
    forms = bound(request, {
        "facts": partial(GroupForm, instance=group, actor=request.actor),
        "add": partial(MemberAddForm, group=group, actor=request.actor),
        "remove": partial(MemberRemoveForm, group=group),
    })  # fmt: skip
    form = sent_form(request, forms)
    if form is not None and done(request, form):
        return redirect("organization:group_edit", pk=pk)
    context = {"group": group, "name": name, "members": group.members.order_by("name_sort"), **forms}
    return page(request, "group_edit.html", context, form=form)
