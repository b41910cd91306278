"""Addresses of the portfolio in the API."""

from __future__ import annotations

from django.urls import path

from core.api.transitions import paths_of
from portfolio.api import views

_ONE = "projects/<int:pk>/"
urlpatterns = [
    path("projects/", views.ProjectList.as_view(), name="project_list"),
    path(_ONE, views.ProjectDetail.as_view(), name="project_detail"),
    *paths_of(_ONE, views.ProjectTransitions, views.ProjectTransition, name="project"),
    path("budget-lines/", views.BudgetLineList.as_view(), name="budget_line_list"),
    path("budget-lines/bulk/", views.BudgetLineBulk.as_view(), name="budget_line_bulk"),
    path("budget-lines/<int:pk>/", views.BudgetLineDetail.as_view(), name="budget_line_detail"),
    path("status-reports/", views.StatusList.as_view(), name="status_report_list"),
    path("status-reports/<int:pk>/", views.StatusDetail.as_view(), name="status_report_detail"),
]
