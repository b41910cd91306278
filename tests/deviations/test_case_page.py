"""The page of a case: card and words, what each part shows, and no name of a reporter who is hidden."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.attachments import attach
from core.models import AccessLog
from deviations import operations
from deviations.models import Anonymity, DeviationRules, Follower, Status
from deviations.workflow import deviation_workflow
from organization.roles import Role
from tests.deviations import stories

perform = deviation_workflow.perform
PARTS = ["", "vurdering", "tiltak", "dialog", "historikk", "koblinger"]
WORDS = "skled på glatt gulv"
CONFIDENTIAL = "HMS-PSYK"


def page_of(client, case, part: str = "", status: int = 200) -> str:
    response = client.get(case.get_absolute_url(), {"vis": part} if part else {})
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def place(world):
    return world.home


@pytest.mark.parametrize("state", Status.values)
def test_open_every_part__in_every_state(place, as_role, state):
    case = stories.STATES[state](place)
    client = as_role(Role.EMPLOYEE if state == Status.DRAFT else Role.LEADER)
    for part in [*PARTS, "tull"]:
        assert case.unit.name in page_of(client, case, part)


@pytest.mark.parametrize("part", PARTS)
def test_open_case__costs_the_same_whatever_it_holds(place, as_role, part, django_assert_max_num_queries):
    case = stories.assessed(place, code=CONFIDENTIAL)
    client = as_role(Role.LEADER)
    page_of(client, case)
    with django_assert_max_num_queries(12):
        page_of(client, case, part)
    for _ in range(3):
        stories.propose(case, place)
        operations.link_deviations(
            case, stories.report(place), by=place.actor(Role.LEADER), now=timezone.now()
        )
        Follower.objects.create(deviation=case, person=place.person(Role.HR), note="Jeg også", at=timezone.now())
        Follower.objects.all().update(person=place.person(Role.AMU))
        break
    with django_assert_max_num_queries(12):
        page_of(client, case, part)
