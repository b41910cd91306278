"""Turn lifts into what pages show; who raised one stays unnamed until they name their unit or take an offer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.presentation import actions_of, history_lines
from deviations import policies
from deviations.models import LiftReply, LiftStatus
from deviations.models.lift import LIFT_TONES
from deviations.workflow import lift_workflow

if TYPE_CHECKING:
    from core.actors import Actor
    from core.presentation import Actions, Line
    from deviations.models import Lift, LiftMessage, LiftOffer
    from organization.actors import PersonActor

_BY_ANYBODY = frozenset({"offer_solution", "withdraw_offer", "reply_to_lift", "write_about_lift"})


def shows_raiser(lift: Lift, actor: PersonActor) -> bool:
    """Tell whether ``actor`` may read who raised it: the unit is named, or the two work together on it."""
    if lift.unit_id is not None or policies.may_steer_lift(actor, lift):
        return True
    if lift.action is None:
        return False
    accepted = lift.offers.filter(person_id=actor.person_id, accepted_at__isnull=False)
    return lift.action.owner_id == actor.person_id or accepted.exists()


def lift_buttons(lift: Lift, actor: Actor) -> Actions:
    """Return the steps ``actor`` may take, as buttons."""
    return actions_of(
        lift_workflow.offers(lift, actor),
        lambda name: reverse("deviations:lift_transition", args=[lift.pk, name]),
    )


def offers_of(lift: Lift, actor: Actor) -> list[LiftOffer]:
    """Return the offers that ``actor`` reads: all of them for who steers the lift, else the own and the accepted one."""
    rows = lift.offers.filter(withdrawn_at=None).select_related("person", "unit", "owner")
    steers = policies.may_steer_lift(actor, lift)
    return [row for row in rows if steers or row.accepted_at or row.person_id == actor.person_id]


def talk_of(lift: Lift, *, shown: bool) -> list[dict[str, Any]]:
    """Return the questions and answers; who raised it is not named where that would name the unit."""
    return [
        {"line": row, "who": _who_wrote(row, shown)} for row in lift.messages.select_related("author")
    ]  # fmt: skip


def _who_wrote(row: LiftMessage, shown: bool) -> str:
    return str(row.author) if shown or not row.from_raiser else raiser_in_words()


def raiser_in_words() -> str:
    return _("Den som løftet problemet")


def history_of(lift: Lift, actor: Actor, *, shown: bool) -> list[Line]:
    """Return what has happened: with names and reasons to who steers it, to others without those who answered it."""
    steers = policies.may_steer_lift(actor, lift)
    lines = history_lines(lift, states=LiftStatus, tones=LIFT_TONES, with_reasons=steers)
    raiser = str(lift.raised_by) if shown else raiser_in_words()
    return lines if steers else [replace(line, who=_who_did(line, raiser)) for line in lines]


def _who_did(line: Line, raiser: str) -> str:
    return "" if line.action in _BY_ANYBODY else raiser


def own_reply(lift: Lift, actor: PersonActor) -> str:
    """Return what the actor has said to it: that they have the same, that it is nothing for them, or nothing."""
    kinds = LiftReply.objects.filter(lift=lift, person_id=actor.person_id).values_list("kind", flat=True)
    return kinds.first() or ""
