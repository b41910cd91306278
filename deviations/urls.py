"""Addresses of deviations (/avvik/)."""

from __future__ import annotations

from django.urls import path

from deviations.views import (
    actions,
    cases,
    duties,
    handling,
    injuries,
    lists,
    notifications,
    options,
    report,
    retention,
)

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
    # Suggestions while somebody types
    path("personer/", options.people_options, name="people_options"),
    path("tjenester/", options.service_options, name="service_options"),
    path("tiltak/forslag/", options.action_options, name="action_options"),
]
