"""A message to sak/arkiv for every submission; the newest have no case number yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from archive.models import ArchiveMessage
from bench import sql
from governance.models import Initiative

if TYPE_CHECKING:
    from bench.plan import Plan

ORDER = 50


def generate(plan: Plan) -> None:
    kind = ContentType.objects.get_for_model(Initiative).pk
    filed = "c.age > 10"
    with sql.without_triggers():
        sql.insert(
            ArchiveMessage, "bench_case c join governance_initiative i on i.id = c.id where c.submitted_at is not null",
            municipality_id="c.municipality_id", key="'initiative/' || c.id || '/submission'", kind="'submission'",
            title="c.number || ' ' || i.card_title", content_type_id=str(kind), object_id="c.id",
            payload="jsonb_build_object('number', c.number, 'initiative', c.id)",
            status=f"case when {filed} then 'receipted' else 'ready' end",
            archive_reference=f"case when {filed} then c.number || '/A' else '' end",
            status_since="c.submitted_at", created_at="c.submitted_at", changed_at="c.submitted_at",
        )  # fmt: skip
