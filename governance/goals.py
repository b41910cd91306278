"""The strategic goals of an initiative, each with the political decision that it stands on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.translation import gettext_lazy as _

from governance.paper_parts import PaperPart
from organization.models import Goal

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from governance.models import Initiative


def goals_with_strategies() -> Prefetch:
    """Return what loads the goals of initiatives with the strategies they stand in."""
    return Prefetch("goals", Goal.objects.select_related("strategy"))


def goals_of(initiative: Initiative) -> list[Goal]:
    """Return the goals of an initiative, each with the strategy it stands in."""
    prefetch_related_objects([initiative], goals_with_strategies(), "goals__strategy")
    return list(initiative.goals.all())


def decision_behind(goal: Goal) -> str:
    """Return the political decision behind a goal, in a few words."""
    return goal.strategy.decision_words


def cited(goal: Goal) -> str:
    """Return a goal with the decision behind it in one line."""
    decision = decision_behind(goal)
    return f"{goal} ({decision})" if decision else str(goal)


def goals_part(initiative: Initiative) -> PaperPart | None:
    """Return the goals as the case paper says them."""
    rows: list[tuple[StrOrPromise, str]] = [
        (str(goal), decision_behind(goal)) for goal in goals_of(initiative)
    ]
    return PaperPart(_("Strategiske mål"), rows) if rows else None
