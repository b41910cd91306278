"""The address where a client trades its secret for a token that lasts some minutes (RFC 6749, 4.4)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpResponse
from oauth2_provider.views import TokenView

from core.api.problems import MEDIA_TYPE, ApiProblem
from core.api.renderers import write_json
from organization.api.throttling import calls_this_minute, seconds_left

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpRequest


class ClientTokenView(TokenView):
    """Client credentials and no other way in; guessing is slowed down by address."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        address = get_adapter().get_client_ip(request)
        if calls_this_minute(f"token/{address}") > settings.API_LOG_INS_PER_MINUTE:
            problem = ApiProblem("too-many").body()
            headers = {"Retry-After": str(math.ceil(seconds_left()))}
            return HttpResponse(write_json(problem), status=429, content_type=MEDIA_TYPE, headers=headers)
        response: HttpResponse = self.authorization_flow_token_response(request)
        return response
