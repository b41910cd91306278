"""Addresses of deviations (/avvik/)."""

from __future__ import annotations

from django.urls import path

from deviations.views import (
    actions,
    cases,
    duties,
    figures,
    handling,
    injuries,
    lifts,
    lists,
    notifications,
    options,
    report,
    retention,
)
from deviations.views.catalogue import import_jobs as catalogue_import_jobs
from deviations.views.catalogue import imports as catalogue_imports
from deviations.views.catalogue import lists as catalogue_lists
from deviations.views.catalogue import rows as catalogue_rows
from deviations.views.catalogue import rules as catalogue_rules

app_name = "deviations"
urlpatterns = [
    path("", lists.deviation_list, name="deviation_list"),
    # Whoever reports
    path("meld/", report.report_start, name="report_start"),
    path("meld/videre/", report.report_more, name="report_more"),
    path("meld/samme/", report.report_same, name="report_same"),
    path("meld/enheter/<int:municipality>/", report.report_units, name="report_units"),
    path("<int:pk>/kvittering/", report.report_receipt, name="report_receipt"),
    path("mine/", report.my_reports, name="my_reports"),
    path("kode/", report.report_follow, name="report_follow"),
    path("qr/", report.report_qr, name="report_qr"),
    path("qr/enheter/", report.report_qr_units, name="report_qr_units"),
    # One case and its steps
    path("<int:pk>/", cases.deviation_detail, name="deviation_detail"),
    path("<int:pk>/handling/<slug:name>/", cases.deviation_transition, name="deviation_transition"),
    path("<int:pk>/vurdering/", handling.deviation_assess, name="deviation_assess"),
    path("<int:pk>/sporsmal/", handling.deviation_questions, name="deviation_questions"),
    path("<int:pk>/send-videre/", handling.deviation_reroute, name="deviation_reroute"),
    path("<int:pk>/beskjed/", handling.deviation_message, name="deviation_message"),
    path("<int:pk>/kobling/", handling.deviation_link, name="deviation_link"),
    path("<int:pk>/kobling/<int:other>/fjern/", handling.deviation_unlink, name="deviation_unlink"),
    path("<int:pk>/lag-tiltak/", handling.deviation_measure, name="deviation_measure"),
    # Corrective actions
    path("tiltak/", actions.action_list, name="action_list"),
    path("<int:pk>/tiltak/nytt/", actions.action_propose, name="action_propose"),
    path("<int:pk>/tiltak/bruk/", actions.action_reuse, name="action_reuse"),
    path("tiltak/<int:pk>/", actions.action_detail, name="action_detail"),
    path("tiltak/<int:pk>/handling/<slug:name>/", actions.action_transition, name="action_transition"),
    # Problems raised to others
    path("loft/", lifts.lift_list, name="lift_list"),
    path("<int:pk>/loft/", lifts.lift_raise, name="lift_raise"),
    path("loft/<int:pk>/", lifts.lift_detail, name="lift_detail"),
    path("loft/<int:pk>/handling/<slug:name>/", lifts.lift_transition, name="lift_transition"),
    path("loft/<int:pk>/kan-lose/", lifts.lift_offer, name="lift_offer"),
    path("loft/<int:pk>/trekk-tilbud/", lifts.lift_offer_withdraw, name="lift_offer_withdraw"),
    path("loft/<int:pk>/skriv/", lifts.lift_write, name="lift_write"),
    path("loft/<int:pk>/svar/", lifts.lift_reply, name="lift_reply"),
    path("loft/forslag/", lifts.lift_options, name="lift_options"),
    # Statutory duties, and the register of injuries
    path("plikt/<int:pk>/", duties.duty_detail, name="duty_detail"),
    path("plikt/<int:pk>/handling/<slug:name>/", duties.duty_transition, name="duty_transition"),
    path("plikt/<int:pk>/punkt/<int:stamp>/", duties.duty_stamp, name="duty_stamp"),
    path("plikt/<int:pk>/punkt/<int:stamp>/fjern/", duties.duty_unstamp, name="duty_unstamp"),
    path("plikt/<int:pk>/melding/", notifications.duty_report, name="duty_report"),
    path("plikt/<int:pk>/melding/send/", notifications.duty_report_send, name="duty_report_send"),
    path("plikt/<int:pk>/underretning/", notifications.duty_letter, name="duty_letter"),
    path("plikt/<int:pk>/dokument/<slug:form>/", notifications.duty_document, name="duty_document"),
    path("sletting/", retention.forgotten_list, name="forgotten_list"),
    path("skaderegister/", injuries.injury_register, name="injury_register"),
    # The catalogue
    path("katalog/", catalogue_lists.catalogue_list, name="catalogue_list"),
    path("katalog/regler/", catalogue_rules.rules_edit, name="rules_edit"),
    path("katalog/mottakere/", catalogue_rules.routing_list, name="routing_list"),
    path("katalog/mottakere/ny/", catalogue_rules.routing_add, name="routing_add"),
    path("katalog/mottakere/<int:pk>/", catalogue_rules.routing_edit, name="routing_edit"),
    path("katalog/mottakere/<int:pk>/fjern/", catalogue_rules.routing_remove, name="routing_remove"),
    path("katalog/import/", catalogue_imports.import_start, name="import_start"),
    path("katalog/import/kolonner/", catalogue_imports.import_columns, name="import_columns"),
    path("katalog/import/jobb/<int:pk>/", catalogue_import_jobs.import_job, name="import_job"),
    path(
        "katalog/import/jobb/<int:pk>/igjen/", catalogue_import_jobs.import_job_again, name="import_job_again"
    ),
    path(
        "katalog/import/jobb/<int:pk>/stopp/", catalogue_import_jobs.import_job_stop, name="import_job_stop"
    ),
    path("katalog/import/<int:pk>/", catalogue_imports.import_report, name="import_report"),
    path("katalog/import/<int:pk>/angre/", catalogue_imports.import_undo, name="import_undo"),
    path("katalog/<slug:part>/", catalogue_lists.catalogue_part, name="catalogue_part"),
    path("katalog/<slug:part>/ny/", catalogue_rows.catalogue_add, name="catalogue_add"),
    path("katalog/<slug:part>/<int:pk>/", catalogue_rows.catalogue_edit, name="catalogue_edit"),
    path("katalog/<slug:part>/<int:pk>/bruk/", catalogue_rows.catalogue_use, name="catalogue_use"),
    path("katalog/<slug:part>/<int:pk>/flytt/", catalogue_rows.catalogue_move, name="catalogue_move"),
    path(
        "katalog/<slug:part>/<int:pk>/historikk/", catalogue_rows.catalogue_history, name="catalogue_history"
    ),
    # Figures
    path("oversikt/", figures.figures_overview, name="figures_overview"),
    path("vi-gjorde/", figures.unit_changes, name="unit_changes"),
    # Suggestions while somebody types
    path("personer/", options.people_options, name="people_options"),
    path("tjenester/", options.service_options, name="service_options"),
    path("tiltak/forslag/", options.action_options, name="action_options"),
]
