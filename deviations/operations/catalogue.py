"""Give a municipality its catalogue, and edit it without rewriting what was."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from core.errors import Refused, StaleVersion
from core.history import label_actions, record
from core.workflow import TransitionDenied
from deviations import policies
from deviations.catalogue_ties import TOLD_APART_BY, why_needed, why_twin
from deviations.models import Cause, DeviationRules, DeviationType, DutyTemplate, Question

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Unit

    Row = TypeVar("Row", DeviationType, Cause, Question, DutyTemplate)

FOLDER = Path(__file__).resolve().parents[1] / "catalogue"
label_actions({
    "install_catalogue": _("Satt opp med standardkatalogen"), "edit_catalogue": _("Endret"), "add_to_catalogue": _("Lagt til"),
    "retire": _("Tatt ut av bruk"), "bring_back": _("Tatt i bruk igjen"), "order_catalogue": _("Flyttet i rekkefølgen"),
    "set_deviation_rules": _("Endret"), "set_routing": _("Endret"), "remove_routing": _("Fjernet"),
})  # fmt: skip
_PREFIXES = {
    "hms": "HMS",
    "service": "TJ",
    "environment": "YM",
    "organization": "OR",
    "information_security": "IS",
}
_LONGEST_CODE = 30


@cache
def default_catalogue() -> dict[str, list[dict[str, Any]]]:
    """Return the catalogue the product comes with; the keywords of the types stand in a file of their own."""
    catalogue: dict[str, list[dict[str, Any]]] = _read("default.yaml")
    keywords: dict[str, str] = _read("keywords.yaml")
    for row in catalogue["types"]:
        row["keywords"] = keywords.get(row["code"], "")
    return catalogue


def _read(name: str) -> Any:
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


def install_catalogue(municipality: Unit, *, by: Actor, now: datetime) -> int:
    """Add what the municipality does not have of the default catalogue, and return how many rows that were.

    What it has edited, or taken out of use, is left alone; types that nobody has edited get keywords if they have none.
    """
    content = default_catalogue()
    with transaction.atomic(), record("install_catalogue", actor=by):
        DeviationRules.objects.get_or_create(municipality=municipality, defaults={"changed_at": now})
        _fill_in_keywords(municipality, content["types"], now)
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
    :raises Refused: it could not be told from another that is in use.
    """
    with _editing(row, "edit_catalogue", by=by, now=now):
        return _write(row, values, version=version, now=now)


def add_row(row: Row, *, by: Actor, now: datetime) -> Row:
    """Put a new row last in its place in the catalogue, with a code that nobody else has.

    :raises TransitionDenied: ``by`` may not edit the municipality's catalogue.
    :raises Refused: it could not be told from another that is in use, as when a form is sent twice.
    """
    with _editing(row, "add_to_catalogue", by=by, now=now):
        _refuse_twin(row)
        rows = type(row)._default_manager.filter(municipality=row.municipality)
        row.code = _free_code(row, set(rows.values_list("code", flat=True)))
        row.position = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
        row.stamp(now)
        row.save(force_insert=True)
    return row


def retire(row: Row, *, version: int, by: Actor, now: datetime) -> Row:
    """Take a row out of use: nobody can choose it any more, and old cases keep it.

    :raises Refused: something else in the catalogue needs it.
    """
    with _editing(row, "retire", by=by, now=now):
        if reasons := why_needed(row):
            raise Refused(*reasons)
        return _write(row, {"is_active": False}, version=version, now=now)


def bring_back(row: Row, *, version: int, by: Actor, now: datetime) -> Row:
    """Take a row into use again.

    :raises Refused: it could not be told from another that is in use by now.
    """
    with _editing(row, "bring_back", by=by, now=now):
        return _write(row, {"is_active": True}, version=version, now=now)


def move_row(row: Row, *, group: str, up: bool, by: Actor, now: datetime) -> None:
    """Let a row change places with its neighbor among those that have the same ``group``.

    :raises TransitionDenied: ``by`` may not edit the municipality's catalogue.
    """
    with _editing(row, "order_catalogue", by=by, now=now):
        rows = type(row)._default_manager.filter(municipality=row.municipality)
        place = rows.values_list(group, flat=True).get(pk=row.pk)
        order = list(rows.filter(**{group: place}).order_by("position", "pk").select_for_update())
        here = order.index(row)
        there = here - 1 if up else here + 1
        if not 0 <= there < len(order):
            return
        places = sorted(one.position for one in order)
        order[here], order[there] = order[there], order[here]
        _renumber(order, places, now)


@contextmanager
def _editing(row: Row, action: str, *, by: Actor, now: datetime) -> Iterator[None]:
    """Let one at a time edit a municipality's catalogue, since its rows hang together.

    :raises TransitionDenied: ``by`` may not.
    """
    if not policies.may_edit_catalogue(by, row.municipality):
        raise TransitionDenied
    with transaction.atomic(), record(action, actor=by):
        DeviationRules.objects.select_for_update().get_or_create(
            municipality=row.municipality, defaults={"changed_at": now}
        )
        yield


def _refuse_twin(row: Row) -> None:
    values = {name: getattr(row, name) for name in TOLD_APART_BY[type(row)]}
    if reason := why_twin(type(row), values, municipality_id=row.municipality_id, apart_from=row.pk):
        raise Refused(reason)


def _renumber(order: list[Row], places: list[int], now: datetime) -> None:
    last = -1
    for row, place in zip(order, places, strict=True):
        last = max(place, last + 1)
        if row.position != last:
            row.position = last
            row.version += 1
            row.stamp(now)
            row.save()


def _write(row: Row, values: Mapping[str, Any], *, version: int, now: datetime) -> Row:
    locked = type(row)._default_manager.select_for_update().get(pk=row.pk)
    if locked.version != version:
        raise StaleVersion
    for name, value in values.items():
        setattr(locked, name, value)
    if locked.is_active:
        _refuse_twin(locked)
    locked.version += 1
    locked.stamp(now)
    locked.save()
    return locked


def _free_code(row: Row, taken: set[str]) -> str:
    prefix = _PREFIXES.get(getattr(row, "category", ""), "EGEN")
    begun = f"{prefix}-{slugify(str(row)).upper()}"[:_LONGEST_CODE].rstrip("-")
    return next(code for code in _candidates(begun) if code not in taken)


def _candidates(begun: str) -> Iterator[str]:
    yield begun
    yield from (f"{begun}-{number}" for number in count(2))


def _fill_in_keywords(municipality: Unit, types: Iterable[Mapping[str, Any]], now: datetime) -> None:
    keywords = {row["code"]: row["keywords"] for row in types}
    rows = list(
        DeviationType.objects.filter(municipality=municipality, version=1, keywords="", code__in=keywords)
    )
    for row in rows:
        row.keywords, row.changed_at = keywords[row.code], now
    DeviationType.objects.bulk_update(rows, ["keywords", "changed_at"])


def _add(model: type[Any], municipality: Unit, rows: Iterable[Mapping[str, Any]], now: datetime) -> int:
    held = set(model.objects.filter(municipality=municipality).values_list("code", flat=True))
    new = [
        model(municipality=municipality, position=position, changed_at=now, **row)
        for position, row in enumerate(rows)
        if row["code"] not in held
    ]
    model.objects.bulk_create(new)
    return len(new)
