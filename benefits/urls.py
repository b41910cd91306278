"""Addresses of benefits (/gevinster/)."""

from __future__ import annotations

from django.urls import path

from benefits import views

app_name = "benefits"
urlpatterns = [
    path("", views.benefit_list, name="benefit_list"),
    path("<int:pk>/", views.benefit_detail, name="benefit_detail"),
    path("tiltak/<int:pk>/", views.overview_edit, name="overview_edit"),
    path("tiltak/<int:pk>/ny/", views.benefit_create, name="benefit_create"),
    path("<int:pk>/rediger/", views.benefit_edit, name="benefit_edit"),
    path("<int:pk>/slett/", views.benefit_delete, name="benefit_delete"),
]
