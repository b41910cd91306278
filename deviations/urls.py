"""Addresses of deviations (/avvik/)."""

from __future__ import annotations

from django.urls import path

from deviations.views import actions, cases, lists, options

app_name = "deviations"
urlpatterns = [
    path("", lists.deviation_list, name="deviation_list"),
    # One case and its steps
    path("<int:pk>/", cases.deviation_detail, name="deviation_detail"),
    path("<int:pk>/handling/<slug:name>/", cases.deviation_transition, name="deviation_transition"),
    # Corrective actions
    path("tiltak/<int:pk>/", actions.action_detail, name="action_detail"),
    path("tiltak/<int:pk>/handling/<slug:name>/", actions.action_transition, name="action_transition"),
    # Suggestions while somebody types
    path("personer/", options.people_options, name="people_options"),
]
