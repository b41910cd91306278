"""One way to save a row that a person filled in: lock, compare, stamp, record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import Refused, StaleVersion
from core.history import record

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from core.history import Tracked

Row = TypeVar("Row", bound="Tracked")


@dataclass(frozen=True, slots=True)
class Edit(Generic[Row]):
    """A row with new values in ``fields``, and the version (``changed_at``) that was looked at.

    An empty ``seen`` compares nothing.
    """

    row: Row
    fields: tuple[str, ...]
    seen: str = ""


@transaction.atomic
def create(row: Row, *, action: str, by: Actor, now: datetime) -> Row:
    """Save a new row."""
    row.stamp(now)
    with record(action, actor=by):
        row.save(force_insert=True)
    return row


@transaction.atomic
def save(edit: Edit[Row], *, action: str, by: Actor, now: datetime, reason: str = "") -> Row:
    """Save the changed fields of a row.

    :raises StaleVersion: somebody else saved since ``edit.seen``; nothing is saved.
    """
    current = lock(edit)
    if not edit.fields:
        return current
    edit.row.stamp(now)
    with record(action, actor=by, reason=reason):
        edit.row.save(update_fields=[*edit.fields, "changed_at"])
    return edit.row


def lock(edit: Edit[Row]) -> Row:
    """Lock the row as it stands in the database, and return it.

    :raises StaleVersion: it isn't the version that was looked at.
    :raises Refused: it is gone.
    """
    rows = type(edit.row)._base_manager.select_for_update()
    current: Row | None = rows.filter(pk=edit.row.pk).first()
    if current is None:
        raise Refused(_("Noen andre har fjernet dette imens."))
    if edit.seen and current.changed_at.isoformat() != edit.seen:
        raise StaleVersion(theirs=_differences(edit, current))
    return current


def _differences(edit: Edit[Row], current: Any) -> dict[str, str]:
    fields = [current._meta.get_field(name) for name in edit.fields]
    return {
        str(field.verbose_name): _shown(current, field.name)
        for field in fields
        if getattr(current, field.attname) != getattr(edit.row, field.attname)
    }


def _shown(row: Any, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    return "" if value is None else str(value)
