"""Addresses of sak/arkiv (/arkiv/)."""

from __future__ import annotations

from django.urls import path

from archive import views

app_name = "archive"
urlpatterns = [
    path("", views.message_list, name="message_list"),
    path("<int:pk>/", views.message_detail, name="message_detail"),
]
