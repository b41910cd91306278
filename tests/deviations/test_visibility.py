"""Who sees what of a deviation: one line per role, with a counter-example for each (domain/visibility)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from deviations import operations
from deviations.models import Anonymity, CorrectiveAction, Deviation, Duty, Message
from deviations.newest import first_visible_to
from organization.actors import person_actor
from organization.operations import create_unit, give_role
from organization.roles import Role
from tests.deviations import stories
from tests.world import BORN, START, SYSTEM, end_roles_of

if TYPE_CHECKING:
    from tests.world import Place

REPORTER, LINE = {Role.EMPLOYEE}, {Role.LEADER, Role.SECTOR_LEADER, Role.KOMMUNEDIREKTOR}


@pytest.fixture
def place(world):
    return world.home


def seen_by(place: Place, case: Deviation) -> set[Role]:
    return {role for role in Role if Deviation.objects.visible_to(place.actor(role)).contains(case)}


def read_by(place: Place, case: Deviation) -> set[Role]:
    return {role for role in Role if Deviation.objects.readable_by(place.actor(role)).contains(case)}


def named_to(place: Place, case: Deviation) -> set[Role]:
    found = {
        role: Deviation.objects.visible_to(place.actor(role)).with_access(place.actor(role)) for role in Role
    }
    return {role for role, rows in found.items() if rows.filter(pk=case.pk, reads_reporter=True).exists()}


def test_see_draft__only_its_reporter(place):
    assert seen_by(place, stories.draft(place)) == REPORTER


def test_see_hms__reporter_line_and_verneombud(place):
    case = stories.report(place, code="HMS-FALL")
    assert seen_by(place, case) == read_by(place, case) == REPORTER | LINE | {Role.VERNEOMBUD}


def test_see_information_security__reporter_line_and_privacy_officer(place):
    case = stories.report(place, code="IS-FEILSENDT")
    assert seen_by(place, case) == read_by(place, case) == REPORTER | LINE | {Role.PRIVACY_OFFICER}


@pytest.mark.parametrize("code", ["TJ-FALL", "YM-OLJE", "OR-ARKIV"])
def test_see_other_categories__reporter_and_line_only(place, code):
    case = stories.report(place, code=code)
    assert seen_by(place, case) == REPORTER | LINE


def test_see_confidential__receiver_and_named_roles_only(place):
    case = stories.report(place, code="IS-SNOK")
    assert case.is_confidential
    assert seen_by(place, case) == REPORTER | {Role.LEADER, Role.PRIVACY_OFFICER, Role.KOMMUNEDIREKTOR}


def test_see_confidential_hms__the_verneombud_sees_it_without_its_words(place):
    case = stories.report(place, code="HMS-PSYK")
    assert seen_by(place, case) == REPORTER | {Role.LEADER, Role.VERNEOMBUD}
    assert read_by(place, case) == REPORTER | {Role.LEADER}
    hidden = Deviation.objects.visible_to(place.actor(Role.VERNEOMBUD)).matching(
        "glatt gulv", place.actor(Role.VERNEOMBUD)
    )
    assert not hidden.exists()


@pytest.mark.parametrize("query", ["", "?fil=csv"])
def test_list_confidential__its_title_only_to_who_reads_it(place, as_role, query):
    stories.report(place, code="HMS-PSYK", title="Kari på vaktrommet")
    open_case = stories.report(place, title="Glatt gulv")

    def listed(role):
        answer = as_role(role).get(f"/avvik/{query}")
        return b"".join(answer).decode()

    for role in (Role.VERNEOMBUD, Role.LEADER):
        assert open_case.title in listed(role)
    assert "vaktrommet" in listed(Role.LEADER)
    assert "vaktrommet" not in listed(Role.VERNEOMBUD)
    assert stories.type_of(place, "HMS-PSYK").name in listed(Role.VERNEOMBUD)


def test_list_confidential__asks_once_more_whatever_their_number(place, as_role):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            client.get("/avvik/")
        return len(asked)

    client = as_role(Role.LEADER)
    stories.report(place)
    queries()
    without = queries()
    for number in range(1, 4):
        stories.report(place, code="HMS-PSYK", title=f"Sak {number}")
        assert queries() == without + 1


def test_name_case__by_kind_and_unit_without_title_and_type(place, as_role):
    case = stories.report(place, code="")
    said = f"Avvik, {place.unit.name}"
    assert case.headline == said
    assert said in as_role(Role.LEADER).get("/avvik/").content.decode()
    case.title = "Glatt gulv"
    assert (case.headline, case.plain_name) == ("Glatt gulv", said)
    assert stories.report(place, title="Glatt").plain_name == stories.type_of(place, stories.FALL).name


@pytest.mark.parametrize("code", ["HMS-FALL", "IS-SNOK", "HMS-PSYK"])
def test_see_deviation__nobody_of_another_municipality_or_the_region(world, code):
    case = stories.report(world.home, code=code)
    for other in (world.neighbor, world.stranger, world.region):
        assert seen_by(other, case) == set()


def test_see_deviation__not_a_leader_of_another_unit(place):
    other = create_unit(
        name="Sone sør", kind="unit", code="heim-sor", parent=place.sector, by=SYSTEM, now=BORN
    )
    peer = place.person(Role.CHANGE_AGENT)
    give_role(person=peer, role=Role.LEADER, unit=other, valid_from=START, by=SYSTEM, now=BORN)
    assert not Deviation.objects.visible_to(person_actor(peer)).contains(stories.report(place))


def test_see_deviation__whom_it_concerns_only_what_they_reported(place):
    leader = place.person(Role.LEADER)
    case = stories.report(place, concerned=(leader,))
    assert Role.LEADER not in seen_by(place, case)
    own = stories.report(place, by=place.actor(Role.LEADER), concerned=(leader,))
    assert Role.LEADER in seen_by(place, own)


def test_see_deviation__who_has_left_the_municipality_only_what_they_reported(place, world):
    leader = place.person(Role.LEADER)
    case, own = stories.in_progress(place), stories.report(place, by=place.actor(Role.LEADER))
    action = stories.propose(case, place, owner=leader)
    end_roles_of(leader, timezone.localdate() - timedelta(days=1))
    give_role(
        person=leader, role=Role.LEADER, unit=world.neighbor.unit, valid_from=START, by=SYSTEM, now=BORN
    )
    gone = person_actor(leader)
    assert (case.responsible, gone.municipality_ids) == (leader, {world.neighbor.municipality.pk})
    assert list(Deviation.objects.visible_to(gone)) == [own]
    assert list(Deviation.objects.readable_by(gone)) == [own]
    assert not CorrectiveAction.objects.visible_to(gone).contains(action)
    assert list(first_visible_to(gone)(Deviation.objects.all(), ("-created_at", "-pk"), 10)) == [own]


def test_see_reporter__hidden_from_everybody_who_handles_it(place):
    assert named_to(place, stories.report(place)) == REPORTER | LINE | {Role.VERNEOMBUD}
    assert named_to(place, stories.report(place, anonymity=Anonymity.HIDDEN)) == REPORTER


def test_see_anonymous__not_even_its_reporter_by_name(place):
    case = stories.report(place, anonymity=Anonymity.ANONYMOUS)
    assert seen_by(place, case) == LINE | {Role.VERNEOMBUD}


def test_see_deviation__owner_of_an_action_reads_its_context(place):
    case = stories.in_progress(place)
    action = stories.propose(case, place)
    assert read_by(place, case) == REPORTER | LINE | {Role.VERNEOMBUD, Role.SERVICE_OWNER}
    assert CorrectiveAction.objects.visible_to(place.actor(Role.SERVICE_OWNER)).contains(action)
    assert not CorrectiveAction.objects.visible_to(place.actor(Role.CHANGE_AGENT)).contains(action)


def test_see_children__as_the_case_is_read(place):
    case = stories.report(place, code="HMS-PSYK", danger="injured", answers={"staff_injured": "yes"})
    operations.say(
        case, "Vi ser på det.", kind=Message.Kind.STEP, by=place.actor(Role.LEADER), now=timezone.now()
    )
    for model in (Message, Duty):
        readers = {
            role
            for role in Role
            if model.objects.visible_to(place.actor(role)).filter(deviation=case).exists()
        }
        assert readers == REPORTER | {Role.LEADER}, model


def test_see_deviation__a_follower_sees_where_it_stands_but_not_its_words(place):
    case = stories.report(place)
    follower = place.person(Role.CHANGE_AGENT)
    operations.follow(case, follower, note="Jeg skled også.", now=timezone.now())
    assert Deviation.objects.visible_to(person_actor(follower)).contains(case)
    assert not Deviation.objects.readable_by(person_actor(follower)).contains(case)


def test_see_deviation__nobody_without_an_actor(place):
    stories.report(place)
    assert not Deviation.objects.visible_to(None).exists()
    assert not CorrectiveAction.objects.visible_to(None).exists()
