"""Write the history of generated rows: events that copy the row, each with its context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench import sql

if TYPE_CHECKING:
    from django.db.models import Model


def event_table(name: str, select: str) -> None:
    """Make a temporary table of events, numbered in the order of their rows and steps.

    :param select: gives ``row_id``, ``step``, ``at``, ``action`` and ``actor_id`` (null: the
        system), ``acting_for``, and what the events differ in.
    """
    sql.run(
        f"create temporary table {name} on commit drop as"
        f" select *, row_number() over (order by row_id, step) as place from ({select}) as events"
    )
    sql.run(f"create index on {name} (row_id)")
    sql.run(f"analyze {name}")


def write_events(model: type[Model], events: str, word: str, **columns: str) -> int:
    """Write the events of ``model`` from a table of ``event_table``, and their contexts.

    :param columns: what was other than now, from ``o`` (the row as it is) and ``e`` (the event).
    """
    event_model: Any = model.pgh_event_model  # type: ignore[attr-defined]
    context = sql.uuid_of(f"{sql.literal(word)} || e.row_id || ' ' || e.step")
    _write_contexts(events, context)
    base = sql.after_last(event_model)
    own = sql.columns_of(event_model)
    copied = {column: f'o."{column}"' for column in sql.columns_of(model) if column in own}
    written = sql.insert(
        event_model, f"{events} e join {model._meta.db_table} o on o.id = e.row_id",
        **copied
        | {
            "pgh_id": f"{base} + e.place",
            "pgh_obj_id": "o.id", "pgh_created_at": "e.at", "pgh_context_id": context, "changed_at": "e.at",
            "pgh_label": "case when e.step = 1 then 'insert' else 'update' end",
        }
        | columns,
    )  # fmt: skip
    sql.follow_sequence(event_model)
    return written


def _write_contexts(events: str, context: str) -> None:
    from pghistory.models import Context

    metadata = (
        "jsonb_build_object('action', e.action, 'actor', e.actor_id, 'acting_for', e.acting_for, 'reason', '',"
        " 'actor_label', case when e.actor_id is null then 'workflow' else '' end)"
    )
    sql.insert(Context, f"{events} e", id=context, created_at="e.at", updated_at="e.at", metadata=metadata)
