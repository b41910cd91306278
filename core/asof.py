"""Records as they were: read from the events that every change of them left.

The last event of a record up to a point in time is the record as it then was; one that was brought in later, with
an earlier date, is taken as it was when it came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.history import Tracked

T = TypeVar("T", bound="Tracked")


def as_it_was(model: type[T], ids: Iterable[int], *, at: datetime) -> dict[int, T]:
    """Return records as they were at a point in time, by id, in two statements at most."""
    wanted = set(ids)
    events = model.pgh_event_model.objects.filter(pgh_obj_id__in=wanted).exclude(pgh_label="delete")
    earlier = events.filter(changed_at__lte=at).order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
    found = {event.pgh_obj_id: of_event(model, event) for event in earlier}
    if late := wanted - found.keys():
        first = events.filter(pgh_obj_id__in=late).order_by("pgh_obj_id", "pgh_id").distinct("pgh_obj_id")
        found |= {event.pgh_obj_id: of_event(model, event) for event in first}
    return found


def of_event(model: type[T], event: Any) -> T:
    """Return the record that an event keeps; columns that history leaves out have their default."""
    kept = {field.attname for field in event._meta.concrete_fields}
    names = [field.attname for field in model._meta.concrete_fields if field.attname in kept]
    row = model(**{name: getattr(event, name) for name in names} | {"pk": event.pgh_obj_id})
    row._state.adding, row._state.db = False, event._state.db
    return row
