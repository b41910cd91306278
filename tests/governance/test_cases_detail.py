"""The page of one initiative: card, papers and shielded, buttons, and what the tabs hold."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from core.models import AccessLog
from governance import council
from governance.hearings import operations as hearings
from governance.models import Participation, Status
from governance.workflow import initiative_workflow
from organization.roles import Role
from tests import stories

perform = initiative_workflow.perform
CONTENT = "I dag skrives alt to ganger."


def page_of(client, case, part: str = "") -> str:
    response = client.get(case.get_absolute_url(), {"vis": part} if part else {})
    assert response.status_code == 200
    return response.content.decode()


def test_open_case__card_only_for_those_outside(world, as_role):
    case = stories.received(world.home)
    for role in (Role.HR, Role.ELECTED_REPRESENTATIVE, Role.ADMINISTRATOR):
        page = page_of(as_role(role), case)
        assert "Innholdet er ikke åpent ennå" in page
        assert case.number in page
        assert "Tilrådd av sektorleder" in page
        assert CONTENT not in page
        assert "50\xa0000\xa0kr" not in page
        assert "Skjemaet endret" not in page


@pytest.mark.parametrize(
    "role",
    [
        Role.EMPLOYEE,
        Role.LEADER,
        Role.SECTOR_LEADER,
        Role.SECRETARIAT,
        Role.COUNCIL_MEMBER,
        Role.PORTFOLIO_MANAGER,
    ],
)
def test_open_case__papers_for_those_who_read_them(world, as_role, role):
    page = page_of(as_role(role), stories.received(world.home))
    assert CONTENT in page
    assert "Mindre dobbeltarbeid" in page
    assert "Vi fortsetter å skrive alt to ganger." in page
    assert "50\xa0000\xa0kr" in page


def test_open_case__of_another_municipality_does_not_exist(world, as_role):
    case = stories.adopted(world.home)
    for place in (world.neighbor, world.stranger):
        assert as_role(Role.SECRETARIAT, place).get(case.get_absolute_url()).status_code == 404


def test_open_case__that_is_adopted_is_open_to_all(world, as_role):
    assert CONTENT in page_of(as_role(Role.ELECTED_REPRESENTATIVE), stories.adopted(world.home))


def test_open_draft__leads_its_author_to_the_form_and_hides_from_others(world, as_role):
    case = stories.draft(world.home)
    response = as_role(Role.EMPLOYEE).get(case.get_absolute_url())
    assert response["Location"] == reverse("governance:intake_hub", args=[case.pk])
    assert as_role(Role.SECRETARIAT).get(case.get_absolute_url()).status_code == 404


def test_open_shielded_case__shows_card_and_logs_those_who_read(world, as_role):
    case = stories.received(
        world.home, title="Kameraer", shield_basis="offl_24", public_title="Sikringstiltak"
    )
    hidden = page_of(as_role(Role.LEADER), case)
    assert "Offentleglova § 24" in hidden
    assert "Kameraer" not in hidden
    assert CONTENT not in hidden
    assert not AccessLog.objects.exists()
    assert "Kameraer" in page_of(as_role(Role.SECRETARIAT), case)
    row = AccessLog.objects.get()
    assert (row.person, row.what) == (world.home.person(Role.SECRETARIAT), "papers")


def test_open_case__escapes_html(world, as_role):
    case = stories.received(world.home, title='"><img src=x onerror=alert(1)>', need="<script>1</script>")
    page = page_of(as_role(Role.SECRETARIAT), case)
    assert "<img src=x" not in page
    assert "<script>1" not in page
    assert "&lt;script&gt;1" in page


def test_see_buttons__of_the_one_whose_turn_it_is(world, as_role):
    case = stories.awaiting_endorsement(world.home)
    page = page_of(as_role(Role.SECTOR_LEADER), case)
    for name in ("endorse", "decline_endorsement", "return_from_endorsement"):
        assert reverse("governance:initiative_transition", args=[case.pk, name]) in page
    other = page_of(as_role(Role.LEADER), case)
    assert "/handling/" not in other


def test_see_buttons__tells_why_the_usual_step_waits(world, as_role):
    page = page_of(as_role(Role.COORDINATOR), stories.under_preparation(world.home))
    assert "«Klar for rådet» kan ikke gjøres ennå" in page
    assert "Skriv saksframlegget først." in page


def test_see_buttons__lead_the_submitter_of_a_returned_case_to_the_form(world, as_role):
    data = {"missing": ["Gevinster"], "deadline": timezone.localdate()}
    case = perform(
        "return_for_completion", stories.received(world.home), by=world.home.actor(Role.SECRETARIAT),
        now=timezone.now(), data=data,
    )  # fmt: skip
    page = page_of(as_role(Role.EMPLOYEE), case)
    assert reverse("governance:intake_hub", args=[case.pk]) in page
    assert "handling/resubmit" not in page


def test_see_treatment__holds_endorsement_hearing_and_decision(world, as_role):
    case = stories.under_preparation(world.home, affects_staff="yes")
    stories.write_paper(case, world.home)
    now = timezone.now()
    for hearing in case.hearings.all():
        hearings.answer_hearing(
            hearing, answer="Vi er enige.", position="remarks", by=world.home.actor(hearing.role), now=now
        )
    meeting = stories.meeting(world.home)
    by = world.home.actor(Role.SECRETARIAT)
    case = perform("mark_ready", case, by=by, now=now)
    case = perform("put_on_agenda", case, by=by, now=now, data={"meeting": meeting})
    stories.in_session(meeting, world.home)
    council.decide(case.agenda_items.get(), outcome="prioritize", text="Rådet sier ja.", by=by, now=now)
    page = page_of(as_role(Role.HR), case, "behandling")
    for words in ("Tilrår", "Vi er enige.", "Tillitsvalgt", "Rådet sier ja.", "Enstemmig", "DR 1/"):
        assert words in page


def test_see_treatment__each_municipality_sees_its_own_share(world, as_role):
    region, home, neighbor = world.region, world.home, world.neighbor
    case = stories.draft(region, financing="budget_application", title="Felles løsning")
    for place in (home, neighbor):
        Participation.objects.create(
            initiative=case, municipality=place.municipality, changed_at=timezone.now()
        )
    case = perform("submit", case, by=region.actor(Role.EMPLOYEE), now=timezone.now())
    case = perform("endorse", case, by=region.actor(Role.SECTOR_LEADER), now=timezone.now())
    data = {"case_handler": region.person(Role.COORDINATOR), "deadline": timezone.localdate()}
    case = perform(
        "start_preparation", case, by=region.actor(Role.SECRETARIAT), now=timezone.now(), data=data
    )
    stories.write_paper(case, region)
    for hearing in case.hearings.all():
        hearing.position, hearing.answered_at, hearing.answered_by = (
            "no_remarks",
            timezone.now(),
            hearing.person,
        )
        hearing.save()
    case = perform("mark_ready", case, by=region.actor(Role.SECRETARIAT), now=timezone.now())
    meeting = stories.meeting(region)
    data = {"meeting": meeting}
    case = perform("put_on_agenda", case, by=region.actor(Role.SECRETARIAT), now=timezone.now(), data=data)
    stories.in_session(meeting, region)
    council.decide(
        case.agenda_items.get(),
        outcome="recommend",
        text="Ja",
        by=region.actor(Role.SECRETARIAT),
        now=timezone.now(),
    )
    own = page_of(as_role(Role.EMPLOYEE, home), case, "behandling")
    assert "Heim kommune" in own
    assert "Granne kommune</th>" not in own
    row = case.municipal_decisions.get(municipality=neighbor.municipality)
    council.decide_for_municipality(
        row, verdict="approved", text="Granne sier ja.", body="kommunedirektor",
        by=neighbor.actor(Role.KOMMUNEDIREKTOR), now=timezone.now(),
    )  # fmt: skip
    for part in ("behandling", "historikk"):
        assert "Granne sier ja." not in page_of(as_role(Role.EMPLOYEE, home), case, part)
    assert "Granne sier ja." in page_of(as_role(Role.EMPLOYEE, neighbor), case, "behandling")
    whole = page_of(as_role(Role.SECRETARIAT, region), case, "behandling")
    assert whole.count("50\xa0%") + whole.count("50 %") == 2


def test_see_history__names_people_and_gives_reasons_to_readers(world, as_role):
    case = perform(
        "decline_endorsement", stories.awaiting_endorsement(world.home), by=world.home.actor(Role.SECTOR_LEADER),
        now=timezone.now(), data={"reason": "Vi har ikke penger."},
    )  # fmt: skip
    page = page_of(as_role(Role.EMPLOYEE), case, "historikk")
    assert "Vi har ikke penger." in page
    assert world.home.person(Role.SECTOR_LEADER).name in page
    assert "Vi har ikke penger." not in page_of(as_role(Role.HR), case)


def test_open_case__links_to_project_and_case_paper(world, as_role):
    case = stories.in_portfolio(world.home)
    page = page_of(as_role(Role.EMPLOYEE), case)
    assert reverse("portfolio:project_detail", args=[case.project.pk]) in page
    assert reverse("governance:initiative_case_paper", args=[case.pk]) in page


def test_open_ended_case__shows_how_far_it_came(world, as_role):
    case = perform(
        "withdraw", stories.received(world.home), by=world.home.actor(Role.EMPLOYEE), now=timezone.now(),
        data={"reason": "Løst på annen måte"},
    )  # fmt: skip
    steps = as_role(Role.EMPLOYEE).get(case.get_absolute_url()).context["steps"]
    assert [step["state"] for step in steps[:4]] == ["done", "done", "stopped", "todo"]


@pytest.mark.parametrize("part", ["", "behandling", "historikk"])
@pytest.mark.parametrize("make", ["under_preparation", "adopted"])
def test_open_case__costs_at_most_twelve_queries(world, as_role, django_assert_max_num_queries, make, part):
    case = getattr(stories, make)(
        world.home, affects_staff="yes", shield_basis="offl_13", public_title="Skjermet"
    )
    client = as_role(Role.SECRETARIAT)
    page_of(client, case, part)
    with django_assert_max_num_queries(12):
        page_of(client, case, part)


def test_open_case__in_every_state(world, as_role):
    client = as_role(Role.SECRETARIAT)
    for make in (
        "awaiting_endorsement",
        "received",
        "under_preparation",
        "ready_for_council",
        "on_agenda",
        "in_portfolio",
    ):
        case = getattr(stories, make)(world.home)
        assert str(Status(case.status).label) in page_of(client, case)


def test_open_case__that_never_was(world, as_role):
    assert as_role(Role.SECRETARIAT).get("/tiltak/987654321987654321987654321/").status_code == 404
