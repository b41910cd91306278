"""Pages of benefits: the overview in the intake, the list of all, and one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from benefits import operations
from benefits.baton.policies import may_open_in_line
from benefits.forms import BenefitFilters, BenefitForm
from benefits.intake import benefits as section
from benefits.keeping import Keeper
from benefits.models import Benefit
from benefits.views.pilot import pilot_of
from core.errors import Refused, StaleVersion
from core.paging import keyset
from core.typed_text import confirm_saved, keep_key, keeps_typed_text, kept_text, note_of_writer
from governance import drafting, policies
from governance.views.intake.common import already_sent, load_open, way_of
from organization.models import Person, Unit

if TYPE_CHECKING:
    from governance.models import Initiative
    from organization.actors import PersonActor
    from organization.http import Request


# --- The overview, a section of the intake -----------------------------------------------------------
@never_cache
@require_GET
def overview_edit(request: Request, pk: int) -> HttpResponse:
    initiative = load_open(request, pk, "benefits__service_owner", "benefits__estimates", "pilot")
    if isinstance(initiative, HttpResponse):
        return initiative
    context = {
        "initiative": initiative,
        "benefits": list(initiative.benefits.all()),
        **pilot_of(initiative, request.actor, may_plan=False),
        **way_of(section, initiative),
    }
    return render(request, "benefits/overview_edit.html", context)


@keeps_typed_text
@never_cache
@require_http_methods(["GET", "POST"])
def benefit_create(request: Request, pk: int) -> HttpResponse:
    initiative = load_open(request, pk)
    if isinstance(initiative, HttpResponse):
        return initiative
    typed = request.POST if request.method == "POST" else kept_text(request)
    form = BenefitForm(typed, instance=Benefit(), initiative=initiative, actor=request.actor)
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, initiative, form, status=422 if request.method == "POST" else 200)
    benefit = operations.add_benefit(form, initiative=initiative, by=request.actor, now=timezone.now())
    messages.success(request, _("«%(title)s» er lagt til.") % {"title": benefit})
    goes_on = "benefits:benefit_create" if request.POST.get("to") == "another" else "benefits:overview_edit"
    return confirm_saved(request, redirect(goes_on, initiative.pk))


@keeps_typed_text
@never_cache
@require_http_methods(["GET", "POST"])
def benefit_edit(request: Request, pk: int) -> HttpResponse:
    benefit = _own(request, pk)
    initiative = benefit.initiative
    if not initiative.is_editable_by_submitter:
        return already_sent(request, initiative)
    shown = BenefitForm(instance=benefit, initiative=initiative, actor=request.actor)
    typed = drafting.with_choice(request.POST, shown) if request.method == "POST" else kept_text(request)
    form = BenefitForm(typed, instance=_own(request, pk), initiative=initiative, actor=request.actor)
    if request.method == "GET" or not form.is_valid():
        return _form_page(request, initiative, form, status=422 if request.method == "POST" else 200)
    try:
        operations.save_benefit(form, by=request.actor, now=timezone.now())
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, str(reason))
        return _form_page(request, initiative, form, status=409)
    except StaleVersion:
        return _form_page(request, initiative, form, status=409)
    messages.success(request, _("«%(title)s» er lagret.") % {"title": form.cleaned_data["title"]})
    return confirm_saved(request, redirect("benefits:overview_edit", initiative.pk))


def _own(request: Request, pk: int) -> Benefit:
    """Return a benefit of an initiative the person writes in.

    :raises Http404: the person does not see it.
    :raises PermissionDenied: the person sees it, but does not write in it.
    """
    visible = Benefit.objects.visible_to(request.actor).select_related("initiative__municipality")
    benefit: Benefit = get_object_or_404(visible, pk=pk)
    if not policies.may_edit(request.actor, benefit.initiative):
        raise PermissionDenied
    return benefit


def _form_page(
    request: Request, initiative: Initiative, form: BenefitForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    context = {
        "initiative": initiative, "form": form, "base": form.base(), "outcome": {"clashes": form.clashes},
        "keep": keep_key(request), "note": note_of_writer(request), "is_kept": form.is_bound and request.method == "GET", **context,
        **way_of(section, initiative),
    }  # fmt: skip
    return render(request, "benefits/benefit_form.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
def benefit_delete(request: Request, pk: int) -> HttpResponse:
    """Ask first, then take the benefit out of the overview."""
    benefit = _own(request, pk)
    if not benefit.initiative.is_editable_by_submitter:
        return already_sent(request, benefit.initiative)
    if request.method == "GET":
        return render(
            request, "benefits/benefit_delete.html", {"benefit": benefit, "initiative": benefit.initiative}
        )
    operations.remove_benefit(benefit, by=request.actor, now=timezone.now())
    messages.success(request, _("«%(title)s» er slettet.") % {"title": benefit})
    return redirect("benefits:overview_edit", benefit.initiative_id)


# --- All benefits ------------------------------------------------------------------------------------
@require_GET
def benefit_list(request: Request) -> HttpResponse:
    today, seen = timezone.localdate(), Benefit.objects.visible_to(request.actor)
    units = Unit.objects.visible_to(request.actor).open_on(today)
    owners = Person.objects.filter(pk__in=_owners(request.actor)).order_by("name_sort")
    filters = BenefitFilters(request.GET, units=units, owners=owners)
    rows = filters.narrowed(seen, actor=request.actor, today=today).select_related(
        "initiative__unit", "service_owner"
    )
    context = {"filters": filters, "page": keyset(rows, request, ("-pk",)), "active": len(filters.chosen)}
    context["may_open_in_line"] = may_open_in_line(request.actor)
    return render(request, "benefits/benefit_list.html", context)


def _owners(actor: PersonActor) -> list[int]:
    """Return the service owners of the benefits that the actor sees: the choices of a filter."""
    seen = Benefit.objects.all_visible_to(actor).order_by().exclude(service_owner=None)
    ids = seen.values_list("service_owner_id", flat=True).distinct()
    return Keeper().keep(seen, ("owners",), lambda: list(ids))
