"""Addresses of the portfolio in the API."""

from __future__ import annotations

from django.urls import path

from portfolio.api import views

urlpatterns = [
    path("projects/", views.ProjectList.as_view(), name="project_list"),
    path("status-reports/", views.StatusList.as_view(), name="status_report_list"),
]
