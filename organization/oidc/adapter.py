"""What a provider is asked, and what is believed of its answers."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import TYPE_CHECKING, Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.utils.crypto import constant_time_compare
from requests import RequestException

from organization.issuers import Issuer
from organization.keys import KeysUnavailableError, verified

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest

    from organization.issuers import LogInProvider

log = logging.getLogger("stafett.oidc")
_ENDPOINTS = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")


class Adapter(OpenIDConnectOAuth2Adapter):
    """Believes an ID token only: signed by the provider, meant for us, new, and an answer to what this browser asked.

    allauth asks for no nonce, and takes an ID token that came straight from the provider without looking at its signature.
    """

    nonce: str | None = None

    @property
    def service(self) -> LogInProvider:
        provider: LogInProvider = settings.LOG_IN_PROVIDERS[self.provider_id]
        return provider

    @cached_property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself.

        :raises OAuth2Error: it cannot be asked, or is somebody else than it is said to be.
        """
        address = f"{self.service.server.rstrip('/')}/.well-known/openid-configuration"
        try:
            with get_adapter().get_requests_session() as session:
                answer = session.get(address)
                answer.raise_for_status()
                config = answer.json()
        except (RequestException, ValueError) as error:
            raise OAuth2Error("the provider cannot be asked who it is") from error
        if not isinstance(config, dict) or not all(isinstance(config.get(name), str) for name in _ENDPOINTS):
            raise OAuth2Error("the provider does not say who it is")
        if config["issuer"].rstrip("/") != self.service.server.rstrip("/"):
            raise OAuth2Error("the provider says that it is another one")
        return config

    def get_access_token_data(
        self, request: HttpRequest, app: Any, client: Any, pkce_code_verifier: str | None = None
    ) -> dict[str, Any]:
        """Trade the code for tokens."""
        try:
            data = super().get_access_token_data(request, app, client, pkce_code_verifier=pkce_code_verifier)
        except (KeyError, ValueError, TypeError) as error:
            raise OAuth2Error("the provider's answer cannot be read") from error
        if not isinstance(data, dict) or not isinstance(data.get("id_token"), str):
            raise OAuth2Error("the provider sent no ID token")
        return data

    def parse_token(self, data: dict[str, Any]) -> SocialToken:
        """Return an empty token: none is kept, and nothing is fetched with it."""
        return SocialToken(token="")

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        claims = self._claims_of(kwargs["response"]["id_token"], str(app.client_id))
        return self.get_provider().sociallogin_from_response(request, claims)

    def _claims_of(self, id_token: str, client_id: str) -> dict[str, Any]:
        config = self.openid_config
        try:
            issuer = Issuer(issuer=config["issuer"], jwks=config["jwks_uri"])
            claims = verified(id_token, issuer, audience=client_id)
        except KeysUnavailableError as error:
            raise OAuth2Error("the keys of the provider cannot be had") from error
        if claims is None:
            raise OAuth2Error("the ID token is not signed right, not for us, or not valid now")
        if not self.nonce or not constant_time_compare(str(claims.get("nonce")), self.nonce):
            raise OAuth2Error("the ID token answers another log-in")
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else client_id) != client_id:
            raise OAuth2Error("the ID token was issued to another client")
        if self.service.acr_values and claims.get("acr") not in self.service.acr_values:
            raise OAuth2Error("the level of assurance is too low")
        return claims
