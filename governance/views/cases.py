"""The open list, the page of one initiative, and the page of each step it can take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import prefetch_related_objects
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from core.exports import KINDS, links
from core.paging import keyset
from core.presentation import due_of, history_lines, imported_on
from governance import exports, policies
from governance.filters import LIST_ORDERING, InitiativeFilter, listed
from governance.hearings.files import load_files
from governance.models import Decision, Endorsement, Initiative, MunicipalDecision, Status
from governance.models.status import TONES
from governance.panels import initiative_panels
from governance.presentation import actions_for, own_links, shown_title, steps_of, who_has_it
from governance.views.loading import (
    card_of,
    hearings_with_people,
    note_read,
    papers_context,
    places_of,
    preparation,
    reads,
    units_of,
)
from governance.views.steps import StepPage
from organization.list_views import list_views

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.http import HttpResponseBase

    from organization.http import Request


@require_GET
def initiative_list(request: Request) -> HttpResponseBase:
    """Show where every initiative stands, to everyone in the municipality."""
    actor, places = request.actor, places_of(request.actor)
    views = list_views(request, "governance:initiative_list")
    if views.start_url:
        return redirect(views.start_url)
    rows = listed(Initiative.objects.visible_to(actor))
    chosen = InitiativeFilter(request.GET, queryset=rows, actor=actor, places=places, units=units_of(actor))
    kind = request.GET.get("fil", "")
    if kind in KINDS:
        return exports.initiatives(chosen.qs.order_by(*LIST_ORDERING), kind)
    page = keyset(chosen.qs, request, LIST_ORDERING)
    today = timezone.localdate()
    lines = [{"case": row, "holder": who_has_it(row), "due": due_of(row.due_on, today)} for row in page.rows]
    may_raise = any(policies.may_raise(actor, place) for place in places)
    context = {
        "filters": chosen.form, "active": chosen.active, "page": page, "lines": lines, "may_raise": may_raise,
        "several": len(places) > 1, "exports": links(request),
        "views": views, "outdated": views.outdated(chosen.form),
    }  # fmt: skip
    return render(request, "governance/initiative_list.html", context)


@require_GET
def initiative_detail(request: Request, pk: int) -> HttpResponseBase:
    """Show one initiative: the card to all, the papers to those who may read them."""
    initiative = card_of(request, pk)
    if initiative.status == Status.DRAFT:
        return redirect("governance:intake_hub", pk=pk)
    open_to_me = reads(initiative)
    context: dict[str, Any] = {
        "initiative": initiative, "title": shown_title(initiative), "reads": open_to_me,
        "steps": steps_of(initiative, initiative.status_before or ""), "holder": who_has_it(initiative),
        "due": due_of(initiative.due_on, timezone.localdate()), "panels": initiative_panels(initiative, request.actor),
    }  # fmt: skip
    note_read(initiative, request.actor, what="papers")
    context |= _what_i_can_do(initiative, request)
    context |= _content(initiative, request) if open_to_me else _history(initiative, everything=False)
    return render(request, "governance/initiative_detail.html", context)


def _what_i_can_do(initiative: Initiative, request: Request) -> dict[str, Any]:
    """Return the buttons; the guards behind them ask for what is loaded here at once."""
    actor = request.actor
    if initiative.status == Status.UNDER_PREPARATION and policies.may_triage(actor, initiative):
        prefetch_related_objects([initiative], *preparation(), hearings_with_people())
    return {"actions": actions_for(initiative, actor), "links": list(own_links(initiative, actor))}


def _content(initiative: Initiative, request: Request) -> dict[str, Any]:
    """Return the part of the case that the address asks for, and the tabs to the others."""
    wanted = request.GET.get("vis", "")
    shown = wanted if wanted in _PARTS else ""
    tabs = [
        {"url": f"?vis={key}" if key else "?", "label": label, "is_current": key == shown}
        for key, (label, _template, _load) in _PARTS.items()
    ]
    _label, template, load = _PARTS[shown]
    return {"tabs": tabs, "part": template, **load(initiative, request)}


def _treatment(initiative: Any, request: Request) -> dict[str, Any]:
    prefetch_related_objects([initiative], hearings_with_people())
    load_files(initiative.hearings.all())
    endorsements = Endorsement.objects.filter(initiative=initiative).select_related("by")
    decisions = Decision.objects.visible_to(request.actor).filter(initiative=initiative)
    decisions = decisions.select_related("agenda_item__meeting", "responsible")
    shares = MunicipalDecision.objects.visible_to(request.actor).filter(initiative=initiative)
    return {
        "endorsements": endorsements,
        "decisions": decisions.order_by("-decided_at", "-pk") if initiative.has_decisions else [],
        "shares": _with_tones(shares.select_related("municipality"))
        if initiative.has_municipal_decisions
        else [],
        "hearings": initiative.hearings.all(),
    }


def _with_tones(shares: Iterable[MunicipalDecision]) -> list[dict[str, Any]]:
    return [{"row": share, "tone": _VERDICT_TONES[share.verdict]} for share in shares]


def _history(
    initiative: Initiative, _request: Request | None = None, *, everything: bool = True
) -> dict[str, Any]:
    lines = history_lines(
        initiative,
        states=Status,
        tones=TONES,
        with_reasons=everything,
        only_moves=not everything,
        unquoted=_UNQUOTED,
    )
    return {"history": lines, "imported_on": imported_on(lines)}


# What a municipality decides on a regional initiative is its own paper; the tab «Behandling» shows it to its readers.
_UNQUOTED = frozenset({"decide_for_municipality"})
_VERDICT_TONES = {"pending": "info", "approved": "success", "refused": "danger"}
# Key in the address, words on the tab, template, and what it shows.
_PARTS: dict[str, tuple[Any, str, Callable[..., dict[str, Any]]]] = {
    "": (gettext_lazy("Innhold"), "governance/initiative_papers.html", papers_context),
    "behandling": (gettext_lazy("Behandling"), "governance/initiative_treatment.html", _treatment),
    "historikk": (gettext_lazy("Historikk"), "governance/initiative_history.html", _history),
}


@require_http_methods(["GET", "POST"])
def initiative_transition(request: Request, pk: int, name: str) -> HttpResponseBase:
    """Ask what a step needs, tell what follows from it, and take it."""
    page = StepPage.of(request, card_of(request, pk), name)
    if request.method == "POST" and page.is_answered() and page.perform():
        return redirect(page.onward())
    return render(request, "governance/initiative_transition.html", page.context(), status=page.status)
