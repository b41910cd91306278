"""Every address × {anonymous, outsider, reader, owner}: the expected code, and no address forgotten."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import cached_property

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.attachments import attach
from core.models import Notice
from organization.models import RoleAssignment, SavedView
from organization.roles import Role
from tests import stories
from tests.api import clients
from tests.archive.stage import Kept
from tests.benefits.stage import Measured
from tests.deviations.stage import Handled
from tests.governance.arenas import Met
from tests.governance.stage import Prepared, Scored
from tests.organization.stage import Heard, Placed
from tests.portfolio.stage import Run
from tests.routes import ROUTES, WITHOUT_LOGIN, named_routes

HOME_READER = Role.CHANGE_AGENT  # a colleague outside the line: sees cards only


class Stage(Scored, Met, Heard, Measured, Run, Kept, Handled, Placed, Prepared):
    """Makes what a route needs, on demand."""

    def __init__(self, world) -> None:
        self.place, self.world = world.home, world

    def arguments(self, needs: str) -> dict[str, object]:
        return getattr(self, needs) if needs else {}

    def _pk(self, row) -> dict[str, object]:
        return {"pk": row.pk}

    @cached_property
    def _draft(self):
        return stories.draft(self.place)

    @property
    def draft(self):
        return self._pk(self._draft)

    @property
    def draft_index(self):
        return {"pk": self._draft.pk, "index": 0}

    @property
    def draft_section(self):
        return {"pk": self._draft.pk, "key": "about"}

    @cached_property
    def _file(self):
        upload = SimpleUploadedFile("notat.txt", b"Et lite notat.", "text/plain")
        return attach(self._draft, upload, by=self.place.actor(Role.EMPLOYEE), now=timezone.now())

    @property
    def draft_file(self):
        return {"pk": self._draft.pk, "key": self._file.key}

    @property
    def attachment(self):
        return {"key": self._file.key}

    @property
    def benefit(self):
        return self._pk(self._draft.benefits.get())

    @property
    def saved_view(self):
        given = {"owner": self.place.person(Role.EMPLOYEE), "list": "deviations:deviation_list"}
        return self._pk(
            SavedView.objects.create(**given, name=f"Visning {uuid.uuid4()}", query="kategori=hms")
        )

    @property
    def client(self):
        return self._pk(clients.issue(self.place, "units:read", name=f"Klient {uuid.uuid4()}")[0])

    @property
    def notice(self):
        stories.awaiting_endorsement(self.place)
        row = Notice.objects.first()
        Notice.objects.filter(pk=row.pk).update(recipient=self.place.person(Role.EMPLOYEE))
        return self._pk(row)


def test_list_routes__none_is_forgotten():
    assert set(named_routes()) - set(ROUTES) - WITHOUT_LOGIN == set()
    assert set(ROUTES) - set(named_routes()) == set()


@pytest.mark.parametrize("name", ROUTES)
def test_open_route__gives_each_what_is_theirs(world, client, name):
    route = ROUTES[name]
    address = reverse(name, kwargs=Stage(world).arguments(route.needs))
    answer = client.get(address)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/konto/login/")
    seen = {}
    for who, person in {
        "outsider": world.stranger.person(Role.SECRETARIAT),
        "reader": world.home.person(HOME_READER),
        "owner": world.home.person(route.owner),
    }.items():
        client.force_login(person)
        answer = client.get(address)
        for close in getattr(
            answer, "_resource_closers", []
        ):  # a file; answer.close() would end the test's connection
            close()
        seen[who] = answer.status_code
    assert seen == {"outsider": route.outsider, "reader": route.reader, "owner": route.opened}


@pytest.mark.parametrize(
    "name",
    [n for n, r in ROUTES.items() if r.needs and not r.needs.endswith(("_kind", "award", "award_step"))],
)
def test_open_route__of_nothing_is_404_or_405(world, client, name):
    """An id that nobody has, and one larger than any, are not found."""
    route = ROUTES[name]
    client.force_login(world.home.person(route.owner))
    for pk in (987_654_321, 10**30):
        arguments = _nothing(route.needs, pk)
        assert client.get(reverse(name, kwargs=arguments)).status_code in {404, 405}


def _nothing(needs: str, pk: int) -> dict[str, object]:
    shapes = {
        "catalogue_row": {"part": "typer", "pk": pk},
        "group_note": {"pk": pk, "key": uuid.uuid4()}, "attachment": {"key": uuid.uuid4()}, "draft_file": {"pk": pk, "key": uuid.uuid4()}, "hearing_file": {"pk": pk, "key": uuid.uuid4()},
        "followed_up_file": {"pk": pk, "key": uuid.uuid4()}, "draft_index": {"pk": pk, "index": 0}, "draft_section": {"pk": pk, "key": "about"},
        "paper_section": {"pk": pk, "key": "background"}, "paper_section_versions": {"pk": pk, "key": "background"}, "paper_comments": {"pk": pk, "key": "background"},
        "paper_section_version": {"pk": pk, "key": "background", "number": 1},
        "initiative_step": {"pk": pk, "name": "endorse"}, "meeting_step": {"pk": pk, "name": "summon"},
        "project_step": {"pk": pk, "name": "pause"}, "item": {"pk": pk, "item": pk},
        "own_municipality": {"municipality": pk}, "handled_step": {"pk": pk, "name": "ask_reporter"},
        "handled_pair": {"pk": pk, "other": pk}, "corrective_action_step": {"pk": pk, "name": "reject"},
        "duty_step": {"pk": pk, "name": "complete"}, "lift_step": {"pk": pk, "name": "withdraw_lift"},
        "story_step": {"pk": pk, "name": "take_down"}, "follow_up_step": {"pk": pk, "name": "finish_follow_up"}, "consultation_step": {"pk": pk, "name": "call_off_hearing"},
        "handover_step": {"pk": pk, "name": "accept_handover"},
        "own_benefit_step": {"pk": pk, "name": "begin_realizing"}, "indicator_source": {"pk": pk, "key": "deviations"},
        "plan_pulse": {"pk": pk, "name": "at_bp5"}, "change_action_step": {"pk": pk, "name": "finish_change"},
        "checkpoint": {"pk": pk, "checkpoint": pk}, "decision_point": {"point": "bp9"},
        "leadership_key": {"key": "ukjent"}, "assessor": {"pk": pk, "assessor": pk}, "maturity_answer": {"pk": pk, "key": "roles"},
        "project_risk": {"pk": pk, "risk": pk}, "project_member": {"pk": pk, "row": pk},
        "log_entry": {"pk": pk, "row": pk}, "project_stakeholder": {"pk": pk, "row": pk},
        "capacity_row": {"pk": pk, "row": pk}, "absence_row": {"pk": pk, "row": pk}, "resource_step": {"pk": pk, "name": "grant_request"},
        "duty_point": {"pk": pk, "stamp": pk}, "duty_document": {"pk": pk, "form": "pdf"},
    }  # fmt: skip
    return shapes.get(needs, {"pk": pk})


def test_open_anything__not_with_a_role_that_ended(world, client):
    """A role that ended yesterday opens nothing, though the person can still log in."""
    initiative = stories.received(world.home)
    person = world.home.person(Role.SECRETARIAT)
    RoleAssignment.objects.filter(person=person).update(valid_to=timezone.localdate() - timedelta(days=1))
    client.force_login(person)
    assert client.get(reverse("governance:triage_queue")).status_code == 403
    assert client.get(reverse("governance:initiative_detail", args=[initiative.pk])).status_code == 404
    assert client.get("/").status_code == 200
