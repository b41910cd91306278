"""Set a municipality's rules for handling, and who receives instead of the nearest leader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from core.errors import StaleVersion
from core.history import record
from core.workflow import TransitionDenied
from deviations import policies
from deviations.models import DeviationRules, RoutingRule

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor


def set_rules(
    rules: DeviationRules, values: Mapping[str, Any], *, stamp: str, by: Actor, now: datetime
) -> DeviationRules:
    """Write deadlines, matrix and channels; deadlines that run already stay.

    :param stamp: ``changed_at`` as it stood when the page was opened, empty when there were no rules.
    :raises TransitionDenied: ``by`` may not edit the municipality's catalogue.
    :raises StaleVersion: somebody else has saved since.
    """
    return _save(rules, values, "set_deviation_rules", stamp=stamp, by=by, now=now)


def set_routing(
    rule: RoutingRule, values: Mapping[str, Any], *, stamp: str, by: Actor, now: datetime
) -> RoutingRule:
    """Write a rule of who receives; cases that have landed stay where they are.

    :raises TransitionDenied: ``by`` may not edit the municipality's catalogue.
    :raises StaleVersion: somebody else has saved since.
    """
    return _save(rule, values, "set_routing", stamp=stamp, by=by, now=now)


def remove_routing(rule: RoutingRule, *, by: Actor) -> None:
    if not policies.may_edit_catalogue(by, rule.municipality):
        raise TransitionDenied
    with transaction.atomic(), record("remove_routing", actor=by):
        rule.delete()


def stamp_of(row: DeviationRules | RoutingRule) -> str:
    return row.changed_at.isoformat() if row.pk else ""


def _save(row: Any, values: Mapping[str, Any], action: str, *, stamp: str, by: Actor, now: datetime) -> Any:
    model = type(row)
    if not policies.may_edit_catalogue(by, row.municipality):
        raise TransitionDenied
    with transaction.atomic(), record(action, actor=by):
        held = {"pk": row.pk} if row.pk or model is RoutingRule else {"municipality": row.municipality}
        stands = model.objects.select_for_update().filter(**held).first()
        if (stamp_of(stands) if stands else "") != stamp:
            raise StaleVersion
        written = stands or model(municipality=row.municipality)
        for name, value in values.items():
            setattr(written, name, value)
        written.stamp(now)
        written.save()
    return written
