"""Django's own administration, for those who run the installation.

A municipality's administrator works in ``/organisasjon/``, which sees one municipality only.
"""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class StafettAdminSite(AdminSite):
    site_header = _("Drift av Stafett")
    site_title = _("Drift av Stafett")
    index_title = _("Oversikt")
