"""Turn deviations and corrective actions into what pages show.  Nothing is decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from core.presentation import Actions, actions_of
from deviations.workflow import action_workflow, deviation_workflow

if TYPE_CHECKING:
    from core.actors import Actor
    from deviations.models import CorrectiveAction, Deviation


def actions_for(case: Deviation, actor: Actor) -> Actions:
    """Return the steps ``actor`` may take with the case, as buttons."""
    return actions_of(
        deviation_workflow.offers(case, actor),
        lambda name: reverse("deviations:deviation_transition", args=[case.pk, name]),
    )


def action_buttons(action: CorrectiveAction, actor: Actor) -> Actions:
    """Return the steps ``actor`` may take with the corrective action, as buttons."""
    return actions_of(
        action_workflow.offers(action, actor),
        lambda name: reverse("deviations:action_transition", args=[action.pk, name]),
    )
