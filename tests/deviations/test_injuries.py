"""The register of injuries: what comes into it, what never does, and who reads it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from deviations import operations
from deviations.models import Anonymity, Danger, Deviation, Injury, Question
from organization.operations import create_unit, give_role
from organization.roles import Role
from tests.deviations import stories
from tests.world import START, SYSTEM

ADDRESS = "/avvik/skaderegister/"
ANSWERS = {
    "staff_injured": "yes", "injury_who": "Ansatt", "injury_body_part": "Hånd eller fingre", "injury_nature": "Kutt eller stikk",
    "injury_absence": "1–3 dager", "injury_treated": "yes", "injury_at_work": "yes",
}  # fmt: skip
READERS = (Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR, Role.VERNEOMBUD, Role.AMU, Role.HR)


@pytest.fixture
def place(world):
    return world.home


def injured(place, answers=ANSWERS, **fields) -> Deviation:
    return stories.report(place, **{"danger": Danger.INJURED, "answers": answers, **fields})


def answer(case, place, **answers):
    operations.judge_answers(
        case, answers, from_reporter=False, by=place.actor(Role.LEADER), now=timezone.now()
    )


# --- What comes into it ------------------------------------------------------------------------
def test_register__is_filled_from_the_report(place):
    injury = injured(place).injury
    assert (injury.who, injury.body_part, injury.nature) == (
        "Ansatt",
        "Hånd eller fingre",
        "Kutt eller stikk",
    )
    assert (injury.absence, injury.treated, injury.at_work) == ("1–3 dager", "yes", "yes")
    assert injury.unit == place.unit


def test_register__is_filled_by_the_handler_and_follows_what_is_put_right(place):
    case = stories.in_progress(place, danger=Danger.INJURED)
    answer(case, place, staff_injured="yes")
    assert Injury.objects.get(deviation=case).who == ""
    answer(case, place, injury_who="Elev", injury_nature="Brudd")
    answer(case, place, injury_who="Ansatt")
    assert list(Injury.objects.filter(deviation=case).values_list("who", "nature")) == [("Ansatt", "Brudd")]
    answer(case, place, staff_injured="no")
    assert not Injury.objects.filter(deviation=case).exists()


@pytest.mark.parametrize("code", ["TJ-VEI", "HMS-BYGG", "IS-FYSISK"])
def test_register__whatever_the_type(place, code):
    assert injured(place, code=code).injury.nature == "Kutt eller stikk"


@pytest.mark.parametrize(
    ("answers", "is_there"),
    [
        ({"injury_nature": "Brudd"}, True),
        ({"injury_treated": "no", "injury_at_work": "yes"}, False),
        ({"staff_injured": "unsure"}, False),
        ({"staff_injured": "unsure", "injury_who": "Elev"}, True),
        ({"staff_injured": "no", "injury_who": "Elev"}, False),
        ({"violence": "yes"}, False),
    ],
)
def test_register__only_where_somebody_was_injured(place, answers, is_there):
    assert Injury.objects.filter(deviation=injured(place, answers)).exists() is is_there


def test_register__keeps_choices_only_never_free_words(place):
    """What is no choice of the catalogue may be a name or a diagnosis."""
    words = {"injury_who": "Kari Nordmann", "injury_nature": "Diabetes", "injury_treated": "av dr. Hansen"}
    injury = injured(place, {"staff_injured": "yes", **words}).injury
    assert (injury.who, injury.nature, injury.treated) == ("", "", "")


def test_register__takes_the_choices_the_municipality_has_set(place):
    Question.objects.filter(municipality=place.municipality, code="injury_who").update(
        choices=["Brannkonstabel"]
    )
    assert injured(place, {"injury_who": "Brannkonstabel"}).injury.who == "Brannkonstabel"


def test_register__has_no_column_for_names_and_medical_data():
    columns = {field.name for field in Injury._meta.get_fields()}
    assert columns == {
        "id", "changed_at", "deviation", "municipality", "unit", "discovered_at", "who", "body_part", "nature", "absence",
        "treated", "at_work", "events",
    }  # fmt: skip


# --- Who reads it ------------------------------------------------------------------------------
@pytest.fixture
def other_unit(place):
    """A unit beside, with a leader and a verneombud of its own."""
    unit = create_unit(
        name="Renholdet", kind="unit", code="heim-renhold", parent=place.sector, by=SYSTEM, now=timezone.now()
    )
    for role, person in ((Role.LEADER, Role.PROJECT_MANAGER), (Role.VERNEOMBUD, Role.PROJECT_OWNER)):
        give_role(
            person=place.person(person), role=role, unit=unit, valid_from=START, by=SYSTEM, now=timezone.now()
        )
    return unit


@pytest.mark.parametrize("role", READERS)
def test_read__by_verneombud_amu_line_and_hr_of_the_area(place, role):
    case = injured(place)
    assert Injury.objects.visible_to(place.actor(role)).filter(deviation=case).exists()


def test_read__by_the_own_area_only(place, other_unit):
    own, beside = injured(place), injured(place, unit=other_unit)
    for peer in (Role.PROJECT_MANAGER, Role.PROJECT_OWNER):
        seen = Injury.objects.visible_to(place.actor(peer))
        assert [row.deviation for row in seen] == [beside]
    seen = Injury.objects.visible_to(place.actor(Role.LEADER))
    assert [row.deviation for row in seen] == [own]
    assert Injury.objects.visible_to(place.actor(Role.VERNEOMBUD)).count() == 2  # of the whole municipality


def test_read__nobody_elsewhere_and_nobody_without_the_permission(world):
    injured(world.home)
    elsewhere = [
        place.actor(role) for place in (world.neighbor, world.stranger, world.region) for role in READERS
    ]
    unpermitted = [
        world.home.actor(role) for role in (Role.EMPLOYEE, Role.PRIVACY_OFFICER, Role.QUALITY_MANAGER)
    ]
    for actor in [*elsewhere, *unpermitted]:
        assert not Injury.objects.visible_to(actor).exists(), actor.label


def test_read__not_by_somebody_the_case_concerns(place):
    case = injured(place, concerned=(place.person(Role.SECTOR_LEADER),))
    assert not Injury.objects.visible_to(place.actor(Role.SECTOR_LEADER)).exists()
    assert Injury.objects.visible_to(place.actor(Role.VERNEOMBUD)).filter(deviation=case).exists()


def test_read__a_duplicate_counts_once(place):
    main, again = stories.in_progress(place, danger=Danger.INJURED, answers=ANSWERS), injured(place)
    for case in (main, again):
        for duty in case.duties.all():
            data = {"reason": "Vurdert"}
            from deviations.workflow import duty_workflow

            duty_workflow.perform(
                "judge_not_notifiable", duty, by=place.actor(Role.LEADER), now=timezone.now(), data=data
            )
    stories.perform("merge", again, by=place.actor(Role.LEADER), now=timezone.now(), data={"main": main})
    seen = Injury.objects.visible_to(place.actor(Role.HR))
    assert [row.deviation for row in seen] == [main]


# --- The page ----------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.PRIVACY_OFFICER, Role.SECRETARIAT])
def test_page__is_refused_without_the_permission(as_role, role):
    assert as_role(role).get(ADDRESS).status_code == 403


def test_page__of_another_municipality_is_not_found(as_role, world):
    client = as_role(Role.HR)
    assert client.get(ADDRESS, {"enhet": world.neighbor.unit.pk}).status_code == 404
    assert client.get(ADDRESS, {"enhet": world.home.unit.pk}).status_code == 200


@pytest.mark.parametrize("query", ["enhet=x", "aar=0", "aar=99999", "etter=tull", "fil=exe", "enhet=²"])
def test_page__survives_a_mistyped_address(as_role, query):
    assert as_role(Role.HR).get(f"{ADDRESS}?{query}").status_code == 200


def test_page__filters_by_unit_and_year(as_role, place, other_unit):
    zone = timezone.get_current_timezone()
    year = timezone.localdate().year - 1
    old = injured(place, discovered_at=datetime(year, 12, 31, 23, 30, tzinfo=zone))
    new = injured(place, unit=other_unit)
    client = as_role(Role.VERNEOMBUD)

    def shown(**query):
        return {line["injury"].deviation_id for line in client.get(ADDRESS, query).context["lines"]}

    assert shown() == {old.pk, new.pk}
    assert shown(aar=year) == {old.pk}
    assert shown(enhet=other_unit.pk) == {new.pk}
    assert shown(enhet=place.sector.pk, aar=year + 1) == {new.pk}


def test_page__never_names_the_reporter_and_hides_what_is_confidential(as_role, place):
    for anonymity in Anonymity.values:
        injured(place, anonymity=anonymity)
    hidden = injured(place, code="HMS-PSYK")
    answer_ = as_role(Role.HR).get(ADDRESS)
    page = answer_.content.decode()
    assert place.person(Role.EMPLOYEE).name not in page.split("<main")[1]
    assert hidden.number not in page
    assert "Fortrolig" in page
    assert hidden.get_absolute_url() not in page


def test_page__query_count_is_constant(as_role, place, django_assert_max_num_queries):
    client = as_role(Role.VERNEOMBUD)
    for _number in range(35):
        injured(place)
    with django_assert_max_num_queries(12):
        page = client.get(ADDRESS)
    assert len(page.context["lines"]) == 30
    second = client.get(ADDRESS + page.context["page"].next_url)
    assert len(second.context["lines"]) == 5


# --- The file ----------------------------------------------------------------------------------
def test_file__has_what_is_on_the_page_and_no_formula(as_role, place):
    Question.objects.filter(municipality=place.municipality, code="injury_who").update(
        choices=["=HYPERLINK(1)"]
    )
    case = injured(place, {**ANSWERS, "injury_who": "=HYPERLINK(1)"})
    client = as_role(Role.HR)
    csv = b"".join(client.get(ADDRESS, {"fil": "csv"}).streaming_content).decode("utf-8-sig")
    heading, line = csv.splitlines()
    assert "Kroppsdel" in heading
    assert "'=HYPERLINK(1)" in line
    assert case.number in line
    assert place.person(Role.EMPLOYEE).name not in csv
    answer_ = client.get(ADDRESS, {"fil": "xlsx"})
    sheet = load_workbook(io.BytesIO(b"".join(answer_.streaming_content))).active
    assert sheet["D2"].data_type == "s"
    assert sheet["D2"].value == "=HYPERLINK(1)"
    assert timezone.localdate() - sheet["A2"].value.date() <= timedelta(days=1)
