"""Addresses of the portfolio (/portefolje/)."""

from __future__ import annotations

from django.urls import path

from portfolio.views import projects

app_name = "portfolio"
urlpatterns = [
    path("", projects.board, name="board"),
    path("tabell/", projects.table, name="table"),
    path("nytt/<int:pk>/", projects.project_start, name="project_start"),
    path("<int:pk>/", projects.project_detail, name="project_detail"),
    path("<int:pk>/flytt/", projects.project_move, name="project_move"),
    path("<int:pk>/handling/<slug:name>/", projects.project_transition, name="project_transition"),
]
