"""Addresses of sak/arkiv (/arkiv/)."""

from __future__ import annotations

from django.urls import path

from archive.views import answers, exports, messages, rules

app_name = "archive"
urlpatterns = [
    path("", messages.message_list, name="message_list"),
    path("<int:pk>/", messages.message_detail, name="message_detail"),
    path("<int:pk>/rett/", messages.message_correct, name="message_correct"),
    path("<int:pk>/svar/", answers.answer_bring, name="answer_bring"),
    path("pakke/<int:pk>/", messages.package, name="package"),
    path("svar/", answers.answer_list, name="answer_list"),
    path("avstemming/", rules.reconcile, name="reconciliation"),
    path("eksport/", exports.export_list, name="export_list"),
    path("eksport/ny/", exports.export_new, name="export_new"),
    path("eksport/<int:pk>/", exports.export_detail, name="export_detail"),
    path("eksport/<int:pk>/stopp/", exports.export_stop, name="export_stop"),
    path("eksport/<int:pk>/fortsett/", exports.export_go_on, name="export_go_on"),
    path("eksport/del/<int:pk>/", exports.export_file, name="export_file"),
    path("regler/", rules.rules, name="rules"),
    path("fiks-io/", rules.fiks_io, name="fiks_io"),
]
