from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class StafettAdminConfig(AdminConfig):
    default_site = "config.admin.StafettAdminSite"
