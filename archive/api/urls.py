"""Addresses of the archive's outbox in the API."""

from __future__ import annotations

from django.urls import path

from archive.api import exchange, views

_ONE = "archive-messages/<int:pk>/"
urlpatterns = [
    path("archive-messages/", views.MessageList.as_view(), name="archive_message_list"),
    path(_ONE, views.MessageDetail.as_view(), name="archive_message_detail"),
    path(f"{_ONE}package/", exchange.PackageDetail.as_view(), name="archive_message_package"),
    path(f"{_ONE}answers/", exchange.AnswerCreate.as_view(), name="archive_message_answers"),
]
