"""Addresses of the organisation's lists in the API."""

from __future__ import annotations

from django.urls import path

from organization.api import views

urlpatterns = [
    path("units/", views.UnitList.as_view(), name="unit_list"),
    path("goals/", views.GoalList.as_view(), name="goal_list"),
]
