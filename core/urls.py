from __future__ import annotations

from django.urls import path

from core import ui, views

app_name = "core"
urlpatterns = [
    path("", views.start, name="start"),
    path("oppgaver/", views.my_tasks, name="inbox"),
    path("oppgaver/lest/", views.notices_read, name="notices_read"),
    path("varsel/<int:pk>/", views.notice_open, name="notice_open"),
    path("utseende/", views.color_scheme, name="color_scheme"),
    path("vedlegg/<uuid:key>/", views.attachment, name="attachment"),
    path("ui/", ui.gallery, name="gallery"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]
