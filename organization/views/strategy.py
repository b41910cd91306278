"""Pages of strategies and their goals; services and groups stand in ``catalog``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.whole import whole
from organization import policies
from organization.forms.strategies import AdoptForm, EndForm, GoalDeleteForm, GoalForm, StrategyForm
from organization.goal_order import goals_in_order
from organization.models import Goal, Strategy
from organization.views._pages import bound, done, own_municipality, page, posted, require, sent_form
from organization.views.catalog import (
    group_create,
    group_edit,
    group_list,
    service_create,
    service_edit,
    service_list,
)

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_GET
def strategy_list(request: Request) -> HttpResponse:
    """Show the strategies in force, those being written, and those that were."""
    today = timezone.localdate()
    rows = list(
        Strategy.objects.visible_to(request.actor).select_related("municipality").prefetch_related("goals")
        .order_by("title", "-adopted_on", "-pk")[:200]
    )  # fmt: skip
    context = {
        "current": [
            s for s in rows if s.adopted_on is not None and (s.valid_to is None or s.valid_to > today)
        ],
        "drafts": [s for s in rows if s.adopted_on is None],
        "former": [
            s for s in rows if s.adopted_on is not None and s.valid_to is not None and s.valid_to <= today
        ],
        "may_manage": policies.may_manage_municipality(request.actor, request.actor.acting_for_id),
        "tab": "strategy",
    }
    return page(request, "strategy_list.html", context)


@require_http_methods(["GET", "POST"])
def strategy_create(request: Request) -> HttpResponse:
    """Begin a draft, empty or as a new version of an adopted strategy (``ny-versjon-av``)."""
    draft = Strategy(municipality=own_municipality(request))
    source = request.GET.get("ny-versjon-av", "")
    if source:
        adopted = Strategy.objects.filter(municipality=draft.municipality).exclude(adopted_on=None)
        draft.replaces = get_object_or_404(adopted, pk=whole(source))
        draft.title = draft.replaces.title
    form = StrategyForm(posted(request), instance=draft)
    if done(request, form):
        return redirect("organization:strategy_detail", pk=form.result.pk)
    return page(request, "strategy_create.html", {"replaces": draft.replaces}, form=form)


@require_http_methods(["GET", "POST"])
def strategy_detail(request: Request, pk: int) -> HttpResponse:
    """Show a strategy with its goals; its administrator edits and adopts a draft, or ends an adopted one."""
    visible = Strategy.objects.visible_to(request.actor).select_related(
        "municipality", "replaces", "replaced_by"
    )
    strategy = get_object_or_404(visible, pk=pk)
    may_manage = policies.may_manage_municipality(request.actor, strategy.municipality_id)
    require(may_manage or request.method == "GET")
    makers: dict[str, Any] = {
        "facts": partial(StrategyForm, instance=strategy),
        "adopt": partial(AdoptForm, strategy=strategy),
        "end": partial(EndForm, strategy=strategy),
    }
    forms = bound(request, makers) if may_manage else {}
    form = sent_form(request, forms)
    if form is not None and done(request, form):
        return redirect("organization:strategy_detail", pk=pk)
    shown = visible.get(pk=pk) if form is not None else strategy
    consultations = list(strategy.consultations.order_by("-opens_on", "-pk"))
    context = {
        "strategy": shown, "goals": goals_in_order(strategy.goals.select_related("unit", "owner")),
        "may_manage": may_manage, "consultations": consultations, "standing": any(one.is_standing for one in consultations),
    }  # fmt: skip
    return page(request, "strategy_detail.html", {**context, **forms}, form=form)


@require_http_methods(["GET", "POST"])
def goal_create(request: Request, pk: int) -> HttpResponse:
    strategy = get_object_or_404(Strategy.objects.visible_to(request.actor), pk=pk)
    require(policies.may_manage_municipality(request.actor, strategy.municipality_id))
    if strategy.is_adopted:
        messages.info(request, StrategyForm.adopted_words)
        return redirect("organization:strategy_detail", pk=pk)
    above = strategy.goals.filter(pk=whole(request.GET.get("under"))).first()
    form = GoalForm(posted(request), instance=Goal(strategy=strategy), initial={"parent": above and above.pk})
    if done(request, form):
        return redirect("organization:strategy_detail", pk=pk)
    return page(request, "goal_create.html", {"strategy": strategy}, form=form)


@require_http_methods(["GET", "POST"])
def goal_edit(request: Request, pk: int) -> HttpResponse:
    """Change a goal of a draft, or the owner of one that is adopted."""
    goal = get_object_or_404(Goal.objects.visible_to(request.actor).select_related("strategy"), pk=pk)
    require(policies.may_manage_municipality(request.actor, goal.strategy.municipality_id))
    makers: dict[str, Any] = {
        "facts": partial(GoalForm, instance=goal),
        "delete": partial(GoalDeleteForm, goal=goal),
    }
    forms = bound(request, makers)
    form = sent_form(request, forms)
    if form is not None and done(request, form):
        return redirect("organization:strategy_detail", pk=goal.strategy_id)
    shown = Goal.objects.select_related("strategy").get(pk=pk) if form is not None else goal
    return page(request, "goal_edit.html", {"goal": shown, **forms}, form=form)


__all__ = [
    "goal_create", "goal_edit", "group_create", "group_edit", "group_list", "service_create", "service_edit",
    "service_list", "strategy_create", "strategy_detail", "strategy_list",
]  # fmt: skip
