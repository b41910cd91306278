"""One to three benefits of every initiative that was sent in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import sql, words
from benefits.models import Benefit

if TYPE_CHECKING:
    from bench.plan import Plan

ORDER = 30
_KINDS = {"saved_time": 45, "quality": 35, "avoided_cost": 15, "income": 5}


def generate(plan: Plan) -> None:
    row = "c.g * 3 + n"
    kind = sql.choose(_KINDS, plan.draw("benefit kind", row))
    done = (
        "case c.status when 'closed' then 'realized' when 'realizing' then 'realizing' else 'identified' end"
    )
    with sql.without_triggers():
        sql.insert(
            Benefit,
            "bench_case c, generate_series(0, 2) as n where c.status <> 'draft'"
            f" and (n = 0 or {plan.draw('has benefit', row)} < 0.5)",
            initiative_id="c.id", title=f"'Gevinst av ' || {sql.word_of(words.WHAT, plan.draw('what', 'c.g'))}",
            how=sql.word_of(words.SENTENCES, plan.draw("how benefit", row)), kind=kind, status=done,
            beneficiary=sql.choose({"own_organization": 6, "citizens": 4}, plan.draw("beneficiary", row)),
            form=f"case when {kind} = 'quality' then 'not_priced' else 'alternative_use' end",
            hours_per_year=f"round((900 * {plan.draw('benefit hours', row)})::numeric)",
            full_effect_from="extract(year from c.created_at) + 2", service_owner_id="c.service_owner_id",
            created_at="c.created_at", changed_at="c.changed_at",
        )  # fmt: skip
