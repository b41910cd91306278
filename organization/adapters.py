"""How django-allauth fits this house."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.shortcuts import render
from django.utils import timezone

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest, HttpResponse

    from organization.issuers import LogInProvider
    from organization.models import Person

log = logging.getLogger("stafett.oidc")


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People are made by their municipality's administrator; nobody signs up alone."""
        return False


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Lets in by a provider whom the municipality knows already."""

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the person, or show whom to ask."""
        from organization.operations import recognize

        person = recognize(sociallogin.account, sociallogin.vouched, now=timezone.now())
        if person is None:
            raise ImmediateHttpResponse(_refusal(request, sociallogin.vouched.provider))
        sociallogin.user = person

    def authenticate_by_email(self, sociallogin: SocialLogin) -> None:
        """Leave it to ``recognize``: allauth would look outside the municipality, and change the password."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Person:
        """Take no names from the provider; the municipality keeps them."""
        user: Person = sociallogin.user
        return user

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """Tell those who run the installation why; the page says only that it went wrong."""
        log.warning("log-in by %s failed: %s", provider.sub_id, exception or error)


def _refusal(request: HttpRequest, provider: LogInProvider) -> HttpResponse:
    from organization.queries import administrators_of

    context = {"provider": provider, "administrators": administrators_of(provider.municipalities)}
    return render(request, "organization/log_in_refused.html", context, status=403)
