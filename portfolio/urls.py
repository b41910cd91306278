"""Addresses of the portfolio (/portefolje/)."""

from __future__ import annotations

from django.urls import path

from portfolio.views import accounts, catalogue, checklist, money, projects, reports, risk, status

app_name = "portfolio"
urlpatterns = [
    path("", projects.board, name="board"),
    path("tabell/", projects.table, name="table"),
    path("nytt/<int:pk>/", projects.project_start, name="project_start"),
    path("<int:pk>/", projects.project_detail, name="project_detail"),
    path("<int:pk>/flytt/", projects.project_move, name="project_move"),
    path("risiko/", risk.portfolio_risks, name="risk_top"),
    path("<int:pk>/risiko/", risk.risk_list, name="risk_list"),
    path("<int:pk>/risiko/ny/", risk.risk_create, name="risk_create"),
    path("<int:pk>/risiko/<int:risk>/", risk.risk_edit, name="risk_edit"),
    path("<int:pk>/sjekkliste/", checklist.checklist, name="checklist"),
    path("<int:pk>/sjekkliste/<int:checkpoint>/", checklist.checkpoint_answer, name="checkpoint_answer"),
    path("sjekklister/", catalogue.checklist_rules, name="checklist_rules"),
    path("sjekklister/begynn/", catalogue.checklist_begin, name="checklist_begin"),
    path("sjekklister/nytt/<slug:point>/", catalogue.point_create, name="checklist_point_create"),
    path("sjekklister/<int:pk>/", catalogue.point_edit, name="checklist_point_edit"),
    path("sjekklister/<int:pk>/flytt/", catalogue.point_move, name="checklist_point_move"),
    path("sjekklister/<int:pk>/bruk/", catalogue.point_use, name="checklist_point_use"),
    path("<int:pk>/handling/<slug:name>/", projects.project_transition, name="project_transition"),
    path("rapport/", reports.report_now, name="report_now"),
    path("rapport/lagre/", reports.report_keep, name="report_keep"),
    path("rapporter/", reports.report_list, name="report_list"),
    path("rapporter/<int:pk>/", reports.report_detail, name="report_detail"),
    path("rapporter/<int:pk>/endre/", reports.report_edit, name="report_edit"),
    path("rapporter/<int:pk>/publiser/", reports.report_publish, name="report_publish"),
    path("rapporter/<int:pk>/slett/", reports.report_drop, name="report_drop"),
    path("<int:pk>/okonomi/", money.money_detail, name="money_detail"),
    path("<int:pk>/okonomi/ny/", money.money_add, name="money_add"),
    path("okonomi/<int:pk>/", money.money_edit, name="money_edit"),
    path("okonomi/<int:pk>/slett/", money.money_remove, name="money_remove"),
    path("regnskap/", accounts.accounts_import, name="accounts_import"),
    path("regnskap/mal/", accounts.accounts_template, name="accounts_template"),
    path("<int:pk>/status/", status.status_list, name="status_list"),
    path("<int:pk>/status/skriv/", status.status_write, name="status_write"),
    path("status/<int:pk>/", status.status_detail, name="status_detail"),
]
