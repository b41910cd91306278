"""Who sees what of an initiative: one line per role, with a counter-example for each (domain/visibility)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from governance import operations, policies
from governance.hearings import operations as hearings
from governance.inbox import hearings_to_answer
from governance.models import (
    CasePaper,
    Decision,
    Endorsement,
    Hearing,
    Initiative,
    Meeting,
    MunicipalDecision,
)
from organization.actors import person_actor
from organization.models import RoleAssignment
from organization.operations import give_role
from organization.roles import Role
from tests import stories
from tests.world import BORN, START, SYSTEM

if TYPE_CHECKING:
    from tests.world import Place

EVERYONE = list(Role)
READS_ALL = {
    Role.SECRETARIAT, Role.COORDINATOR, Role.COUNCIL_LEADER, Role.COUNCIL_DEPUTY, Role.COUNCIL_MEMBER,
    Role.COUNCIL_SUBSTITUTE, Role.CHIEF_OF_FINANCE, Role.KOMMUNEDIREKTOR, Role.PORTFOLIO_MANAGER,
}  # fmt: skip
READS_SHIELDED = READS_ALL - {Role.CHIEF_OF_FINANCE, Role.PORTFOLIO_MANAGER} | {Role.EMPLOYEE}
IN_LINE = {Role.LEADER, Role.SECTOR_LEADER}
AUTHOR = {Role.EMPLOYEE}
NAMED = {Role.SERVICE_OWNER}


def seen_by(place: Place, initiative: Initiative) -> set[Role]:
    return {r for r in EVERYONE if Initiative.objects.visible_to(place.actor(r)).contains(initiative)}


def read_by(place: Place, initiative: Initiative) -> set[Role]:
    return {r for r in EVERYONE if Initiative.objects.readable_by(place.actor(r)).contains(initiative)}


def shielded_to(place: Place, initiative: Initiative) -> set[Role]:
    rows = {r: Initiative.objects.visible_to(place.actor(r)).with_access(place.actor(r)) for r in EVERYONE}
    return {
        r
        for r, found in rows.items()
        if found.filter(pk=initiative.pk, reads_papers=True, reads_shielded=True)
    }


def test_see_draft__only_its_authors(world):
    assert seen_by(world.home, stories.draft(world.home)) == AUTHOR


def test_see_card__everyone_at_home_and_nobody_elsewhere(world):
    initiative = stories.awaiting_endorsement(world.home)
    assert seen_by(world.home, initiative) == set(EVERYONE)
    for other in (world.neighbor, world.stranger, world.region):
        assert seen_by(other, initiative) == set()


def test_read_papers__authors_line_named_and_those_with_a_task(world):
    initiative = stories.awaiting_endorsement(world.home)
    assert read_by(world.home, initiative) == AUTHOR | IN_LINE | NAMED | READS_ALL


def test_read_papers__leader_of_another_line_does_not(world):
    from organization.operations import create_unit

    other = create_unit(
        name="Oppvekst",
        kind="sector",
        code="heim-oppvekst",
        parent=world.home.municipality,
        by=SYSTEM,
        now=BORN,
    )
    stranger = world.home.person(Role.CHANGE_AGENT)
    give_role(person=stranger, role=Role.SECTOR_LEADER, unit=other, valid_from=START, by=SYSTEM, now=BORN)
    initiative = stories.awaiting_endorsement(world.home)
    assert not Initiative.objects.readable_by(person_actor(stranger)).contains(initiative)
    assert Initiative.objects.visible_to(person_actor(stranger)).contains(initiative)


def test_read_papers__who_is_asked_in_a_hearing(world):
    initiative = stories.under_preparation(world.home)
    before = read_by(world.home, initiative)
    hearings.ask_hearings(
        initiative, roles=[Role.HR], due_on=None, by=world.home.actor(Role.COORDINATOR), now=timezone.now()
    )
    assert read_by(world.home, initiative) - before == {Role.HR}


def test_read_papers__the_stand_in_of_who_is_asked(world):
    initiative = stories.under_preparation(world.home)
    hearings.ask_hearings(
        initiative, roles=[Role.HR], due_on=None, by=world.home.actor(Role.COORDINATOR), now=timezone.now()
    )
    asked, stand_in = world.home.person(Role.HR), world.home.person(Role.CHANGE_AGENT)
    today = timezone.localdate()
    values = {"unit": world.home.municipality, "by": SYSTEM, "now": timezone.now()}
    give_role(person=stand_in, role=Role.HR, valid_from=today, **values)
    assert not Initiative.objects.readable_by(person_actor(stand_in)).contains(initiative), (
        "has the role only"
    )
    other = world.home.person(Role.IKT_LEADER)
    give_role(person=other, role=Role.TILLITSVALGT, valid_from=today, stand_in_for=asked, **values)
    assert not Initiative.objects.readable_by(person_actor(other)).contains(initiative), (
        "stands in as another"
    )
    give_role(person=other, role=Role.HR, valid_from=today, stand_in_for=asked, **values)
    assert Initiative.objects.readable_by(person_actor(other)).contains(initiative)
    (task,) = hearings_to_answer.rows(person_actor(other))
    assert "vikar" in hearings_to_answer.task(task, person_actor(other)).why
    tomorrow = person_actor(other, day=today - timedelta(days=1))
    assert not Initiative.objects.readable_by(tomorrow).contains(initiative)


def test_read_papers__everyone_at_home_once_adopted(world):
    initiative = stories.adopted(world.home)
    assert read_by(world.home, initiative) == set(EVERYONE)
    assert read_by(world.stranger, initiative) == set()


def test_read_shielded__fewer(world):
    initiative = stories.awaiting_endorsement(
        world.home, shield_basis="offl_13", public_title="Tiltak i helse"
    )
    assert shielded_to(world.home, initiative) == READS_SHIELDED | {Role.SECTOR_LEADER}
    found = Initiative.objects.matching("vaktplan", world.home.actor(Role.LEADER))
    assert not found.filter(pk=initiative.pk).exists(), "the shielded title can be searched"
    assert Initiative.objects.matching("helse", world.home.actor(Role.LEADER)).contains(initiative)
    assert initiative.card_title or Initiative.objects.get(pk=initiative.pk).card_title == "Tiltak i helse"


def test_see_regional__participants_as_their_own(world):
    initiative = stories.awaiting_endorsement(world.region)
    operations.Participation.objects.create(
        initiative=initiative, municipality=world.home.municipality, changed_at=timezone.now()
    )
    assert seen_by(world.home, initiative) == set(EVERYONE)
    assert seen_by(world.region, initiative) == set(EVERYONE)
    assert seen_by(world.neighbor, initiative) == set()
    assert Role.KOMMUNEDIREKTOR in read_by(world.home, initiative)


def test_see_anything__not_after_the_role_ended(world):
    initiative = stories.awaiting_endorsement(world.home)
    leader = world.home.person(Role.SECTOR_LEADER)
    today = timezone.localdate()
    for ends, sees in [(today + timedelta(days=1), True), (today, False), (today - timedelta(days=1), False)]:
        RoleAssignment.objects.filter(person=leader).update(valid_to=ends)
        assert Initiative.objects.visible_to(person_actor(leader)).contains(initiative) is sees


def test_see_children__as_their_initiative(world):
    initiative = stories.ready_for_council(world.home, affects_staff="yes")
    reader, outsider = world.home.actor(Role.LEADER), world.home.actor(Role.AMU)
    for model in (Endorsement, Hearing):
        rows = model.objects.filter(initiative=initiative)
        assert rows.exists()
        assert rows.visible_to(reader).count() == rows.count(), model
        assert not rows.visible_to(outsider).exists(), model
        assert not rows.visible_to(world.stranger.actor(Role.SECRETARIAT)).exists(), model


def test_see_case_paper__council_and_secretariat_until_it_is_published(world):
    initiative = stories.ready_for_council(world.home)
    papers = CasePaper.objects.filter(initiative=initiative)
    before = {role for role in EVERYONE if papers.visible_to(world.home.actor(role)).exists()}
    assert {Role.SECRETARIAT, Role.COORDINATOR, Role.COUNCIL_MEMBER} <= before
    assert not before & {Role.LEADER, Role.SERVICE_OWNER, Role.EMPLOYEE, Role.AMU}
    operations.publish_papers(initiative, now=timezone.now())
    assert {role for role in EVERYONE if papers.visible_to(world.home.actor(role)).exists()} == set(EVERYONE)


def test_see_municipal_decisions__each_its_own_and_the_region_all(world):
    from tests.governance.regional import recommended

    recommended(world)
    rows = MunicipalDecision.objects.all()
    assert rows.count() == 2
    assert rows.visible_to(world.home.actor(Role.EMPLOYEE)).count() == 1
    assert rows.visible_to(world.region.actor(Role.SECRETARIAT)).count() == 2
    assert rows.visible_to(world.stranger.actor(Role.KOMMUNEDIREKTOR)).count() == 0


def test_see_meetings__own_municipality_and_its_region(world):
    meeting, regional = stories.meeting(world.home), stories.meeting(world.region)
    for place, expected in [
        (world.home, {meeting, regional}),
        (world.neighbor, {regional}),
        (world.stranger, set()),
    ]:
        assert set(Meeting.objects.visible_to(place.actor(Role.EMPLOYEE))) == expected


def test_see_decisions__follow_the_papers(world):
    initiative = stories.decided(world.home, "reject")
    rows = Decision.objects.filter(initiative=initiative)
    assert rows.visible_to(world.home.actor(Role.EMPLOYEE)).count() == 1
    assert rows.visible_to(world.stranger.actor(Role.COUNCIL_LEADER)).count() == 0


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ELECTED_REPRESENTATIVE, Role.ARCHIVIST])
def test_read_papers__not_by_office_alone(world, role):
    """Who runs the system, or is elected, does not thereby read what is not published."""
    assert role not in read_by(world.home, stories.received(world.home))


def test_see_queue__holds_nothing_that_is_not_visible(world):
    for story in (stories.draft, stories.awaiting_endorsement, stories.received, stories.under_preparation):
        story(world.home)
        story(world.neighbor)
    for role in EVERYONE:
        actor = world.home.actor(role)
        seen = Initiative.objects.visible_to(actor)
        for state in ("received", "under_preparation"):
            queue = Initiative.objects.in_queue_of(actor, state)
            assert set(queue) <= set(seen)
            assert queue.exists() == (role in {Role.SECRETARIAT, Role.COORDINATOR}), role


def test_have_next_step__all_while_there_are_few(world):
    for story in (stories.draft, stories.awaiting_endorsement, stories.received, stories.under_preparation):
        story(world.home)
    today = timezone.localdate()
    for role in EVERYONE:
        actor = world.home.actor(role)
        cases = Initiative.objects.visible_to(actor)
        assert set(cases.next_in_my_hands(actor, today, 5)) == set(cases.in_my_hands(actor, today)), role


def test_have_next_step__of_each_kind_the_nearest_deadlines(world):
    late, later, latest = (stories.received(world.home) for _ in range(3))
    for days, case in enumerate((late, later, latest)):
        Initiative.objects.filter(pk=case.pk).update(due_on=timezone.localdate() + timedelta(days=days))
    actor = world.home.actor(Role.SECRETARIAT)
    assert set(Initiative.objects.next_in_my_hands(actor, timezone.localdate(), 2)) == {late, later}


@pytest.mark.parametrize(
    "role", [Role.EMPLOYEE, Role.TILLITSVALGT, Role.COORDINATOR, Role.SERVICE_OWNER, Role.SECRETARIAT]
)
def test_see_nothing__when_the_last_role_has_ended(world, role):
    """Author, heard, case handler or named: who has left sees nothing, and may do nothing (house: that day)."""
    initiative = stories.under_preparation(
        world.home, affects_staff="yes", shield_basis="offl_24", public_title="Skjermet"
    )
    person = world.home.person(role)
    assert Initiative.objects.visible_to(person_actor(person)).contains(initiative)
    RoleAssignment.objects.filter(person=person).update(valid_to=timezone.localdate())
    for rows in (Initiative.objects.visible_to, Initiative.objects.readable_by):
        assert not rows(person_actor(person)).exists()


def test_read_shielded__by_the_sector_leader_until_it_is_endorsed(world):
    initiative = stories.awaiting_endorsement(
        world.home, shield_basis="offl_13", public_title="Tiltak i helse"
    )
    assert Role.SECTOR_LEADER not in shielded_to(world.neighbor, initiative)
    stories.perform("endorse", initiative, by=world.home.actor(Role.SECTOR_LEADER), now=timezone.now())
    assert shielded_to(world.home, initiative) == READS_SHIELDED


def test_read_shielded__no_longer_by_who_was_heard_in_a_role_since_ended(world):
    initiative = stories.under_preparation(
        world.home, affects_staff="yes", shield_basis="offl_24", public_title="Skjermet"
    )
    person = world.home.person(Role.TILLITSVALGT)
    held = RoleAssignment.objects.filter(person=person)
    assert Role.TILLITSVALGT in shielded_to(world.home, initiative)
    held.update(role=Role.EMPLOYEE)
    assert Role.TILLITSVALGT not in shielded_to(world.home, initiative)


@pytest.mark.parametrize(
    "role", [Role.SECRETARIAT, Role.COORDINATOR, Role.COUNCIL_MEMBER, Role.KOMMUNEDIREKTOR]
)
def test_see_papers__a_role_on_one_unit_reaches_no_further(world, role):
    """What counts for the whole municipality is given by a role held on the municipality only."""
    from organization.operations import create_unit
    from tests.world import BORN, SYSTEM

    other = create_unit(
        name="Oppvekst",
        kind="sector",
        code="heim-oppvekst",
        parent=world.home.municipality,
        by=SYSTEM,
        now=BORN,
    )
    RoleAssignment.objects.filter(person=world.home.person(role)).update(unit=other)
    initiative = stories.awaiting_endorsement(world.home, shield_basis="offl_24", public_title="Skjermet")
    actor = world.home.actor(role)
    assert not Initiative.objects.readable_by(actor).contains(initiative)
    assert Initiative.objects.visible_to(actor).contains(initiative)
    assert not policies.may_triage(actor, initiative)
    assert not policies.may_prepare(actor, initiative)
    assert not policies.may_set_rules(actor, world.home.municipality.pk)
