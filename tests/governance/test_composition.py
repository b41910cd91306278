"""Whether the council is who the mandate says, what is done about it, and who hears when a term ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core import inbox, reminders
from core.models import Notice
from governance.composition import Composition, ending_terms
from governance.models import CouncilMandate
from governance.reminders import REMINDERS
from organization.models import RoleAssignment, Unit
from organization.operations import give_role
from organization.roles import Role
from tests import stories
from tests.world import SYSTEM, end_roles_of

TERM = next(one for one in REMINDERS if one.key == "term_ends")


def findings(place):
    municipality = Unit.objects.get(pk=place.municipality.pk)
    return [one.text for one in Composition.of(municipality, timezone.localdate()).findings]


def role_of(place, role):
    return RoleAssignment.objects.filter(person=place.person(role), role=role)


def complete(place):
    """Let the council of the world be as it should be."""
    rows = RoleAssignment.objects.filter(
        role__in=["council_leader", "council_deputy", "council_member"],
        unit__municipality_id=place.municipality.pk,
    )
    rows.update(field="Helse", competence="Ledelse")
    role_of(place, Role.COORDINATOR).update(allocated_percentage=50)
    give_role(
        person=place.person(Role.COUNCIL_MEMBER), role=Role.EMPLOYEE, unit=place.unit, valid_from=timezone.localdate(), by=SYSTEM,
        now=timezone.now(),
    )  # fmt: skip


def test_composition__that_is_as_it_should_be_has_nothing_to_tell(place):
    complete(place)
    assert findings(place) == []


def test_composition__names_the_sector_and_the_field_without_a_member(world, place):
    complete(place)
    CouncilMandate.objects.filter(municipality=place.municipality).update(
        covered_fields=["helse", "Oppvekst"]
    )
    end_roles_of(place.person(Role.COUNCIL_MEMBER), timezone.localdate())
    told = findings(place)
    assert f"Ingen i rådet arbeider i {place.sector}." in told
    assert "Fagfeltet «Oppvekst» har ikke noe medlem." in told
    assert not any("helse" in text for text in told)
    assert not any("Oppvekst" in text for text in findings(world.neighbor))


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.COUNCIL_LEADER, "Rådet har ingen leder."),
        (Role.COUNCIL_DEPUTY, "Rådet har ingen nestleder."),
        (Role.SECRETARIAT, "Rådet har ikke noe sekretariat."),
    ],
)
def test_composition__names_the_role_that_nobody_has(place, role, words):
    complete(place)
    end_roles_of(place.person(role), timezone.localdate())
    assert words in findings(place)


def test_composition__secretariat_needs_a_leader_and_members_competence(place):
    complete(place)
    role_of(place, Role.SECRETARIAT).update(is_leading=False)
    role_of(place, Role.COUNCIL_DEPUTY).update(competence="")
    told = findings(place)
    assert "Ingen leder sekretariatet." in told
    assert f"{place.person(Role.COUNCIL_DEPUTY)} står uten fagfelt eller kompetanse." in told


def test_composition__coordinators_time_against_their_cases(place):
    complete(place)
    CouncilMandate.objects.filter(municipality=place.municipality).update(cases_per_position=2)
    stories.under_preparation(place)
    assert findings(place) == []
    stories.under_preparation(place, title="Enda en")
    assert findings(place) == [f"{place.person(Role.COORDINATOR)} utreder 2 saker, og har tid til 1."]
    role_of(place, Role.COORDINATOR).update(allocated_percentage=None)
    assert findings(place) == [f"{place.person(Role.COORDINATOR)} har ikke avsatt tid som koordinator."]


# --- Terms -----------------------------------------------------------------------------------------
def ends_in(place, role, days):
    role_of(place, role).update(valid_to=timezone.localdate() + timedelta(days=days))


def test_ending_terms__follow_the_notice_of_each_mandate(world, place):
    CouncilMandate.objects.filter(municipality=place.municipality).update(term_notice_days=30)
    for one in (place, world.neighbor):
        ends_in(one, Role.COUNCIL_MEMBER, 31)
    assert [row.person for row in ending_terms(timezone.localdate())] == [world.neighbor.person(Role.COUNCIL_MEMBER)]  # fmt: skip
    ends_in(place, Role.COUNCIL_MEMBER, 30)
    assert ending_terms(timezone.localdate()).count() == 2


def test_ending_terms__that_go_on_are_no_news(place):
    ends_in(place, Role.COUNCIL_MEMBER, 10)
    give_role(
        person=place.person(Role.COUNCIL_MEMBER), role=Role.COUNCIL_MEMBER, unit=place.municipality, by=SYSTEM,
        now=timezone.now(), valid_from=timezone.localdate() + timedelta(days=10),
    )  # fmt: skip
    assert not ending_terms(timezone.localdate()).exists()


def test_term_ends__is_told_once_to_leader_secretariat_and_who_it_is(world, place):
    ends_in(place, Role.COUNCIL_MEMBER, 50)
    for _again in range(2):
        reminders.run(day=timezone.localdate(), now=timezone.now(), only=[TERM])
    told = list(Notice.objects.filter(event="term_ends").values_list("recipient__username", flat=True))
    assert sorted(told) == sorted(
        f"{role}.heim" for role in ("council_leader", "council_member", "secretariat", "coordinator")
    )


@pytest.mark.parametrize(
    ("role", "count"), [(Role.SECRETARIAT, 1), (Role.COUNCIL_LEADER, 1), (Role.COUNCIL_MEMBER, 0)]
)
def test_term_ends__stands_in_the_inbox_until_it_is_given_on(world, place, role, count):
    def tasks(one):
        source = next(found for found in inbox.sources() if found.key == "council_terms")
        return [source.task(row, one.actor(role)).title for row in source.rows(one.actor(role))]

    assert tasks(place) == []
    ends_in(place, Role.COUNCIL_MEMBER, 20)
    assert tasks(place) == [str(place.person(Role.COUNCIL_MEMBER))] * count
    assert tasks(world.neighbor) == []


# --- The page ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.SECRETARIAT, True),
        (Role.COUNCIL_LEADER, True),
        (Role.ADMINISTRATOR, True),
        (Role.EMPLOYEE, False),
    ],
)
def test_mandate_page__tells_who_keeps_it_what_is_missing(as_role, place, role, sees):
    end_roles_of(place.person(Role.COUNCIL_DEPUTY), timezone.localdate())
    text = as_role(role).get(reverse("governance:mandate_list")).content.decode()
    assert ("Rådet har ingen nestleder." in text) is sees


def test_mandate_page__few_queries_whatever_is_missing(as_role, place, django_assert_max_num_queries):
    client, page = as_role(Role.SECRETARIAT), reverse("governance:mandate_list")
    client.get(page)
    for role in (Role.COUNCIL_MEMBER, Role.COUNCIL_DEPUTY):
        ends_in(place, role, 5)
    with django_assert_max_num_queries(12):
        client.get(page)
