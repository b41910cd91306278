"""Addresses of sak/arkiv (/arkiv/)."""

from __future__ import annotations

from django.urls import path

from archive.views import answers, messages, rules

app_name = "archive"
urlpatterns = [
    path("", messages.message_list, name="message_list"),
    path("<int:pk>/", messages.message_detail, name="message_detail"),
    path("<int:pk>/rett/", messages.message_correct, name="message_correct"),
    path("<int:pk>/svar/", answers.answer_bring, name="answer_bring"),
    path("pakke/<int:pk>/", messages.package, name="package"),
    path("svar/", answers.answer_list, name="answer_list"),
    path("avstemming/", rules.reconcile, name="reconciliation"),
    path("regler/", rules.rules, name="rules"),
    path("fiks-io/", rules.fiks_io, name="fiks_io"),
]
