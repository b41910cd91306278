"""Addresses of the organisation (/organisasjon/)."""

from __future__ import annotations

from django.urls import path

from organization.views import (
    acting,
    clients,
    group_roles,
    imports,
    people,
    saved_views,
    settings,
    strategy,
    units,
)

app_name = "organization"
urlpatterns = [
    path("", units.tree, name="tree"),
    path("opptrer-for/", acting.act_for, name="act_for"),
    path("visninger/ny/", saved_views.view_save, name="view_save"),
    path("visninger/oppdater/", saved_views.view_replace, name="view_replace"),
    path("visninger/<int:pk>/", saved_views.view_edit, name="view_edit"),
    path("visninger/<int:pk>/slett/", saved_views.view_delete, name="view_delete"),
    path("visninger/<int:pk>/angre/", saved_views.view_restore, name="view_restore"),
    path("enheter/ny/", units.unit_create, name="unit_create"),
    path("enheter/<int:pk>/", units.unit_detail, name="unit_detail"),
    path("enheter/<int:pk>/rediger/", units.unit_edit, name="unit_edit"),
    path("enheter/<int:pk>/nevnere/", units.exposure_add, name="exposure_add"),
    path("personer/", people.person_list, name="person_list"),
    path("personer/valg/", people.person_options, name="person_options"),
    path("personer/ny/", people.person_create, name="person_create"),
    path("personer/<int:pk>/", people.person_detail, name="person_detail"),
    path("personer/<int:pk>/rediger/", people.person_edit, name="person_edit"),
    path("personer/<int:pk>/sluttet/", people.person_leave, name="person_leave"),
    path("personer/<int:pk>/roller/", people.role_give, name="role_give"),
    path("roller/<int:pk>/avslutt/", people.role_end, name="role_end"),
    path("roller/", people.role_table, name="role_table"),
    path("tjenester/", strategy.service_list, name="service_list"),
    path("tjenester/ny/", strategy.service_create, name="service_create"),
    path("tjenester/<int:pk>/", strategy.service_edit, name="service_edit"),
    path("faggrupper/", strategy.group_list, name="group_list"),
    path("faggrupper/ny/", strategy.group_create, name="group_create"),
    path("faggrupper/<int:pk>/", strategy.group_edit, name="group_edit"),
    path("strategi/", strategy.strategy_list, name="strategy_list"),
    path("strategi/ny/", strategy.strategy_create, name="strategy_create"),
    path("strategi/<int:pk>/", strategy.strategy_detail, name="strategy_detail"),
    path("strategi/<int:pk>/mal/nytt/", strategy.goal_create, name="goal_create"),
    path("strategi/mal/<int:pk>/", strategy.goal_edit, name="goal_edit"),
    path("regler/", settings.panel_list, name="settings"),
    path("jobber/", settings.job_list, name="job_list"),
    path("klienter/", clients.client_list, name="client_list"),
    path("klienter/ny/", clients.client_create, name="client_create"),
    path("klienter/<int:pk>/", clients.client_detail, name="client_detail"),
    path("klienter/<int:pk>/rediger/", clients.client_edit, name="client_edit"),
    path("klienter/<int:pk>/hemmelighet/", clients.client_secret, name="client_secret"),
    path("klienter/<int:pk>/trekk-tilbake/", clients.client_revoke, name="client_revoke"),
    path("innlogging/", group_roles.group_role_list, name="group_role_list"),
    path("import/", imports.upload, name="import"),
    path("import/mal/<slug:kind>/", imports.template_file, name="import_template"),
]
