"""Beginning a draft: who may, where, and what resembles it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from governance.models import CouncilMandate, Initiative
from organization.models import ProfessionalGroup
from organization.roles import Role
from tests import stories
from tests.world import end_roles_of

START = reverse("governance:intake_start")
SIMILAR = reverse("governance:intake_similar")


def test_open_start__own_unit_is_chosen(as_role, world):
    answer = as_role(Role.EMPLOYEE).get(START)
    assert answer.status_code == 200
    assert f'<option value="{world.home.unit.pk}" selected>' in answer.content.decode()
    assert world.neighbor.unit.name not in answer.content.decode()


def test_begin_draft__goes_to_hub(as_role, world):
    answer = as_role(Role.EMPLOYEE).post(START, {"title": "Ny vaktplan", "unit": world.home.unit.pk})
    draft = Initiative.objects.get()
    assert answer.headers["Location"] == reverse("governance:intake_hub", args=[draft.pk])
    assert (draft.title, draft.unit, draft.submitter) == (
        "Ny vaktplan",
        world.home.unit,
        world.home.person(Role.EMPLOYEE),
    )


def test_begin_draft__sent_twice_is_one_draft(as_role, world):
    client = as_role(Role.EMPLOYEE)
    sent = {"title": "Ny vaktplan", "unit": world.home.unit.pk, "seen": "1"}
    first, second = client.post(START, sent), client.post(START, sent)
    assert first.headers["Location"] == second.headers["Location"]
    assert Initiative.objects.count() == 1


def test_begin_draft__says_what_resembles_it_before_it_is_made(as_role, world):
    other = stories.awaiting_endorsement(world.home, title="Digital vaktplan for hjemmetjenesten")
    client = as_role(Role.LEADER)
    sent = {"title": "Digital vaktplan", "unit": world.home.unit.pk}
    answer = client.post(START, sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Ligner på disse" in page
    assert other.number in page
    assert "Digital vaktplan for hjemmetjenesten" in page
    assert "Til forankring hos sektorleder" in page
    assert "hos Sektorleder" in page
    assert 'value="Digital vaktplan"' in page
    assert client.post(START, {**sent, "seen": "1"}).status_code == 302


def test_begin_draft__in_other_municipality_is_refused(as_role, world):
    answer = as_role(Role.EMPLOYEE).post(START, {"title": "Ny vaktplan", "unit": world.neighbor.unit.pk})
    assert answer.status_code == 422
    assert "Velg en av enhetene i lista." in answer.content.decode()
    assert not Initiative.objects.exists()


@pytest.mark.parametrize("title", ["", "   ", "x" * 201, "a\0b", "z" * 1_000_000])
def test_begin_draft__bad_title_is_explained(as_role, world, title):
    answer = as_role(Role.EMPLOYEE).post(START, {"title": title, "unit": world.home.unit.pk})
    assert answer.status_code == 422
    assert 'id="id_title_error"' in answer.content.decode()
    assert not Initiative.objects.exists()


@pytest.mark.parametrize("unit", ["", "abc", "0", "-1", "99999999999999999999", "1\0"])
def test_begin_draft__bad_unit_is_explained(as_role, world, unit):
    answer = as_role(Role.EMPLOYEE).post(START, {"title": "Ny vaktplan", "unit": unit})
    assert answer.status_code == 422
    assert 'id="id_unit_error"' in answer.content.decode()


def test_begin_draft__odd_letters_are_kept_and_escaped(as_role, world):
    title = "<b>Čáhcesuŋŋá</b> 🩺 & «Đ»"
    client = as_role(Role.EMPLOYEE)
    answer = client.post(START, {"title": title, "unit": world.home.unit.pk}, follow=True)
    assert Initiative.objects.get().title == title
    assert "<b>Čáhcesuŋŋá</b>" not in answer.content.decode()
    assert "&lt;b&gt;Čáhcesuŋŋá&lt;/b&gt; 🩺" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.ELECTED_REPRESENTATIVE, Role.ADMINISTRATOR])
def test_open_start__who_may_not_is_told_whom_to_ask(as_role, world, role):
    client = as_role(role)
    for answer in (client.get(START), client.post(START, {"title": "Nytt", "unit": world.home.unit.pk})):
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Ansatt, Leder, Sektorleder, Tjenesteeier" in page
        assert world.home.person(Role.SECRETARIAT).name in page
    assert not Initiative.objects.exists()


def test_open_start__role_that_ended_today_gives_no_access(as_role, world):
    end_roles_of(world.home.person(Role.EMPLOYEE), timezone.localdate())
    answer = as_role(Role.EMPLOYEE).get(START)
    assert answer.status_code == 403
    assert "Du har ingen rolle i noen kommune i dag." in answer.content.decode()


def test_begin_draft__regional_lists_participants(as_role, world):
    sent = {
        "title": "Felles kvalitetssystem", "unit": world.region.unit.pk,
        "participants": [world.home.municipality.pk, world.neighbor.municipality.pk],
    }  # fmt: skip
    client = as_role(Role.EMPLOYEE, world.region)
    assert "Hvilke kommuner deltar?" in client.get(START).content.decode()
    assert client.post(START, sent).status_code == 302
    draft = Initiative.objects.get()
    assert draft.municipality == world.region.municipality
    assert {row.municipality for row in draft.participations.all()} == {
        world.home.municipality,
        world.neighbor.municipality,
    }


def test_begin_draft__participant_outside_the_region_is_refused(as_role, world):
    sent = {"title": "Felles", "unit": world.region.unit.pk, "participants": [world.stranger.municipality.pk]}
    assert as_role(Role.EMPLOYEE, world.region).post(START, sent).status_code == 422
    assert not Initiative.objects.exists()


def test_begin_draft__on_behalf_of_professional_group(as_role, world):
    responsible = world.home.person(Role.VERNEOMBUD)
    group = ProfessionalGroup.objects.create(
        municipality=world.home.municipality,
        name="Vernenettverket",
        responsible=responsible,
        changed_at=timezone.now(),
    )
    CouncilMandate.objects.filter(municipality=world.home.municipality).update(submitting_roles=[Role.LEADER])
    sent = {"title": "Bedre vernerunder", "unit": world.home.unit.pk, "professional_group": group.pk}
    assert as_role(Role.VERNEOMBUD).post(START, sent).status_code == 302
    assert Initiative.objects.get().professional_group == group


def test_begin_draft__group_of_somebody_else_is_refused(as_role, world):
    group = ProfessionalGroup.objects.create(
        municipality=world.home.municipality, name="Vernenettverket", responsible=world.home.person(Role.VERNEOMBUD),
        changed_at=timezone.now(),
    )  # fmt: skip
    sent = {"title": "Bedre vernerunder", "unit": world.home.unit.pk, "professional_group": group.pk}
    as_role(Role.EMPLOYEE).post(START, sent)
    assert not Initiative.objects.filter(professional_group=group).exists()


# --- What resembles it ---------------------------------------------------------------------------
def test_look_for_similar__shows_those_that_are_visible(as_role, world):
    stories.awaiting_endorsement(world.home, title="Digital vaktplan")
    stories.draft(world.home, title="Digital vaktplan, hemmelig kladd")
    stories.awaiting_endorsement(world.neighbor, title="Digital vaktplan hos naboen")
    page = as_role(Role.LEADER).get(SIMILAR, {"title": "digital vaktplan"}).content.decode()
    assert page.count("<li>") == 1
    assert "kladd" not in page
    assert "naboen" not in page
    assert "<html" not in page


def test_look_for_similar__shows_public_title_of_shielded(as_role, world):
    stories.awaiting_endorsement(
        world.home, title="Vaktplan med låskoder", public_title="Vaktplan", shield_basis="offl_24"
    )
    page = as_role(Role.LEADER).get(SIMILAR, {"title": "Vaktplan"}).content.decode()
    assert "Vaktplan" in page
    assert "låskoder" not in page
    assert "låskoder" not in as_role(Role.LEADER).get(SIMILAR, {"title": "låskoder"}).content.decode()


@pytest.mark.parametrize(
    "title", ["", "ab", "\0\0\0\0\0", "'); drop table", "%_\\", "x" * 500_000, "🩺🩺🩺🩺", "!!!! ????"]
)
def test_look_for_similar__odd_titles_find_nothing_and_harm_nothing(as_role, world, title):
    answer = as_role(Role.LEADER).get(SIMILAR, {"title": title})
    assert answer.status_code == 200
    assert "<li>" not in answer.content.decode()


def test_open_start__needs_few_queries(as_role, world, django_assert_max_num_queries):
    stories.awaiting_endorsement(world.home)
    client = as_role(Role.LEADER)
    with django_assert_max_num_queries(12):
        client.get(START)
    with django_assert_max_num_queries(8):
        client.get(SIMILAR, {"title": "Digital vaktplan"})


def test_open_start__asks_for_login(client, world):
    for address in (START, SIMILAR):
        assert client.get(address).headers["Location"].startswith("/konto/login/")
