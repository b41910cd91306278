"""Score an initiative by the criteria, and the criteria themselves in versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refused
from governance.models import Assessment, Assessor, CriteriaSet, Criterion
from governance.poker.papers import poker_part
from governance.presentation import shown_title
from governance.scoring import operations, policies
from governance.scoring.forms import AdoptForm, AssessorForm, CriterionForm, PointsForm
from governance.scoring.presentation import points_of, scored_of
from governance.scoring.standard import standard
from governance.views.loading import readable_or_404
from organization.models import Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


# --- One initiative ------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "POST"])
def scoring_page(request: Request, pk: int) -> HttpResponse:
    """Show who has given which points, and let the secretariat ask somebody."""
    initiative = readable_or_404(request, pk, what="scoring")
    may_name = policies.may_name_assessors(request.actor, initiative)
    form = AssessorForm(request.POST or None, initiative=initiative) if may_name else None
    status = OK
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid() and _was_named(request, initiative, form):
            return redirect("governance:scoring_page", pk=pk)
        status = INVALID
    return render(
        request, "governance/scoring_page.html", _facts(request, initiative) | {"form": form}, status=status
    )


def _was_named(request: Request, initiative: Any, form: AssessorForm) -> bool:
    person = form.cleaned_data["person"]
    try:
        operations.name_assessor(initiative, person, by=request.actor, now=timezone.now())
    except Refused as refused:
        form.add_error("person", [str(reason) for reason in refused.reasons])
        return False
    messages.success(request, _("%(name)s er bedt om å vurdere tiltaket.") % {"name": person})
    return True


def _facts(request: Request, initiative: Any) -> dict[str, Any]:
    counting = operations.current_set(initiative.municipality_id)
    return {
        "initiative": initiative, "title": shown_title(initiative), "counting": counting, "closed": operations.why_closed(initiative),
        "scored": scored_of(initiative, request.actor), "poker": poker_part(initiative), "may_assess": policies.may_assess(request.actor, initiative),
        "may_name": policies.may_name_assessors(request.actor, initiative),
        "assessors": Assessor.objects.filter(initiative=initiative).select_related("person").order_by("person__name"),
    }  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def scoring_assess(request: Request, pk: int) -> HttpResponse:
    """Give points for each criterion."""
    initiative = readable_or_404(request, pk, what="scoring")
    if not policies.may_assess(request.actor, initiative):
        raise PermissionDenied
    counting = operations.current_set(initiative.municipality_id)
    reason = operations.why_closed(initiative)
    if counting is None or reason:
        return redirect("governance:scoring_page", pk=pk)
    form = _points_form(request, initiative, counting)
    if request.method == "POST" and form.is_valid() and _was_assessed(request, initiative, counting, form):
        messages.success(request, _("Vurderingen er lagret."))
        return redirect("governance:scoring_page", pk=pk)
    context = {"initiative": initiative, "title": shown_title(initiative), "counting": counting, "form": form}
    return render(request, "governance/scoring_assess.html", context, status=INVALID if form.is_bound else OK)


def _points_form(request: Request, initiative: Any, counting: CriteriaSet) -> PointsForm:
    own = Assessment.objects.filter(
        initiative=initiative, criteria_set=counting, assessor_id=request.actor.person_id
    )
    mine = own.prefetch_related("given").first()
    return PointsForm(
        request.POST if request.method == "POST" else None, criteria=counting.criteria.all(), given=points_of(mine) if mine else {},
        note=mine.note if mine else "", initial={"set": counting.pk},
    )  # fmt: skip


def _was_assessed(request: Request, initiative: Any, counting: CriteriaSet, form: PointsForm) -> bool:
    seen = counting if form.cleaned_data["set"] == counting.pk else CriteriaSet(pk=0)
    try:
        operations.assess(
            initiative, form.points, note=form.cleaned_data["note"], criteria_set=seen, by=request.actor, now=timezone.now()
        )  # fmt: skip
    except Refused as refused:
        form.add_error(None, [str(reason) for reason in refused.reasons])
        return False
    return True


@require_POST
def assessor_remove(request: Request, pk: int, assessor: int) -> HttpResponse:
    """Ask somebody no longer."""
    initiative = readable_or_404(request, pk, what="scoring")
    operations.unname_assessor(initiative, pk=assessor, by=request.actor)
    messages.success(
        request, _("Personen er ikke lenger bedt om å vurdere tiltaket. Det som alt er vurdert, står.")
    )
    return redirect("governance:scoring_page", pk=pk)


# --- The criteria --------------------------------------------------------------------------------
def _home(request: Request) -> Unit:
    """:raises PermissionDenied: the actor belongs nowhere today."""
    if request.actor.acting_for_id is None:
        raise PermissionDenied
    home: Unit = get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.acting_for_id)
    return home


def _own(request: Request) -> Unit:
    """:raises PermissionDenied: the actor does not set the criteria."""
    home = _home(request)
    if not policies.may_set_criteria(request.actor, home.pk):
        raise PermissionDenied
    return home


@never_cache
@require_GET
def criteria_list(request: Request) -> HttpResponse:
    """Show the criteria that count, earlier versions, and the draft of the next one to those who write it."""
    home = _home(request)
    may_set = policies.may_set_criteria(request.actor, home.pk)
    sets = list(
        CriteriaSet.objects.filter(municipality=home).prefetch_related("criteria").order_by("-number")
    )
    adopted = [one for one in sets if not one.is_draft]
    context = {
        "municipality": home, "may_set": may_set, "counting": adopted[0] if adopted else None, "earlier": adopted[1:],
        "draft": next((one for one in sets if one.is_draft), None) if may_set else None, "standard": standard(),
        "form": AdoptForm(initial={"adopted_on": timezone.localdate()}),
    }  # fmt: skip
    return render(request, "governance/criteria_list.html", context)


@require_POST
def criteria_draft(request: Request) -> HttpResponse:
    """Begin on the next version."""
    operations.draft_criteria(_own(request), by=request.actor, now=timezone.now())
    return redirect("governance:criteria_list")


@require_POST
def criteria_drop(request: Request) -> HttpResponse:
    """Throw the draft away; what counts is untouched."""
    operations.drop_draft(_own(request), by=request.actor)
    messages.success(request, _("Utkastet er forkastet. Kriteriene som gjelder, er som før."))
    return redirect("governance:criteria_list")


@require_POST
def criteria_adopt(request: Request) -> HttpResponse:
    """Let the draft count from now on."""
    home, form = _own(request), AdoptForm(request.POST)
    if form.is_valid():
        try:
            adopted = operations.adopt_criteria(
                home, **form.cleaned_data, by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Versjon %(number)s gjelder nå.") % {"number": adopted.number})
            return redirect("governance:criteria_list")
        except Refused as refused:
            form.add_error(None, [str(reason) for reason in refused.reasons])
    return render(request, "governance/criteria_adopt.html", {"form": form}, status=INVALID)


@never_cache
@require_http_methods(["GET", "POST"])
def criterion_create(request: Request) -> HttpResponse:
    return _criterion_page(request, _own(request), None)


@never_cache
@require_http_methods(["GET", "POST"])
def criterion_edit(request: Request, pk: int) -> HttpResponse:
    home = _own(request)
    rows = Criterion.objects.filter(criteria_set__municipality=home, criteria_set__adopted_on=None)
    return _criterion_page(request, home, get_object_or_404(rows, pk=pk))


def _criterion_page(request: Request, home: Unit, criterion: Criterion | None) -> HttpResponse:
    form = CriterionForm(request.POST or None, criterion=criterion)
    if request.method == "POST" and form.is_valid():
        try:
            pk = criterion.pk if criterion else None
            operations.save_criterion(home, form.values, pk=pk, by=request.actor, now=timezone.now())
            return redirect("governance:criteria_list")
        except Refused as refused:
            form.add_error(None, [str(reason) for reason in refused.reasons])
    context = {"form": form, "criterion": criterion}
    return render(request, "governance/criterion_form.html", context, status=INVALID if form.is_bound else OK)


@require_POST
def criterion_remove(request: Request, pk: int) -> HttpResponse:
    """Take a criterion out of the draft, which can be thrown away as a whole."""
    try:
        operations.remove_criterion(_own(request), pk=pk, by=request.actor)
    except Refused as refused:
        messages.error(request, " ".join(str(reason) for reason in refused.reasons))
    return redirect("governance:criteria_list")
