"""Load a benefit, an indicator or a measurement for a page, through visibility."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.utils import timezone

from benefits import policies
from benefits.models import Benefit, Indicator, Measurement
from core.access import log_read
from governance import policies as governance_policies

if TYPE_CHECKING:
    from core.actors import Actor
    from organization.http import Request

_INITIATIVE = ("initiative__unit", "initiative__municipality", "initiative__project_owner")


def benefit_of(request: Request, pk: int) -> Benefit:
    """Return the benefit with all that its page shows.

    :raises Http404: there is none that the actor may know of.
    """
    return benefit_seen_by(request.actor, pk)


def benefit_seen_by(actor: Actor, pk: int) -> Benefit:
    """Return the benefit with all that its page shows, and log that it is read where it is shielded.

    :raises Http404: there is none that the actor may know of.
    """
    rows = Benefit.objects.visible_to(actor).select_related(*_INITIATIVE, "service_owner")
    benefit: Benefit = get_object_or_404(rows.prefetch_related(*related()), pk=pk)
    if benefit.initiative.is_shielded:
        log_read(benefit.initiative, what="benefit", by=actor, now=timezone.now())
    return benefit


def related() -> tuple[str | Prefetch[Any], ...]:
    """Return what a plan shows of each benefit: its estimates, and its indicators with what is measured."""
    indicators = Indicator.objects.select_related("responsible", "computation")
    measurements = Measurement.objects.select_related("measured_by", "basis")
    return (
        "estimates",
        Prefetch("indicators", indicators),
        Prefetch("indicators__measurements", measurements),
    )


def benefit_to_plan(request: Request, pk: int) -> Benefit:
    """Return the benefit for somebody who works on its plan.

    :raises Http404: there is none that the actor may know of.
    :raises PermissionDenied: the actor knows of it, but does not work on it.
    """
    benefit = benefit_of(request, pk)
    if not policies.may_plan(request.actor, benefit):
        raise PermissionDenied
    return benefit


def benefit_to_estimate(request: Request, pk: int) -> Benefit:
    """Return the benefit for who estimates it: its authors while the form is open, its planners after that.

    :raises Http404: there is none that the actor may know of.
    :raises PermissionDenied: the actor knows of it, but does not write in it.
    """
    benefit = benefit_of(request, pk)
    actor, initiative = request.actor, benefit.initiative
    in_form = initiative.is_editable_by_submitter
    if not (
        governance_policies.may_edit(actor, initiative) if in_form else policies.may_plan(actor, benefit)
    ):
        raise PermissionDenied
    return benefit


def indicator_to_plan(request: Request, pk: int) -> Indicator:
    """Return the indicator on the same terms, with its benefit."""
    seen = get_object_or_404(Indicator.objects.visible_to(request.actor), pk=pk)
    benefit = benefit_to_plan(request, seen.benefit_id)
    found = next(row for row in benefit.indicators.all() if row.pk == seen.pk)
    found.benefit = benefit
    return found


def measurement_of(request: Request, pk: int) -> Measurement:
    """Return the measurement with its indicator and benefit.

    :raises Http404: there is none that the actor may know of.
    """
    rows: Any = Measurement.objects.visible_to(request.actor)
    related = (f"indicator__benefit__{name}" for name in (*_INITIATIVE, "service_owner"))
    measurement: Measurement = get_object_or_404(
        rows.select_related(*related, "measured_by", "verified_by", "indicator__computation", "basis"), pk=pk
    )
    return measurement
