"""Pages of the systems that a municipality lets in through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from core.paging import keyset
from organization import policies
from organization.forms.choices import norwegian
from organization.forms.clients import ClientForm, OldSecretForm, RevokeForm, SecretForm
from organization.models import ApiCallCount, ApiClient
from organization.scopes import SCOPES
from organization.timelines import timeline_of_client
from organization.views._pages import done, own_municipality, page, posted, require

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request

RECENT = timedelta(days=30)


@require_GET
def client_list(request: Request) -> HttpResponse:
    """Show the clients of the own municipality, with how much they call."""
    municipality = own_municipality(request)
    since = timezone.localdate() - RECENT
    own = ApiClient.objects.visible_to(request.actor).filter(municipality=municipality)
    rows = own.with_calls(since).annotate(sort_name=norwegian("name"))
    context = {"page": keyset(rows, request, ("sort_name", "pk")), "today": timezone.localdate()}
    return page(request, "client_list.html", {**context, "tab": "settings"})


@require_http_methods(["GET", "POST"])
def client_create(request: Request) -> HttpResponse:
    """Issue a client; the answer shows its secret, once, or leads to the client that has none."""
    form = ClientForm(posted(request), instance=ApiClient(municipality=own_municipality(request)))
    if done(request, form):
        if not form.result:
            return redirect("organization:client_detail", pk=form.instance.pk)
        return _show_secret(request, form.instance, form.result)
    return page(request, "client_create.html", form=form)


def _show_secret(request: Request, client: ApiClient, secret: str) -> HttpResponse:
    """Show a secret on this answer only: it's neither stored nor sent."""
    token_url = request.build_absolute_uri(reverse("client_token"))
    context = {"client": client, "secret": secret, "token_url": token_url}
    response = page(request, "client_secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _client(request: Request, pk: int) -> ApiClient:
    require(policies.may_administer(request.actor))
    clients = ApiClient.objects.visible_to(request.actor).select_related("municipality", "user")
    return get_object_or_404(clients, pk=pk)


@require_GET
def client_detail(request: Request, pk: int) -> HttpResponse:
    """Show what a client may, how it is used, and what has been done with it."""
    client = _client(request, pk)
    now = timezone.now()
    counts = ApiCallCount.objects.filter(client=client, day__gte=timezone.localdate(now) - RECENT)
    context = {
        "client": client,
        "scopes": [
            (scope, settings.MASKINPORTEN.name_of(name))
            for name, scope in SCOPES.items()
            if name in client.scopes
        ],
        "maskinporten": settings.MASKINPORTEN,
        "calls": counts.by_resource(),
        "last_at": client.call_counts.aggregate(last=Max("last_at"))["last"],
        "today": timezone.localdate(now),
        "old_secret": client.has_retired_secret(now),
        "events": timeline_of_client(client),
    }
    return page(request, "client_detail.html", context)


@require_http_methods(["GET", "POST"])
def client_edit(request: Request, pk: int) -> HttpResponse:
    client = _client(request, pk)
    name = client.name
    form = ClientForm(posted(request), instance=client)
    if done(request, form):
        return redirect("organization:client_detail", pk=pk)
    return page(request, "client_edit.html", {"pk": pk, "name": name}, form=form)


@require_http_methods(["GET", "POST"])
def client_secret(request: Request, pk: int) -> HttpResponse:
    """Make a new secret, which the answer shows once, or end the one before it."""
    client = _client(request, pk)
    if client.uses_maskinporten:
        raise Http404
    if request.POST.get("handling") == "end":
        done(request, OldSecretForm(request.POST, client=client))
        return redirect("organization:client_detail", pk=pk)
    form = SecretForm(posted(request), client=client)
    if done(request, form):
        return _show_secret(request, _client(request, pk), form.result)
    return page(request, "client_rotate.html", {"client": client}, form=form)


@require_http_methods(["GET", "POST"])
def client_revoke(request: Request, pk: int) -> HttpResponse:
    client = _client(request, pk)
    form = RevokeForm(posted(request), client=client)
    if done(request, form):
        return redirect("organization:client_detail", pk=pk)
    return page(request, "client_revoke.html", {"client": client}, form=form)
