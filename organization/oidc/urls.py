"""Addresses of log-in by OpenID Connect; allauth puts them below those of accounts."""

from __future__ import annotations

from django.urls import path

from organization.oidc import views

urlpatterns = [
    path("oidc/<slug:provider_id>/login/", views.login, name="openid_connect_login"),
    path("oidc/<slug:provider_id>/login/callback/", views.callback, name="openid_connect_callback"),
]
