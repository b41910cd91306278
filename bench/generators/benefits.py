"""One to three benefits of every initiative that was sent in; or six, each measured 24 times, where benefits are measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import sql, words
from benefits.models import Benefit, Indicator, Measurement, ScoreMark
from benefits.operations import count_marked

if TYPE_CHECKING:
    from bench.plan import Plan

ORDER = 30
MEASUREMENTS = 24
_MOST = 6
_KINDS = {"saved_time": 45, "quality": 35, "avoided_cost": 15, "income": 5}


def generate(plan: Plan) -> None:
    row = f"c.g * {_MOST if plan.benefits else 3} + n"
    kind = sql.choose(_KINDS, plan.draw("benefit kind", row))
    done = (
        "case c.status when 'closed' then 'realized' when 'realizing' then 'realizing' else 'identified' end"
    )
    chance = "true" if plan.benefits else f"(n = 0 or {plan.draw('has benefit', row)} < 0.5)"
    with sql.without_triggers():
        sql.insert(
            Benefit,
            f"bench_case c, generate_series(0, {(plan.benefits or 3) - 1}) as n where c.status <> 'draft' and {chance}",
            initiative_id="c.id", title=f"'Gevinst av ' || {sql.word_of(words.WHAT, plan.draw('what', 'c.g'))}",
            how=sql.word_of(words.SENTENCES, plan.draw("how benefit", row)), kind=kind, status=done,
            beneficiary=sql.choose({"own_organization": 6, "citizens": 4}, plan.draw("beneficiary", row)),
            form=f"case when {kind} = 'quality' then 'not_priced' else 'alternative_use' end",
            hours_per_year=f"round((900 * {plan.draw('benefit hours', row)})::numeric)",
            kroner_per_year=f"case when {kind} in ('avoided_cost', 'income') then round((400000 * {plan.draw('benefit kroner', row)})::numeric) end",
            full_effect_from="extract(year from c.created_at) + 2", service_owner_id="c.service_owner_id",
            created_at="c.created_at", changed_at="c.changed_at",
        )  # fmt: skip
        if plan.benefits:
            _measure(plan)
    sql.insert(ScoreMark, "benefits_benefit b", benefit="b.id")
    count_marked()


def _measure(plan: Plan) -> None:
    """Give each benefit an indicator with a measurement every quarter: the baseline first, and what is past is measured."""
    sql.insert(
        Indicator, "benefits_benefit b", benefit_id="b.id", name="'Minutter per vakt'", quantity="'count'", unit="'minutter'",
        method="'Stikkprøve'", direction="'down'", target="10", is_main="true", baseline_on="b.created_at::date",
        first_on="b.created_at::date + 91", last_on=f"b.created_at::date + 91 * {MEASUREMENTS - 1}", every="'quarter'",
        created_at="b.created_at", changed_at="b.changed_at",
    )  # fmt: skip
    day = "(i.baseline_on + 91 * n)"
    past = f"{day} <= date '{plan.day.isoformat()}' and {plan.draw('is measured', 'i.id * 24 + n')} < 0.9"
    measured = f"n = 0 or ({past})"
    sql.insert(
        Measurement, f"benefits_indicator i, generate_series(0, {MEASUREMENTS - 1}) as n", indicator_id="i.id",
        kind=f"case n when 0 then 'baseline' when {MEASUREMENTS - 1} then 'final' else 'running' end", due_on=day,
        measured_on=f"case when {measured} then {day} end",
        value=f"case when {measured} then 40 - n + round((5 * {plan.draw('value', 'i.id * 24 + n')})::numeric, 1) end",
        changed_at="i.changed_at",
    )  # fmt: skip
