"""Stories of finished benefits, and the enthusiast of the year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from benefits.models import Award, Benefit, Nomination, Story, Vote
from benefits.sharing import operations, policies
from benefits.sharing.forms import NominationForm, StoryFilter, StoryForm
from benefits.sharing.workflow import award_workflow, story_workflow
from benefits.views.loading import benefit_of
from core.errors import Refused
from core.paging import keyset
from core.presentation import actions_of
from core.transitions import attempt
from core.whole import whole
from organization.models import Person, Unit

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

OK, CONFLICT, INVALID = 200, 409, 422


# --- Stories ----------------------------------------------------------------------------------------
@require_GET
def story_list(request: Request) -> HttpResponse:
    """Show what is published, the newest first; the own municipality's also when it is taken down."""
    filters = StoryFilter(request.GET)
    rows = Story.objects.visible_to(request.actor).select_related("municipality")
    if filters.text:
        fields = ("title", "did", "gave", "differently")
        rows = rows.filter(*(_any_of(fields, word) for word in filters.text.split()[:8]))
    page = keyset(rows, request, ("-published_at", "-pk"))
    context = {"page": page, "filters": filters, "active": int(bool(filters.text))}
    return render(request, "benefits/story_list.html", context)


def _any_of(fields: tuple[str, ...], word: str) -> Q:
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": word})
    return found


def _story_of(request: Request, pk: int) -> Story:
    """Return the story.

    :raises Http404: there is none that the actor may read.
    """
    rows = Story.objects.visible_to(request.actor).select_related("municipality", "benefit__initiative")
    story: Story = get_object_or_404(rows, pk=pk)
    return story


@require_GET
def story_detail(request: Request, pk: int) -> HttpResponse:
    story = _story_of(request, pk)

    def url(name: str) -> str:
        return reverse("benefits:story_transition", args=[story.pk, name])

    is_own = Benefit.objects.visible_to(request.actor).filter(pk=story.benefit_id).exists()
    context = {
        "story": story, "actions": actions_of(story_workflow.offers(story, request.actor), url), "is_own": is_own,
        "may_tell": policies.may_tell(request.actor, story.benefit),
    }  # fmt: skip
    return render(request, "benefits/story_detail.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def story_write(request: Request, pk: int) -> HttpResponse:
    """Tell of a finished benefit, or change what is told."""
    benefit = benefit_of(request, pk)
    if not policies.may_tell(request.actor, benefit):
        raise PermissionDenied
    form = StoryForm(request.POST or None, benefit=benefit, initial=_begun(benefit))
    reasons: list[Any] = [reason] if (reason := operations.why_not_told(benefit)) else []
    if request.method == "POST" and form.is_valid():
        try:
            story = operations.tell_story(benefit, **form.cleaned_data, by=request.actor, now=timezone.now())
            messages.success(request, _("Historien er lagret."))
            return redirect(story)
        except Refused as refused:
            reasons = list(refused.reasons)
    status = INVALID if form.errors else CONFLICT if form.is_bound and reasons else OK
    context = {"benefit": benefit, "form": form, "reasons": reasons}
    return render(request, "benefits/story_write.html", context, status=status)


def _begun(benefit: Benefit) -> dict[str, Any]:
    """Return what the form begins with: the story as it stands, or what was written on the way."""
    story = Story.objects.filter(benefit=benefit).first()
    if story is None:
        return {"title": benefit.title, "differently": benefit.lesson}
    return {name: getattr(story, name) for name in ("title", "did", "gave", "differently", "is_shared")}


@never_cache
@require_http_methods(["GET", "POST"])
def story_transition(request: Request, pk: int, name: str) -> HttpResponse:
    story = _story_of(request, pk)
    if name not in story_workflow.transitions:
        raise Http404
    tried = attempt(story_workflow, story, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}.")
        return redirect(story)
    return render(request, "benefits/story_transition.html", {"story": story, "tried": tried}, status=tried.status)  # fmt: skip


# --- The enthusiast of the year ---------------------------------------------------------------------
def _award_of(request: Request) -> Award | None:
    """Return the latest award of the municipality that the person acts for."""
    rows = Award.objects.visible_to(request.actor).filter(municipality_id=request.actor.acting_for_id)
    found: Award | None = rows.select_related("municipality").first()
    return found


def _award_or_404(request: Request) -> Award:
    award = _award_of(request)
    if award is None:
        raise Http404
    return award


@require_GET
def award(request: Request) -> HttpResponse:
    """Show the latest award: who is nominated and why, the own vote, and who won once it is announced."""
    current, home = _award_of(request), request.actor.acting_for_id
    year = timezone.localdate().year
    may_run = home is not None and policies.may_run(request.actor, home)
    context: dict[str, Any] = {
        "award": current, "year": year, "may_take_part": home is not None and policies.may_take_part(request.actor, home),
        "may_open": may_run and (current is None or current.year < year),
    }  # fmt: skip
    if current is not None:
        offers = award_workflow.offers(current, request.actor)
        context |= {
            "actions": actions_of(offers, lambda name: reverse("benefits:award_transition", args=[name])),
            "nominees": _nominees(current, request),
        }
    return render(request, "benefits/award.html", context)


def _nominees(award: Award, request: Request) -> list[dict[str, Any]]:
    """Return who is nominated with the reasons; the votes of each only when it is announced, most first."""
    votes = dict(operations.result_of(award))
    own = Vote.objects.visible_to(request.actor).filter(award=award).values_list("nominee_id", flat=True).first()  # fmt: skip
    most = max(votes.values(), default=0)
    found: dict[int, dict[str, Any]] = {}
    rows = Nomination.objects.visible_to(request.actor).filter(award=award)
    for row in rows.select_related("nominee", "nominated_by"):
        person = found.setdefault(
            row.nominee_id,
            {"person": row.nominee, "reasons": [], "votes": votes.get(row.nominee_id, 0), "is_mine": row.nominee_id == own},
        )  # fmt: skip
        person["reasons"].append(row)
    for person in found.values():
        person["is_winner"] = award.is_announced and person["votes"] == most
        person["is_self"] = person["person"].pk == request.actor.person_id
    return sorted(found.values(), key=lambda one: (-one["votes"], one["person"].name))


@require_POST
def award_open(request: Request) -> HttpResponse:
    municipality = get_object_or_404(Unit.objects.visible_to(request.actor), pk=request.actor.acting_for_id)
    operations.open_award(municipality, by=request.actor, now=timezone.now())
    messages.success(request, _("Kåringen er åpnet. Nå kan alle ansatte nominere."))
    return redirect("benefits:award")


@never_cache
@require_http_methods(["GET", "POST"])
def award_nominate(request: Request) -> HttpResponse:
    """Nominate somebody with a reason."""
    current = _award_or_404(request)
    if not policies.may_take_part(request.actor, current.municipality_id):
        raise PermissionDenied
    form = NominationForm(request.POST or None, municipality_id=current.municipality_id, actor=request.actor)
    reasons: list[Any] = [] if current.is_nominating else [_("Nomineringen er avsluttet.")]
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.nominate(current, **form.cleaned_data, by=request.actor, now=timezone.now())
            messages.success(request, _("Takk. %(name)s er nominert.") % {"name": made.nominee})
            return redirect("benefits:award")
        except Refused as refused:
            reasons = list(refused.reasons)
    status = INVALID if form.errors else CONFLICT if form.is_bound and reasons else OK
    return render(request, "benefits/award_nominate.html", {"award": current, "form": form, "reasons": reasons}, status=status)  # fmt: skip


@require_POST
def award_vote(request: Request) -> HttpResponse:
    """Give, or move, the one vote."""
    nominee = whole(request.POST.get("nominee", "")) or 0
    try:
        operations.vote(_award_or_404(request), nominee_id=nominee, by=request.actor)
    except Refused as refused:
        messages.error(request, " ".join(str(reason) for reason in refused.reasons))
        return redirect("benefits:award")
    name = Person.objects.visible_to(request.actor).filter(pk=nominee).values_list("name", flat=True).first()
    messages.success(request, _("Du har stemt på %(name)s. Du kan ombestemme deg fram til kåringen.") % {"name": name})  # fmt: skip
    return redirect("benefits:award")


@never_cache
@require_http_methods(["GET", "POST"])
def award_transition(request: Request, name: str) -> HttpResponse:
    current = _award_or_404(request)
    if name not in award_workflow.transitions:
        raise Http404
    tried = attempt(award_workflow, current, name, request, now=timezone.now())
    if tried.done is not None:
        messages.success(request, f"{tried.transition.done}.")
        return redirect("benefits:award")
    return render(request, "benefits/award_transition.html", {"award": current, "tried": tried}, status=tried.status)  # fmt: skip
