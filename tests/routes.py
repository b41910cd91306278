"""Every address of the product: who may open it, and what it needs.

Both the route test (four kinds of people × every address) and the browser crawl read this
table; an address that is not here makes a test fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import get_resolver

from organization.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

OPEN, FOUND, LOGIN, NO, HIDDEN, WRONG = 200, 302, 302, 403, 404, 405


@dataclass(frozen=True)
class Route:
    """``needs`` names what fills the arguments; ``owner`` is the role the page is made for.

    ``outsider`` is the secretariat of a municipality outside the region, ``reader`` a
    colleague without any part in the case.  ``page`` tells whether a person looks at it.
    """

    needs: str = ""
    owner: Role = Role.EMPLOYEE
    outsider: int = OPEN
    reader: int = OPEN
    opened: int = OPEN
    page: bool = True


def _of(owner: Role, needs: str, *, reader: int = HIDDEN, opened: int = OPEN, page: bool = True) -> Route:
    """A page about one record: who is outside never learns that it exists."""
    return Route(needs=needs, owner=owner, outsider=HIDDEN, reader=reader, opened=opened, page=page)


E, S, A, L = Role.EMPLOYEE, Role.SECRETARIAT, Role.ADMINISTRATOR, Role.LEADER
ROUTES: dict[str, Route] = {
    "core:start": Route(),
    "core:inbox": Route(),
    "core:notices_read": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "core:notice_open": _of(E, "notice", opened=FOUND, page=False),
    "core:color_scheme": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "core:attachment": _of(E, "attachment", page=False),
    "core:gallery": Route(),
    # Initiatives
    "governance:initiative_list": Route(),
    "governance:initiative_detail": _of(S, "initiative", reader=OPEN),
    "governance:initiative_transition": _of(S, "initiative_step", reader=NO),
    "governance:intake_start": Route(outsider=NO, reader=NO),
    "governance:intake_similar": Route(page=False),
    "governance:intake_hub": _of(E, "draft"),
    "governance:intake_attachments": _of(E, "draft"),
    "governance:intake_attachment_remove": Route(
        needs="draft_file", owner=E, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:intake_co_editors": _of(E, "draft"),
    "governance:intake_missing_tick": Route(
        needs="draft_index", owner=E, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:intake_review": _of(E, "draft"),
    "governance:intake_receipt": _of(E, "own_initiative", reader=NO),
    "governance:intake_section": _of(E, "draft_section"),
    "governance:triage_queue": Route(owner=S, reader=NO),
    "governance:triage_case": _of(S, "received", reader=NO),
    "governance:initiative_case_paper": _of(S, "preparing"),
    "governance:initiative_case_paper_edit": _of(S, "preparing", reader=NO),
    "governance:initiative_case_paper_pdf": _of(S, "preparing", page=False),
    "governance:paper_section_edit": _of(S, "paper_section", reader=NO),
    "governance:paper_comments": _of(S, "paper_comments", reader=NO),
    "governance:paper_section_versions": _of(S, "paper_section_versions", reader=NO),
    "governance:paper_section_take_back": Route(
        needs="paper_section_version", owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:initiative_hearings_ask": _of(S, "hearable", reader=NO),
    "governance:scoring_page": _of(S, "preparing"),
    "governance:scoring_assess": _of(S, "scored"),
    "governance:assessor_remove": Route(
        needs="assessor", owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:criteria_list": Route(owner=S),
    "governance:criteria_draft": Route(owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "governance:criteria_drop": Route(owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "governance:criteria_adopt": Route(owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "governance:criterion_create": Route(owner=S, reader=NO),
    "governance:criterion_edit": Route(needs="criterion", owner=S, outsider=HIDDEN, reader=NO),
    "governance:criterion_remove": Route(
        needs="criterion", owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:initiative_principle": _of(S, "preparing", reader=NO),
    "governance:arena_list": Route(),
    "governance:arena_create": _of(L, "led_group", reader=NO),
    "governance:arena_meeting": _of(L, "group_meeting"),
    "governance:arena_edit": _of(L, "group_meeting"),
    "governance:arena_note": _of(L, "group_note"),
    "governance:arena_note_versions": _of(L, "group_note"),
    "governance:poker_list": Route(),
    "governance:poker_create": Route(owner=S, reader=NO),
    "governance:poker_game": _of(S, "poker"),
    "governance:poker_edit": _of(S, "poker_draft"),
    "governance:poker_play": _of(Role.COUNCIL_MEMBER, "poker"),
    "governance:poker_pulse": _of(S, "poker", page=False),
    "governance:initiative_cost_shares": _of(S, "preparing", reader=NO),
    "governance:initiative_archive_reference": _of(Role.ARCHIVIST, "initiative", reader=NO),
    "governance:hearing_answer": _of(Role.HR, "hearing"),
    "governance:hearing_stand_in": _of(Role.HR, "hearing"),
    "governance:hearing_file_remove": Route(
        "hearing_file", outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:hearing_stand_in_take_back": Route(
        "hearing", outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:hearing_note": Route("hearing", outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    # The council
    "governance:meeting_list": Route(),
    "governance:meeting_create": Route(owner=S, reader=NO),
    "governance:decision_log": Route(),
    "governance:decision_detail": _of(S, "followed_up", reader=OPEN),
    "governance:follow_up_set": _of(S, "followed_up", reader=NO),
    "governance:follow_up_files": _of(S, "followed_up", reader=NO),
    "governance:follow_up_file_remove": Route(
        needs="followed_up_file", owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:follow_up_transition": _of(S, "follow_up_step", reader=NO),
    "governance:delegation_frame": Route(owner=S, reader=NO),
    "governance:rules_edit": Route(owner=A, outsider=NO, reader=NO),
    "governance:mandate_list": Route(),
    "governance:mandate_create": Route(owner=A, outsider=NO, reader=NO),
    "governance:insight_list": Route(),
    "governance:cycle_calendar": Route(),
    "governance:cycle_year": Route(owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "governance:calendar_subscription": Route(),
    "governance:period_create": Route(owner=S, reader=NO),
    "governance:period_edit": _of(S, "cycle_period", reader=NO),
    "governance:municipal_decision": _of(Role.KOMMUNEDIREKTOR, "municipal_decision", reader=NO),
    "governance:matter_detail": _of(S, "matter"),
    "governance:meeting_detail": _of(S, "meeting", reader=OPEN),
    "governance:meeting_edit": _of(S, "meeting", reader=NO),
    "governance:meeting_transition": _of(S, "meeting_step", reader=NO),
    "governance:meeting_ranking": _of(S, "meeting", reader=NO),
    "governance:meeting_attendance": _of(S, "meeting", reader=NO),
    "governance:meeting_screen": _of(S, "meeting", reader=NO),
    "governance:meeting_item": _of(S, "item", reader=NO),
    "governance:meeting_item_move": Route(
        needs="item", owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:meeting_absence": Route(
        needs="meeting", owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:meeting_notices_note": Route(
        needs="meeting", owner=S, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "governance:meeting_minutes": _of(S, "meeting", reader=NO),
    "governance:meeting_minutes_pdf": _of(S, "meeting", page=False),
    "governance:meeting_agenda_pdf": _of(S, "meeting", page=False),
    # Portfolio, benefits, archive
    "leadership:overview": Route(owner=Role.KOMMUNEDIREKTOR, outsider=NO, reader=NO),
    "leadership:attention_list": Route(owner=Role.KOMMUNEDIREKTOR, outsider=NO, reader=NO),
    "leadership:number_list": Route(
        needs="leadership_key", owner=Role.KOMMUNEDIREKTOR, outsider=NO, reader=NO
    ),
    "leadership:target_edit": Route(
        needs="leadership_key", owner=Role.KOMMUNEDIREKTOR, outsider=NO, reader=NO
    ),
    "leadership:level_edit": Route(owner=A, outsider=NO, reader=NO),
    "portfolio:board": Route(),
    "portfolio:table": Route(),
    "portfolio:roadmap": Route(),
    "portfolio:project_start": _of(Role.PORTFOLIO_MANAGER, "adopted", reader=NO),
    "portfolio:project_detail": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:programme_list": Route(),
    "portfolio:programme_create": Route(owner=Role.PORTFOLIO_MANAGER, outsider=NO, reader=NO),
    "portfolio:programme_detail": _of(Role.PORTFOLIO_MANAGER, "programme", reader=OPEN),
    "portfolio:programme_edit": _of(Role.PORTFOLIO_MANAGER, "programme", reader=NO),
    "portfolio:programme_close": _of(Role.PORTFOLIO_MANAGER, "programme", reader=NO),
    "portfolio:programme_reopen": Route(
        needs="programme",
        owner=Role.PORTFOLIO_MANAGER,
        outsider=WRONG,
        reader=WRONG,
        opened=WRONG,
        page=False,
    ),
    "portfolio:project_place": _of(Role.PORTFOLIO_MANAGER, "project", reader=NO),
    "portfolio:parent_options": _of(Role.PORTFOLIO_MANAGER, "project", reader=NO, page=False),
    "portfolio:project_kind": _of(Role.PORTFOLIO_MANAGER, "project", reader=NO),
    "portfolio:project_move": Route(
        needs="project", owner=Role.PROJECT_OWNER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "portfolio:ranking": Route(owner=Role.PORTFOLIO_MANAGER, reader=NO),
    "portfolio:frame_edit": Route(owner=Role.PORTFOLIO_MANAGER, outsider=NO, reader=NO),
    "portfolio:maturity_list": Route(owner=Role.PORTFOLIO_MANAGER),
    "portfolio:maturity_start": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "portfolio:maturity_detail": _of(Role.PORTFOLIO_MANAGER, "maturity"),
    "portfolio:maturity_answer": _of(Role.PORTFOLIO_MANAGER, "maturity_answer"),
    "portfolio:maturity_lock": Route(
        needs="maturity", owner=Role.PORTFOLIO_MANAGER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "portfolio:maturity_drop": _of(Role.PORTFOLIO_MANAGER, "maturity"),
    "portfolio:report_now": Route(),
    "portfolio:report_keep": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "portfolio:report_list": Route(),
    "portfolio:report_detail": _of(Role.PORTFOLIO_MANAGER, "portfolio_draft"),
    "portfolio:report_edit": _of(Role.PORTFOLIO_MANAGER, "portfolio_draft"),
    "portfolio:report_publish": _of(Role.PORTFOLIO_MANAGER, "portfolio_draft"),
    "portfolio:report_drop": _of(Role.PORTFOLIO_MANAGER, "portfolio_draft"),
    "portfolio:lesson_list": Route(),
    "portfolio:project_log": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:log_create": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:log_detail": _of(Role.PROJECT_MANAGER, "log_entry", reader=OPEN),
    "portfolio:log_edit": _of(Role.PROJECT_MANAGER, "log_entry", reader=NO),
    "portfolio:stakeholder_list": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:stakeholder_create": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:stakeholder_edit": _of(Role.PROJECT_MANAGER, "project_stakeholder", reader=NO),
    "portfolio:stakeholder_remove": _of(Role.PROJECT_MANAGER, "project_stakeholder", reader=NO),
    "portfolio:team": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:member_create": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:member_edit": _of(Role.PROJECT_MANAGER, "project_member", reader=NO),
    "portfolio:member_remove": _of(Role.PROJECT_MANAGER, "project_member", reader=NO),
    "portfolio:leaders_change": _of(Role.PROJECT_OWNER, "project", reader=NO),
    "portfolio:checklist": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:checkpoint_answer": Route(
        needs="checkpoint", owner=Role.PROJECT_MANAGER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "portfolio:project_timeline": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:gate_paper_list": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:gate_paper_write": _of(Role.PROJECT_MANAGER, "project_at_gate", reader=NO),
    "portfolio:gate_paper_detail": _of(Role.PROJECT_MANAGER, "gate_paper"),
    "portfolio:gate_paper_pdf": _of(Role.PROJECT_MANAGER, "gate_paper", page=False),
    "portfolio:gate_paper_withdraw": _of(Role.PROJECT_MANAGER, "gate_paper"),
    "portfolio:gate_paper_decide": _of(Role.PROJECT_OWNER, "gate_paper"),
    "portfolio:risk_top": Route(),
    "portfolio:risk_list": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:risk_create": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:risk_edit": _of(Role.PROJECT_MANAGER, "project_risk", reader=NO),
    "portfolio:checklist_rules": Route(owner=A, outsider=NO, reader=NO),
    "portfolio:checklist_begin": Route(owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "portfolio:checklist_point_create": Route(needs="decision_point", owner=A, outsider=NO, reader=NO),
    "portfolio:checklist_point_edit": Route(needs="checklist_point", owner=A, outsider=NO, reader=NO),
    "portfolio:checklist_point_move": Route(
        needs="checklist_point", owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "portfolio:checklist_point_use": Route(
        needs="checklist_point", owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "portfolio:project_transition": _of(Role.PORTFOLIO_MANAGER, "project_step", reader=NO),
    "portfolio:money_detail": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:money_add": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:money_edit": _of(Role.PROJECT_MANAGER, "budget_line", reader=NO),
    "portfolio:money_remove": _of(Role.PROJECT_MANAGER, "budget_line", reader=NO),
    "portfolio:accounts_import": Route(),
    "portfolio:accounts_template": Route(page=False),
    "portfolio:subscription_list": Route(),
    "portfolio:subscription_end": _of(Role.EMPLOYEE, "unit", reader=OPEN),
    "portfolio:capacity": Route(),
    "portfolio:capacity_roles": Route(owner=Role.PORTFOLIO_MANAGER, outsider=NO, reader=NO),
    "portfolio:capacity_role_create": Route(owner=Role.PORTFOLIO_MANAGER, outsider=NO, reader=NO),
    "portfolio:capacity_role": _of(Role.PORTFOLIO_MANAGER, "resource_role", reader=OPEN),
    "portfolio:capacity_role_edit": _of(Role.PORTFOLIO_MANAGER, "resource_role", reader=NO),
    "portfolio:capacity_role_use": Route(
        needs="resource_role",
        owner=Role.PORTFOLIO_MANAGER,
        outsider=WRONG,
        reader=WRONG,
        opened=WRONG,
        page=False,
    ),
    "portfolio:capacity_add": _of(Role.PORTFOLIO_MANAGER, "resource_role", reader=NO),
    "portfolio:capacity_edit": _of(Role.PORTFOLIO_MANAGER, "capacity_row", reader=NO),
    "portfolio:capacity_remove": _of(Role.PORTFOLIO_MANAGER, "capacity_row", reader=NO),
    "portfolio:absence_add": _of(Role.PORTFOLIO_MANAGER, "resource_role", reader=NO),
    "portfolio:absence_edit": _of(Role.PORTFOLIO_MANAGER, "absence_row", reader=NO),
    "portfolio:absence_remove": _of(Role.PORTFOLIO_MANAGER, "absence_row", reader=NO),
    "portfolio:resource_list": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:resource_ask": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:resource_detail": _of(Role.PROJECT_MANAGER, "resource_request", reader=OPEN),
    "portfolio:resource_transition": _of(Role.PORTFOLIO_MANAGER, "resource_step", reader=NO),
    "portfolio:status_list": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:status_write": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:status_drop": _of(Role.PROJECT_MANAGER, "status_draft", reader=NO),
    "portfolio:status_detail": _of(Role.PROJECT_MANAGER, "status_report", reader=OPEN),
    "portfolio:plan": _of(Role.PROJECT_MANAGER, "project", reader=OPEN),
    "portfolio:plan_period": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:milestone_create": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:milestone_detail": _of(Role.PROJECT_MANAGER, "milestone", reader=OPEN),
    "portfolio:milestone_edit": _of(Role.PROJECT_MANAGER, "milestone", reader=NO),
    "portfolio:milestone_remove": _of(Role.PROJECT_MANAGER, "milestone", reader=NO),
    "portfolio:deliverable_create": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:deliverable_detail": _of(Role.PROJECT_MANAGER, "deliverable", reader=OPEN),
    "portfolio:deliverable_edit": _of(Role.PROJECT_MANAGER, "deliverable", reader=NO),
    "portfolio:deliverable_remove": _of(Role.PROJECT_MANAGER, "deliverable", reader=NO),
    "portfolio:dependency_create": _of(Role.PROJECT_MANAGER, "project", reader=NO),
    "portfolio:dependency_edit": _of(Role.PROJECT_MANAGER, "dependency", reader=NO),
    "portfolio:dependency_remove": _of(Role.PROJECT_MANAGER, "dependency", reader=NO),
    "portfolio:project_options": Route(page=False),
    "benefits:benefit_list": Route(),
    "benefits:benefit_detail": _of(E, "benefit"),
    "benefits:benefit_transition": _of(Role.SERVICE_OWNER, "own_benefit_step", reader=NO),
    "benefits:import": Route(),
    "benefits:import_template": Route(page=False),
    "benefits:silence_rules": Route(owner=A, outsider=NO, reader=NO),
    "benefits:scorecard": Route(),
    "benefits:plan_detail": _of(Role.SERVICE_OWNER, "plan", reader=OPEN),
    "benefits:plan_versions": _of(Role.SERVICE_OWNER, "plan", reader=OPEN),
    "benefits:benefit_map": _of(Role.SERVICE_OWNER, "plan", reader=OPEN),
    "benefits:change_work": _of(Role.SERVICE_OWNER, "plan", reader=OPEN),
    "benefits:change_action_detail": _of(Role.SERVICE_OWNER, "change_action", reader=OPEN),
    "benefits:change_action_transition": _of(Role.SERVICE_OWNER, "change_action_step", reader=NO),
    "benefits:change_action_create": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:change_action_edit": _of(Role.SERVICE_OWNER, "change_action", reader=NO),
    "benefits:change_action_remove": _of(Role.SERVICE_OWNER, "change_action", reader=NO),
    "benefits:change_action_restore": Route(
        "change_action", owner=Role.SERVICE_OWNER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "benefits:change_agent_create": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:change_agent_edit": _of(Role.SERVICE_OWNER, "change_agent", reader=NO),
    "benefits:change_agent_remove": _of(Role.SERVICE_OWNER, "change_agent", reader=NO),
    "benefits:change_agent_restore": Route(
        "change_agent", owner=Role.SERVICE_OWNER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "benefits:stakeholder_create": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:stakeholder_edit": _of(Role.SERVICE_OWNER, "stakeholder", reader=NO),
    "benefits:stakeholder_remove": _of(Role.SERVICE_OWNER, "stakeholder", reader=NO),
    "benefits:stakeholder_restore": Route(
        "stakeholder", owner=Role.SERVICE_OWNER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "benefits:benefit_risk_create": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:benefit_risk_edit": _of(Role.SERVICE_OWNER, "benefit_risk", reader=NO),
    "benefits:benefit_risk_remove": _of(Role.SERVICE_OWNER, "benefit_risk", reader=NO),
    "benefits:benefit_risk_restore": Route(
        "benefit_risk", owner=Role.SERVICE_OWNER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "benefits:pulse_results": _of(Role.SERVICE_OWNER, "plan", reader=OPEN),
    "benefits:pulse_plan": _of(Role.SERVICE_OWNER, "plan_pulse", reader=NO),
    "benefits:pulse_answer": _of(E, "pulse", reader=OPEN),
    "benefits:map_node_create": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:map_link_create": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:map_node_edit": _of(Role.SERVICE_OWNER, "map_node", reader=NO),
    "benefits:map_node_remove": _of(Role.SERVICE_OWNER, "map_node", reader=NO),
    "benefits:map_link_remove": Route(
        needs="map_link", owner=Role.SERVICE_OWNER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "benefits:effect_create": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:pilot_edit": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:pilot_remove": _of(Role.SERVICE_OWNER, "piloted_plan", reader=NO),
    "benefits:pilot_conclude": _of(Role.SERVICE_OWNER, "pilot", reader=NO),
    "benefits:pilot_reopen": Route(
        "pilot", owner=Role.SERVICE_OWNER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "benefits:benefit_add": _of(Role.SERVICE_OWNER, "plan", reader=NO),
    "benefits:plan_approve": _of(Role.PORTFOLIO_MANAGER, "plan", reader=NO),
    "benefits:basis_list": Route(),
    "benefits:basis_create": Route(owner=Role.CHIEF_OF_FINANCE, outsider=NO, reader=NO),
    "benefits:basis_edit": Route("basis", owner=Role.CHIEF_OF_FINANCE, outsider=NO, reader=NO),
    "benefits:plan_close": _of(Role.PORTFOLIO_MANAGER, "plan", reader=NO),
    "benefits:plan_edit": _of(Role.SERVICE_OWNER, "own_benefit", reader=NO),
    "benefits:profile_edit": _of(Role.SERVICE_OWNER, "own_benefit", reader=NO),
    "benefits:indicator_create": _of(Role.SERVICE_OWNER, "own_benefit", reader=NO),
    "benefits:indicator_edit": _of(Role.SERVICE_OWNER, "indicator", reader=NO),
    "benefits:source_edit": _of(Role.SERVICE_OWNER, "indicator_source", reader=NO),
    "benefits:source_remove": _of(Role.SERVICE_OWNER, "computed_indicator", reader=NO),
    "benefits:compute": _of(Role.SERVICE_OWNER, "computed_indicator", reader=NO),
    "benefits:basis_detail": _of(Role.SERVICE_OWNER, "computed_measurement", reader=OPEN),
    "benefits:measurement_create": _of(Role.SERVICE_OWNER, "indicator", reader=NO),
    "benefits:measurement_edit": _of(Role.SERVICE_OWNER, "measurement", reader=NO),
    "benefits:measurement_verify": _of(Role.CHIEF_OF_FINANCE, "measured", reader=NO),
    "benefits:baton_give": _of(Role.PORTFOLIO_MANAGER, "plan", reader=NO),
    "benefits:handover_detail": _of(Role.SERVICE_OWNER, "handover", reader=OPEN),
    "benefits:handover_transition": _of(Role.SERVICE_OWNER, "handover_step", reader=NO),
    "benefits:local_plans": _of(Role.KOMMUNEDIREKTOR, "regional_plan", reader=OPEN),
    "benefits:template_offers": _of(Role.KOMMUNEDIREKTOR, "local_plan", reader=NO),
    "benefits:regional_leave": _of(Role.KOMMUNEDIREKTOR, "local_plan", reader=NO),
    "benefits:lesson_edit": _of(Role.SERVICE_OWNER, "own_benefit", reader=NO),
    "benefits:benefit_report": _of(Role.SERVICE_OWNER, "plan", reader=OPEN, page=False),
    "benefits:story_list": Route(),
    "benefits:story_write": _of(Role.SERVICE_OWNER, "own_benefit", reader=NO),
    "benefits:story_detail": _of(Role.SERVICE_OWNER, "story", reader=OPEN),
    "benefits:story_transition": _of(Role.SERVICE_OWNER, "story_step", reader=NO),
    "benefits:award": Route(needs="award"),
    "benefits:award_open": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "benefits:award_nominate": Route(needs="award", outsider=HIDDEN),
    "benefits:award_vote": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "benefits:award_transition": Route(
        needs="award_step", owner=Role.KOMMUNEDIREKTOR, outsider=HIDDEN, reader=NO
    ),
    "benefits:line_change": Route(owner=L, outsider=NO, reader=NO),
    "benefits:overview_edit": _of(E, "draft"),
    "benefits:benefit_create": _of(E, "draft"),
    "benefits:benefit_edit": _of(E, "benefit"),
    "benefits:benefit_delete": _of(E, "benefit"),
    "archive:message_list": Route(owner=Role.ARCHIVIST, reader=NO),
    "archive:message_detail": _of(Role.ARCHIVIST, "message"),
    "archive:message_correct": _of(Role.ARCHIVIST, "failed_message"),
    "archive:answer_bring": _of(Role.ARCHIVIST, "message"),
    "archive:package": _of(Role.ARCHIVIST, "shipment", page=False),
    "archive:answer_list": Route(owner=Role.ARCHIVIST, outsider=NO, reader=NO),
    "archive:reconciliation": Route(owner=Role.ARCHIVIST, outsider=NO, reader=NO),
    "archive:export_list": Route(owner=Role.ARCHIVIST, outsider=NO, reader=NO),
    "archive:export_new": Route(owner=Role.ARCHIVIST, outsider=NO, reader=NO),
    "archive:export_detail": _of(Role.ARCHIVIST, "archive_export"),
    "archive:export_stop": Route(
        needs="archive_export", owner=Role.ARCHIVIST, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "archive:export_go_on": Route(
        needs="archive_export", owner=Role.ARCHIVIST, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "archive:export_file": _of(Role.ARCHIVIST, "archive_export_file", page=False),
    "archive:rules": Route(owner=Role.ARCHIVIST, outsider=NO, reader=NO),
    "archive:fiks_io": Route(owner=Role.ARCHIVIST, outsider=NO, reader=NO),
    # Deviations: whoever reports
    "deviations:deviation_list": Route(),
    "deviations:report_start": Route(),
    "deviations:report_more": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "deviations:report_same": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "deviations:report_units": _of(E, "own_municipality", reader=OPEN, page=False),
    "deviations:report_receipt": _of(E, "own_report"),
    "deviations:my_reports": Route(),
    "deviations:report_follow": Route(),
    "deviations:report_qr": Route(owner=Role.LEADER, outsider=NO, reader=NO),
    "deviations:report_qr_units": Route(owner=Role.LEADER, outsider=NO, reader=NO, page=False),
    # Deviations: whoever handles them
    "deviations:deviation_detail": _of(L, "handled"),
    "deviations:deviation_transition": _of(L, "handled_step"),
    "deviations:deviation_assess": _of(L, "handled"),
    "deviations:deviation_questions": _of(L, "handled"),
    "deviations:deviation_reroute": _of(L, "handled"),
    "deviations:deviation_message": Route(
        needs="handled", owner=L, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:deviation_link": _of(L, "handled"),
    "deviations:deviation_unlink": Route(
        needs="handled_pair", owner=L, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:deviation_measure": _of(L, "handled"),
    "deviations:action_list": Route(),
    "deviations:action_propose": _of(L, "handled"),
    "deviations:action_reuse": _of(L, "handled"),
    "deviations:action_detail": _of(L, "corrective_action"),
    "deviations:action_transition": _of(L, "corrective_action_step"),
    # Deviations: problems raised to others
    "deviations:lift_list": Route(),
    "deviations:lift_raise": _of(L, "handled"),
    "deviations:lift_detail": _of(Role.SECTOR_LEADER, "lift", reader=OPEN),
    "deviations:lift_transition": _of(L, "lift_step", reader=NO),
    "deviations:lift_offer": _of(Role.SECTOR_LEADER, "lift", reader=NO),
    "deviations:lift_offer_withdraw": Route(
        needs="lift", owner=Role.SECTOR_LEADER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:lift_write": Route(
        needs="lift", owner=Role.SECTOR_LEADER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:lift_reply": Route(
        needs="lift", owner=Role.SECTOR_LEADER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:lift_options": Route(page=False),
    "deviations:people_options": Route(page=False),
    "deviations:service_options": Route(page=False),
    "deviations:action_options": Route(page=False),
    # Statutory duties, and the register of injuries
    "deviations:duty_detail": _of(Role.LEADER, "duty"),
    "deviations:duty_transition": _of(Role.LEADER, "duty_step"),
    "deviations:duty_stamp": _of(Role.LEADER, "duty_point"),
    "deviations:duty_unstamp": Route(
        needs="duty_point", owner=Role.LEADER, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:duty_report": _of(Role.LEADER, "duty"),
    "deviations:duty_report_send": _of(Role.LEADER, "duty"),
    "deviations:duty_letter": _of(Role.LEADER, "duty_letter"),
    "deviations:duty_document": _of(Role.LEADER, "duty_document", page=False),
    "deviations:injury_register": Route(owner=Role.LEADER, outsider=NO, reader=NO),
    "deviations:forgotten_list": Route(owner=Role.ARCHIVIST, outsider=NO, reader=NO),
    # The catalogue of deviations
    "deviations:catalogue_list": Route(owner=A, outsider=NO, reader=NO),
    "deviations:rules_edit": Route(owner=A, outsider=NO, reader=NO),
    "deviations:routing_list": Route(owner=A, outsider=NO, reader=NO),
    "deviations:routing_add": Route(owner=A, outsider=NO, reader=NO),
    "deviations:routing_edit": _of(A, "routing_rule", reader=NO),
    "deviations:routing_remove": Route(
        needs="routing_rule", owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:catalogue_part": Route(needs="catalogue_kind", owner=A, outsider=NO, reader=NO),
    "deviations:catalogue_add": Route(needs="catalogue_kind", owner=A, outsider=NO, reader=NO),
    "deviations:catalogue_edit": _of(A, "catalogue_row", reader=NO),
    "deviations:catalogue_use": Route(
        needs="catalogue_row", owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:catalogue_move": Route(
        needs="catalogue_row", owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:catalogue_history": _of(A, "catalogue_row", reader=NO),
    "deviations:unit_changes": Route(),
    "deviations:figures_overview": Route(owner=Role.LEADER, outsider=NO, reader=NO),
    "deviations:import_start": Route(owner=A, outsider=NO, reader=NO),
    "deviations:import_columns": Route(owner=A, outsider=NO, reader=NO, opened=FOUND, page=False),
    "deviations:import_report": _of(A, "deviation_import", reader=NO),
    "deviations:import_job": _of(A, "import_job", reader=NO, page=False),
    "deviations:import_job_again": Route(
        needs="import_job", owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:import_job_stop": Route(
        needs="import_job", owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "deviations:import_undo": Route(
        needs="deviation_import", owner=A, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    # Organisation
    "organization:tree": Route(),
    "organization:act_for": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "organization:view_save": Route(outsider=HIDDEN, reader=HIDDEN, opened=HIDDEN, page=False),
    "organization:view_replace": Route(outsider=WRONG, reader=WRONG, opened=WRONG, page=False),
    "organization:view_edit": _of(E, "saved_view"),
    "organization:view_delete": Route(
        needs="saved_view", owner=E, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "organization:view_restore": Route(
        needs="saved_view", owner=E, outsider=WRONG, reader=WRONG, opened=WRONG, page=False
    ),
    "organization:unit_create": Route(owner=A, outsider=NO, reader=NO),
    "organization:unit_detail": _of(E, "unit", reader=OPEN),
    "organization:unit_edit": _of(A, "unit", reader=NO),
    "organization:exposure_add": _of(A, "unit", reader=NO),
    "organization:person_list": Route(),
    "organization:person_options": Route(page=False),
    "organization:person_create": Route(owner=A, outsider=NO, reader=NO),
    "organization:person_detail": _of(E, "person", reader=OPEN),
    "organization:person_edit": _of(A, "person", reader=NO),
    "organization:person_leave": _of(A, "person", reader=NO),
    "organization:role_give": _of(A, "person", reader=NO),
    "organization:role_end": _of(A, "role", reader=NO),
    "organization:role_table": Route(),
    "organization:service_list": Route(),
    "organization:service_create": Route(owner=A, outsider=NO, reader=NO),
    "organization:service_edit": _of(A, "service", reader=NO),
    "organization:group_list": Route(),
    "organization:group_create": Route(owner=A, outsider=NO, reader=NO),
    "organization:group_edit": _of(A, "group", reader=NO),
    "organization:strategy_list": Route(),
    "organization:strategy_create": Route(owner=A, outsider=NO, reader=NO),
    "organization:strategy_detail": _of(E, "strategy", reader=OPEN),
    "organization:goal_create": _of(A, "strategy_draft", reader=NO),
    "organization:goal_edit": _of(A, "goal_draft", reader=NO),
    "organization:consultation_open": _of(A, "strategy_draft", reader=NO),
    "organization:consultation_detail": _of(Role.ELECTED_REPRESENTATIVE, "consultation", reader=OPEN),
    "organization:consultation_transition": _of(A, "consultation_step", reader=NO),
    "organization:consultation_summary": _of(Role.ELECTED_REPRESENTATIVE, "consultation", reader=NO),
    "organization:comment_edit": _of(Role.ELECTED_REPRESENTATIVE, "consultation_point", reader=NO),
    "organization:comment_answer": _of(A, "consultation_comment"),
    "organization:settings": Route(owner=A, outsider=NO, reader=NO),
    "organization:job_list": Route(owner=A, outsider=NO, reader=NO),
    "organization:group_role_list": Route(owner=A, outsider=NO, reader=NO),
    "organization:client_list": Route(owner=A, outsider=NO, reader=NO),
    "organization:client_create": Route(owner=A, outsider=NO, reader=NO),
    "organization:client_detail": Route(needs="client", owner=A, outsider=NO, reader=NO),
    "organization:client_edit": Route(needs="client", owner=A, outsider=NO, reader=NO),
    "organization:client_secret": Route(needs="client", owner=A, outsider=NO, reader=NO),
    "organization:client_revoke": Route(needs="client", owner=A, outsider=NO, reader=NO),
    "organization:import": Route(owner=A, outsider=NO, reader=NO),
    "organization:import_template": Route(needs="import_kind", owner=A, outsider=NO, reader=NO, page=False),
}
# Open to everybody, tested by name elsewhere.
WITHOUT_LOGIN = {"core:healthz", "core:readyz", "account_login", "client_token", "governance:calendar_feed"}
# Pages of the log-in package that ours are drawn over; what they do is tested in tests/core/test_account.py.
PACKAGES = ("account_", "mfa_", "socialaccount_", "openid_connect_", "admin:", "api:")


def named_routes() -> Iterator[str]:
    """Yield the full name of every address the resolver knows, except the packages' own."""
    yield from (name for name in _walk(get_resolver().url_patterns, "") if not name.startswith(PACKAGES))


def _walk(patterns: list, namespace: str) -> Iterator[str]:
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner)
        elif pattern.name:
            yield f"{namespace}{pattern.name}"
