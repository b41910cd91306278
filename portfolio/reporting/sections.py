"""The sections of a portfolio report (domain/portfolio 4.8), a statement each, which are sent together.

``%(shielded)s`` are the initiatives that were shielded then: nothing of them is summed, and rows about
what they contain are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benefits.models import Benefit, Measurement
from governance.models import Decision, InitiativeGoal
from organization.models import Goal, Strategy
from portfolio.models import Area, BudgetLine, Phase, ProjectRisk
from portfolio.reporting.capacity import statement_of
from portfolio.reporting.history import read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from portfolio.reporting.scope import Scope

Rows = list[dict[str, Any]]
SHOWN, LISTED, NAMED, WORST = 200, 50, 5, 10
"""How many projects, other rows, names before a decision point and risks a report lists; all are counted."""
AMOUNTS = "sum(budget) as budget, sum(committed) as committed, sum(spent) as spent, sum(forecast) as forecast"
_LISTED = "project_id = any(array(select project from listed))"
_OPEN_OF = "project_id in (select id from {of} where initiative_id <> all(%(shielded)s::bigint[]))"
_OF_RUNNING = _OPEN_OF.format(of="followed").replace("where ", "where status in ('active', 'paused') and ")
_INITIATIVES_OF = (
    "initiative_id in (select initiative_id from {of} where initiative_id <> all(%(shielded)s::bigint[]))"
)

# --- The cases behind the projects ---------------------------------------------------------------
_CASES = """
with placed as (
    select id, status_since as at, case status when 'on_hold' then 'queue' when 'adopted' then 'adopted' else 'ended' end as part
    from cases where is_here and (status in ('on_hold', 'adopted') or (
        status in ('rejected', 'not_endorsed', 'withdrawn', 'referred', 'merged') and status_since > %(since)s
    ))
    union all select id, submitted_at, 'submitted' from cases where is_here and submitted_at > %(since)s
    union all select id, status_since, 'shielded' from cases where shield_basis <> ''
),
counted as (
    select id, part, count(*) over (partition by part) as number_of, row_number() over (partition by part order by at desc, id desc) as nth
    from placed
)
select part, number_of, id as initiative, number, title, public_title, shield_basis <> '' as shielded, unit, status,
       submitted_at as submitted_on, status_since
from counted join cases using (id) where nth <= %(listed)s or part = 'shielded' order by part, nth
"""


def cases_of(scope: Scope) -> Rows:
    """Return what was sent in, waits, ended or was adopted, each with its ``part``, and everything that was shielded."""
    return read(scope.cases, {"cases": _CASES}, {**scope.values, "listed": LISTED})["cases"]


# --- 1 and 2: the projects -----------------------------------------------------------------------
_AREAS = ", ".join(f"report.{area.value}, report.{area.value}_trend" for area in Area)
_NEEDY = (
    f"count(*) filter (where 'bad' in ({', '.join(f'report.{area.value}' for area in Area)})"
    " and told.initiative_id <> all(%(shielded)s::bigint[])) over ()"
)
_LATE = """count(*) filter (
    where coalesce(told.ends_on, report.ends_on) < %(day)s and told.status = 'active' and told.phase <> 'realizing'
) over ()"""
_PROJECTS = """
with told as (
    select * from {of} where status in ('active', 'paused') or status_since > %(since)s
),
listed as (
    select row_number() over (
               order by told.status in ('stopped', 'completed'), array_position(%(phases)s, told.phase::text), told.name collate "C", told.id
           ) as nth,
           count(*) over () as number_of, {late} as number_late, {needy} as number_needy, told.id as project, told.initiative_id as initiative,
           told.name as title, told.unit, told.kind, told.phase, told.status, coalesce(told.ends_on, report.ends_on) as ends_on,
           report.day as reported_on, report.forecast_ends_on, {areas}
    from told left join lateral (
        select * from portfolio_statusreport
        where project_id = told.id and status = 'published' and published_at <= %(moment)s
        order by published_at desc, id desc limit 1
    ) as report on true
    order by nth limit %(shown)s
),
money as (select project_id, {amounts} from ({lines}) as lines group by project_id)
select number_of, number_late, number_needy, project, initiative, title, unit, kind, phase, status, ends_on, reported_on,
       forecast_ends_on, {names}, money.budget, money.spent, money.forecast
from listed left join money on money.project_id = listed.project order by nth
"""
_WAITING = """
select * from (
    select kind, phase, status, count(*) over (partition by kind, phase, status) as number_of,
           row_number() over (partition by kind, phase, status order by ends_on nulls last, id) as nth,
           id as project, initiative_id as initiative, name as title, ends_on
    from projects where status in ('active', 'paused')
) as waiting where nth <= %(named)s order by array_position(%(phases)s, phase::text), kind desc, status, nth
"""


# --- 3: money ------------------------------------------------------------------------------------
_MONEY = "select year, {amounts} from ({lines}) as lines group by year order by year"


# --- 5: benefits ---------------------------------------------------------------------------------
_BENEFITS = """
with expected as ({benefits}),
planned as (select * from expected where status <> 'dropped'),
called_for as ({indicators}),
points as (
    select due_on, count(*) as number_of, count(value) as made, count(value) filter (where verified_at is not null) as verified
    from ({points}) as point group by due_on
)
select null::int as year, count(*) as benefits, sum(kroner_per_year) as kroner,
       sum(hours_per_year) filter (where kroner_per_year is null) as hours,
       count(*) filter (where status in ('realized', 'partly_realized')) as realized,
       null::bigint as points, null::bigint as due, null::bigint as made, null::bigint as verified
from planned
union all
select extract(year from due_on)::int, null, null, null, null, sum(number_of)::bigint,
       coalesce(sum(number_of) filter (where due_on <= %(day)s), 0)::bigint,
       coalesce(sum(made) filter (where due_on <= %(day)s), 0)::bigint,
       coalesce(sum(verified) filter (where due_on <= %(day)s), 0)::bigint
from points group by 1 order by 1 nulls first
"""


_INDICATORS = """
    select distinct benefit_id, pgh_obj_id as indicator_id from benefits_indicatorevent
    where benefit_id in (select id from planned) and changed_at <= %(moment)s
"""
_INDICATORS_NOW = (
    "select id as indicator_id from benefits_indicator where benefit_id in (select id from planned)"
)


# --- 6: risks ------------------------------------------------------------------------------------
_RISKS = """
with risks as ({risks}),
worst as (
    select *, probability * impact as score from risks where kind = 'risk' and status = 'open' order by score desc, id limit %(worst)s
)
select worst.id as risk_id, projects.id as project, projects.initiative_id as initiative, projects.name as title, worst.title as what,
       probability, impact, score, probability_after * impact_after as score_after, measure, due_on
from worst join followed as projects on projects.id = worst.project_id order by score desc, worst.id
"""


# --- 8: decisions --------------------------------------------------------------------------------
_DECISIONS = """
with decisions as ({decisions}),
told as (
    select decisions.*, record.number as case_number, record.title, record.status,
           decided_at > %(since)s as is_new, coalesce(due_on < %(day)s and record.status = any(%(open)s), false) as is_late
    from decisions left join lateral ({record}) as record on true
    where decided_at <= %(moment)s and (decided_at > %(since)s or due_on < %(day)s)
      and (%(whole)s or record.unit_id in (select id from area))
),
listed as (
    select *, count(*) over () as number_of, count(*) filter (where is_new) over () as number_new,
           count(*) filter (where is_late) over () as number_late
    from told where is_new or is_late order by decided_at desc, id desc limit %(listed)s
)
select told.number as decision, told.initiative_id as initiative, coalesce(told.case_number, item.case_number) as number,
       case when told.initiative_id is null then item.title else told.title end as title, told.body, told.outcome,
       told.decided_at as decided_on, told.due_on, told.status, told.is_new, told.is_late, number_of, number_new, number_late
from listed as told left join governance_agendaitem item on item.id = told.agenda_item_id
order by decided_at desc, told.id desc
"""
_RECORD = """
    select number, title, status, unit_id from governance_initiativeevent
    where pgh_obj_id = decisions.initiative_id and changed_at <= %(moment)s
    order by changed_at desc, pgh_id desc limit 1
"""
_RECORD_NOW = (
    "select number, title, status, unit_id from governance_initiative where id = decisions.initiative_id"
)
_UNFINISHED = ["prioritized", "recommended", "on_hold", "postponed", "sent_back", "adopted"]


# --- 10: strategic coverage ----------------------------------------------------------------------
_GOALS = """
with running as (select * from projects where status in ('active', 'paused')),
strategies as ({strategies}),
adopted as (
    select id from strategies where adopted_on <= %(day)s and (valid_to is null or valid_to > %(day)s)
),
goals as (select * from ({goals}) as goal where %(whole)s or unit_id in (select id from area)),
linked as (
    select link.goal_id, running.id as project from ({links}) as link
    join running on running.initiative_id = link.initiative_id
),
parts as (
    select a.id, unnest(array[a.id, b.id, c.id]) as part from goals a left join goals b on b.parent_id = a.id
    left join goals c on c.parent_id = b.id
)
select goals.id as goal, goals.parent_id as parent, goals.code, goals.title as what, units.name as unit,
       count(distinct linked.project) as number_of
from goals left join parts on parts.id = goals.id left join linked on linked.goal_id = parts.part
left join units on units.id = goals.unit_id
group by goals.id, goals.parent_id, goals.code, goals.title, units.name order by goals.code collate "C", goals.id
"""
_UNLINKED = """
select id as project, initiative_id as initiative, name as title, unit, phase, count(*) over () as number_of from projects
where status in ('active', 'paused') and not exists (
    select from ({links}) as link where link.initiative_id = projects.initiative_id
) order by name collate "C", id limit %(listed)s
"""


def sections_of(scope: Scope, shielded: Mapping[int, str]) -> dict[str, Rows]:
    """Return the rows of every section but those of cases."""
    values = {
        **scope.values, "shielded": sorted(shielded), "phases": [phase.value for phase in Phase], "shown": SHOWN, "listed": LISTED,
        "named": NAMED, "worst": WORST, "open": _UNFINISHED,
    }  # fmt: skip
    return read(scope.projects, _parts(scope) | _capacity(scope), values)


def _capacity(scope: Scope) -> dict[str, str]:
    """Return the statement for roles; who sees only what the own municipality takes part in, does not see them."""
    return {} if scope.shared_with else {"capacity": statement_of(scope)}


_MONEY_COLUMNS = "budget, committed, spent, forecast"


def _listed(scope: Scope, of: str) -> str:
    """Return the statement for the rows of ``projects`` or ``operations``, each with how it stands."""
    lines = scope.standing(BudgetLine, f"project_id, {_MONEY_COLUMNS}", where=_LISTED)
    return _PROJECTS.format(
        of=of,
        lines=lines,
        amounts=AMOUNTS,
        areas=_AREAS,
        names=_AREAS.replace("report.", ""),
        needy=_NEEDY,
        late=_LATE,
    )


def _money(scope: Scope, of: str) -> str:
    lines = scope.standing(BudgetLine, f"year, {_MONEY_COLUMNS}", where=_OPEN_OF.format(of=of))
    return _MONEY.format(lines=lines, amounts=AMOUNTS)


def _benefits(scope: Scope, of: str) -> str:
    columns = "id, status, kroner_per_year, hours_per_year"
    return _BENEFITS.format(
        benefits=scope.standing(Benefit, columns, where=_INITIATIVES_OF.format(of=of)),
        indicators=_INDICATORS_NOW if scope.is_now else _INDICATORS,
        points=scope.standing(Measurement, "due_on, value, verified_at", where="indicator_id = any(array(select indicator_id from called_for))"),
    )  # fmt: skip


def _parts(scope: Scope) -> dict[str, str]:
    risks = "id, project_id, kind, status, title, probability, impact, probability_after, impact_after, measure, due_on"
    links = scope.standing(
        InitiativeGoal,
        "initiative_id, goal_id",
        where="initiative_id in (select initiative_id from projects)",
    )
    decisions = "id, number, initiative_id, agenda_item_id, body, outcome, decided_at, due_on"
    return {
        "waiting": _WAITING,
        "projects": _listed(scope, "projects"),
        "operations": _listed(scope, "operations"),
        "money": _money(scope, "projects"),
        "operations_money": _money(scope, "operations"),
        "benefits": _benefits(scope, "projects"),
        "operations_benefits": _benefits(scope, "operations"),
        "risks": _RISKS.format(risks=scope.standing(ProjectRisk, risks, where=_OF_RUNNING)),
        "decisions": _DECISIONS.format(
            record=_RECORD_NOW if scope.is_now else _RECORD, decisions=scope.standing(Decision, decisions, where=scope.owned())),
        "goals": _GOALS.format(
            strategies=scope.standing(Strategy, "id, adopted_on, valid_to", where="municipality_id = %(owner)s"),
            links=links, goals=scope.standing(Goal, "id, parent_id, unit_id, code, title", where="strategy_id in (select id from adopted)"),
        ),
        "unlinked": _UNLINKED.format(links=links),
    }  # fmt: skip
