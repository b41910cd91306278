"""The municipality's deadlines, matrix and channels, and who receives instead of the nearest leader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import StaleVersion
from deviations import receivers, wording
from deviations.forms.catalogue.rules import RoutingForm, RulesForm, TryForm
from deviations.models import DeviationRules, DeviationType, RoutingRule
from deviations.operations import rules as operations
from deviations.views.catalogue.common import own_municipality, row_of
from deviations.views.loading import sent
from deviations.views.steps import CONFLICT, OK, UNPROCESSABLE
from organization.roles import Role

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request
    from organization.models import Unit

_SHOWN = 10
_RECEIVING = (
    Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR, Role.QUALITY_MANAGER, Role.PRIVACY_OFFICER, Role.HR, Role.IKT_LEADER,
    Role.CHIEF_OF_FINANCE, Role.SERVICE_OWNER, Role.ARCHIVIST,
)  # fmt: skip


@require_http_methods(["GET", "POST"])
def rules_edit(request: Request) -> HttpResponse:
    """Let the administrator set deadlines, the matrix and the other channels."""
    municipality = own_municipality(request)
    rules = DeviationRules.objects.filter(municipality=municipality).first()
    form = RulesForm(
        sent(request), instance=rules or DeviationRules(municipality=municipality), municipality=municipality
    )
    differing: list[Any] = []
    stale = False
    if form.is_bound and form.is_valid():
        stands = DeviationRules.of(municipality)
        try:
            operations.set_rules(
                stands, form.values, stamp=form.cleaned_data["stamp"], by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Reglene er lagret. Frister som alt løper, endres ikke."))
            return redirect("deviations:rules_edit")
        except StaleVersion:
            stale = True
            stands = DeviationRules.of(municipality)
            differing = form.differing(stands)
            form.take_stamp(request.POST, operations.stamp_of(stands))
    versions = wording.versions_of(rules)[:_SHOWN] if rules else []
    words = {"is_stale": stale, "differing": differing, "versions": versions}
    context = {"form": form, "municipality": municipality, **words}
    return render(request, "deviations/rules_edit.html", context, status=_status(form, stale))


@require_GET
def routing_list(request: Request) -> HttpResponse:
    """Show who receives instead of the nearest leader, and try out where a case would land now."""
    municipality = own_municipality(request)
    form = TryForm(request.GET if {"enhet", "type"} & set(request.GET) else None, municipality=municipality)
    outcome = None
    if form.is_bound and form.is_valid():
        outcome = _try(form.cleaned_data)
    context = {
        "municipality": municipality, "lines": receivers.rule_lines(municipality, day=timezone.localdate()), "form": form,
        "outcome": outcome, "confidential": _confidential(municipality),
    }  # fmt: skip
    return render(
        request, "deviations/routing_list.html", context, status=UNPROCESSABLE if form.errors else OK
    )


@require_http_methods(["GET", "POST"])
def routing_add(request: Request) -> HttpResponse:
    """Let the administrator add a rule."""
    municipality = own_municipality(request)
    return _routing_form(request, RoutingRule(municipality=municipality), municipality)


@require_http_methods(["GET", "POST"])
def routing_edit(request: Request, pk: int) -> HttpResponse:
    """Let the administrator edit a rule."""
    rule = row_of(request, RoutingRule, pk)
    return _routing_form(request, rule, rule.municipality)


@require_POST
def routing_remove(request: Request, pk: int) -> HttpResponse:
    """Take a rule away: from now on the nearest leader receives."""
    rule = row_of(request, RoutingRule, pk)
    operations.remove_routing(rule, by=request.actor)
    messages.success(request, _("Regelen er fjernet. Nærmeste leder tar imot fra nå."))
    return redirect("deviations:routing_list")


def _routing_form(request: Request, rule: RoutingRule, municipality: Unit) -> HttpResponse:
    roles = [(role.value, role.label) for role in _RECEIVING]
    form = RoutingForm(sent(request), instance=rule, municipality=municipality, roles=roles)
    differing: list[Any] = []
    stale = False
    if form.is_bound and form.is_valid():
        target = RoutingRule(pk=rule.pk, municipality=municipality)
        try:
            operations.set_routing(
                target, form.values, stamp=form.cleaned_data["stamp"], by=request.actor, now=timezone.now()
            )
            messages.success(request, _("Regelen er lagret. Saker som alt har landet, blir der de er."))
            return redirect("deviations:routing_list")
        except StaleVersion:
            stale = True
            stands = get_object_or_404(
                RoutingRule.objects.select_related("unit", "person", "type"), pk=rule.pk
            )
            differing = form.differing(stands)
            form.take_stamp(request.POST, operations.stamp_of(stands))
    words = {"is_stale": stale, "differing": differing}
    context = {"form": form, "rule": rule, "municipality": municipality, **words}
    return render(request, "deviations/routing_form.html", context, status=_status(form, stale))


def _try(chosen: dict[str, Any]) -> receivers.Outcome:
    kind, _colon, key = chosen["type"].partition(":")
    type_ = DeviationType.objects.get(pk=int(key)) if kind == "type" else None
    category = key if kind == "category" else ""
    return receivers.try_out(chosen["enhet"], category=category, type_=type_, day=timezone.localdate())


def _confidential(municipality: Unit) -> list[dict[str, Any]]:
    rows = DeviationType.objects.active().filter(municipality=municipality, is_confidential=True)
    return [
        {"type": row, "roles": [str(Role(role).label) for role in row.confidential_roles]}
        for row in rows.order_by("position", "pk")
    ]


def _status(form: Any, stale: bool) -> int:
    return CONFLICT if stale else UNPROCESSABLE if form.errors else OK
