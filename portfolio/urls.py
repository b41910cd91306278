"""Addresses of the portfolio (/portefolje/)."""

from __future__ import annotations

from django.urls import path

from portfolio import views

app_name = "portfolio"
urlpatterns = [
    path("", views.board, name="board"),
    path("tabell/", views.table, name="table"),
    path("nytt/<int:pk>/", views.project_start, name="project_start"),
    path("<int:pk>/", views.project_detail, name="project_detail"),
    path("<int:pk>/flytt/", views.project_move, name="project_move"),
    path("<int:pk>/handling/<slug:name>/", views.project_transition, name="project_transition"),
]
