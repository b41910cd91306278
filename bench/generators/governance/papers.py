"""What is written about an initiative before the council: costs, goals, endorsements, hearings, papers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import sql, words
from bench.generators.governance.cases import values_of
from bench.generators.governance.ways import ENDORSED, PREPARED
from governance.models import (
    CasePaper,
    CostLine,
    Endorsement,
    Hearing,
    Initiative,
    InitiativeGoal,
    PaperSection,
    Participation,
)

if TYPE_CHECKING:
    from bench.plan import Plan

_PLACED = "bench_case c join bench_place p on p.municipality_id = c.municipality_id"


def write_children(plan: Plan) -> None:
    _costs(plan)
    _links(plan)
    _participations(plan)
    _endorsements(plan)
    _hearings(plan)
    _case_papers(plan)


def _costs(plan: Plan) -> None:
    sql.insert(
        CostLine, f"bench_case c, generate_series(0, 1) as y where y = 0 or {plan.draw('second year', 'c.g')} < 0.4",
        initiative_id="c.id", year="extract(year from c.created_at) + y",
        amount=f"round((power({plan.draw('amount', 'c.g * 2 + y')}, 5) * 3000000)::numeric, -3)",
    )  # fmt: skip


def _links(plan: Plan) -> None:
    sql.insert(
        InitiativeGoal, f"{_PLACED} where cardinality(p.goals) > 0 and {plan.draw('has goal', 'c.g')} < 0.7",
        initiative_id="c.id", goal_id=sql.pick("p.goals", plan.draw("goal", "c.g"), skew=1.5), changed_at="c.created_at",
    )  # fmt: skip
    sql.insert_links(
        Initiative.co_editors.through, f"{_PLACED} where {plan.draw('has co-editor', 'c.g')} < 0.08",
        first="c.id", second=sql.pick("p.employees", plan.draw("co-editor", "c.g")),
    )  # fmt: skip


def _participations(plan: Plan) -> None:
    """Let most municipalities of the region take part in each regional initiative."""
    sql.insert(
        Participation,
        f"{_PLACED}, unnest(p.members) as member where c.is_region and {plan.draw('takes part', 'c.g * 7 + member')} < 0.8",
        initiative_id="c.id", municipality_id="member", cost_share="33", changed_at="c.created_at",
    )  # fmt: skip


def _endorsements(plan: Plan) -> None:
    remark = f"{plan.draw('remark', 'c.g')} < 0.2"
    sql.insert(
        Endorsement, f"bench_case c where c.status = any({values_of(ENDORSED)})", initiative_id="c.id",
        verdict=f"case when {remark} then 'with_remark' else 'endorsed' end",
        remark=f"case when {remark} then 'Må samordnes med vaktordningen.' else '' end", by_id="c.sector_leader_id",
        at="c.created_at + c.spent * 0.3", changed_at="c.created_at + c.spent * 0.3",
    )  # fmt: skip


def _hearings(plan: Plan) -> None:
    waits = "c.status = 'under_preparation'"
    person = sql.pick("p.hearers", plan.draw("hearer", "c.g"))
    sql.insert(
        Hearing,
        f"{_PLACED} where cardinality(p.hearers) > 0 and c.status = any({values_of(PREPARED)})"
        f" and {plan.draw('is heard', 'c.g')} < 0.25",
        initiative_id="c.id", role="'verneombud'", person_id=person, asked_at="c.created_at + c.spent * 0.4",
        due_on="(c.created_at + c.spent * 0.4)::date + 14", changed_at="c.changed_at",
        answer=f"case when {waits} then '' else 'Ingen merknader.' end",
        position=f"case when {waits} then '' else 'no_remarks' end",
        answered_at=f"case when not {waits} then c.created_at + c.spent * 0.5 end",
        answered_by_id=f"case when not {waits} then {person} end",
    )  # fmt: skip


def _case_papers(plan: Plan) -> None:
    def text(*names: str) -> str:
        return " || ' ' || ".join(sql.word_of(words.SENTENCES, plan.draw(name, "c.g")) for name in names)

    sql.insert(
        CasePaper, "bench_case c where c.heard or c.status = 'ready_for_council'", initiative_id="c.id",
        written_by_id="c.handler_id", published_at="case when c.heard then c.changed_at end", changed_at="c.changed_at",
    )  # fmt: skip
    written = {
        "recommendation": "'1. Tiltaket prioriteres.'", "summary": text("paper 1"), "background": text("paper 2", "paper 3"),
        "alternatives": text("paper 4"), "assessment": text("paper 5", "paper 6"),
    }  # fmt: skip
    rows = ", ".join(f"('{key}', {words_of})" for key, words_of in written.items())
    sql.insert(
        PaperSection,
        f"governance_casepaper p join bench_case c on c.id = p.initiative_id cross join lateral (values {rows}) s(key, text)",
        paper_id="p.id", key="s.key", version="1", text="s.text", written_by_id="p.written_by_id", begins_sitting="true",
        changed_at="p.changed_at",
    )  # fmt: skip
