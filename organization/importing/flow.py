"""From a file to a plan, from a plan that was seen to what is written."""

from __future__ import annotations

import json
import secrets
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Refused
from core.history import record
from core.spreadsheets import Row, Table, Value
from organization.importing.kinds import KINDS, Kind
from organization.operations.units import lock_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from core.actors import Actor
    from organization.importing.plans import Plan
    from organization.models import Unit

KEPT_SECONDS = 30 * 60


class Expired(Refused):
    """The rows that were checked are no longer there: too long ago, read already, or replaced by another file."""


class Moved(Exception):
    """Something changed between the check and the confirmation; ``plan`` is how it looks now."""

    def __init__(self, plan: Plan, kind: Kind, key: str) -> None:
        super().__init__("the plan is another one now")
        self.plan, self.kind, self.key = plan, kind, key


def check(kind: Kind, table: Table, *, municipality: Unit, by: Actor) -> tuple[Plan, str]:
    """Return what the file would do, and a key to confirm it with (empty when it cannot be).

    Nothing is written.  One file per person waits at a time: a new one takes its place.

    :raises TableError: a column is missing.
    """
    rows = list(table.rows(kind.columns))
    plan = _plan(kind, rows, municipality, by)
    if plan.errors or not plan.does_something:
        return plan, ""
    key = secrets.token_urlsafe(24)
    kept = {
        "key": key,
        "kind": kind.slug,
        "name": table.name,
        "municipality": municipality.pk,
        "rows": [[row.line, {name: packed(value) for name, value in row.values.items()}] for row in rows],
        "fingerprint": plan.fingerprint,
    }
    cache.set(_place(by), json.dumps(kept), KEPT_SECONDS)
    return plan, key


def confirm(
    key: str, *, municipality: Unit, by: Actor, now: datetime, kinds: Mapping[str, Kind] = KINDS
) -> tuple[Plan, Kind]:
    """Write what was checked, all of it or nothing.

    :param kinds: those that may be confirmed here, another app's own among them.

    :raises Expired: the rows are gone.
    :raises Moved: the plan is no longer the one that was seen.
    :raises Refused: two at once, or a rule that only shows when it's done.
    """
    kept = _kept(key, municipality, by)
    kind = kinds.get(kept["kind"])
    if kind is None:
        raise Expired(_("Filen ble kontrollert på en annen side. Last den opp på nytt."))
    titles = {column.key: str(column.title) for column in kind.columns}
    rows = [
        Row(line, {name: unpacked(v) for name, v in values.items()}, titles) for line, values in kept["rows"]
    ]
    try:
        with transaction.atomic(), record(kind.action, actor=by, reason=kept["name"]):
            lock_tree(municipality)
            importer = kind.importer(municipality, by)
            importer.read(rows)
            if importer.plan.errors or importer.plan.fingerprint != kept["fingerprint"]:
                raise Moved(importer.plan, kind, _seen_again(kept, importer.plan, by))
            importer.write(now=now)
    except IntegrityError as broken:
        raise Refused(_("Noen andre lagret samtidig. Ingenting er lest inn. Prøv igjen.")) from broken
    cache.delete(_place(by))
    return importer.plan, kind


def _plan(kind: Kind, rows: list[Row], municipality: Unit, by: Actor) -> Plan:
    importer = kind.importer(municipality, by)
    importer.read(rows)
    return importer.plan


def _kept(key: str, municipality: Unit, by: Actor) -> dict[str, Any]:
    text = cache.get(_place(by))
    kept: dict[str, Any] = json.loads(text) if text else {}
    if not kept or not secrets.compare_digest(kept["key"].encode(), key.encode()):
        raise Expired(
            _(
                "Filen er ikke lenger klar. Den er lest inn allerede, eller det er over 30 minutter siden den ble kontrollert. Last den opp på nytt."
            )
        )
    if kept["municipality"] != municipality.pk:
        raise Expired(
            _("Filen ble kontrollert for en annen kommune. Bytt kommune, eller last den opp på nytt.")
        )
    return kept


def _seen_again(kept: dict[str, Any], plan: Plan, by: Actor) -> str:
    """Keep the rows with the plan as it is now, to be confirmed anew."""
    if plan.errors or not plan.does_something:
        cache.delete(_place(by))
        return ""
    cache.set(_place(by), json.dumps({**kept, "fingerprint": plan.fingerprint}), KEPT_SECONDS)
    return str(kept["key"])


def _place(by: Actor) -> str:
    return f"organization-import:{by.person_id}"


_SHAPES: dict[str, Callable[[str], Value]] = {
    "moment": datetime.fromisoformat,
    "day": date.fromisoformat,
    "number": Decimal,
}


def packed(value: Value) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"number": str(value)} if isinstance(value, Decimal) else value


def unpacked(value: Any) -> Value:
    if isinstance(value, dict):
        [(shape, text)] = value.items()
        return _SHAPES[shape](text)
    plain: Value = value
    return plain
