"""To the provider, and back from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.views.decorators.http import require_GET

from organization.oidc.adapter import Adapter

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class CallbackView(OAuth2CallbackView):
    """Tells the adapter which nonce the provider was sent."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = state.get("nonce")
        return state, response


@login_not_required
@require_GET
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Send the person to the provider."""
    return _answer(OAuth2LoginView, request, provider_id)


@login_not_required
@require_GET
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the person back from the provider."""
    return _answer(CallbackView, request, provider_id)


def _answer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    if provider_id not in settings.LOG_IN_PROVIDERS:
        raise Http404
    response: HttpResponse = view.adapter_view(Adapter(request, provider_id))(request)
    return response
