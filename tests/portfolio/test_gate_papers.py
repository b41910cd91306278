"""Gate papers: who writes and reads them, the council's agenda, and that no decision point is passed without its decision."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import InternalError, transaction
from django.urls import reverse
from django.utils import timezone

from core.errors import Refused, StaleVersion
from core.workflow import TransitionBlocked, TransitionDenied
from governance import council
from governance.council import matters
from governance.models import AgendaItem, Attendance, Decision, Matter, Meeting
from governance.workflow import meeting_workflow
from organization.roles import Role
from portfolio import operations as project_operations
from portfolio.gatepaper import operations
from portfolio.models import GatePaper, Project
from portfolio.workflow import status_workflow
from tests import stories
from tests.governance import regional
from tests.portfolio import gate_papers as papers
from tests.portfolio import statuses

MAX_QUERIES = 12
WRITERS = [Role.PROJECT_OWNER, Role.PROJECT_MANAGER, Role.PORTFOLIO_MANAGER]


@pytest.fixture
def place(world):
    return world.home


@pytest.fixture
def project(place):
    return stories.in_portfolio(place).project


@pytest.fixture
def for_council(place):
    papers.council_decides(place)


def url(name, *args):
    return reverse(f"portfolio:{name}", args=args)


def move(project, place, to="planning"):
    return stories.move(Project.objects.get(pk=project.pk), place, to)


def blocked(project, place, to="planning"):
    with pytest.raises(TransitionBlocked) as why:
        move(project, place, to)
    return why.value.reasons


# --- Who decides -----------------------------------------------------------------------------------
def test_pass_point__without_a_paper_where_the_council_does_not_decide(place, project):
    assert move(project, place).phase == "planning"


def test_pass_point__council_has_not_decided(place, project, for_council):
    [reason] = blocked(project, place)
    assert str(reason) == "Rådet har ikke behandlet BP2 ennå. Send et beslutningsgrunnlag."
    assert reason.url == url("gate_paper_list", project.pk)
    paper = papers.sent(project, place)
    [reason] = blocked(project, place)
    assert str(reason) == "Rådet har ikke behandlet BP2 ennå."
    assert reason.url == url("gate_paper_detail", paper.pk)


@pytest.mark.parametrize("outcome", ["approve", "approve_on_terms"])
def test_pass_point__council_approves(place, project, for_council, outcome):
    paper = papers.sent(project, place)
    decision = papers.decided_by_council(paper, place, outcome, text="Rådet godkjenner BP2.")
    paper.refresh_from_db()
    assert (paper.status, paper.decision, paper.decision_text) == (
        outcome,
        decision,
        "Rådet godkjenner BP2.",
    )
    assert decision.initiative_id == project.initiative_id
    assert move(project, place).phase == "planning"
    [reason] = blocked(project, place, "execution")[:1]
    assert "BP3" in str(reason)


@pytest.mark.parametrize(
    ("outcome", "words"), [("send_back", "ble sendt tilbake"), ("stop", "at prosjektet stoppes")]
)
def test_pass_point__council_does_not_approve(place, project, for_council, outcome, words):
    papers.decided_by_council(papers.sent(project, place), place, outcome)
    [reason] = blocked(project, place)
    assert words in str(reason)
    papers.decided_by_council(papers.sent(project, place), place)
    assert move(project, place).phase == "planning"


def test_pass_point__a_phase_is_not_skipped_by_address(as_role, place, project, for_council):
    papers.decided_by_council(papers.sent(project, place), place)
    stories.answer_checklist(project, place)
    for name in ("to_execution", "to_closing", "to_realizing", "skip_concept"):
        answer = as_role(Role.PORTFOLIO_MANAGER).post(url("project_transition", project.pk, name))
        assert answer.status_code in {404, 409}
    assert Project.objects.get(pk=project.pk).phase == "concept"


def test_pass_point__each_municipality_its_own(world):
    papers.council_decides(world.home)
    papers.council_decides(world.neighbor, "bp3")
    here, there = (stories.in_portfolio(one).project for one in (world.home, world.neighbor))
    assert blocked(here, world.home)
    assert move(there, world.neighbor).phase == "planning"


def test_pass_point__postponed_waits_for_a_new_agenda(place, project, for_council):
    paper = papers.sent(project, place)
    papers.decided_by_council(paper, place, "postpone")
    assert blocked(project, place)
    assert Matter.objects.waiting().get().subject_id == paper.pk
    papers.decided_by_council(paper, place)
    assert not Matter.objects.waiting().exists()
    assert move(project, place).phase == "planning"


def test_go_back__asks_the_council_anew(place, project, for_council):
    papers.decided_by_council(papers.sent(project, place), place)
    there = move(project, place)
    by = place.actor(Role.PORTFOLIO_MANAGER)
    back = project_operations.move_phase(there, to="concept", by=by, now=timezone.now())
    assert "Rådet har ikke behandlet BP2 ennå" in str(blocked(back, place)[0])
    papers.decided_by_council(papers.sent(back, place), place)
    assert move(back, place).phase == "planning"


def test_go_back_or_stop__not_while_the_council_has_the_paper(place, project, for_council):
    papers.decided_by_council(papers.sent(project, place), place)
    there = move(project, place)
    papers.sent(there, place)
    by, now = place.actor(Role.PORTFOLIO_MANAGER), timezone.now()
    for refused in (
        lambda: project_operations.move_phase(there, to="concept", by=by, now=now),
        lambda: status_workflow.perform("stop", there, by=by, now=now, data={"reason": "Fordi", "spent": 0}),
    ):
        with pytest.raises(TransitionBlocked, match="Trekk det først"):
            refused()


def test_approve_here__counts_not_where_the_council_decides_since(place, project):
    paper = papers.sent(project, place)
    operations.decide(
        paper, outcome="approve", text="Godkjent.", by=place.actor(Role.PROJECT_OWNER), now=timezone.now()
    )
    papers.council_decides(place)
    assert "Rådet har ikke behandlet BP2 ennå" in str(blocked(project, place)[0])


# --- In the meeting --------------------------------------------------------------------------------
def test_send__lays_it_before_the_secretariat(as_role, place, project, for_council):
    paper = papers.sent(project, place)
    matter = Matter.objects.waiting().get()
    assert (matter.subject_id, matter.recommendation, matter.initiative_id) == (
        paper.pk,
        "BP godkjennes.",
        project.initiative_id,
    )
    address = reverse("governance:matter_detail", args=[matter.pk])
    secretariat = as_role(Role.SECRETARIAT)
    assert matter.title in secretariat.get(reverse("governance:meeting_list")).content.decode()
    assert address in secretariat.get(reverse("core:inbox")).content.decode()
    meeting = stories.meeting(place)
    answer = secretariat.post(address, {"meeting": meeting.pk}, follow=True)
    assert f"På sakslista for møte {meeting.number}" in answer.content.decode()
    item = AgendaItem.objects.get(matter=matter)
    assert item.case_number.startswith("DR ")
    assert address not in secretariat.get(reverse("core:inbox")).content.decode()


def test_place_matter__once_and_in_an_own_meeting(world, place, project, for_council):
    paper = papers.sent(project, place)
    matter = Matter.objects.get(subject_id=paper.pk)
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    with pytest.raises(TransitionBlocked, match="Velg et annet møte"):
        matters.place(matter, meeting=stories.meeting(world.neighbor), by=by, now=now)
    papers.placed(paper, place)
    with pytest.raises(TransitionBlocked, match="står alt"):
        papers.placed(paper, place)


def test_place_matter__others_may_not(as_role, world, place, project, for_council):
    paper = papers.sent(project, place)
    matter = Matter.objects.get(subject_id=paper.pk)
    address = reverse("governance:matter_detail", args=[matter.pk])
    meeting = stories.meeting(place)
    with pytest.raises(TransitionDenied):
        matters.place(matter, meeting=meeting, by=place.actor(Role.PORTFOLIO_MANAGER), now=timezone.now())
    assert as_role(Role.COUNCIL_MEMBER).get(address).status_code == 200
    assert as_role(Role.COUNCIL_MEMBER).post(address, {"meeting": meeting.pk}).status_code == 403
    for role, where in (
        (Role.EMPLOYEE, place),
        (Role.SECRETARIAT, world.neighbor),
        (Role.SECRETARIAT, world.stranger),
    ):
        assert as_role(role, where).get(address).status_code == 404


def test_take_off__waits_again_and_says_why(as_role, place, project, for_council):
    paper = papers.sent(project, place)
    item = papers.placed(paper, place)
    address = reverse("governance:matter_detail", args=[item.matter_id])
    assert as_role(Role.SECRETARIAT).post(address, {"reason": ""}).status_code == 422
    as_role(Role.SECRETARIAT).post(address, {"reason": "Mangler tall."})
    assert Matter.objects.waiting().get().pk == item.matter_id


def test_cancel_meeting__gives_the_matter_back(place, project, for_council):
    item = papers.placed(papers.sent(project, place), place)
    by = place.actor(Role.SECRETARIAT)
    meeting_workflow.perform("cancel", item.meeting, by=by, now=timezone.now(), data={"reason": "Sykdom"})
    assert Matter.objects.waiting().get().pk == item.matter_id


def test_decide__quorum_and_habilitet_count_as_for_others(place, project, for_council):
    item = papers.placed(papers.sent(project, place), place)
    meeting = stories.in_session(item.meeting, place)
    by, now = place.actor(Role.SECRETARIAT), timezone.now()
    sitting = Attendance.objects.filter(meeting=meeting, presence="present").first()
    council.register_attendance(meeting, present={sitting.pk}, absent=set(), substitutes={}, by=by, now=now)
    item = AgendaItem.objects.get(pk=item.pk)
    with pytest.raises(TransitionBlocked, match="ikke vedtaksført"):
        council.decide(item, outcome="approve", text="Godkjent.", by=by, now=now)
    assert GatePaper.objects.get().is_sent


def test_decide__only_what_fits_a_gate_paper(place, project, for_council):
    paper = papers.sent(project, place)
    with pytest.raises(TransitionBlocked, match="passer ikke"):
        papers.decided_by_council(paper, place, "prioritize")
    ordinary = stories.on_agenda(place)
    item = ordinary.agenda_items.get()
    stories.in_session(item.meeting, place)
    with pytest.raises(TransitionBlocked, match="passer ikke"):
        council.decide(
            AgendaItem.objects.get(pk=item.pk), outcome="approve", text="Ja", by=place.actor(Role.SECRETARIAT), now=timezone.now()
        )  # fmt: skip


def test_meeting__is_not_over_before_the_matter_is_decided(as_role, place, project, for_council):
    item = papers.placed(papers.sent(project, place), place)
    meeting = stories.in_session(item.meeting, place)
    by = place.actor(Role.SECRETARIAT)
    with pytest.raises(TransitionBlocked, match=item.case_number):
        meeting_workflow.perform("conclude", meeting, by=by, now=timezone.now())
    page = reverse("governance:meeting_item", args=[meeting.pk, item.pk])
    text = as_role(Role.SECRETARIAT).get(page).content.decode()
    assert "Les beslutningsgrunnlaget" in text
    assert "Godkjennes med vilkår" in text
    assert "Prioriteres" not in text
    form = {
        "do": "decide",
        "outcome": "approve",
        "text": "Rådet godkjenner.",
        "asked": "on",
        "unanimous": "on",
    }
    assert as_role(Role.SECRETARIAT).post(page, form).status_code == 302
    decision = Decision.objects.get(agenda_item=item)
    for address in (
        meeting.get_absolute_url(),
        reverse("governance:decision_log"),
        reverse("governance:meeting_minutes", args=[meeting.pk]),
    ):
        assert item.title in as_role(Role.SECRETARIAT).get(address).content.decode()
    for name in ("meeting_minutes_pdf", "meeting_agenda_pdf"):
        answer = as_role(Role.SECRETARIAT).get(reverse(f"governance:{name}", args=[meeting.pk]))
        assert answer.content.startswith(b"%PDF")
    assert decision.initiative.status == "in_portfolio"


def test_send_to_council__beside_a_notice_of_the_same_initiative(place, project, for_council):
    from governance import agenda

    meeting = stories.meeting(place)
    item = papers.placed(papers.sent(project, place), place, meeting)
    told = agenda.add_item(
        meeting, title="Orientering", kind="RS", by=place.actor(Role.SECRETARIAT), now=timezone.now(), initiative=project.initiative
    )  # fmt: skip
    assert told.pk != item.pk
    assert Meeting.objects.get(pk=meeting.pk).items.on_agenda().count() == 2


# --- Who reads -------------------------------------------------------------------------------------
def test_read_paper__draft_then_the_council_then_everybody(as_role, world, place, project, for_council):
    def codes(paper):
        found = {}
        for role in (Role.PROJECT_MANAGER, Role.COUNCIL_MEMBER, Role.EMPLOYEE):
            found[role] = as_role(role).get(url("gate_paper_detail", paper.pk)).status_code
        return list(found.values())

    paper = papers.draft(project, place)
    assert codes(paper) == [302, 404, 404]
    papers.sent(project, place)
    assert codes(paper) == [200, 200, 404]
    item = papers.placed(paper, place)
    assert codes(paper) == [200, 200, 404]
    stories.in_session(item.meeting, place)
    assert codes(paper) == [200, 200, 200]
    assert (
        as_role(Role.COUNCIL_MEMBER, world.neighbor).get(url("gate_paper_detail", paper.pk)).status_code
        == 404
    )


def test_read_paper__of_a_shielded_initiative_is_for_those_who_read_what_is_shielded(
    as_role, place, project, for_council
):
    paper = papers.sent(project, place)
    papers.decided_by_council(paper, place)
    type(project.initiative).objects.filter(pk=project.initiative_id).update(
        shield_basis="offl_23", public_title="Skjermet sak"
    )
    assert as_role(Role.CHANGE_AGENT).get(url("gate_paper_detail", paper.pk)).status_code == 404
    assert as_role(Role.PROJECT_MANAGER).get(url("gate_paper_detail", paper.pk)).status_code == 200
    assert as_role(Role.SECRETARIAT).get(url("gate_paper_detail", paper.pk)).status_code == 200


def test_read_paper__of_the_region_by_participants_when_it_is_out(as_role, world):
    initiative, at = regional.recommended(world), world.region
    for place in (world.home, world.neighbor):
        initiative = regional.answer(initiative, place, "approved")
    project = project_operations.start_project(
        initiative, name="Felles prosjekt", owner=at.person(Role.PROJECT_OWNER), by=at.actor(Role.PORTFOLIO_MANAGER),
        manager=at.person(Role.PROJECT_MANAGER), now=timezone.now(),
    )  # fmt: skip
    papers.council_decides(at)
    paper = papers.sent(project, at)
    address = url("gate_paper_detail", paper.pk)
    assert as_role(Role.COUNCIL_MEMBER).get(address).status_code == 404
    papers.decided_by_council(paper, at)
    assert as_role(Role.CHANGE_AGENT).get(address).status_code == 200
    assert as_role(Role.CHANGE_AGENT, world.stranger).get(address).status_code == 404


@pytest.mark.parametrize("role", WRITERS)
def test_write_paper__by_those_who_answer_for_the_project(as_role, place, project, role):
    answer = as_role(role).post(url("gate_paper_write", project.pk), papers.posted(project, "save"))
    assert answer.status_code == 302
    assert GatePaper.objects.get().author == place.person(role)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.SECRETARIAT, Role.ADMINISTRATOR])
def test_write_paper__others_may_not(as_role, place, project, role):
    address = url("gate_paper_write", project.pk)
    assert as_role(role).get(address).status_code == 403
    with pytest.raises(TransitionDenied):
        papers.draft(project, place, role=role)


# --- Writing ---------------------------------------------------------------------------------------
def test_write_paper__prefilled_from_what_is_registered(as_role, place, project):
    statuses.published(project, place, economy="bad", economy_text="Sprekk på lisenser.")
    text = as_role(Role.PROJECT_MANAGER).get(url("gate_paper_write", project.pk)).content.decode()
    assert "Sprekk på lisenser." in text
    assert "Mindre dobbeltarbeid" in text


def test_send__freezes_the_facts(as_role, place, project):
    statuses.published(project, place, economy="bad", economy_text="Sprekk på lisenser.")
    paper = papers.sent(project, place)
    statuses.published(project, place, economy="good")
    text = as_role(Role.PROJECT_MANAGER).get(url("gate_paper_detail", paper.pk)).content.decode()
    assert "Sprekk på lisenser." in text
    with pytest.raises(InternalError), transaction.atomic():
        GatePaper.objects.filter(pk=paper.pk).update(proposal="Noe annet")
    with pytest.raises(InternalError), transaction.atomic():
        GatePaper.objects.filter(pk=paper.pk).delete()


@pytest.mark.parametrize("field", ["assessment", "proposed", "proposal"])
def test_send__says_what_is_missing_and_keeps_what_was_typed(as_role, project, field):
    data = papers.posted(project, "send", **{field: ""})
    answer = as_role(Role.PROJECT_MANAGER).post(url("gate_paper_write", project.pk), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {field}
    assert "Vi er klare." in answer.content.decode()
    assert not GatePaper.objects.exists()


def test_send__of_a_bad_choice_is_refused_in_words(as_role, place, project):
    data = papers.posted(project, "send", proposed="prioritize")
    answer = as_role(Role.PROJECT_MANAGER).post(url("gate_paper_write", project.pk), data)
    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        papers.sent(project, place, proposed="prioritize")


def test_write_paper__somebody_else_saved_meanwhile(as_role, place, project):
    data = papers.posted(project, "save", assessment="Min vurdering.")
    papers.draft(project, place, role=Role.PROJECT_OWNER, assessment="Eierens vurdering.")
    answer = as_role(Role.PROJECT_MANAGER).post(url("gate_paper_write", project.pk), data)
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "Min vurdering." in text
    assert "Eierens" in text
    assert GatePaper.objects.get().assessment == "Eierens vurdering."
    with pytest.raises(StaleVersion):
        operations.send(
            project, papers.values(), mark="0", by=place.actor(Role.PROJECT_OWNER), now=timezone.now()
        )


def test_send_twice__is_one(as_role, project):
    data = papers.posted(project, "send")
    client = as_role(Role.PROJECT_MANAGER)
    assert client.post(url("gate_paper_write", project.pk), data).status_code == 302
    assert client.post(url("gate_paper_write", project.pk), data).status_code == 409
    assert GatePaper.objects.count() == 1


def test_withdraw__is_a_draft_again_unless_it_stands_on_an_agenda(as_role, place, project, for_council):
    paper = papers.sent(project, place)
    item = papers.placed(paper, place)
    address = url("gate_paper_withdraw", paper.pk)
    client = as_role(Role.PROJECT_MANAGER)
    answer = client.post(address)
    assert answer.status_code == 409
    assert "Be sekretariatet" in answer.content.decode()
    matters.take_off(item.matter, reason="Etter ønske", by=place.actor(Role.SECRETARIAT), now=timezone.now())
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    paper.refresh_from_db()
    assert (paper.is_draft, paper.facts) == (True, {})
    assert not Matter.objects.filter(closed_at=None).exists()
    assert papers.sent(project, place).pk == paper.pk


def test_write_paper__not_of_a_project_that_is_over(as_role, place, project):
    by = place.actor(Role.PORTFOLIO_MANAGER)
    status_workflow.perform("stop", project, by=by, now=timezone.now(), data={"reason": "Nei", "spent": 0})
    answer = as_role(Role.PROJECT_MANAGER).get(url("gate_paper_write", project.pk))
    assert answer.status_code == 409
    with pytest.raises(Refused):
        papers.draft(project, place)


def test_change_kind__not_while_a_paper_waits(place, project):
    papers.sent(project, place)
    how = {"reason": "Linja gjør det.", "by": place.actor(Role.PORTFOLIO_MANAGER), "now": timezone.now()}
    with pytest.raises(Refused, match="Trekk det først"):
        project_operations.change_kind(project, kind="line_change", **how)
    operations.withdraw(GatePaper.objects.get(), by=how["by"], now=how["now"])
    papers.council_decides(place)
    changed = project_operations.change_kind(project, kind="line_change", **how)
    with pytest.raises(Refused, match="Bare prosjekter"):
        papers.sent(changed, place)
    with pytest.raises(TransitionBlocked) as why:
        project_operations.move_phase(changed, to="execution", by=how["by"], now=how["now"])
    assert not any("BP3" in str(reason) for reason in why.value.reasons)


# --- Decided by those who own the project ------------------------------------------------------------
def test_decide_here__by_owner_or_portfolio_manager(as_role, place, project):
    paper = papers.sent(project, place)
    assert "ikke avgjort" in str(blocked(project, place)[0])
    address = url("gate_paper_decide", paper.pk)
    assert as_role(Role.PROJECT_MANAGER).get(address).status_code == 403
    assert as_role(Role.EMPLOYEE).get(address).status_code == 404
    owner = as_role(Role.PROJECT_OWNER)
    assert owner.post(address, {"outcome": "approve", "text": ""}).status_code == 422
    answer = owner.post(address, {"outcome": "approve", "text": "Godkjent.", "reference": "Styret 3/26"})
    assert answer.status_code == 302
    assert owner.post(address, {"outcome": "stop", "text": "Nei."}).status_code == 409
    assert as_role(Role.EMPLOYEE).get(url("gate_paper_detail", paper.pk)).status_code == 200
    assert move(project, place).phase == "planning"


def test_decide_here__not_what_the_council_decides(as_role, place, project, for_council):
    paper = papers.sent(project, place)
    form = {"outcome": "approve", "text": "Godkjent."}
    answer = as_role(Role.PROJECT_OWNER).post(url("gate_paper_decide", paper.pk), form)
    assert answer.status_code == 409
    assert "Rådet avgjør" in answer.content.decode()


# --- Pages -----------------------------------------------------------------------------------------
def test_open_project__tells_of_the_paper(as_role, place, project, for_council):
    papers.sent(project, place)
    text = as_role(Role.EMPLOYEE).get(url("project_detail", project.pk)).content.decode()
    assert "Rådet avgjør." in text
    assert "Venter på avgjørelse" in text


def test_list__shows_what_the_reader_may_read(as_role, place, project):
    papers.draft(project, place)
    address = url("gate_paper_list", project.pk)
    assert "Kladd" in as_role(Role.PROJECT_MANAGER).get(address).content.decode()
    assert "Ingen beslutningsgrunnlag ennå" in as_role(Role.EMPLOYEE).get(address).content.decode()


def test_download_pdf__tagged_and_for_archives(as_role, place, project):
    paper = papers.sent(project, place)
    answer = as_role(Role.PROJECT_MANAGER).get(url("gate_paper_pdf", paper.pk))
    assert answer["Content-Type"] == "application/pdf"
    assert b"pdfaid" in answer.content
    assert b"pdfuaid" in answer.content


def test_pages__few_queries_whatever_the_number_of_papers(
    as_role, place, project, for_council, django_assert_max_num_queries
):
    client = as_role(Role.PORTFOLIO_MANAGER)

    def decided():
        paper = papers.sent(Project.objects.get(pk=project.pk), place)
        papers.decided_by_council(paper, place, "send_back")
        return paper

    paper = decided()
    addresses = [
        url("gate_paper_list", project.pk),
        url("gate_paper_detail", paper.pk),
        url("gate_paper_write", project.pk),
        url("project_detail", project.pk),
        url("board"),
    ]
    counts = []
    for address in addresses:
        client.get(address)
        with django_assert_max_num_queries(MAX_QUERIES) as asked:
            client.get(address)
        counts.append(len(asked))
    for _ in range(2):
        decided()
    for address, count in zip(addresses, counts, strict=True):
        with django_assert_max_num_queries(count):
            client.get(address)
