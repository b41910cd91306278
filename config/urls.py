"""The addresses of the installation."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from config.views import absent
from organization.api.token import ClientTokenView

urlpatterns = [
    path("api/v1/", include("config.api")),
    path("api/oauth/token/", ClientTokenView.as_view(), name="client_token"),
    path("", include("core.urls")),
    path("", include("governance.urls")),
    path("avvik/", include("deviations.urls")),
    path("portefolje/", include("portfolio.urls")),
    path("ledelse/", include("leadership.urls")),
    path("gevinster/", include("benefits.urls")),
    path("organisasjon/", include("organization.urls")),
    path("arkiv/", include("archive.urls")),
    # The municipality keeps the addresses of its people; nobody sets an own one.
    path("konto/email/", absent),
    # Who logs in by a provider is linked to it then, and nobody links another.
    path("konto/3rdparty/", absent),
    path("konto/3rdparty/signup/", absent),
    path("konto/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
