"""The calendar in somebody's own calendar program: the page of its secret address, and the feed itself."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from governance.cycle import subscribing
from governance.cycle.feed import calendar_of
from governance.models import CalendarFeed
from governance.views.council.common import common
from organization.actors import person_actor

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from organization.http import Request


@never_cache
@require_http_methods(["GET", "POST"])
def calendar_subscription(request: Request) -> HttpResponse:
    """Show whether the person has an address; make a new one, which the answer shows once, or revoke it."""
    address = ""
    if request.POST.get("handling") == "revoke":
        subscribing.revoke(by=request.actor, now=timezone.now())
        messages.success(
            request, _("Adressen er trukket tilbake. Kalendere som bruker den, får ikke noe mer.")
        )
        return redirect("governance:calendar_subscription")
    if request.method == "POST":
        secret = subscribing.issue(by=request.actor, now=timezone.now())
        address = settings.PUBLIC_URL + reverse("governance:calendar_feed", args=[secret])
    feed = CalendarFeed.objects.visible_to(request.actor).filter(person_id=request.actor.person_id).first()
    context = {**common(request), "feed": feed, "address": address}
    return render(request, "governance/cycle_subscription.html", context)


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponseBase:
    """Send the calendar to who has the secret address.

    :raises Http404: the address is revoked, or nobody's.
    """
    person = subscribing.subscriber(secret)
    if person is None:
        raise Http404
    content = calendar_of(person_actor(person), timezone.localdate())
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {
        "ETag": etag, "Cache-Control": "private, no-cache", "Content-Disposition": 'inline; filename="stafett.ics"',
        "X-Robots-Tag": "noindex",
    }  # fmt: skip
    answer = HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
    return get_conditional_response(request, etag=etag, response=answer) or answer
