"""Pages of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.paging import keyset
from core.ui import search_options
from organization import operations, policies
from organization.finding import people_matching
from organization.forms import PersonField, family_of, people_of
from organization.forms.people import LeaveForm, PersonCreateForm, PersonEditForm, PersonFilter
from organization.models import Goal, Person, ProfessionalGroup, RoleAssignment, Service, Unit
from organization.timelines import timeline_of
from organization.views._pages import done, page, participants_led_by, posted, require
from organization.views.roles import role_end, role_give, role_table

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def person_list(request: Request) -> HttpResponse:
    """Find people by name, position, role or unit."""
    participants = participants_led_by(request)
    filters = PersonFilter(request.GET, actor=request.actor, leads_region=bool(participants))
    chosen = filters.cleaned_data if filters.is_valid() else {}
    people = _found(request, chosen, participants)
    today = RoleAssignment.objects.in_force(timezone.localdate())
    own = today.visible_to(request.actor).select_related("unit").order_by("-is_main", "pk")
    shown = keyset(
        people.prefetch_related(Prefetch("roles", queryset=own, to_attr="roles_today")),
        request,
        ("name_sort", "pk"),
    )
    active = sum(bool(value) for value in chosen.values())
    context = {
        "page": shown,
        "filters": filters,
        "active": active,
        "tab": "people",
        "region": chosen.get("regionen"),
    }
    return page(request, "person_list.html", context)


def _found(request: Request, chosen: dict[str, Any], participants: frozenset[int]) -> QuerySet[Any]:
    own = request.actor.municipality_ids
    people = Person.objects.visible_to(request.actor) if chosen.get("tidligere") else people_of(own)
    if chosen.get("regionen"):
        people = people_of(own | participants)
    held = RoleAssignment.objects.visible_to(request.actor).in_force(timezone.localdate())
    if chosen.get("rolle"):
        people = people.filter(pk__in=held.filter(role=chosen["rolle"]).values("person_id"))
    if chosen.get("enhet"):
        people = people.filter(
            pk__in=held.filter(unit__path__startswith=chosen["enhet"].path).values("person_id")
        )
    return people_matching(people, chosen.get("q", ""))


@require_GET
def person_options(request: Request) -> HttpResponse:
    """Suggest people of the own municipalities and those one shares a region with."""
    return search_options(request, PersonField(queryset=people_of(family_of(request.actor))))


@require_GET
def person_detail(request: Request, pk: int) -> HttpResponse:
    """Show a person: everyone sees names and roles, colleagues how to get hold of each other."""
    person = get_object_or_404(Person.objects.visible_to(request.actor), pk=pk)
    today = timezone.localdate()
    current, former = _roles_of(person, request)
    may_edit = policies.may_edit_person(request.actor, person)
    manages = policies.may_administer(request.actor)
    context = {
        "person": person,
        "current": current,
        "former": former,
        "today": today,
        "is_colleague": may_edit or any(row.valid_from <= today for row in current),
        "may_edit": may_edit,
        "may_leave": any(row.may_end for row in current),
        "events": timeline_of(person, request.actor, with_facts=may_edit) if manages else [],
    }
    return page(request, "person_detail.html", context)


def _roles_of(person: Person, request: Request) -> tuple[list[Any], list[Any]]:
    """Return the roles the actor may know of: those held or coming, and those that have ended."""
    today = timezone.localdate()
    rows = (
        RoleAssignment.objects.visible_to(request.actor)
        .main_first(today)
        .filter(person=person)
        .select_related("unit", "unit__municipality", "stand_in_for")
    )
    current: list[RoleAssignment] = []
    former: list[RoleAssignment] = []
    for row in rows:
        row.may_end = policies.may_end_role(request.actor, row)
        (current if is_current(row, today) else former).append(row)
    return current, former


def is_current(row: RoleAssignment, today: date) -> bool:
    """Tell whether a role is held today, or will be."""
    return row.valid_to is None or row.valid_to > today


@require_http_methods(["GET", "POST"])
def person_create(request: Request) -> HttpResponse:
    """Register a person with a first role; the answer shows, once, the link to choose a password."""
    require(policies.may_administer(request.actor))
    initial = {"unit": request.GET.get("enhet", "")}
    form = PersonCreateForm(posted(request), actor=request.actor, initial=initial)
    if done(request, form):
        return _show_link(request, form.result, is_new=True)
    return page(request, "person_create.html", form=form)


def _show_link(request: Request, person: Person, *, is_new: bool) -> HttpResponse:
    """Show a link to choose a password on this answer only: it's neither stored nor sent."""
    path = operations.add_password_link(person, by=request.actor, now=timezone.now())
    context = {"person": person, "link": request.build_absolute_uri(path), "is_new": is_new}
    response = page(request, "person_link.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
def person_edit(request: Request, pk: int) -> HttpResponse:
    """Change name and contact, or make a new link to choose a password."""
    person = get_object_or_404(Person.objects.visible_to(request.actor), pk=pk)
    require(policies.may_edit_person(request.actor, person))
    may_issue_link = policies.may_issue_link(request.actor, person)
    if request.POST.get("handling") == "link":
        require(may_issue_link)
        return _show_link(request, person, is_new=False)
    form = PersonEditForm(posted(request), instance=person)
    if not policies.may_change_log_in(request.actor, person):
        form.keep_log_in()
    if done(request, form):
        return redirect("organization:person_detail", pk=pk)
    context = {"person": Person.objects.get(pk=pk), "may_issue_link": may_issue_link}
    return page(request, "person_edit.html", context, form=form)


@require_http_methods(["GET", "POST"])
def person_leave(request: Request, pk: int) -> HttpResponse:
    """Let a person leave: every role the administrator looks after ends on one day."""
    person = get_object_or_404(Person.objects.visible_to(request.actor), pk=pk)
    today = timezone.localdate()
    rows = RoleAssignment.objects.main_first(today).filter(
        person=person, unit__in=Unit.objects.managed_by(request.actor)
    )
    ending = [row for row in rows.select_related("unit") if is_current(row, today)]
    require(bool(ending))
    form = LeaveForm(posted(request), person=person, actor=request.actor)
    if done(request, form):
        return redirect("organization:person_detail", pk=pk)
    return page(
        request,
        "person_leave.html",
        {"person": person, "ending": ending, **_owned(person, request)},
        form=form,
    )


def _owned(person: Person, request: Request) -> dict[str, Any]:
    """Return what somebody else must take over."""
    actor = request.actor
    return {
        "services": Service.objects.visible_to(actor).filter(service_owner=person),
        "goals": Goal.objects.visible_to(actor).filter(owner=person, strategy__replaced_by=None),
        "groups": ProfessionalGroup.objects.visible_to(actor).filter(responsible=person),
    }


__all__ = [
    "person_create", "person_detail", "person_edit", "person_leave", "person_list", "person_options", "role_end",
    "role_give", "role_table",
]  # fmt: skip
