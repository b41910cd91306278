"""Addresses of benefits (/gevinster/)."""

from __future__ import annotations

from django.urls import path

from benefits.views import (
    baton,
    change,
    computing,
    detail,
    found,
    imports,
    learning,
    lines,
    mapping,
    measuring,
    overview,
    pilot,
    plan,
    pulse,
    scorecard,
    sharing,
    silence,
    versions,
)

app_name = "benefits"
urlpatterns = [
    path("", overview.benefit_list, name="benefit_list"),
    path("import/", imports.upload, name="import"),
    path("import/mal/", imports.template_file, name="import_template"),
    path("meldestillhet/", silence.silence_rules, name="silence_rules"),
    path("styringskort/", scorecard.scorecard, name="scorecard"),
    path("<int:pk>/", detail.benefit_detail, name="benefit_detail"),
    path("<int:pk>/handling/<slug:name>/", detail.benefit_transition, name="benefit_transition"),
    path("<int:pk>/rediger/", overview.benefit_edit, name="benefit_edit"),
    path("<int:pk>/slett/", overview.benefit_delete, name="benefit_delete"),
    path("<int:pk>/planlegg/", plan.plan_edit, name="plan_edit"),
    path("<int:pk>/anslag/", plan.profile_edit, name="profile_edit"),
    path("<int:pk>/indikator/", plan.indicator_create, name="indicator_create"),
    path("indikator/<int:pk>/", plan.indicator_edit, name="indicator_edit"),
    path("indikator/<int:pk>/maal/", measuring.measurement_create, name="measurement_create"),
    path("indikator/<int:pk>/kilde/<slug:key>/", computing.source_edit, name="source_edit"),
    path("indikator/<int:pk>/for-haand/", computing.source_remove, name="source_remove"),
    path("indikator/<int:pk>/regn-ut/", computing.compute, name="compute"),
    path("maaling/<int:pk>/grunnlag/", computing.basis_detail, name="basis_detail"),
    path("maaling/<int:pk>/", measuring.measurement_edit, name="measurement_edit"),
    path("maaling/<int:pk>/bekreft/", measuring.measurement_verify, name="measurement_verify"),
    path("plan/<int:pk>/", plan.plan_detail, name="plan_detail"),
    path("plan/<int:pk>/uventet/", found.effect_create, name="effect_create"),
    path("plan/<int:pk>/gevinst/", found.benefit_add),
    path("plan/<int:pk>/utproving/", pilot.pilot_edit, name="pilot_edit"),
    path("plan/<int:pk>/utproving/fjern/", pilot.pilot_remove, name="pilot_remove"),
    path("utproving/<int:pk>/", pilot.pilot_conclude, name="pilot_conclude"),
    path("utproving/<int:pk>/angre/", pilot.pilot_reopen, name="pilot_reopen"),
    path("plan/<int:pk>/ny-gevinst/", found.benefit_add, name="benefit_add"),
    path("plan/<int:pk>/godkjenn/", plan.plan_approve, name="plan_approve"),
    path("plan/<int:pk>/versjoner/", versions.plan_versions, name="plan_versions"),
    path("plan/<int:pk>/kart/", mapping.benefit_map, name="benefit_map"),
    path("plan/<int:pk>/kart/boks/", mapping.node_create, name="map_node_create"),
    path("plan/<int:pk>/kart/lenke/", mapping.link_create, name="map_link_create"),
    # Change work
    path("plan/<int:pk>/endring/", change.change_work, name="change_work"),
    path(
        "plan/<int:pk>/endring/tiltak/", change.part_create, {"part": "action"}, name="change_action_create"
    ),
    path("endring/tiltak/<int:pk>/", change.action_detail, name="change_action_detail"),
    path(
        "endring/tiltak/<int:pk>/handling/<slug:name>/",
        change.action_transition,
        name="change_action_transition",
    ),
    path("endring/tiltak/<int:pk>/endre/", change.part_edit, {"part": "action"}, name="change_action_edit"),
    path(
        "endring/tiltak/<int:pk>/fjern/", change.part_remove, {"part": "action"}, name="change_action_remove"
    ),
    path(
        "endring/tiltak/<int:pk>/tilbake/",
        change.part_restore,
        {"part": "action"},
        name="change_action_restore",
    ),
    path("plan/<int:pk>/endring/agent/", change.part_create, {"part": "agent"}, name="change_agent_create"),
    path("endring/agent/<int:pk>/endre/", change.part_edit, {"part": "agent"}, name="change_agent_edit"),
    path("endring/agent/<int:pk>/fjern/", change.part_remove, {"part": "agent"}, name="change_agent_remove"),
    path(
        "endring/agent/<int:pk>/tilbake/", change.part_restore, {"part": "agent"}, name="change_agent_restore"
    ),
    path(
        "plan/<int:pk>/endring/interessent/",
        change.part_create,
        {"part": "stakeholder"},
        name="stakeholder_create",
    ),
    path(
        "endring/interessent/<int:pk>/endre/",
        change.part_edit,
        {"part": "stakeholder"},
        name="stakeholder_edit",
    ),
    path(
        "endring/interessent/<int:pk>/fjern/",
        change.part_remove,
        {"part": "stakeholder"},
        name="stakeholder_remove",
    ),
    path(
        "endring/interessent/<int:pk>/tilbake/",
        change.part_restore,
        {"part": "stakeholder"},
        name="stakeholder_restore",
    ),
    path("plan/<int:pk>/endring/risiko/", change.part_create, {"part": "risk"}, name="benefit_risk_create"),
    path("endring/risiko/<int:pk>/endre/", change.part_edit, {"part": "risk"}, name="benefit_risk_edit"),
    path("endring/risiko/<int:pk>/fjern/", change.part_remove, {"part": "risk"}, name="benefit_risk_remove"),
    path(
        "endring/risiko/<int:pk>/tilbake/", change.part_restore, {"part": "risk"}, name="benefit_risk_restore"
    ),
    path("plan/<int:pk>/puls/", pulse.pulse_results, name="pulse_results"),
    path("plan/<int:pk>/puls/<slug:name>/", pulse.pulse_plan, name="pulse_plan"),
    path("puls/<int:pk>/", pulse.pulse_answer, name="pulse_answer"),
    path("kart/boks/<int:pk>/", mapping.node_edit, name="map_node_edit"),
    path("kart/boks/<int:pk>/fjern/", mapping.node_remove, name="map_node_remove"),
    path("kart/lenke/<int:pk>/fjern/", mapping.link_remove, name="map_link_remove"),
    path("plan/<int:pk>/overlever/", baton.baton_give, name="baton_give"),
    path("plan/<int:pk>/kommunene/", baton.local_plans, name="local_plans"),
    path("plan/<int:pk>/mal/", lines.template_offers, name="template_offers"),
    path("plan/<int:pk>/ut/", lines.regional_leave, name="regional_leave"),
    path("overlevering/<int:pk>/", baton.handover_detail, name="handover_detail"),
    path(
        "overlevering/<int:pk>/handling/<slug:name>/", baton.handover_transition, name="handover_transition"
    ),
    path("<int:pk>/laerdom/", learning.lesson_edit, name="lesson_edit"),
    path("plan/<int:pk>/rapport.pdf", learning.benefit_report, name="benefit_report"),
    path("<int:pk>/historie/", sharing.story_write, name="story_write"),
    path("historier/", sharing.story_list, name="story_list"),
    path("historier/<int:pk>/", sharing.story_detail, name="story_detail"),
    path("historier/<int:pk>/handling/<slug:name>/", sharing.story_transition, name="story_transition"),
    path("ildsjel/", sharing.award, name="award"),
    path("ildsjel/apne/", sharing.award_open, name="award_open"),
    path("ildsjel/nominer/", sharing.award_nominate, name="award_nominate"),
    path("ildsjel/stem/", sharing.award_vote, name="award_vote"),
    path("ildsjel/handling/<slug:name>/", sharing.award_transition, name="award_transition"),
    path("linje/ny/", lines.line_change, name="line_change"),
    path("tiltak/<int:pk>/", overview.overview_edit, name="overview_edit"),
    path("tiltak/<int:pk>/ny/", overview.benefit_create, name="benefit_create"),
]
