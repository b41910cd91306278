"""Other systems that one municipality of the demo lets in.  Their secrets are known to nobody; make a new one to try."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from organization.actors import person_actor
from organization.models import ApiCallCount, ApiClient
from organization.operations import issue_client, revoke_client, rotate_secret

if TYPE_CHECKING:
    from demo.seeding.organization import Index

_PLACE, _BY = "elvdal", "administrator.elvdal"
_PORTAL = (
    "units:read",
    "people:read",
    "initiatives:read",
    "projects:read",
    "status-reports:read",
    "benefits:read",
)
_SUPERVISION = ("units:read", "deviations:read", "confidential:read", "corrective-actions:read")
_REASON = (
    "Sikkerhetsleder sammenstiller alle hendelser for Datatilsynet hver måned. Avtalt med personvernombudet."
)


def seed_clients(index: Index) -> None:
    """Let the administrator issue three clients, give one a new secret and revoke one."""
    by = person_actor(index.people[_BY])
    portal = _issue(index, "Virksomhetsportalen", "Kari Lie, Portalen AS", _PORTAL)
    issue_client(portal, by=by, now=index.at(-90, "09:10"))
    rotate_secret(portal, keep_old=timedelta(days=30), by=by, now=index.at(-5, "13:00"))
    supervision = _issue(index, "Hendelsesrapport", "sikkerhet@elvdal.example", _SUPERVISION)
    supervision.reason = _REASON
    issue_client(supervision, by=by, now=index.at(-40, "10:30"))
    old = _issue(index, "Gammelt skjema", "IKT-avdelingen", ("deviations:write",))
    issue_client(old, by=by, now=index.at(-200, "14:00"))
    revoke_client(old, reason="Skjemaet er lagt ned.", by=by, now=index.at(-20, "08:45"))
    _calls(portal)


def _issue(index: Index, name: str, contact: str, scopes: tuple[str, ...]) -> ApiClient:
    return ApiClient(
        municipality=index.units[_PLACE], name=name, contact=contact, scopes=list(scopes),
        expires_on=timezone.localdate() + timedelta(days=200),
    )  # fmt: skip


def _calls(client: ApiClient) -> None:
    """Write what the portal has called in two weeks, more on some days than on others."""
    now = timezone.now()
    moments = [now - timedelta(days=ago, minutes=7) for ago in range(14)]
    ApiCallCount.objects.bulk_create(
        ApiCallCount(
            client=client, day=timezone.localdate(at), resource=resource, status_class=status, last_at=at,
            calls=calls + (at.day * 7) % 40,
        )
        for at in moments
        for resource, status, calls in (("initiatives", 2, 220), ("projects", 2, 180), ("benefits", 2, 60), ("goals", 4, 1))
    )  # fmt: skip
