"""The hub: what is done, what remains, who writes together, and what was missing when it came back."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from benefits.models import Benefit
from core.attachments import attach
from governance import operations
from governance.intake import SectionState, all_sections, readiness_of, section_of
from governance.models import GovernanceRules, Initiative, Status
from governance.workflow import initiative_workflow
from organization.forms import person_label
from organization.models import Person
from organization.roles import Role
from tests import stories


def hub(initiative):
    return reverse("governance:intake_hub", args=[initiative.pk])


def co_editors(initiative):
    return reverse("governance:intake_co_editors", args=[initiative.pk])


def tick(initiative, index):
    return reverse("governance:intake_missing_tick", args=[initiative.pk, index])


@pytest.fixture
def draft(world):
    return stories.draft(world.home)


@pytest.fixture
def bare(world):
    """A draft with nothing but a title."""
    return operations.create_initiative(
        title="Nytt", unit=world.home.unit, by=world.home.actor(Role.EMPLOYEE), now=timezone.now()
    )


@pytest.fixture
def returned(world):
    arrived = stories.received(world.home)
    return initiative_workflow.perform(
        "return_for_completion", arrived, by=world.home.actor(Role.SECRETARIAT), now=timezone.now(),
        data={"missing": ["Beregn <b>kostnaden</b>", "Navngi tjenesteeier"], "deadline": timezone.localdate()},
    )  # fmt: skip


# --- Sections and demands ------------------------------------------------------------------------------
def test_open_hub__complete_draft_meets_every_demand(as_role, draft):
    page = as_role(Role.EMPLOYEE).get(hub(draft)).content.decode()
    assert "5 av 5 krav til forarbeid er oppfylt" in page
    assert page.count("Ferdig") >= 6
    assert "Se over og send inn" in page


def test_open_hub__bare_draft_says_what_to_do_and_where(as_role, bare):
    page = as_role(Role.EMPLOYEE).get(hub(bare)).content.decode()
    assert "0 av 5 krav til forarbeid er oppfylt" in page
    assert "Velg minst ett strategisk mål" in page
    assert reverse("governance:intake_section", args=[bare.pk, "null_alternative"]) in page
    assert reverse("benefits:overview_edit", args=[bare.pk]) in page
    assert "Fyll ut: kort beskrivelse, behov, målgruppe, kategori." in page
    assert "disabled" not in page


def test_open_hub__municipality_demands_what_it_wants(as_role, bare, world):
    GovernanceRules.objects.filter(municipality=world.home.municipality).update(
        requirements=["strategic_goal"]
    )
    assert "0 av 1 krav" in as_role(Role.EMPLOYEE).get(hub(bare)).content.decode()
    GovernanceRules.objects.filter(municipality=world.home.municipality).update(requirements=[])
    assert "krav til forarbeid" not in as_role(Role.EMPLOYEE).get(hub(bare)).content.decode()


def test_reckon_readiness__counts_met_and_unmet(draft, bare, world):
    rules = world.home.municipality.governance_rules
    assert (readiness_of(draft, rules).met, readiness_of(draft, rules).unmet) == (5, [])
    lacking = readiness_of(bare, rules)
    assert (lacking.met, len(lacking.unmet)) == (0, 6)


@pytest.mark.parametrize(
    ("key", "fields", "state"),
    [
        ("about", {}, "untouched"),
        ("about", {"summary": "x"}, "missing"),
        ("costs", {}, "untouched"),
        ("costs", {"financing": "grant"}, "missing"),
        ("costs", {"operation_per_year": 0}, "started"),
        ("costs", {"operation_per_year": 0, "financing": "grant"}, "done"),
        ("responsibility", {}, "untouched"),
        ("assessments", {"archive_note": "x"}, "started"),
        ("assessments", {"personal_data": "no", "affects_staff": "unknown"}, "done"),
        ("null_alternative", {"null_alternative": "  "}, "untouched"),
        ("null_alternative", {"null_alternative": "x"}, "done"),
        ("attachments", {"shield_basis": "offl_13", "public_title": "x"}, "done"),
        ("benefits", {}, "untouched"),
    ],
)  # fmt: skip
def test_tell_state_of_section(bare, key, fields, state):
    for name, value in fields.items():
        setattr(bare, name, value)
    assert section_of(key).state_of(bare) == SectionState(state)


def test_tell_state_of_benefits__without_owner_is_missing(bare):
    Benefit.objects.create(
        initiative=bare, title="x", beneficiary="citizens", kind="quality", form="not_priced", created_at=timezone.now(),
        changed_at=timezone.now(),
    )  # fmt: skip
    assert section_of("benefits").state_of(bare) == SectionState.MISSING


def test_open_hub__who_may(as_role, draft, world):
    for role, code in ((Role.EMPLOYEE, 200), (Role.LEADER, 404), (Role.SECRETARIAT, 404)):
        assert as_role(role).get(hub(draft)).status_code == code
    assert as_role(Role.EMPLOYEE, world.stranger).get(hub(draft)).status_code == 404


def test_open_hub__of_submitted_leads_to_the_receipt(as_role, world):
    sent_in = stories.awaiting_endorsement(world.home)
    answer = as_role(Role.EMPLOYEE).get(hub(sent_in))
    assert answer.headers["Location"] == reverse("governance:intake_receipt", args=[sent_in.pk])
    assert as_role(Role.SECTOR_LEADER).get(hub(sent_in)).status_code == 403


def test_open_hub__of_withdrawn_leads_to_the_case(as_role, draft, world):
    initiative_workflow.perform(
        "withdraw", draft, by=world.home.actor(Role.EMPLOYEE), now=timezone.now(), data={"reason": "Nei"}
    )
    assert as_role(Role.EMPLOYEE).get(hub(draft)).headers["Location"] == draft.get_absolute_url()


def test_open_hub__needs_few_queries(as_role, draft, world, django_assert_max_num_queries):
    add_people(draft, world, 3)
    attach(
        draft, SimpleUploadedFile("a.txt", b"tekst"), by=world.home.actor(Role.EMPLOYEE), now=timezone.now()
    )
    client = as_role(Role.EMPLOYEE)
    client.get(hub(draft))
    with django_assert_max_num_queries(12):
        client.get(hub(draft))


# --- Those who write together ------------------------------------------------------------------------------
def add_people(draft, world, number):
    roles = [Role.LEADER, Role.HR, Role.ARCHIVIST, Role.VERNEOMBUD][:number]
    for role in roles:
        operations.add_co_editor(
            draft, person=world.home.person(role), by=world.home.actor(Role.EMPLOYEE), now=timezone.now()
        )


def test_add_co_editor__sees_the_draft_and_is_shown(as_role, draft, world):
    leader = world.home.person(Role.LEADER)
    answer = as_role(Role.EMPLOYEE).post(co_editors(draft), {"person": person_label(leader)}, follow=True)
    assert f"{leader.name} kan nå skrive i kladden." in answer.content.decode()
    page = as_role(Role.LEADER).get(hub(draft))
    assert page.status_code == 200
    assert world.home.person(Role.EMPLOYEE).name in page.content.decode()
    assert "Er her nå" in page.content.decode()


def test_add_co_editor__from_other_municipality_is_refused(as_role, draft, world):
    answer = as_role(Role.EMPLOYEE).post(
        co_editors(draft), {"person": person_label(world.neighbor.person(Role.LEADER))}
    )
    assert answer.status_code == 422
    assert "Fant ingen treff" in answer.content.decode()
    assert not draft.co_editors.exists()


@pytest.mark.parametrize("text", ["", "Ingen Slik", "x\0", "x" * 100_000, "i", "Ansatt I Heim"])
def test_add_co_editor__bad_name_is_explained(as_role, draft, text):
    answer = as_role(Role.EMPLOYEE).post(co_editors(draft), {"person": text})
    assert answer.status_code == 422
    assert "#id_person" in answer.content.decode()
    assert not draft.co_editors.exists()


def test_remove_co_editor(as_role, draft, world):
    add_people(draft, world, 2)
    leader = world.home.person(Role.LEADER)
    as_role(Role.EMPLOYEE).post(co_editors(draft), {"remove": leader.pk})
    assert list(draft.co_editors.all()) == [world.home.person(Role.HR)]
    assert as_role(Role.LEADER).get(hub(draft)).status_code == 404
    assert (
        as_role(Role.HR)
        .post(co_editors(draft), {"remove": world.home.person(Role.HR).pk})
        .headers["Location"]
        == "/"
    )


@pytest.mark.parametrize("who", ["", "abc", "0", "99999999999999999999", "1\0", "²"])
def test_remove_co_editor__that_is_none_is_not_found(as_role, draft, who):
    assert as_role(Role.EMPLOYEE).post(co_editors(draft), {"remove": who}).status_code == 404


def test_change_co_editors__who_may(as_role, draft, world):
    person = Person.objects.get(pk=world.home.person(Role.HR).pk)
    for role in (Role.LEADER, Role.SECRETARIAT, Role.ADMINISTRATOR):
        assert as_role(role).post(co_editors(draft), {"person": person_label(person)}).status_code == 404
    assert not draft.co_editors.exists()


# --- What was missing ----------------------------------------------------------------------------------------
def test_open_hub__returned_shows_what_was_missing(as_role, returned):
    page = as_role(Role.EMPLOYEE).get(hub(returned)).content.decode()
    assert "Beregn &lt;b&gt;kostnaden&lt;/b&gt;" in page
    assert "Send inn på nytt innen" in page


def test_tick_missing__and_take_it_back(as_role, returned):
    client = as_role(Role.EMPLOYEE)
    assert client.post(tick(returned, 1), {"done": "1"}).headers["Location"].endswith("#mangler")
    returned.refresh_from_db()
    assert [point["done"] for point in returned.missing] == [False, True]
    part = client.post(tick(returned, 1), {"done": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "Navngi tjenesteeier" in part
    returned.refresh_from_db()
    assert [point["done"] for point in returned.missing] == [False, False]


def test_tick_missing__who_may_and_what_exists(as_role, returned, world):
    assert as_role(Role.EMPLOYEE).post(tick(returned, 2), {"done": "1"}).status_code == 404
    assert as_role(Role.EMPLOYEE).get(tick(returned, 0)).status_code == 405
    assert as_role(Role.SECRETARIAT).post(tick(returned, 0), {"done": "1"}).status_code == 403
    assert as_role(Role.EMPLOYEE, world.neighbor).post(tick(returned, 0), {"done": "1"}).status_code == 404


def test_tick_missing__two_people_at_once_both_count(returned, world):
    one, other = Initiative.objects.get(pk=returned.pk), Initiative.objects.get(pk=returned.pk)
    by = world.home.actor(Role.EMPLOYEE)
    operations.tick_missing(one, index=0, done=True, by=by, now=timezone.now())
    operations.tick_missing(other, index=1, done=True, by=by, now=timezone.now())
    returned.refresh_from_db()
    assert [point["done"] for point in returned.missing] == [True, True]
    assert returned.status == Status.RETURNED


def test_list_sections__have_unique_keys_and_addresses(bare):
    addresses = [section.url(bare) for section in all_sections()]
    assert len(set(addresses)) == len(addresses)
