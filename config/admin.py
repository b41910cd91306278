"""Django's own administration, for those who run the installation.

A municipality's administrator works in ``/organisasjon/``, which sees one municipality only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class StafettAdminSite(AdminSite):
    site_header = _("Drift av Stafett")
    site_title = _("Drift av Stafett")
    index_title = _("Oversikt")

    @method_decorator(secure_admin_login)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Send whoever is not logged in to the one log-in, with its second factor and its limits."""
        return super().login(request, extra_context)
