"""Addresses of the organisation's lists in the API."""

from __future__ import annotations

from django.urls import path

from organization.api import views

urlpatterns = [
    path("units/", views.UnitList.as_view(), name="unit_list"),
    path("services/", views.ServiceList.as_view(), name="service_list"),
    path("people/", views.PersonList.as_view(), name="person_list"),
    path("goals/", views.GoalList.as_view(), name="goal_list"),
]
