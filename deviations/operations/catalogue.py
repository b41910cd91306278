"""Give a municipality its catalogue, and edit it without rewriting what was."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.errors import StaleVersion
from core.history import label_actions, record
from core.workflow import TransitionDenied
from deviations import policies
from deviations.models import Cause, DeviationRules, DeviationType, DutyTemplate, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Unit

    Row = TypeVar("Row", DeviationType, Cause, Question, DutyTemplate)

DEFAULT = Path(__file__).resolve().parents[1] / "catalogue" / "default.yaml"
label_actions({"install_catalogue": _("Katalogen ble satt opp"), "edit_catalogue": _("Katalogen ble endret")})


@cache
def default_catalogue() -> dict[str, list[dict[str, Any]]]:
    """Return the catalogue the product comes with."""
    catalogue: dict[str, list[dict[str, Any]]] = yaml.safe_load(DEFAULT.read_text("utf-8"))
    return catalogue


def install_catalogue(municipality: Unit, *, by: Actor, now: datetime) -> int:
    """Add what the municipality does not have of the default catalogue, and return how many rows that were.

    What it has edited, or taken out of use, is left alone.
    """
    content = default_catalogue()
    with transaction.atomic(), record("install_catalogue", actor=by):
        DeviationRules.objects.get_or_create(municipality=municipality, defaults={"changed_at": now})
        return (
            _add(DeviationType, municipality, content["types"], now)
            + _add(Cause, municipality, content["causes"], now)
            + _add(Question, municipality, content["questions"], now)
            + _add(DutyTemplate, municipality, content["duties"], now)
        )


def edit_row(row: Row, values: Mapping[str, Any], *, version: int, by: Actor, now: datetime) -> Row:
    """Change a row of the catalogue and count its version up; old cases keep their words.

    :raises TransitionDenied: ``by`` may not edit the municipality's catalogue.
    :raises StaleVersion: somebody else has changed it since ``version`` was read.
    """
    if not policies.may_edit_catalogue(by, row.municipality):
        raise TransitionDenied
    with transaction.atomic(), record("edit_catalogue", actor=by):
        locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
        if locked.version != version:
            raise StaleVersion
        for name, value in values.items():
            setattr(locked, name, value)
        locked.version += 1
        locked.stamp(now)
        locked.save()
    return locked


def _add(model: type[Any], municipality: Unit, rows: Iterable[Mapping[str, Any]], now: datetime) -> int:
    held = set(model.objects.filter(municipality=municipality).values_list("code", flat=True))
    new = [
        model(municipality=municipality, position=position, changed_at=now, **row)
        for position, row in enumerate(rows)
        if row["code"] not in held
    ]
    model.objects.bulk_create(new)
    return len(new)
