"""The feed of events: what the triggers would have written beside each line of the histories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bench import sql
from organization.feed import CHANGED, CREATED, DRAFT, PREFIX, sources
from organization.models import FeedEntry

if TYPE_CHECKING:
    from bench.plan import Plan
    from organization.feed import Source

ORDER = 100


def generate(plan: Plan) -> None:
    """Write a line for each change in the histories, in the order in which they happened, and number them."""
    del plan
    FeedEntry.objects.all().delete()  # what triggers wrote where a generator leaves them on stands in the histories too
    lines = " union all ".join(_lines_of(source) for source in sources())
    sql.insert(
        FeedEntry, f"({lines}) as line order by line.changed_at, line.resource, line.object_id", type="line.type",
        resource="line.resource", object_id="line.object_id", municipality="line.municipality", status="line.status",
        changed_at="line.changed_at", recorded_at="line.changed_at", position="nextval('feed_position')",
    )  # fmt: skip


def _lines_of(source: Source) -> str:
    model: Any = source.model
    status = "e.status" if source.states else "''::text"
    before = f"lag({status}) over (partition by e.pgh_obj_id order by e.pgh_id)"
    return f"""
        select '{PREFIX}.{source.kind}.' || case when before is null then '{CREATED}' when before <> status then status
            else '{CHANGED}' end as type, '{source.resource}' as resource, object_id, municipality, status, changed_at
        from (select e.pgh_obj_id as object_id, {status} as status, {before} as before, e.changed_at,
            {source.municipality.format(row="e")} as municipality from {model.pgh_event_model._meta.db_table} e) as told
        where status <> '{DRAFT}' and municipality is not null
    """
