"""Decisions of the council that somebody is to follow up."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from governance import council
from governance.models import Decision, FollowUp
from governance.workflow import follow_up_workflow
from organization.roles import Role
from tests import stories

DONE = {"remark": "Avtalen er sagt opp.", "evidence_url": "https://heim.example/oppsigelse.pdf"}


def decided(place, *, responsible=Role.HR, days=10, **fields) -> Decision:
    """Return a decision of the council that somebody is to follow up."""
    at = stories.meeting(place)
    case = stories.on_agenda(place, at, **fields)
    stories.in_session(at, place)
    today = timezone.localdate()
    return council.decide(
        case.agenda_items.get(), outcome="reject", text="Leverandør Hemmelig AS sies opp.", by=place.actor(Role.SECRETARIAT),
        now=timezone.now(), responsible=responsible and place.person(responsible), due_on=today + timedelta(days=days),
    )  # fmt: skip


def shielded(place, **options) -> Decision:
    return decided(
        place, shield_basis="offl_23", public_title="Anskaffelse", title="Kodenavn Bjørn", **options
    )


def row_of(decision) -> FollowUp:
    return FollowUp.objects.get(decision=decision)


def perform(name, decision, actor, **data):
    return follow_up_workflow.perform(name, row_of(decision), by=actor, now=timezone.now(), data=data)
