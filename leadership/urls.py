"""Addresses of the leadership page (/ledelse/)."""

from __future__ import annotations

from django.urls import path

from leadership.views import overview, setting

app_name = "leadership"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("trenger/", overview.attention_list, name="attention_list"),
    path("hvem/", setting.level_edit, name="level_edit"),
    path("tall/<slug:key>/", overview.number_list, name="number_list"),
    path("tall/<slug:key>/mal/", setting.target_edit, name="target_edit"),
]
