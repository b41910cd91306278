"""Addresses of benefits (/gevinster/)."""

from __future__ import annotations

from django.urls import path

from benefits.views import (
    baton,
    detail,
    learning,
    lines,
    mapping,
    measuring,
    overview,
    plan,
    scorecard,
    sharing,
    versions,
)

app_name = "benefits"
urlpatterns = [
    path("", overview.benefit_list, name="benefit_list"),
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
    path("maaling/<int:pk>/", measuring.measurement_edit, name="measurement_edit"),
    path("maaling/<int:pk>/bekreft/", measuring.measurement_verify, name="measurement_verify"),
    path("plan/<int:pk>/", plan.plan_detail, name="plan_detail"),
    path("plan/<int:pk>/godkjenn/", plan.plan_approve, name="plan_approve"),
    path("plan/<int:pk>/versjoner/", versions.plan_versions, name="plan_versions"),
    path("plan/<int:pk>/kart/", mapping.benefit_map, name="benefit_map"),
    path("plan/<int:pk>/kart/boks/", mapping.node_create, name="map_node_create"),
    path("plan/<int:pk>/kart/lenke/", mapping.link_create, name="map_link_create"),
    path("kart/boks/<int:pk>/", mapping.node_edit, name="map_node_edit"),
    path("kart/boks/<int:pk>/fjern/", mapping.node_remove, name="map_node_remove"),
    path("kart/lenke/<int:pk>/fjern/", mapping.link_remove, name="map_link_remove"),
    path("plan/<int:pk>/overlever/", baton.baton_give, name="baton_give"),
    path("plan/<int:pk>/kommunene/", baton.local_plans, name="local_plans"),
    path("plan/<int:pk>/mal/", lines.template_offers, name="template_offers"),
    path("plan/<int:pk>/ut/", lines.regional_leave, name="regional_leave"),
    path("plan/<int:pk>/gevinst/", lines.plan_benefit_create, name="plan_benefit_create"),
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
