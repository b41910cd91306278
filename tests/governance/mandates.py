"""Mandates as tests settle them, and what is heard by them."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from governance import rules_operations
from governance.models import CouncilMandate, Initiative
from organization.roles import Role


def adopt(place, *, days=0, version="2", **settled):
    values = {"adopted_by": "", "quorum": (1, 2), "has_casting_vote": True, **settled}
    return rules_operations.adopt_mandate(
        place.municipality, by=place.actor(Role.ADMINISTRATOR), now=timezone.now(), version=version,
        valid_from=timezone.localdate() + timedelta(days=days), **values,
    )  # fmt: skip


def mandate_data(client, **changes):
    form = client.get(reverse("governance:mandate_create")).context["form"]
    begins = (timezone.localdate() + timedelta(days=3)).isoformat()
    values = {name: form[name].value() for name in form.fields}
    values |= {"version": "2", "valid_from": begins, **changes}
    return {name: value for name, value in values.items() if value not in (None, False)}


def settle(place, **values):
    CouncilMandate.objects.filter(municipality=place.municipality).update(**values)


def fresh(case):
    """Return the case as the next request reads it: what a municipality's mandate says is kept while it lasts."""
    return Initiative.objects.get(pk=case.pk)


def roles_asked(case):
    return sorted(case.hearings.values_list("role", flat=True))
