"""A notice to every submitter, and a file in every third case (the row only; there are no bytes)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType

from bench import sql
from core.models import Attachment, Notice
from governance.models import Initiative

if TYPE_CHECKING:
    from bench.plan import Plan

ORDER = 60


def generate(plan: Plan) -> None:
    kind = str(ContentType.objects.get_for_model(Initiative).pk)
    with sql.without_triggers():
        sql.insert(
            Notice, "bench_case c where c.submitted_at is not null", key="'bench:' || c.id",
            recipient_id="c.submitter_id", event="'moved'", title="'Saken ' || c.number || ' er flyttet'",
            url="'/tiltak/' || c.id || '/'", content_type_id=kind, object_id="c.id", created_at="c.changed_at",
            read_at="case when c.age > 30 then c.changed_at end",
        )  # fmt: skip
        sql.insert(
            Attachment, "bench_case c where c.g % 3 = 0", key=sql.uuid_of(f"'{plan.seed} file ' || c.g"),
            content_type_id=kind, object_id="c.id", name="'skisse.pdf'", file="'attachments/bench.pdf'",
            mime="'application/pdf'", size="120000", sha256="repeat('0', 64)", uploaded_by_id="c.submitter_id",
            uploaded_at="c.created_at",
        )  # fmt: skip
