"""Twenty writers at once, each on a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from benefits.models import Measurement
from governance.models import Initiative
from organization.roles import Role
from tests import stories
from tests.api.conftest import Api
from tests.benefits import stories as benefits

WRITERS = 20


def at_once(person, send):
    """Return what ``send`` (a caller and a number) says to each of the writers."""
    callers, ready = [Api(person) for _ in range(WRITERS)], Barrier(WRITERS)

    def write(number):
        ready.wait()
        try:
            return send(callers[number], number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(write, range(WRITERS)))


def test_put_measurement_right__one_of_twenty_with_the_same_version(together):
    place = together.home
    benefit = benefits.planned(place)
    point = benefits.measure(benefit, place, 40)
    person = place.person(Role.SERVICE_OWNER)
    address, on = f"/measurements/{point.pk}/", point.due_on.isoformat()
    tag = Api(person).get(address)["ETag"]

    def write(caller, number):
        return caller.patch(address, {"value": str(50 + number), "measured_on": on}, HTTP_IF_MATCH=tag)

    answers = at_once(person, write)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (WRITERS - 1)
    [won] = [answer.json()["value"] for answer in answers if answer.status_code == 200]
    assert str(Measurement.objects.get(pk=point.pk).value) == won


def test_change_initiative__one_of_twenty_with_the_same_version(together):
    place = together.home
    draft = stories.draft(place)
    person = place.person(Role.EMPLOYEE)
    address = f"/initiatives/{draft.pk}/"
    tag = Api(person).get(address)["ETag"]
    answers = at_once(
        person, lambda caller, number: caller.patch(address, {"title": f"Tittel {number}"}, HTTP_IF_MATCH=tag)
    )
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * (WRITERS - 1)
    [won] = [answer.json()["title"] for answer in answers if answer.status_code == 200]
    assert Initiative.objects.get(pk=draft.pk).title == won


def test_begin_initiative__one_of_twenty_with_the_same_key(together):
    """Who comes while the first is under way is asked to wait; who comes after gets the same answer."""
    place = together.home
    person, body = place.person(Role.EMPLOYEE), {"title": "Digital vaktplan", "unit_id": place.unit.pk}
    answers = at_once(
        person, lambda caller, _number: caller.post("/initiatives/", body, HTTP_IDEMPOTENCY_KEY="en-og-samme")
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert Initiative.objects.filter(title="Digital vaktplan").count() == 1
