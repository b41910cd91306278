"""What django-oauth-toolkit asks us of clients: which scopes they have, and whether a secret is theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import timezone
from oauth2_provider.models import AccessToken
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.scopes import BaseScopes

from organization.scopes import SCOPES

if TYPE_CHECKING:
    from collections.abc import Callable

    from organization.models import ApiClient


class SecretHasher(PBKDF2PasswordHasher):
    """A quick digest: nobody guesses 64 random characters, and a slow one would let strangers keep the server busy."""

    algorithm = "pbkdf2_sha256_secret"
    iterations = 1000


class ClientScopes(BaseScopes):
    """A client may ask for the scopes it was given, and gets all of them when it asks for none."""

    def get_all_scopes(self) -> dict[str, str]:
        return {name: str(scope.label) for name, scope in SCOPES.items()}

    def get_available_scopes(
        self, application: ApiClient | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return [name for name in SCOPES if application is not None and name in application.scopes]

    def get_default_scopes(
        self, application: ApiClient | None = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        return self.get_available_scopes(application)


class ClientValidator(OAuth2Validator):
    """Lets in clients by their secret, or for a while by the one before it."""

    def _load_application(self, client_id: str, request: Any) -> ApiClient | None:
        """Return the client, where it has a secret of ours and is neither revoked nor over."""
        client: ApiClient | None = super()._load_application(client_id, request)
        if client is not None and not client.uses_maskinporten and client.is_open_on(timezone.localdate()):
            return client
        request.client = None
        return None

    def authenticate_client(self, request: Any, *args: Any, **kwargs: Any) -> bool:
        ways = (self._authenticate_basic_auth, self._authenticate_request_body)
        return any(way(request) or self._has_old_secret(request, way) for way in ways)

    def _has_old_secret(self, request: Any, way: Callable[[Any], bool]) -> bool:
        client: ApiClient | None = request.client
        if client is None or not client.has_retired_secret(timezone.now()):
            return False
        client.client_secret = client.retired_secret  # of this request alone; it is not saved
        return way(request)

    def _create_access_token(
        self, expires: Any, request: Any, token: Any, source_refresh_token: Any = None
    ) -> Any:
        """Keep the digest of the new token, and forget those of the client that have run out."""
        AccessToken.objects.filter(application=request.client, expires__lte=timezone.now()).delete()
        return super()._create_access_token(expires, request, token, source_refresh_token)
