"""Addresses of the archive's outbox in the API."""

from __future__ import annotations

from django.urls import path

from archive.api import views

urlpatterns = [path("archive-messages/", views.MessageList.as_view(), name="archive_message_list")]
