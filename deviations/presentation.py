"""Turn deviations and corrective actions into what pages show.  Nothing is decided here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from core.presentation import Actions, actions_of
from deviations.models import Status
from deviations.workflow import action_workflow, deviation_workflow

if TYPE_CHECKING:
    from core.actors import Actor
    from deviations.models import CorrectiveAction, Deviation

_UNHANDLED = frozenset({Status.REPORTED, Status.RECEIVED})


def who_has_it(case: Deviation) -> str:
    """Return whose the next step is, in a word or by name; never the name of the reporter."""
    if case.status == Status.AWAITING_REPORTER:
        return _("Melder")
    person = case.responsible if case.status in _UNHANDLED else case.handler or case.responsible
    return str(person) if person is not None and case.is_open else ""


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
