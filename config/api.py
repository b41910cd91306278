"""The API, version 1: every app's addresses, its document, and its page for people."""

from __future__ import annotations

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from core.api import attachments, docs, views

app_name = "api"
urlpatterns = [
    path("", include("governance.api.urls")),
    path("", include("deviations.api.urls")),
    path("", include("portfolio.api.urls")),
    path("", include("benefits.api.urls")),
    path("", include("archive.api.urls")),
    path("", include("organization.api.urls")),
    path("attachments/", attachments.AttachmentList.as_view(), name="attachment_list"),
    path("attachments/<uuid:key>/", attachments.AttachmentDetail.as_view(), name="attachment_detail"),
    path("", RedirectView.as_view(pattern_name="api:docs"), name="root"),
    path("schema/", views.SchemaView.as_view(), name="schema"),
    path("docs/", docs.documentation, name="docs"),
    re_path(r"^.*$", views.NothingHere.as_view(), name="nothing"),
]
