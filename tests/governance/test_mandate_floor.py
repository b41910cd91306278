"""What no mandate takes away: whom the law wants heard, and that somebody adopts it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import reminders
from core.inbox import Inbox
from core.models import Notice
from core.workflow import TransitionBlocked
from governance import guards
from governance.hearings.operations import ask_hearings
from governance.models import CouncilMandate
from governance.models.mandate import Occasion
from governance.reminders import REMINDERS
from organization.roles import Role
from tests import stories
from tests.governance.mandates import adopt, fresh, mandate_data, roles_asked, settle
from tests.world import end_roles_of

STAFF, DATA = ["tillitsvalgt", "verneombud"], ["privacy_officer"]


# --- Whom the law wants heard ---------------------------------------------------------------------
def test_heard_on__adds_those_of_the_law_to_what_the_mandate_says():
    mandate = CouncilMandate(heard_always=[], heard_staff=["hr"], heard_personal_data=[], heard_budget=[])
    assert {one.value: mandate.heard_on(one) for one in Occasion} == {
        "always": [], "staff": ["hr", *STAFF], "personal_data": DATA, "budget": [],
    }  # fmt: skip


def test_start_preparation__hears_those_of_the_law_whatever_an_older_mandate_says(world):
    settle(world.home, heard_staff=[], heard_personal_data=[], heard_always=[])
    both = stories.under_preparation(world.home, affects_staff="yes", personal_data="yes")
    assert roles_asked(both) == [*DATA, *STAFF]
    assert roles_asked(stories.under_preparation(world.home)) == []


def test_mark_ready__waits_for_those_of_the_law(world):
    settle(world.home, heard_staff=[])
    case = stories.under_preparation(world.home, affects_staff="yes")
    case.hearings.filter(role="verneombud").delete()
    assert "verneombud" in str(guards.staff_are_heard(fresh(case)))
    by, now = world.home.actor(Role.COORDINATOR), timezone.now()
    ask_hearings(fresh(case), roles=[Role.VERNEOMBUD], due_on=None, by=by, now=now)
    assert guards.staff_are_heard(fresh(case)) is None


@pytest.mark.parametrize(
    ("column", "roles", "words"),
    [
        ("heard_staff", [], "Tillitsvalgt og verneombud skal alltid høres når ansatte berøres"),
        ("heard_staff", ["hr", "tillitsvalgt"], "Verneombud skal alltid høres"),
        ("heard_personal_data", ["ikt_leader"], "Personvernombud skal alltid høres"),
    ],
)
def test_adopt_mandate__names_those_of_the_law(world, place, as_role, column, roles, words):
    with pytest.raises(TransitionBlocked, match=words):
        adopt(place, **{column: roles})
    client = as_role(Role.ADMINISTRATOR)
    answer = client.post(reverse("governance:mandate_create"), mandate_data(client, **{column: roles}))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [column]
    assert words in errors[column][0]
    assert "Kryss av for dem igjen" in errors[column][0]
    assert not CouncilMandate.objects.filter(version="2").exists()


def test_adopt_mandate__adds_to_the_law_and_settles_who_must_answer(place):
    made = adopt(place, heard_staff=["hr", *STAFF], answer_required=["tillitsvalgt"])
    assert made.heard_on(Occasion.STAFF) == ["hr", *STAFF]
    assert made.answer_required == ["tillitsvalgt"]


def test_register_mandate__begins_with_those_that_an_older_one_left_out(as_role, place):
    settle(place, heard_staff=["hr"], heard_personal_data=[])
    client = as_role(Role.ADMINISTRATOR)
    assert client.post(reverse("governance:mandate_create"), mandate_data(client)).status_code == 302
    made = CouncilMandate.objects.get(municipality=place.municipality, version="2")
    assert (made.heard_staff, made.heard_personal_data) == (["hr", *STAFF], DATA)


def test_mandate_page__says_who_is_heard_by_law_alone(as_role, world, place):
    settle(place, heard_staff=["hr"])
    page = as_role(Role.EMPLOYEE).get(reverse("governance:mandate_list")).content.decode()
    assert "Mandatet nevner ikke tillitsvalgt og verneombud, som høres etter hovedavtalen" in page
    other = as_role(Role.EMPLOYEE, world.neighbor).get(reverse("governance:mandate_list")).content.decode()
    assert "Mandatet nevner ikke" not in other


# --- A mandate that nobody adopted ----------------------------------------------------------------
@pytest.fixture
def carried(place):
    facts = {
        "version": "Videreført",
        "adopted_by": "",
        "valid_from": date(2020, 1, 1),
        "is_carried_over": True,
    }
    CouncilMandate.objects.filter(municipality=place.municipality).update(**facts)
    return CouncilMandate.objects.get(municipality=place.municipality)


def tasks_of(place, role) -> list[str]:
    return [f"{task.verb} {task.title}" for task in Inbox(place.actor(role)).tasks()]


def test_carried_over__stands_on_the_page_until_a_version_is_adopted(as_role, world, place, carried):
    page = reverse("governance:mandate_list")
    shown = {role: as_role(role).get(page).content.decode() for role in (Role.ADMINISTRATOR, Role.EMPLOYEE)}
    for text in shown.values():
        assert "Ingen har vedtatt dette mandatet" in text
    assert "Registrer den vedtatte versjonen" in shown[Role.ADMINISTRATOR]
    assert "Registrer den vedtatte versjonen" not in shown[Role.EMPLOYEE]
    assert "Ingen har vedtatt" not in as_role(Role.ADMINISTRATOR, world.neighbor).get(page).content.decode()
    adopt(place, days=5)
    after = as_role(Role.ADMINISTRATOR).get(page).content.decode()
    assert "Ingen har vedtatt dette mandatet" not in after
    assert "Ingen vedtok denne versjonen" in after


def test_carried_over__waits_for_the_secretariat_and_the_administrator(world, place, carried):
    asked = f"Få bekreftet mandatet for rådet i {place.municipality}"
    for role in (Role.SECRETARIAT, Role.ADMINISTRATOR):
        assert asked in tasks_of(place, role)
        assert not any("mandatet" in task for task in tasks_of(world.neighbor, role))
    assert asked not in tasks_of(place, Role.EMPLOYEE)
    assert asked not in tasks_of(world.stranger, Role.ADMINISTRATOR)
    adopt(place, days=5)
    assert asked not in tasks_of(place, Role.SECRETARIAT)


# --- One chief of finance for two municipalities ---------------------------------------------------
def test_shared_chief_of_finance__reads_in_each_task_which_municipality_it_is_for(world):
    for place in (world.home, world.neighbor):
        end_roles_of(place.person(Role.CHIEF_OF_FINANCE), timezone.localdate())
    both = [world.home.municipality, world.neighbor.municipality]
    case = stories.under_preparation(world.region, financing="budget_application", participants=both)
    shared = world.region.actor(Role.CHIEF_OF_FINANCE)
    why = {str(task.why) for task in Inbox(shared).tasks() if str(task.verb) == "Svar på høring om"}
    names = {str(home) for home in (world.region.municipality, *both)}
    assert why == {f"Du er spurt som økonomisjef for {name}" for name in names}
    due = case.hearings.first().due_on
    case.hearings.update(due_on=due)
    reminders.run(day=due - timedelta(days=1), now=timezone.now(), only=REMINDERS)
    reminded = Notice.objects.filter(event="hearing_due", recipient_id=shared.person_id)
    bodies = " ".join(reminded.values_list("body", flat=True))
    assert all(f"Du svarer for {name}." in bodies for name in names)
