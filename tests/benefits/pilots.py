"""Declare a pilot, bring it to its last day, and say how it went, the way people do it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from benefits.forms.pilot import PilotForm
from benefits.models import Pilot
from benefits.operations import pilot as operations
from organization.roles import Role

if TYPE_CHECKING:
    from governance.models import Initiative
    from tests.world import Place

LEARNED = "Vi sparte tid, men bare der alle fikk opplæring."


def answers(**values: Any) -> dict[str, Any]:
    ends = timezone.localdate() + timedelta(days=60)
    return {
        "hypothesis": "Vi tror at vaktlaget sparer ti minutter per vakt, fordi ingen skriver to ganger.", "cap": "120 000",
        "ends_on": ends.strftime("%d.%m.%Y"), "stop_criterion": "Hvis under halvparten bruker den etter seks uker.", **values,
    }  # fmt: skip


def declared(
    initiative: Initiative, place: Place, *, role: Role = Role.SERVICE_OWNER, **values: Any
) -> Pilot:
    form = PilotForm(answers(**values), instance=Pilot(), actor=place.actor(role))
    assert form.is_valid(), form.errors
    given = {"by": place.actor(role), "now": timezone.now(), "form": form}
    return operations.save_pilot(initiative, form.cleaned_data, **given)


def ended(initiative: Initiative, place: Place, *, days_ago: int = 1) -> Pilot:
    """Return a pilot whose last day was some days ago."""
    pilot = declared(initiative, place)
    Pilot.objects.filter(pk=pilot.pk).update(ends_on=timezone.localdate() - timedelta(days=days_ago))
    return Pilot.objects.get(pk=pilot.pk)


def concluded(initiative: Initiative, place: Place, outcome: str) -> Pilot:
    declared(initiative, place)
    return operations.conclude_pilot(
        initiative, outcome, LEARNED, None, by=place.actor(Role.SERVICE_OWNER), now=timezone.now()
    )
