"""Every page: axe at a width and in a scheme, reflow to 320 px, one h1, a title of its own, no complaint.

The list of pages comes from the URL resolver by way of ``tests/routes.py``, so a new page
without a check fails the run.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PASSWORD, watch_page
from tests.browser.look import overflow, violations
from tests.routes import ROUTES

if TYPE_CHECKING:
    from pathlib import Path

# django_db: without it pytest-django sets up no database at all
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HOME = "elvdal"
# The role that opens each page, by the first part of the demo's user names.
PEOPLE = {
    "employee": "ansatt", "leader": "enhetsleder", "secretariat": "sekretariat", "administrator": "administrator", "archivist": "arkivar",
    "council_leader": "radsleder", "council_member": "radsmedlem", "kommunedirektor": "kommunedirektor", "portfolio_manager": "portefoljeforvalter",
    "project_manager": "portefoljeforvalter", "project_owner": "portefoljeforvalter", "hr": "hr",
    "service_owner": "enhetsleder", "elected_representative": "folkevalgt", "chief_of_finance": "okonomisjef", "sector_leader": "sektorleder-teknisk",
}  # fmt: skip
OF_HOME = "from governance_initiative i join organization_unit u on u.id = i.municipality_id and u.short_name = 'Elvdal'"
OWN_BENEFIT = (
    f"select b.id, p.username {OF_HOME} and i.status = 'in_portfolio' join benefits_benefit b on b.initiative_id = i.id "
    "join benefits_indicator n on n.benefit_id = b.id join organization_person p on p.id = b.service_owner_id"
)
# Change work of a plan, opened by the owner of the project.
OF_CHANGE = f"select t.id, p.username {OF_HOME} join benefits_T t on t.initiative_id = i.id join organization_person p on p.id = i.project_owner_id where t.removed_at is null"
# Local plans of a regional initiative, opened by the kommunedirektor who has them.
LOCAL = (
    "select LP, 'kommunedirektor.' || lower(u.short_name) from benefits_localplan l join governance_initiative i on i.id = l.initiative_id"
    " join organization_unit u on u.id = l.municipality_id"
)
MEASURED = "m.id, ''"
ASKED = (
    "select r.id, p.username from benefits_pulseround r join benefits_pulsegroup g on g.round_id = r.id "
    "join organization_unit u on u.id = g.unit_id join organization_unit v on starts_with(v.path, u.path) "
    "join organization_roleassignment a on a.unit_id = v.id and a.valid_to is null and a.role <> 'elected_representative' "
    "join organization_person p on p.id = a.person_id"
)
HANDLED = (
    "select d.id, p.username from deviations_deviation d join organization_unit u on u.id = d.municipality_id and u.short_name = 'Elvdal' "
    "join organization_person p on p.id = d.handler_id and p.id = d.responsible_id"
)
ACTION = (
    "select a.id, p.username from deviations_correctiveaction a join organization_unit u on u.id = a.municipality_id and u.short_name = 'Elvdal' "
    "join organization_person p on p.id = a.owner_id"
)
# Open duties, and whoever has the case.
OF_DUTY = (
    "from deviations_duty y join deviations_deviation d on d.id = y.deviation_id join organization_unit u on u.id = d.municipality_id"
    " join organization_person p on p.id = coalesce(d.handler_id, d.responsible_id) where u.short_name = 'Elvdal' and y.status = 'open'"
)
FOLLOWED = (
    "from governance_followup f join governance_decision d on d.id = f.decision_id join organization_unit u on u.id = d.municipality_id"
    " where u.short_name = 'Elvdal' and f.status = 'under_way'"
)
OF_LIFT = "join organization_unit u on u.id = l.municipality_id where u.short_name = 'Elvdal' and l.status = 'raised'"
LIFT = f"select l.id, '' from deviations_lift l {OF_LIFT}"
OF_CONSULTATION = "from organization_consultation c join organization_unit u on u.id = c.municipality_id where u.short_name = 'Elvdal' and c.status = 'open'"
LIFT_OF_RAISER = f"select l.id, p.username from deviations_lift l join organization_person p on p.id = l.raised_by_id {OF_LIFT}"
# Parts of the plan of a project that is under way, opened by its manager.
OF_PLAN = (
    "select x.id, o.username from portfolio_KIND x join portfolio_project p on p.id = x.project_id and p.status = 'active' "
    "join organization_unit u on u.id = p.municipality_id and u.short_name = 'Elvdal' join organization_person o on o.id = p.manager_id where true"
)
# A meeting of a professional group, opened by its responsible.
OF_GROUP = (
    "from governance_groupmeeting m join organization_professionalgroup g on g.id = m.group_id join organization_person p on p.id = g.responsible_id "
    "join organization_unit u on u.id = m.municipality_id and u.short_name = 'Elvdal'"
)
# What fills the arguments: the demo's own rows, and who opens them where it is not the role above.
FILL: dict[str, tuple[str, str]] = {
    "draft": (f"select i.id, p.username {OF_HOME} join organization_person p on p.id = i.submitter_id where i.status = 'draft'", ""),
    "draft_section": (f"select i.id, p.username {OF_HOME} join organization_person p on p.id = i.submitter_id where i.status = 'draft'", "about/"),
    "cycle_period": ("select c.id, '' from governance_cycleperiod c join organization_unit u on u.id = c.municipality_id and u.short_name = 'Elvdal'", ""),
    "initiative": (f"select i.id, '' {OF_HOME} where i.status = 'ready_for_council'", ""),
    "initiative_step": (f"select i.id, '' {OF_HOME} where i.status = 'received'", "start_preparation/"),
    "own_initiative": (
        f"select i.id, p.username {OF_HOME} join organization_person p on p.id = i.submitter_id where i.status = 'received'",
        "",
    ),
    "hearable": (f"select i.id, '' {OF_HOME} where i.status = 'under_preparation'", ""),
    "received": (f"select i.id, '' {OF_HOME} where i.status = 'received'", ""),
    "preparing": (f"select i.id, '' {OF_HOME} join governance_casepaper c on c.initiative_id = i.id where i.status in ('under_preparation', 'ready_for_council')", ""),
    "paper_section": (f"select i.id, '' {OF_HOME} join governance_casepaper c on c.initiative_id = i.id where i.status in ('under_preparation', 'ready_for_council')", "background/"),
    "paper_comments": (f"select c.initiative_id, '' {OF_HOME} join governance_papercomment c on c.initiative_id = i.id", "facts/"),
    "paper_section_versions": (f"select i.id, '' {OF_HOME} join governance_casepaper c on c.initiative_id = i.id where i.status in ('under_preparation', 'ready_for_council')", "risk/"),
    "hearing": (f"select h.id, p.username {OF_HOME} join governance_hearing h on h.initiative_id = i.id join organization_person p on p.id = h.person_id where h.answered_at is null and i.status = 'under_preparation'", ""),
    "followed_up": (f"select d.id, '' {FOLLOWED}", ""),
    "follow_up_step": (f"select d.id, '' {FOLLOWED}", "finish_follow_up/"),
    "municipal_decision": (f"select d.id, '' {OF_HOME} join governance_municipaldecision d on d.initiative_id = i.id and d.municipality_id = u.id where d.verdict = 'pending'", ""),
    "meeting": ("select m.id, '' from governance_meeting m join organization_unit u on u.id = m.municipality_id where u.short_name = 'Elvdal' and m.status = 'minutes_approved'", ""),
    "meeting_step": ("select m.id, '' from governance_meeting m join organization_unit u on u.id = m.municipality_id where u.short_name = 'Elvdal' and m.status = 'summoned'", "cancel/"),
    "item": ("select m.id || '/sak/' || a.id, '' from governance_meeting m join organization_unit u on u.id = m.municipality_id join governance_agendaitem a on a.meeting_id = m.id where u.short_name = 'Elvdal' and m.status = 'summoned' and a.kind = 'DS'", ""),
    "adopted": (f"select i.id, '' {OF_HOME} where i.status = 'adopted'", ""),
    "project": ("select p.id, '' from portfolio_project p join organization_unit u on u.id = p.municipality_id where u.short_name = 'Elvdal' and p.status = 'active'", ""),
    "budget_line": ("select b.id, '' from portfolio_budgetline b join portfolio_project p on p.id = b.project_id join organization_unit u on u.id = p.municipality_id where u.short_name = 'Elvdal'", ""),
    "status_report": ("select r.id, '' from portfolio_statusreport r join portfolio_project p on p.id = r.project_id join organization_unit u on u.id = p.municipality_id where u.short_name = 'Elvdal' and r.status = 'published' and p.status = 'active'", ""),
    "gate_paper": ("select g.id, o.username from portfolio_gatepaper g join portfolio_project p on p.id = g.project_id join organization_unit u on u.id = p.municipality_id join organization_person o on o.id = p.owner_id where u.short_name = 'Elvdal' and g.status = 'sent'", ""),
    "matter": ("select m.id, '' from governance_matter m join organization_unit u on u.id = m.municipality_id where u.short_name = 'Elvdal' and m.closed_at is null", ""),
    "status_draft": ("select p.id, '' from portfolio_project p join portfolio_statusreport r on r.project_id = p.id join organization_unit u on u.id = p.municipality_id where u.short_name = 'Elvdal' and r.status = 'draft'", ""),
    "resource_role": ("select r.id, '' from portfolio_resourcerole r join organization_unit u on u.id = r.municipality_id where u.short_name = 'Elvdal'", ""),
    "capacity_row": ("select r.id || '/periode/' || c.id, '' from portfolio_resourcerole r join organization_unit u on u.id = r.municipality_id join portfolio_capacity c on c.role_id = r.id where u.short_name = 'Elvdal'", ""),
    "absence_row": ("select r.id || '/fravaer/' || a.id, '' from portfolio_resourcerole r join organization_unit u on u.id = r.municipality_id join portfolio_absence a on a.role_id = r.id where u.short_name = 'Elvdal'", ""),
    "resource_request": ("select q.id, '' from portfolio_resourcerole r join organization_unit u on u.id = r.municipality_id join portfolio_resourcerequest q on q.role_id = r.id where u.short_name = 'Elvdal' and q.status = 'granted'", ""),
    "resource_step": ("select q.id, '' from portfolio_resourcerole r join organization_unit u on u.id = r.municipality_id join portfolio_resourcerequest q on q.role_id = r.id where u.short_name = 'Elvdal' and q.status = 'requested'", "grant_request/"),
    "project_step": ("select p.id, '' from portfolio_project p join organization_unit u on u.id = p.municipality_id where u.short_name = 'Elvdal' and p.status = 'active' and p.phase <> 'realizing'", "pause/"),
    "programme": ("select g.id, '' from portfolio_programme g join organization_unit u on u.id = g.municipality_id where u.short_name = 'Elvdal'", ""),
    "project_at_gate": ("select p.id, o.username from portfolio_project p join organization_person o on o.id = p.manager_id where p.kind = 'project' and p.status = 'active' and p.phase = 'planning' and not exists (select from portfolio_gatepaper g where g.project_id = p.id)", ""),
    "portfolio_draft": ("select r.id, '' from portfolio_portfolioreport r join organization_unit u on u.id = r.municipality_id where u.short_name = 'Elvdal' and r.status = 'draft'", ""),
    "project_risk": ("select p.id || '/risiko/' || r.id, o.username from portfolio_projectrisk r join portfolio_project p on p.id = r.project_id join organization_unit u on u.id = p.municipality_id join organization_person o on o.id = p.manager_id where u.short_name = 'Elvdal' and p.status = 'active'", ""),
    "milestone": (f"{OF_PLAN.replace('KIND', 'milestone')} and x.reached_on is null", ""),
    "deliverable": (f"{OF_PLAN.replace('KIND', 'deliverable')} and x.approved_on is null", ""),
    "dependency": (OF_PLAN.replace("KIND", "dependency"), ""),
    "scored": (f"select i.id, '' {OF_HOME} where i.status in ('under_preparation', 'ready_for_council') and exists (select from governance_assessment a where a.initiative_id = i.id)", ""),
    "criterion": ("select c.id, '' from governance_criterion c join governance_criteriaset s on s.id = c.criteria_set_id join organization_unit u on u.id = s.municipality_id where u.short_name = 'Elvdal' and s.adopted_on is null", ""),
    "led_group": ("select g.id, p.username from organization_professionalgroup g join organization_unit u on u.id = g.municipality_id join organization_person p on p.id = g.responsible_id where u.short_name = 'Elvdal'", ""),
    "group_meeting": (f"select m.id, p.username {OF_GROUP} where m.concluded_at is null and m.starts_at < now()", ""),
    "group_note": (f"select m.id || '/' || n.key, p.username {OF_GROUP} join governance_groupnote n on n.meeting_id = m.id where m.concluded_at is null", ""),
    "poker": ("select g.id, p.username from governance_pokergame g join organization_unit u on u.id = g.municipality_id join governance_pokerplayer s on s.game_id = g.id join organization_person p on p.id = s.person_id and p.username = 'radsmedlem.elvdal' where u.short_name = 'Elvdal' and g.closed_at is null", ""),
    "poker_draft": ("select g.id, '' from governance_pokergame g where g.title = 'Kladd til spill'", ""),
    "maturity": ("select r.id, '' from portfolio_maturityreview r join organization_unit u on u.id = r.municipality_id where u.short_name = 'Elvdal' and r.locked_at is null", ""),
    "maturity_answer": ("select r.id || '/roles', '' from portfolio_maturityreview r join organization_unit u on u.id = r.municipality_id where u.short_name = 'Elvdal' and r.locked_at is null", ""),
    "leadership_key": ("select '', ''", "needy/"),
    "project_member": ("select p.id || '/folk/' || m.id, o.username from portfolio_projectmember m join portfolio_project p on p.id = m.project_id join organization_unit u on u.id = p.municipality_id join organization_person o on o.id = p.manager_id where u.short_name = 'Elvdal' and p.status = 'active'", ""),
    "log_entry": ("select p.id || '/logg/' || m.id, o.username from portfolio_projectlogentry m join portfolio_project p on p.id = m.project_id join organization_unit u on u.id = p.municipality_id join organization_person o on o.id = p.manager_id where u.short_name = 'Elvdal' and p.status = 'active'", ""),
    "project_stakeholder": ("select p.id || '/interessenter/' || m.id, o.username from portfolio_projectstakeholder m join portfolio_project p on p.id = m.project_id join organization_unit u on u.id = p.municipality_id join organization_person o on o.id = p.manager_id where u.short_name = 'Elvdal' and p.status = 'active'", ""),
    "decision_point": ("select 'bp3', ''", ""),
    "checklist_point": ("select c.id, '' from portfolio_checklistpoint c join organization_unit u on u.id = c.municipality_id where u.short_name = 'Elvdal'", ""),
    "benefit": (f"select b.id, p.username {OF_HOME} join benefits_benefit b on b.initiative_id = i.id join organization_person p on p.id = i.submitter_id where i.status = 'draft'", ""),
    "own_benefit": (f"{OWN_BENEFIT} where b.status = 'realizing'", ""),
    "own_benefit_step": (f"{OWN_BENEFIT} where b.status = 'realizing'", "conclude_partly/"),
    "story": ("select s.id, '' from benefits_story s join organization_unit u on u.id = s.municipality_id and u.short_name = 'Elvdal'", ""),
    "story_step": ("select s.id, p.username from benefits_story s join benefits_benefit b on b.id = s.benefit_id join organization_person p on p.id = b.service_owner_id", "take_down/"),
    "award": ("select '', ''", ""),
    "award_step": ("select '', ''", "start_vote/"),
    "handover": (f"select h.id, '' {OF_HOME} join benefits_handover h on h.initiative_id = i.id", ""),
    "handover_step": (f"{LOCAL.replace('LP', 'h.id')} join benefits_handover h on h.initiative_id = i.id where h.status = 'with_leadership'", "confirm_handover/"),
    "regional_plan": (LOCAL.replace("LP", "l.template_id"), ""),
    "local_plan": (f"{LOCAL.replace('LP', 'i.id')} join benefits_handover h on h.initiative_id = i.id where h.status = 'accepted'", ""),
    "plan": (OWN_BENEFIT.replace("select b.id, p.username", "select i.id, ''"), ""),
    "plan_pulse": (OWN_BENEFIT.replace("select b.id", "select i.id"), "six_months_after/"),
    "pulse": (f"{ASKED} where now()::date between r.opens_on and r.closes_on", ""),
    "pilot": (f"select t.id, p.username {OF_HOME} join benefits_pilot t on t.initiative_id = i.id and t.outcome = '' join organization_person p on p.id = i.project_owner_id where i.status = 'adopted'", ""),
    "piloted_plan": (f"select i.id, p.username {OF_HOME} join benefits_pilot t on t.initiative_id = i.id and t.outcome = '' join organization_person p on p.id = i.project_owner_id where i.status = 'adopted'", ""),
    "basis": ("select c.id, '' from benefits_calculationbasis c join organization_unit u on u.id = c.municipality_id where u.short_name = 'Elvdal' and c.valid_from > now()::date", ""),
    "map_node": (OWN_BENEFIT.replace("select b.id", "select k.id") + " join benefits_mapnode k on k.initiative_id = i.id", ""),
    "change_action": (f"{OF_CHANGE.replace('_T ', '_changeaction ')} and t.status in ('not_started', 'under_way')", ""),
    "change_action_step": (f"{OF_CHANGE.replace('_T ', '_changeaction ')} and t.status in ('not_started', 'under_way')", "finish_change/"),
    "change_agent": (OF_CHANGE.replace("_T ", "_changeagent "), ""),
    "stakeholder": (OF_CHANGE.replace("_T ", "_stakeholder "), ""),
    "benefit_risk": (OF_CHANGE.replace("_T ", "_benefitrisk "), ""),
    "indicator": (OWN_BENEFIT.replace("select b.id", "select n.id"), ""),
    "indicator_source": (f"{OWN_BENEFIT.replace('select b.id', 'select n.id')} where b.status = 'realizing' and not exists (select 1 from benefits_measurement m where m.indicator_id = n.id and m.verified_at is not null)", "deviations/"),
    "computed_indicator": (f"{OWN_BENEFIT.replace('select b.id', 'select n.id')} join benefits_computation c on c.indicator_id = n.id", ""),
    "computed_measurement": (f"{OWN_BENEFIT.replace('select b.id', 'select m.id')} join benefits_measurement m on m.indicator_id = n.id join benefits_measurementbasis x on x.measurement_id = m.id", ""),
    "measurement": (f"{OWN_BENEFIT.replace('select b.id', 'select m.id')} join benefits_measurement m on m.indicator_id = n.id and m.value is null where b.status = 'realizing'", ""),
    "measured": (f"{OWN_BENEFIT.replace('b.id, p.username', MEASURED)} join benefits_measurement m on m.indicator_id = n.id and m.value is not null", ""),
    "handled": (f"{HANDLED} where d.status = 'in_progress'", ""),
    "handled_step": (f"{HANDLED} where d.status = 'in_progress'", "ask_reporter/"),
    "corrective_action": (f"{ACTION} where a.status in ('proposed', 'accepted')", ""),
    "corrective_action_step": (f"{ACTION} where a.status in ('proposed', 'accepted')", "reject/"),
    "lift": (LIFT, ""),
    "lift_step": (LIFT_OF_RAISER, "withdraw_lift/"),
    "message": ("select a.id, '' from archive_archivemessage a join organization_unit u on u.id = a.municipality_id where u.short_name = 'Elvdal'", ""),
    "failed_message": ("select a.id, '' from archive_archivemessage a join organization_unit u on u.id = a.municipality_id where u.short_name = 'Elvdal' and a.status = 'failed'", ""),
    "archive_export": ("select e.id, '' from archive_archiveexport e", ""),
    "archive_export_file": ("select f.id, '' from archive_exportfile f", ""),
    "shipment": ("select s.id, '' from archive_shipment s", ""),
    "own_report": ("select d.id, p.username from deviations_deviation d join organization_person p on p.id = d.reporter_id join organization_unit u on u.id = d.municipality_id where u.short_name = 'Elvdal' and d.status in ('reported', 'received', 'in_progress') and d.anonymity = 'open'", ""),
    "duty": (f"select y.id, p.username {OF_DUTY} and y.code = 'GDPR_33'", ""),
    "duty_step": (f"select y.id, p.username {OF_DUTY}", "judge_not_notifiable/"),
    "duty_point": (f"select y.id || '/punkt/' || (select min(s.id) from deviations_stamp s where s.duty_id = y.id), p.username {OF_DUTY}", ""),
    "duty_letter": (f"select y.id, p.username {OF_DUTY} and y.code = 'GDPR_34'", ""),
    "catalogue_kind": ("select 'sporsmal', ''", ""),
    "catalogue_row": ("select 'typer/' || t.id, '' from deviations_deviationtype t join organization_unit u on u.id = t.municipality_id where u.short_name = 'Elvdal' and t.code = 'HMS-FALL'", ""),
    "deviation_import": ("select i.id, '' from deviations_deviationimport i join organization_unit u on u.id = i.municipality_id where u.short_name = 'Elvdal'", ""),
    "routing_rule": ("select r.id, '' from deviations_routingrule r join organization_unit u on u.id = r.municipality_id where u.short_name = 'Elvdal'", ""),
    "unit": ("select id, '' from organization_unit where code = '1'", ""),
    "saved_view": ("select v.id, p.username from organization_savedview v join organization_person p on p.id = v.owner_id where v.name = 'Åpne HMS-avvik'", ""),
    "person": ("select p.id, '' from organization_person p where username = 'enhetsleder.elvdal'", ""),
    "role": ("select r.id, '' from organization_roleassignment r join organization_person p on p.id = r.person_id where username = 'enhetsleder.elvdal' and r.valid_to is null", ""),
    "client": ("select c.id, '' from organization_apiclient c where c.name = 'Virksomhetsportalen'", ""),
    "service": ("select s.id, '' from organization_service s join organization_unit u on u.id = s.municipality_id where u.short_name = 'Elvdal'", ""),
    "group": ("select g.id, '' from organization_professionalgroup g join organization_unit u on u.id = g.municipality_id where u.short_name = 'Elvdal'", ""),
    "strategy": ("select s.id, '' from organization_strategy s join organization_unit u on u.id = s.municipality_id where u.short_name = 'Elvdal'", ""),
    "strategy_draft": ("select s.id, '' from organization_strategy s where s.title = 'Kladd til strategi'", ""),
    "consultation": (f"select c.id, 'folkevalgt.elvdal' {OF_CONSULTATION}", ""),
    "consultation_step": (f"select c.id, 'administrator.elvdal' {OF_CONSULTATION}", "extend_hearing/"),
    "consultation_point": (f"select t.id, 'folkevalgt.elvdal' from organization_consultationpoint t where t.code = '1' and t.consultation_id in (select c.id {OF_CONSULTATION})", ""),
    "consultation_comment": ("select m.id, p.username from organization_consultationcomment m join organization_consultationanswer a on a.comment_id = m.id join organization_person p on p.id = a.answered_by_id", ""),
    "goal_draft": ("select g.id, '' from organization_goal g join organization_strategy s on s.id = g.strategy_id where s.title = 'Kladd til strategi'", ""),
}  # fmt: skip
EVERY_LOOK = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]


def looks_of(name: str) -> list[tuple[int, str]]:
    """Return how a page is looked at: every way with ``./test --long``, else one, drawn by its name.

    It is loaded once, and turned from one look to the next, as a tablet is.
    """
    return EVERY_LOOK if os.environ.get("STAFETT_LONG") else [Random(name).choice(EVERY_LOOK)]


def pages_of(site) -> list[tuple[str, str, str]]:
    """Return (name, address, user name) of every page a person looks at."""
    from django.urls import reverse

    found = []
    for name, route in ROUTES.items():
        if not route.page:
            continue
        username = f"{PEOPLE[route.owner.value]}.{HOME}"
        if not route.needs:
            found.append((name, reverse(name), username))
            continue
        sql, rest = FILL[route.needs]
        rows = site.rows(f"{sql} order by 1 limit 1")
        assert rows, f"the demo has nothing for {name}: {route.needs}"
        key, person = rows[0]
        found.append((name, _address(name, str(key), rest), person or username))
    return found


def _address(name: str, key: str, rest: str) -> str:
    from django.urls import get_resolver

    pattern = get_resolver().reverse_dict  # only to make sure that the resolver is loaded
    assert pattern is not None
    form = _pattern_of(name)
    if "<slug:part>" in form:
        part, _slash, key = key.partition("/")
        form = form.replace("<slug:part>", part)
    if "<uuid:key>" in form:
        key, _slash, note = key.partition("/")
        form = form.replace("<uuid:key>", note)
    for inner in ("<int:item>", "<int:stamp>", "<int:risk>", "<int:row>"):
        if inner in form:
            outer, _word, part = key.split("/")
            return "/" + form.replace("<int:pk>", outer).replace(inner, part)
    filled = form.replace("<int:pk>", key).replace("<slug:point>", key)
    for slug in ("<slug:name>/", "<slug:key>/"):
        filled = filled.replace(slug, rest)
    return "/" + filled


def _pattern_of(name: str) -> str:
    from django.urls import get_resolver

    namespace, short = name.split(":")
    for included in get_resolver().url_patterns:
        for pattern in getattr(included, "url_patterns", []):
            if getattr(included, "namespace", None) == namespace and pattern.name == short:
                return f"{included.pattern}{pattern.pattern}"
    raise LookupError(name)


@pytest.fixture(scope="module")
def strategy_draft(site):
    """A strategy that is not adopted: the demo has adopted ones only."""
    site.execute(
        "insert into organization_strategy (municipality_id, title, version, adopted_body, adopted_by, adopted_reference, "
        "adopted_link, is_uncited, changed_at) "
        "select id, 'Kladd til strategi', '1', '', '', '', '', false, now() from organization_unit where code = '1'"
    )
    site.execute(
        "insert into organization_goal (strategy_id, unit_id, code, title, indicator, changed_at) "
        "select s.id, s.municipality_id, '1', 'Et mål', '', now() from organization_strategy s where title = 'Kladd til strategi'"
    )


@pytest.fixture(scope="module")
def poker_draft(site):
    """A game that is not opened: those of the demo are."""
    site.execute(
        "insert into governance_pokergame (municipality_id, title, facilitator_id, deck, minimum_votes, most_rounds, locks_by, "
        "version, turn, changed_at) select g.municipality_id, 'Kladd til spill', facilitator_id, deck, 3, 3, 'median', 0, 0, now() "
        "from governance_pokergame g join organization_unit u on u.id = g.municipality_id where u.short_name = 'Elvdal' limit 1"
    )


@pytest.fixture(scope="module")
def saved_view(site):
    """A view that a leader has saved, and shares."""
    site.execute(
        "insert into organization_savedview (owner_id, list, name, query, unit_id, role) "
        "select p.id, 'deviations:deviation_list', 'Åpne HMS-avvik', 'kategori=hms&status=open', r.unit_id, '' "
        "from organization_person p join organization_roleassignment r on r.person_id = p.id and r.valid_to is null "
        "where p.username = 'enhetsleder.elvdal' limit 1"
    )


@pytest.fixture(scope="module")
def waiting_handover(site):
    """A plan that waits for its kommunedirektor, also where a story has had the last of them taken."""
    if site.one("select count(*) from benefits_handover where status = 'with_leadership'"):
        return
    site.execute(
        "alter table benefits_handover disable trigger user; "
        "update benefits_handover set status = 'with_leadership', receiver_id = null, led_by_id = null, led_at = null, "
        "answered_by_id = null, answered_at = null where id = (select max(h.id) from benefits_handover h "
        "join benefits_localplan l on l.initiative_id = h.initiative_id where h.status = 'accepted'); "
        "alter table benefits_handover enable trigger user"
    )


class Visitor:
    """One browser page that walks through the product as one person after the other."""

    def __init__(self, browser, site) -> None:
        self.context = browser.new_context(locale="nb-NO", reduced_motion="reduce")
        self.page = self.context.new_page()
        self.watch = watch_page(self.page)
        self.site, self.is_in_as = site, ""
        self.has_seen_the_frame = False

    def turn(self, width: int, scheme: str) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=scheme)

    def log_in(self, username: str) -> None:
        if self.is_in_as == username:
            return
        self.context.clear_cookies()
        self.page.goto(f"{self.site.url}/konto/login/")
        self.page.locator("#id_login").fill(username)
        self.page.locator("#id_password").fill(PASSWORD)
        self.page.get_by_role("button", name="Logg inn", exact=True).click()
        self.page.wait_for_url(lambda url: "/login" not in url)
        self.is_in_as, self.has_seen_the_frame = username, False

    def look_at(self, address: str, looks: list[tuple[int, str]]) -> list[str]:
        """Return everything that is wrong with one page."""
        self.watch.complaints.clear()
        self.turn(*looks[0])
        answer = self.page.goto(self.site.url + address)
        wrong = [] if answer.status == 200 else [f"answers {answer.status}"]
        if self.page.locator("h1").count() != 1:
            wrong.append(f"{self.page.locator('h1').count()} h1")
        if self.page.locator("html").get_attribute("lang") != "nb":
            wrong.append("no lang")
        for width, scheme in looks:
            self.turn(width, scheme)
            # Whole pages in light; in dark, what is around the content once for each person, since it stays the same.
            part = "main" if scheme == "dark" and self.has_seen_the_frame else ""
            wrong += [f"axe at {width}, {scheme}: {found}" for found in violations(self.page, within=part)]
            self.has_seen_the_frame |= scheme == "dark"
            wrong += self._overflow(width)
        for width in (390, 320):
            self.page.set_viewport_size({"width": width, "height": 800})
            wrong += self._overflow(width)
        return wrong + self.watch.complaints

    def _overflow(self, width: int) -> list[str]:
        over = overflow(self.page)
        return [f"{over} px too wide at {width}"] if over > 0 else []


@pytest.mark.usefixtures("strategy_draft", "saved_view", "waiting_handover", "poker_draft")
@pytest.mark.parametrize("half", [0, 1])
def test_look_at_every_page__finds_nothing_wrong(browser, site, tmp_path_factory, half):
    visitor = Visitor(browser, site)
    wrong, titles = [], {}
    pages = sorted(pages_of(site), key=lambda row: row[2])
    for name, address, username in pages[half * len(pages) // 2 : (half + 1) * len(pages) // 2]:
        visitor.log_in(username)
        wrong += [
            f"{name} ({address}, {username}): {problem}"
            for problem in visitor.look_at(address, looks_of(name))
        ]
        titles[name] = visitor.page.title()
    visitor.context.close()
    assert wrong == [], "\n".join(wrong)
    both = _with_the_other_half(titles, half, tmp_path_factory.getbasetemp())
    assert [title for title, count in Counter(both.values()).items() if count > 1] == []


def _with_the_other_half(titles: dict[str, str], half: int, folder: Path) -> dict[str, str]:
    """Return the titles of all pages that have been seen in this run: the half that comes last compares them all."""
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder
    (shared / f"titles-{half}.json").write_text(json.dumps(titles))
    seen = [json.loads(file.read_text()) for file in shared.glob("titles-*.json")]
    return {name: title for part in seen for name, title in part.items()}


def test_look_at_forms__with_errors(browser, site):
    """A form that is sent empty says what is wrong, keeps the focus, and is still accessible."""
    visitor = Visitor(browser, site)
    visitor.turn(390, "light")
    visitor.log_in("ansatt.elvdal")
    visitor.page.goto(f"{site.url}/tiltak/nytt/")
    visitor.page.get_by_role("button", name="Lag kladd").click()
    visitor.page.wait_for_load_state()
    assert visitor.page.locator("[aria-invalid=true]").count() >= 1
    assert violations(visitor.page) == []
    visitor.context.close()


def test_look__finds_what_is_wrong(page):
    """The walk above would be silent, too, if it saw nothing."""
    page.set_viewport_size({"width": 320, "height": 800})
    page.set_content(
        '<html><body><img src="data:,"><p style="width: 400px; color: #eee">Blekt</p></body></html>'
    )
    found = {line.partition(":")[0] for line in violations(page)}
    assert {"image-alt", "html-has-lang", "color-contrast", "page-has-heading-one"} <= found
    assert overflow(page) > 0
