"""Dere sa, vi gjorde: everybody in a unit reads what was changed, and nothing that points at anybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from deviations import changes
from deviations.models import Deviation
from organization.models import Exposure, Unit
from organization.operations import create_unit, give_role
from organization.roles import Role
from tests.deviations import stories
from tests.world import BORN, START, SYSTEM

if TYPE_CHECKING:
    from tests.world import Place

URL = "/avvik/vi-gjorde/"
OSLO = ZoneInfo("Europe/Oslo")
NOTE = "Det ligger matte der nå."


@pytest.fixture
def place(world):
    return world.home


def told(client, **query: object) -> list[str]:
    answer = client.get(URL, query)
    assert answer.status_code == 200
    return [line.did for line in answer.context["lines"]]


def test_read_changes__what_was_reported_and_what_was_changed(place, as_role):
    case = stories.closed(place)
    stories.report(place)
    answer = as_role(Role.CHANGE_AGENT).get(URL)
    page = answer.content.decode().split("<main")[1]
    assert stories.type_of(place, "HMS-FALL").name in page
    assert NOTE in page
    assert "Ja, tiltakene virker" in page
    for hidden in (case.description, case.number, place.person(Role.EMPLOYEE).name, case.get_absolute_url()):
        assert hidden not in page
    assert len(answer.context["lines"]) == 1


def test_read_changes__linked_from_start_and_own_reports(as_role):
    client = as_role(Role.EMPLOYEE)
    for page in ("/", "/avvik/mine/"):
        assert f'href="{URL}"' in client.get(page).content.decode()


def test_read_changes__every_employee_and_nobody_else(place, as_role):
    stories.closed(place)
    allowed = {role for role in Role if as_role(role).get(URL).status_code == 200}
    assert set(Role) - allowed == {Role.ELECTED_REPRESENTATIVE, Role.ADMINISTRATOR}


def test_read_changes__not_those_of_other_units(world, as_role):
    other = create_unit(
        name="Sone sør", kind="unit", code="sor", parent=world.home.sector, by=SYSTEM, now=BORN
    )
    client = as_role(Role.EMPLOYEE)
    for unit in (other, world.home.sector, world.neighbor.unit, world.stranger.unit):
        assert client.get(URL, {"enhet": unit.pk}).status_code == 404
    for wrong in ("0", "x", "9" * 30):
        assert client.get(URL, {"enhet": wrong}).status_code == 404
    assert client.get(URL, {"enhet": world.home.unit.pk, "periode": "x"}).status_code == 200


def test_read_changes__nothing_of_the_neighbor(world, as_role):
    stories.closed(world.neighbor)
    assert told(as_role(Role.EMPLOYEE)) == []
    assert told(as_role(Role.EMPLOYEE, world.neighbor)) == [NOTE]


def test_leave_out__confidential_types(place, as_role):
    stories.closed(place, code="HMS-PSYK")
    assert told(as_role(Role.LEADER)) == []


def test_leave_out__a_case_or_type_that_was_made_confidential(place, as_role):
    case = stories.closed(place)
    Deviation.objects.filter(pk=case.pk).update(is_confidential=True)
    assert told(as_role(Role.EMPLOYEE)) == []
    Deviation.objects.filter(pk=case.pk).update(is_confidential=False)
    assert told(as_role(Role.EMPLOYEE)) == [NOTE]
    type_ = stories.type_of(place, "HMS-FALL")
    type(type_).objects.filter(pk=type_.pk).update(is_confidential=True)
    assert told(as_role(Role.EMPLOYEE)) == []


def test_leave_out__cases_about_somebody_and_cases_that_are_not_closed(place, as_role):
    stories.closed(place, concerned=(place.person(Role.PROJECT_MANAGER),))
    stories.dismissed(place)
    stories.merged(place)
    stories.evaluating(place)
    assert told(as_role(Role.EMPLOYEE)) == []


def test_leave_out__injuries_of_people(place, as_role):
    case = stories.closed(place)
    from deviations.models import Injury

    Injury.objects.create(
        deviation=case, municipality=place.municipality, unit=place.unit, discovered_at=case.discovered_at, changed_at=BORN
    )  # fmt: skip
    assert told(as_role(Role.EMPLOYEE)) == []


def test_leave_out__what_is_forgotten(place, as_role):
    case = stories.closed(place)
    Deviation.objects.filter(pk=case.pk).update(identity_dropped_at=timezone.now())
    assert told(as_role(Role.EMPLOYEE)) == []


def test_hide_note__that_names_somebody(place, as_role):
    case = stories.closed(place)
    Deviation.objects.filter(pk=case.pk).update(closing_note="Pasienten Kari Hansen har fått ny seng.")
    [note] = told(as_role(Role.EMPLOYEE))
    assert "Kari" not in note
    assert "kan navngi noen" in note


def small_unit(place: Place, people: int = 2) -> Unit:
    unit = create_unit(
        name="Natt-tjenesten", kind="department", code="natt", parent=place.unit, by=SYSTEM, now=BORN
    )
    for role in (
        Role.EMPLOYEE,
        Role.SERVICE_OWNER,
        Role.PROJECT_OWNER,
        Role.PROJECT_MANAGER,
        Role.CHANGE_AGENT,
    )[:people]:
        give_role(
            person=place.person(role),
            role=role,
            unit=unit,
            valid_from=START,
            by=SYSTEM,
            now=BORN,
            is_main=True,
        )
    return unit


def test_show_small_unit__together_with_the_one_above(place, as_role):
    unit = small_unit(place)
    stories.closed(place, unit=unit)
    client = as_role(Role.EMPLOYEE)
    answer = client.get(URL, {"enhet": unit.pk})
    assert answer.context["place"].shown == place.unit
    assert "vises sammen med" in answer.content.decode()
    assert [line.did for line in answer.context["lines"]] == [NOTE]
    lines = answer.content.decode().split('class="changes"')[1]
    assert unit.name not in lines


def test_show_unit__of_five(place):
    assert not changes.place_of(small_unit(place, 5), timezone.localdate()).is_other


def test_show_nothing__where_few_work_in_the_whole_municipality(place, as_role, monkeypatch):
    stories.closed(place)
    monkeypatch.setattr(changes, "FEWEST", 1000)
    answer = as_role(Role.EMPLOYEE).get(URL)
    assert answer.context["lines"] == []
    assert "For få ansatte" in answer.content.decode()
    Exposure.objects.create(
        unit=place.unit, kind="work_years", period_start=START, period_end=date(2030, 1, 1), value=2000, source="x",
        changed_at=BORN,
    )  # fmt: skip
    assert told(as_role(Role.EMPLOYEE)) == [NOTE]


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (datetime(2025, 12, 31, 23, 59, tzinfo=OSLO), "2025"),
        (datetime(2026, 1, 1, 0, 0, tzinfo=OSLO), "2026"),
        (datetime(2026, 3, 29, 3, 30, tzinfo=OSLO), "2026"),
    ],
)
def test_choose_year__by_the_clock_here(place, moment, found):
    case = stories.closed(place)
    Deviation.objects.filter(pk=case.pk).update(
        closed_at=moment, reported_at=moment, discovered_at=moment, created_at=moment
    )
    today = date(2026, 11, 22)
    years = [year for year in ("2024", "2025", "2026") if changes.closed_in(year, place.unit, today).exists()]
    assert years == [found]


def test_read_changes__pages_and_constant_queries(place, as_role, django_assert_max_num_queries):
    client = as_role(Role.EMPLOYEE)
    stories.closed(place)
    client.get(URL)
    with django_assert_max_num_queries(12) as few:
        client.get(URL)
    case = stories.closed(place)
    values = {
        field.attname: getattr(case, field.attname)
        for field in Deviation._meta.concrete_fields
        if field.name not in {"id", "search", "number"}
    }
    for number in range(35):
        Deviation.objects.create(number=f"P{number}", **{**values, "submission_key": None})
    with django_assert_max_num_queries(len(few)):
        answer = client.get(URL)
    assert len(answer.context["lines"]) == 30
    assert len(client.get(URL + answer.context["page"].next_url).context["lines"]) == 7


def test_read_changes__an_empty_unit_says_what_will_come(as_role):
    assert "Når en sak lukkes" in as_role(Role.EMPLOYEE).get(URL).content.decode()
