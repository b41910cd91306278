"""Strategies: drafts are written, adopted ones stand, and a new version is a new row."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused
from core.history import record
from organization.consultation_points import hear_new_goal
from organization.consultation_rules import hearing_problem
from organization.models import Goal, Strategy
from organization.operations.saving import Edit, lock, save

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor


@transaction.atomic
def create_strategy(draft: Strategy, *, by: Actor, now: datetime) -> Strategy:
    """Save a draft.  One that replaces an adopted version begins with a copy of its goals."""
    draft.stamp(now)
    with record("create_strategy", actor=by):
        draft.save(force_insert=True)
        if draft.replaces is not None:
            _copy_goals(draft.replaces, draft, now)
    return draft


def _copy_goals(source: Strategy, target: Strategy, now: datetime) -> None:
    copies: dict[int, Goal] = {}
    originals = list(source.goals.order_by("pk"))
    for goal in originals:
        copies[goal.pk] = Goal.objects.create(
            strategy=target, unit_id=goal.unit_id, code=goal.code, title=goal.title, indicator=goal.indicator,
            owner_id=goal.owner_id, changed_at=now,
        )  # fmt: skip
    for goal in originals:
        if goal.parent_id in copies:
            copies[goal.pk].parent = copies[goal.parent_id]
            copies[goal.pk].save(update_fields=["parent"])


@transaction.atomic
def edit_strategy(edit: Edit[Strategy], *, by: Actor, now: datetime) -> Strategy:
    """Save new facts of a draft.

    :raises Refused: the strategy is adopted.
    :raises StaleVersion: somebody else saved in the meantime.
    """
    if lock(edit).is_adopted:
        raise Refused(_("Strategien er vedtatt. Lag en ny versjon hvis noe skal endres."))
    return save(edit, action="edit_strategy", by=by, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """The political decision that a strategy cites; ``adopted_by`` names a body that has no name of its own here."""

    adopted_on: date
    adopted_body: str
    adopted_reference: str
    adopted_by: str = ""
    adopted_link: str = ""
    valid_to: date | None = None


@transaction.atomic
def adopt_strategy(strategy: Strategy, decision: Adoption, *, by: Actor, now: datetime) -> Strategy:
    """Let a draft stand as adopted; the version it replaces ends on the same day.

    :raises Refused: it is adopted already, has no goals, is still heard, or is dated before the version it replaces
        or the end of its consultation.
    """
    locked = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if locked.is_adopted:
        raise Refused(_("Strategien er alt vedtatt. Lag en ny versjon hvis noe skal endres."))
    if not locked.goals.exists():
        raise Refused(_("Strategien har ingen mål ennå. Legg til minst ett før den vedtas."))
    if problem := hearing_problem(locked, decision.adopted_on):
        raise Refused(problem)
    before = Strategy.objects.select_for_update().filter(pk=locked.replaces_id).first()
    if before is not None and before.adopted_on is not None and decision.adopted_on <= before.adopted_on:
        raise Refused(_("Den forrige versjonen ble vedtatt samme dag eller senere. Sjekk datoen."))
    for name, value in asdict(decision).items():
        setattr(locked, name, value)
    locked.stamp(now)
    locked.full_clean()
    with record("adopt_strategy", actor=by):
        locked.save()
        if before is not None and (before.valid_to is None or before.valid_to > decision.adopted_on):
            before.valid_to = decision.adopted_on
            before.stamp(now)
            before.save(update_fields=["valid_to", "changed_at"])
    return locked


@transaction.atomic
def end_strategy(strategy: Strategy, *, on: date, by: Actor, now: datetime) -> Strategy:
    """End an adopted strategy from a day, without a new version."""
    locked = Strategy.objects.select_for_update().get(pk=strategy.pk)
    if not locked.is_adopted:
        raise Refused(_("Et utkast kan ikke avsluttes."))
    locked.valid_to = on
    locked.stamp(now)
    locked.full_clean()
    with record("end_strategy", actor=by):
        locked.save(update_fields=["valid_to", "changed_at"])
    return locked


@transaction.atomic
def save_goal(edit: Edit[Goal], *, by: Actor, now: datetime) -> Goal:
    """Save a goal of a draft, or give a goal of an adopted strategy another owner.

    :raises Refused: the strategy is adopted, and more than the owner is changed.
    :raises StaleVersion: somebody else saved in the meantime.
    """
    goal = edit.row
    strategy = Strategy.objects.select_for_update().get(pk=goal.strategy_id)
    if strategy.is_adopted and set(edit.fields) - {"owner"}:
        raise Refused(_("Strategien er vedtatt. Lag en ny versjon for å endre målene."))
    is_new = goal.pk is None
    if not is_new:
        lock(edit)
        if not edit.fields:
            return goal
    goal.stamp(now)
    with record("create_goal" if is_new else "edit_goal", actor=by):
        goal.save(update_fields=None if is_new else [*edit.fields, "changed_at"])
        if is_new:
            hear_new_goal(goal, now=now)
    return goal


@transaction.atomic
def delete_goal(goal: Goal, *, by: Actor, now: datetime) -> None:
    """Take a goal out of a draft.  What was said about it in a consultation stays, with the words that were heard.

    :raises Refused: the strategy is adopted, or the goal has parts.
    """
    strategy = Strategy.objects.select_for_update().get(pk=goal.strategy_id)
    if strategy.is_adopted:
        raise Refused(_("Strategien er vedtatt. Lag en ny versjon for å endre målene."))
    if goal.parts.exists():
        raise Refused(_("Målet har delmål. Flytt eller slett dem først."))
    with record("delete_goal", actor=by):
        goal.stamp(now)
        goal.save(update_fields=["changed_at"])
        goal.delete()
