"""django-allauth's provider of OpenID Connect, with a nonce, always PKCE, and nothing taken from the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.base import AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.utils import generate_code_challenge
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.utils.crypto import get_random_string

from organization.log_in import Vouched
from organization.oidc.adapter import Adapter

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest, HttpResponse

    from organization.issuers import LogInProvider

_LONGEST_UID = 191


class Provider(OpenIDConnectProvider):
    oauth2_adapter_class = Adapter

    @property
    def service(self) -> LogInProvider:
        service: LogInProvider = settings.LOG_IN_PROVIDERS[self.app.provider_id]
        return service

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Send the browser to the provider.

        Level, scope and process are ours to choose: a link that somebody else has made changes none of them.
        """
        nonce = get_random_string(43)
        asked = {"acr_values": " ".join(self.service.acr_values)} if self.service.acr_values else {}
        chosen = {"scope": list(self.service.scopes), "auth_params": {**asked, "nonce": nonce}}
        try:
            response: HttpResponse = super().redirect(
                request, AuthProcess.LOGIN, next_url, data, nonce=nonce, **chosen
            )
        except OAuth2Error as error:
            response = render_authentication_error(request, self, exception=error)
        return response

    def get_pkce_params(self) -> dict[str, Any]:
        params: dict[str, Any] = generate_code_challenge()
        return params

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        """Return the log-in with what is believed of the person."""
        login = super().sociallogin_from_response(request, response)
        login.vouched = Vouched.of(self.service, response)
        return login

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return what the provider always calls this person.

        :raises OAuth2Error: it does not say.
        """
        uid = data.get(self.service.uid_claim)
        if not isinstance(uid, str) or not 0 < len(uid) <= _LONGEST_UID or not uid.isprintable():
            raise OAuth2Error("the provider does not say who the person is")
        return uid

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """Keep nothing: a claim may be a national identity number."""
        return {}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[Any]:
        return []
