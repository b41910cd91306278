"""The decision log, and what each municipality decides after the council."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from core.exports import KINDS, links
from core.paging import keyset
from core.presentation import due_of
from core.workflow import TransitionBlocked
from governance import council, exports, policies
from governance.decision_presentation import LogLine
from governance.forms.decisions import DecisionLogFilter
from governance.forms.meeting import MunicipalDecisionForm
from governance.models import Decision, Initiative, MunicipalDecision
from governance.presentation import shown_title
from governance.views.council.common import CONFLICT, INVALID, common
from organization.list_views import list_views
from organization.roles import Permission

if TYPE_CHECKING:
    from django.http import HttpResponse, HttpResponseBase

    from governance.decision_queries import DecisionQuerySet
    from governance.models import Participation
    from organization.actors import PersonActor
    from organization.http import Request


# --- The log -----------------------------------------------------------------------------------
@require_GET
def decision_log(request: Request) -> HttpResponseBase:
    """Show what was decided, latest first, each line with as much as this person may read."""
    views = list_views(request, "governance:decision_log")
    if views.start_url:
        return redirect(views.start_url)
    filters = DecisionLogFilter(request.GET)
    me, today = request.actor.person_id, timezone.localdate()
    rows = _filtered(
        Decision.objects.logged_for(request.actor).with_follow_up_access(request.actor).listed(), filters, me
    )
    if (kind := request.GET.get("fil", "")) in KINDS:
        return exports.decisions(rows.order_by(*_ORDER), kind, today=today)
    page = keyset(rows, request, _ORDER)
    context = {
        **common(request),
        "filters": filters,
        "active": filters.active,
        "page": page,
        "lines": [LogLine(row, today) for row in page.rows],
        "several": len({row.municipality_id for row in page.rows}) > 1,
        "exports": links(request),
        "reads_archive": request.actor.holds(Permission.MANAGE_ARCHIVE),
        "views": views,
        "outdated": views.outdated(filters),
    }
    return render(request, "governance/decision_log.html", context)


_ORDER = ("-decided_at", "-pk")


def _filtered(rows: DecisionQuerySet, filters: DecisionLogFilter, person_id: int | None) -> DecisionQuerySet:
    chosen = filters.chosen
    if meeting := chosen.get("moete"):
        rows = rows.filter(agenda_item__meeting__number=meeting.strip())
    if which := chosen.get("oppfolging"):
        rows = rows.followed_up(which, person_id=person_id, day=timezone.localdate())
    if body := chosen.get("organ"):
        rows = rows.filter(body=body)
    if outcome := chosen.get("utfall"):
        rows = rows.filter(outcome=outcome)
    if year := chosen.get("aar"):
        rows = rows.decided_in(int(year))
    return rows.matching(chosen["q"]) if "q" in chosen else rows


# --- After the council ---------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Side:
    """One of those that take part: its own row is there for those who may see it."""

    participation: Participation
    row: MunicipalDecision | None


@require_http_methods(["GET", "POST"])
def municipal_decision(request: Request, pk: int) -> HttpResponse:
    """Show what a municipality is asked to decide, and record its answer."""
    row = _row_or_404(request, pk)
    may_decide = policies.may_decide_for_municipality(request.actor, row)
    if request.method == "POST" and not may_decide:
        raise PermissionDenied
    case = _case_of(row, request.actor)
    form = MunicipalDecisionForm(request.POST or None, initial=_initial(case)) if may_decide else None
    reasons: tuple[Any, ...] = ()
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            council.decide_for_municipality(row, by=request.actor, now=timezone.now(), **form.cleaned_data)
            messages.success(request, _("Avgjørelsen for %(name)s er ført.") % {"name": row.municipality})
            return redirect("governance:municipal_decision", pk)
        except TransitionBlocked as blocked:
            reasons = blocked.reasons
    shown = form if row.is_pending or reasons else None
    context = {**case, "row": row, "form": shown, "reasons": reasons, "sides": _sides(row, request.actor)}
    return render(request, "governance/municipal_decision.html", context, status=_status_of(form, reasons))


def _row_or_404(request: Request, pk: int) -> MunicipalDecision:
    """Return the row if this person has a part in it.

    :raises Http404: it is another municipality's.
    :raises PermissionDenied: it is a paper of the own municipality that is not for everybody.
    """
    rows = MunicipalDecision.objects.visible_to(request.actor)
    rows = rows.select_related("initiative__municipality__governance_rules", "municipality", "decided_by")
    row: MunicipalDecision = get_object_or_404(rows, pk=pk)
    if not policies.may_read_municipal_decision(request.actor, row):
        raise PermissionDenied
    return row


def _status_of(form: MunicipalDecisionForm | None, reasons: tuple[Any, ...]) -> int:
    if reasons:
        return CONFLICT
    return INVALID if form is not None and form.is_bound and form.errors else 200


def _case_of(row: MunicipalDecision, actor: PersonActor) -> dict[str, Any]:
    """Return the case as this person may read it: who has left it has only what is open of it."""
    card: Any = Initiative.objects.visible_to(actor).with_access(actor).filter(pk=row.initiative_id).first()
    reads = card is not None and card.reads_papers and card.reads_shielded
    decisions = Decision.objects.filter(initiative_id=row.initiative_id, agenda_item__isnull=False)
    return {
        "initiative": card,
        "title": shown_title(card) if card else row.initiative.card_title,
        "reads": reads,
        "recommended": decisions.select_related("agenda_item").order_by("-decided_at", "-pk").first()
        if reads
        else None,
        "former_share": council.former_share(row),
        "due": due_of(row.due_on, timezone.localdate()) if row.is_pending else None,
    }


def _initial(case: dict[str, Any]) -> dict[str, Any]:
    recommended = case["recommended"]
    return {
        "text": recommended.text if recommended else "",
        "body": Decision.Body.KOMMUNEDIREKTOR,
        "budget_year": timezone.localdate().year,
        "decided_on": timezone.localdate(),
    }


def _sides(row: MunicipalDecision, actor: PersonActor) -> list[Side]:
    """Return everyone who takes or took part, side by side; a list of one is no comparison."""
    visible = MunicipalDecision.objects.visible_to(actor).filter(initiative_id=row.initiative_id)
    own = {one.municipality_id: one for one in visible}
    taking_part = row.initiative.participations.select_related("municipality").order_by("pk")
    return [Side(participation, own.get(participation.municipality_id)) for participation in taking_part]
