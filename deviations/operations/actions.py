"""Corrective actions: propose a new one, or reuse one that is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import notices
from core.history import label_actions, record
from core.workflow import TransitionBlocked, TransitionDenied
from deviations import policies, telling
from deviations.models import ActionLink, ActionStatus, CorrectiveAction
from deviations.operations.touching import touch
from deviations.staff import why_not_at_work

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor
    from deviations.models import Deviation
    from organization.models import Person, Unit

label_actions({"propose_action": _("Foreslo tiltak"), "reuse_action": _("Koblet til et tiltak som finnes")})


def propose_action(
    deviation: Deviation, *, title: str, owner: Person, due_on: date, by: Actor, now: datetime, **values: Any
) -> CorrectiveAction:
    """Add an action to a case.  An own action is taken on at once; somebody else's must be accepted.

    :raises TransitionDenied: ``by`` does not handle the case.
    :raises TransitionBlocked: the case has ended, or the unit or the owner is not of the municipality.
    """
    _check(deviation, by)
    unit: Unit = values.pop("unit", None) or deviation.unit
    if unit.municipality_id != deviation.municipality_id:
        raise TransitionBlocked([_("Enheten hører til en annen kommune.")])
    with transaction.atomic(), record("propose_action", actor=by, reason=title):
        action = create_action(title=title, unit=unit, owner=owner, due_on=due_on, by=by, now=now, **values)
        ActionLink.objects.create(
            action=action, deviation=deviation, linked_by_id=cast("int", by.person_id), linked_at=now
        )
        touch(deviation, now)
        notices.post(telling.action_is_given(action, by=by), about=action, now=now)
    return action


def create_action(
    *, title: str, unit: Unit, owner: Person, due_on: date, by: Actor, now: datetime, **values: Any
) -> CorrectiveAction:
    """Make an action that stands by itself: a lift makes one for the unit that solves it.

    Among ``values`` may be a ``status``, where the owner has said yes beforehand.

    :raises TransitionBlocked: the owner holds no role in the municipality of the unit.
    """
    if reason := why_not_at_work(owner, cast("int", unit.municipality_id), day=timezone.localdate(now)):
        raise TransitionBlocked([reason])
    values.setdefault("status", ActionStatus.ACCEPTED if owner.pk == by.person_id else ActionStatus.PROPOSED)
    action = CorrectiveAction(
        municipality_id=cast("int", unit.municipality_id), unit=unit, title=title, owner=owner, due_on=due_on,
        status_since=now, proposed_by_id=cast("int", by.person_id),
        created_at=now, **values,
    )  # fmt: skip
    action.stamp(now)
    action.save()
    return action


def reuse_action(deviation: Deviation, action: CorrectiveAction, *, by: Actor, now: datetime) -> ActionLink:
    """Let an existing action serve one more case.

    :raises TransitionDenied: ``by`` does not handle the case, or does not see the action.
    :raises TransitionBlocked: the case has ended, or the action is of another municipality.
    """
    _check(deviation, by)
    if action.municipality_id != deviation.municipality_id:
        raise TransitionBlocked([_("Tiltaket hører til en annen kommune.")])
    if not CorrectiveAction.objects.visible_to(by).filter(pk=action.pk).exists():
        raise TransitionDenied
    with transaction.atomic(), record("reuse_action", actor=by, reason=action.title):
        link, made = ActionLink.objects.get_or_create(
            action=action,
            deviation=deviation,
            defaults={"linked_by_id": cast("int", by.person_id), "linked_at": now},
        )
        if made:
            touch(deviation, now)
    return link


def _check(deviation: Deviation, by: Actor) -> None:
    if not policies.may_propose_action(by, deviation):
        raise TransitionDenied
    if deviation.is_final:
        raise TransitionBlocked([_("Saken er avsluttet. Gjenåpne den for å legge til tiltak.")])
