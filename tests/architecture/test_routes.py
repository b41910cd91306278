"""Every address × {anonymous, outsider, reader, owner}: the expected code, and no address forgotten."""

from __future__ import annotations

import uuid
from datetime import timedelta
from functools import cached_property

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from archive import shipping
from archive.history import exporting
from archive.messages.package import Package
from archive.models import ArchiveMessage
from archive.workflow import message_workflow
from benefits import basis
from benefits.operations import mapping
from benefits.sharing import operations as sharing
from core.actors import System
from core.attachments import attach
from core.models import Notice
from deviations.models import DeviationImport, ImportJob, RoutingRule
from deviations.operations import write_notification
from governance.following_up import Assignment, set_follow_up
from governance.hearings import operations as hearings
from governance.models import Decision, Matter, MunicipalDecision
from organization.models import Goal, ProfessionalGroup, RoleAssignment, SavedView, Service, Strategy
from organization.roles import Role
from portfolio.checklist.catalogue import begin_with_standard
from portfolio.models import ChecklistPoint, ProjectRisk
from portfolio.money import operations as money
from portfolio.risk.operations import save_risk
from tests import stories
from tests.api import clients
from tests.benefits import baton_stories as baton
from tests.benefits import change_stories as change
from tests.benefits import computing, pilots, pulses
from tests.benefits import stories as benefits
from tests.deviations import stories as deviations
from tests.governance.arenas import Met
from tests.governance.stage import Scored
from tests.organization.stage import Heard
from tests.portfolio import gate_papers, maturities, people, plans, programmes, reports, rows, statuses
from tests.routes import ROUTES, WITHOUT_LOGIN, named_routes

HOME_READER = Role.CHANGE_AGENT  # a colleague outside the line: sees cards only


class Stage(Scored, Met, Heard):
    """Makes what a route needs, on demand."""

    def __init__(self, world) -> None:
        self.place, self.world = world.home, world

    def arguments(self, needs: str) -> dict[str, object]:
        return getattr(self, needs) if needs else {}

    def _pk(self, row) -> dict[str, object]:
        return {"pk": row.pk}

    @cached_property
    def _draft(self):
        return stories.draft(self.place)

    @property
    def draft(self):
        return self._pk(self._draft)

    @property
    def draft_index(self):
        return {"pk": self._draft.pk, "index": 0}

    @property
    def draft_section(self):
        return {"pk": self._draft.pk, "key": "about"}

    @cached_property
    def _file(self):
        upload = SimpleUploadedFile("notat.txt", b"Et lite notat.", "text/plain")
        return attach(self._draft, upload, by=self.place.actor(Role.EMPLOYEE), now=timezone.now())

    @property
    def draft_file(self):
        return {"pk": self._draft.pk, "key": self._file.key}

    @property
    def attachment(self):
        return {"key": self._file.key}

    @property
    def benefit(self):
        return self._pk(self._draft.benefits.get())

    @cached_property
    def _measured(self):
        return benefits.baseline_measured(self.place)

    @property
    def own_benefit(self):
        return self._pk(self._measured)

    @property
    def own_benefit_step(self):
        return {**self.own_benefit, "name": "begin_realizing"}

    @property
    def plan(self):
        return {"pk": self._measured.initiative_id}

    @property
    def plan_pulse(self):
        return {**self.plan, "name": "before_bp3"}

    @property
    def pulse(self):
        return self._pk(pulses.open_pulse(self._measured, self.place))

    @cached_property
    def _node(self):
        given = mapping.NodeInput(stage="enabler", title="Nettbrett", prerequisites="")
        by = self.place.actor(Role.SERVICE_OWNER)
        return mapping.save_node(self._measured.initiative, given, by=by, now=timezone.now())

    @property
    def map_node(self):
        return self._pk(self._node)

    @property
    def map_link(self):
        by, end = self.place.actor(Role.SERVICE_OWNER), f"b{self._measured.pk}"
        return self._pk(
            mapping.add_link(self._measured.initiative, f"n{self._node.pk}", end, by=by, now=timezone.now())
        )

    @cached_property
    def _change_action(self):
        return change.action(self._measured.initiative, self.place, owner=self.place.person(Role.LEADER))

    @property
    def change_action(self):
        return self._pk(self._change_action)

    @property
    def basis(self):
        values = {
            **basis.kept(basis.basis_for(0, timezone.localdate())),
            "valid_from": timezone.localdate() + timedelta(days=30),
        }
        home, by = self.place.municipality, self.place.actor(Role.CHIEF_OF_FINANCE)
        return self._pk(basis.set_basis(home, values, by=by, now=timezone.now()))

    @property
    def change_action_step(self):
        return {**self.change_action, "name": "finish_change"}

    @property
    def change_agent(self):
        return self._pk(change.agent(self._measured.initiative, self.place))

    @property
    def stakeholder(self):
        return self._pk(change.stakeholder(self._measured.initiative, self.place))

    @property
    def benefit_risk(self):
        return self._pk(
            change.risk(self._measured.initiative, self.place, owner=self.place.person(Role.LEADER))
        )

    @cached_property
    def _pilot(self):
        return pilots.declared(self._measured.initiative, self.place)

    @property
    def pilot(self):
        return self._pk(self._pilot)

    @property
    def piloted_plan(self):
        return {"pk": self._pilot.initiative_id}

    @property
    def indicator(self):
        return self._pk(self._measured.indicators.get())

    @property
    def indicator_source(self):
        return {**self.indicator, "key": "deviations"}

    @cached_property
    def _computed(self):
        return computing.silenced(self.place)

    @property
    def computed_indicator(self):
        return self._pk(self._computed)

    @property
    def computed_measurement(self):
        return self._pk(self._computed.measurements.first())

    @property
    def measurement(self):
        return self._pk(benefits.point(self._measured, 1))

    @property
    def measured(self):
        return self._pk(benefits.point(self._measured))

    @cached_property
    def _handover(self):
        return baton.offered(self.place)

    @property
    def handover(self):
        return self._pk(self._handover)

    @property
    def handover_step(self):
        return {**self.handover, "name": "accept_handover"}

    @cached_property
    def _regional(self):
        return baton.given(self.world)

    @property
    def regional_plan(self):
        return self._pk(self._regional)

    @property
    def local_plan(self):
        return self._pk(baton.plan_of(self._regional, self.place).initiative)

    @cached_property
    def _story(self):
        texts = dict.fromkeys(("title", "did", "gave", "differently"), "En kort tekst.")
        by, now = self.place.actor(Role.SERVICE_OWNER), timezone.now()
        return sharing.tell_story(benefits.realized(self.place), **texts, is_shared=False, by=by, now=now)

    @property
    def story(self):
        return self._pk(self._story)

    @property
    def story_step(self):
        return {**self.story, "name": "take_down"}

    @property
    def award(self):
        by = self.place.actor(Role.KOMMUNEDIREKTOR)
        sharing.open_award(self.place.municipality, by=by, now=timezone.now())
        return {}

    @property
    def award_step(self):
        return {**self.award, "name": "start_vote"}

    @property
    def saved_view(self):
        given = {"owner": self.place.person(Role.EMPLOYEE), "list": "deviations:deviation_list"}
        return self._pk(
            SavedView.objects.create(**given, name=f"Visning {uuid.uuid4()}", query="kategori=hms")
        )

    @property
    def client(self):
        return self._pk(clients.issue(self.place, "units:read", name=f"Klient {uuid.uuid4()}")[0])

    @property
    def notice(self):
        stories.awaiting_endorsement(self.place)
        row = Notice.objects.first()
        Notice.objects.filter(pk=row.pk).update(recipient=self.place.person(Role.EMPLOYEE))
        return self._pk(row)

    @property
    def received(self):
        return self._pk(stories.received(self.place))

    @property
    def initiative(self):
        return self.received

    @property
    def own_initiative(self):
        return self.received

    @property
    def hearable(self):
        return self.preparing

    @property
    def initiative_step(self):
        return {**self.received, "name": "start_preparation"}

    @property
    def preparing(self):
        return self._pk(self._preparing)

    @property
    def paper_section(self):
        return {**self.preparing, "key": "background"}

    @property
    def paper_comments(self):
        return self.paper_section

    @property
    def paper_section_versions(self):
        return self.paper_section

    @property
    def paper_section_version(self):
        return {**self.paper_section, "number": 1}

    @property
    def maturity(self):
        return self._pk(maturities.draft(self.place))

    @property
    def maturity_answer(self):
        return {**self.maturity, "key": "roles"}

    @cached_property
    def _preparing(self):
        initiative = stories.under_preparation(self.place)
        stories.write_paper(initiative, self.place)
        return initiative

    @property
    def hearing(self):
        asked = hearings.ask_hearings(
            stories.under_preparation(self.place), roles=[Role.HR], due_on=None,
            by=self.place.actor(Role.COORDINATOR), now=timezone.now(),
        )  # fmt: skip
        return self._pk(asked[0])

    @cached_property
    def _meeting(self):
        meeting = stories.meeting(self.place)
        stories.on_agenda(self.place, meeting)
        return meeting

    @property
    def meeting(self):
        return self._pk(self._meeting)

    @property
    def cycle_period(self):
        return self._pk(stories.period(self.place, submission=5))

    @property
    def meeting_step(self):
        return {"pk": self._meeting.pk, "name": "summon"}

    @property
    def item(self):
        return {"pk": self._meeting.pk, "item": self._meeting.items.get().pk}

    @cached_property
    def followed_up(self):
        stories.decided(self.place, "reject", title="Skal følges opp")
        decision = Decision.objects.latest("pk")
        given = {"responsible": self.place.person(Role.HR), "due_on": None}
        set_follow_up(
            decision, Assignment(**given), by=self.place.actor(Role.SECRETARIAT), now=timezone.now()
        )
        return self._pk(decision)

    @property
    def follow_up_step(self):
        return {**self.followed_up, "name": "finish_follow_up"}

    @property
    def municipal_decision(self):
        stories.decided(self.place, "recommend", financing="budget_application")
        return self._pk(MunicipalDecision.objects.get())

    @property
    def adopted(self):
        return self._pk(stories.adopted(self.place))

    @cached_property
    def _project(self):
        return stories.in_portfolio(self.place).project

    @property
    def project(self):
        return self._pk(self._project)

    @property
    def programme(self):
        return self._pk(programmes.programme(self.place))

    @property
    def project_at_gate(self):
        return self.project

    @property
    def budget_line(self):
        amounts = dict.fromkeys(("budget", "committed", "spent", "forecast"), 0)
        line = {
            "line": None,
            "stamp": "",
            "by": self.place.actor(Role.PROJECT_MANAGER),
            "now": timezone.now(),
        }
        return self._pk(money.save_line(self._project, {"year": 2026, "source": "state", **amounts}, **line))

    @property
    def status_report(self):
        return self._pk(statuses.published(self._project, self.place))

    @property
    def gate_paper(self):
        return self._pk(gate_papers.sent(self._project, self.place))

    @property
    def matter(self):
        gate_papers.council_decides(self.place)
        paper = gate_papers.sent(self._project, self.place)
        return self._pk(Matter.objects.get(subject_id=paper.pk, closed_at=None))

    @property
    def status_draft(self):
        statuses.draft(self._project, self.place)
        return self._pk(self._project)

    @property
    def project_step(self):
        return {"pk": self._project.pk, "name": "pause"}

    @property
    def portfolio_draft(self):
        return self._pk(reports.draft(self.place))

    @property
    def checkpoint(self):
        return {"pk": self._project.pk, "checkpoint": self._project.checkpoints.first().pk}

    @property
    def project_risk(self):
        row = ProjectRisk(project=self._project)
        values = {"title": "Forsinket", "probability": 3, "impact": 3}
        by = self.place.actor(Role.PROJECT_MANAGER)
        return {"pk": self._project.pk, "risk": save_risk(row, values, by=by, now=timezone.now()).pk}

    @property
    def milestone(self):
        return self._pk(plans.milestone(self._project, self.place))

    @property
    def deliverable(self):
        return self._pk(plans.deliverable(self._project, self.place))

    @property
    def dependency(self):
        return self._pk(plans.dependency(self._project, stories.in_portfolio(self.place).project, self.place))

    @property
    def leadership_key(self):
        return {"key": "needy"}

    @property
    def log_entry(self):
        return {"pk": self._project.pk, "row": rows.entry(self._project, self.place).pk}

    @property
    def project_stakeholder(self):
        return {"pk": self._project.pk, "row": rows.stakeholder(self._project, self.place).pk}

    @property
    def project_member(self):
        row = rows.member(self._project, self.place)
        return {"pk": self._project.pk, "row": row.pk}

    @property
    def decision_point(self):
        return {"point": "bp3"}

    @property
    def checklist_point(self):
        by = self.place.actor(Role.ADMINISTRATOR)
        begin_with_standard(self.place.municipality, by=by, now=timezone.now())
        return self._pk(ChecklistPoint.objects.filter(municipality=self.place.municipality).first())

    @cached_property
    def _resource_role(self):
        return people.role(self.place)

    @property
    def resource_role(self):
        return self._pk(self._resource_role)

    @property
    def capacity_row(self):
        return {**self.resource_role, "row": people.capacity(self._resource_role, self.place).pk}

    @property
    def absence_row(self):
        return {**self.resource_role, "row": people.absence(self._resource_role, self.place).pk}

    @property
    def resource_request(self):
        return self._pk(people.asked(self._project, self._resource_role, self.place))

    @property
    def resource_step(self):
        return {**self.resource_request, "name": "grant_request"}

    @property
    def message(self):
        stories.awaiting_endorsement(self.place)
        return self._pk(ArchiveMessage.objects.first())

    @property
    def failed_message(self):
        stories.awaiting_endorsement(self.place)
        row = ArchiveMessage.objects.get()
        message_workflow.perform(
            "fail", row, by=System("archive"), now=timezone.now(), data={"problem": "Feil."}
        )
        return self._pk(row)

    @property
    def shipment(self):
        stories.awaiting_endorsement(self.place)
        row = ArchiveMessage.objects.get()
        package = Package(f"{row.pk:08d}-0123456789ab", b"", b"PK", "0" * 64)
        return self._pk(shipping.keep(row, package, timezone.now()))

    @cached_property
    def _packed_export(self):
        stories.awaiting_endorsement(self.place)
        choice = exporting.Choice(purpose="packages")
        by = self.place.actor(Role.ARCHIVIST)
        made = exporting.start(self.place.municipality.pk, choice, by=by, now=timezone.now())
        exporting.carry_out(made.pk, now=timezone.now())
        return made

    @property
    def archive_export(self):
        return self._pk(self._packed_export)

    @property
    def archive_export_file(self):
        return self._pk(self._packed_export.files.get())

    @property
    def own_report(self):
        return self._pk(deviations.report(self.place))

    @cached_property
    def _handled(self):
        return deviations.in_progress(self.place)

    @property
    def handled(self):
        return self._pk(self._handled)

    @property
    def handled_step(self):
        return {**self.handled, "name": "ask_reporter"}

    @property
    def handled_pair(self):
        return {**self.handled, "other": deviations.report(self.place).pk}

    @cached_property
    def _corrective_action(self):
        return deviations.propose(self._handled, self.place)

    @property
    def corrective_action(self):
        return self._pk(self._corrective_action)

    @property
    def corrective_action_step(self):
        return {**self.corrective_action, "name": "reject"}

    @cached_property
    def _lift(self):
        return deviations.raised(self._handled, self.place)

    @property
    def lift(self):
        return self._pk(self._lift)

    @property
    def lift_step(self):
        return {**self.lift, "name": "withdraw_lift"}

    @cached_property
    def _duties(self):
        answers = {"personal_data": "yes", "high_risk": "yes"}
        return deviations.report(self.place, code="IS-FEILSENDT", answers=answers).duties

    @property
    def duty(self):
        return self._pk(self._duties.get(code="GDPR_33"))

    @property
    def duty_step(self):
        return {**self.duty, "name": "judge_not_notifiable"}

    @property
    def duty_point(self):
        return {**self.duty, "stamp": self._duties.get(code="GDPR_33").stamps.first().pk}

    @property
    def duty_letter(self):
        return self._pk(self._duties.get(code="GDPR_34"))

    @property
    def duty_document(self):
        duty = self._duties.get(code="GDPR_33")
        write_notification(
            duty,
            "report",
            {"what": "Et brev"},
            seen=duty.seen,
            by=self.place.actor(Role.LEADER),
            now=timezone.now(),
        )
        return {**self.duty, "form": "tekst"}

    @property
    def own_municipality(self):
        return {"municipality": self.place.municipality.pk}

    @property
    def unit(self):
        return self._pk(self.place.unit)

    @property
    def person(self):
        return self._pk(self.place.person(Role.LEADER))

    @property
    def role(self):
        return self._pk(RoleAssignment.objects.get(person=self.place.person(Role.LEADER)))

    @property
    def service(self):
        return self._pk(Service.objects.get(municipality=self.place.municipality))

    @property
    def group(self):
        return self._pk(
            ProfessionalGroup.objects.create(
                municipality=self.place.municipality, name="Velferdsteknologi",
                responsible=self.place.person(Role.LEADER), changed_at=timezone.now(),
            )
        )  # fmt: skip

    @property
    def strategy(self):
        return self._pk(Strategy.objects.get(municipality=self.place.municipality))

    @cached_property
    def _strategy_draft(self):
        return Strategy.objects.create(
            municipality=self.place.municipality, title="Ny strategi", version="1", changed_at=timezone.now()
        )

    @property
    def strategy_draft(self):
        return self._pk(self._strategy_draft)

    @property
    def goal_draft(self):
        return self._pk(
            Goal.objects.create(
                strategy=self._strategy_draft,
                unit=self.place.unit,
                code="1",
                title="Mål",
                changed_at=timezone.now(),
            )
        )

    @property
    def catalogue_kind(self):
        return {"part": "sporsmal"}

    @property
    def catalogue_row(self):
        return {"part": "typer", "pk": deviations.type_of(self.place, "HMS-FALL").pk}

    @property
    def deviation_import(self):
        now = timezone.now()
        row = DeviationImport(
            municipality=self.place.municipality, system="Gammelt", file_name="a.csv", count=0
        )
        row.at = row.changed_at = now
        row.save()
        return self._pk(row)

    @property
    def import_job(self):
        now = timezone.now()
        person = self.place.person(Role.QUALITY_MANAGER)
        return self._pk(
            ImportJob.objects.create(
                municipality=self.place.municipality, kind="bring", system="Gammelt", file_name="a.csv", total=1,
                ordered_by=person, ordered_at=now, heard_at=now,
            )
        )  # fmt: skip

    @property
    def routing_rule(self):
        return self._pk(
            RoutingRule.objects.create(
                municipality=self.place.municipality, unit=self.place.unit, category="hms", role=Role.LEADER,
                changed_at=timezone.now(),
            )
        )  # fmt: skip

    @property
    def import_kind(self):
        return {"kind": "units"}


def test_list_routes__none_is_forgotten():
    assert set(named_routes()) - set(ROUTES) - WITHOUT_LOGIN == set()
    assert set(ROUTES) - set(named_routes()) == set()


@pytest.mark.parametrize("name", ROUTES)
def test_open_route__gives_each_what_is_theirs(world, client, name):
    route = ROUTES[name]
    address = reverse(name, kwargs=Stage(world).arguments(route.needs))
    answer = client.get(address)
    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/konto/login/")
    seen = {}
    for who, person in {
        "outsider": world.stranger.person(Role.SECRETARIAT),
        "reader": world.home.person(HOME_READER),
        "owner": world.home.person(route.owner),
    }.items():
        client.force_login(person)
        answer = client.get(address)
        for close in getattr(
            answer, "_resource_closers", []
        ):  # a file; answer.close() would end the test's connection
            close()
        seen[who] = answer.status_code
    assert seen == {"outsider": route.outsider, "reader": route.reader, "owner": route.opened}


@pytest.mark.parametrize(
    "name",
    [n for n, r in ROUTES.items() if r.needs and not r.needs.endswith(("_kind", "award", "award_step"))],
)
def test_open_route__of_nothing_is_404_or_405(world, client, name):
    """An id that nobody has, and one larger than any, are not found."""
    route = ROUTES[name]
    client.force_login(world.home.person(route.owner))
    for pk in (987_654_321, 10**30):
        arguments = _nothing(route.needs, pk)
        assert client.get(reverse(name, kwargs=arguments)).status_code in {404, 405}


def _nothing(needs: str, pk: int) -> dict[str, object]:
    shapes = {
        "catalogue_row": {"part": "typer", "pk": pk},
        "group_note": {"pk": pk, "key": uuid.uuid4()}, "attachment": {"key": uuid.uuid4()}, "draft_file": {"pk": pk, "key": uuid.uuid4()},
        "draft_index": {"pk": pk, "index": 0}, "draft_section": {"pk": pk, "key": "about"},
        "paper_section": {"pk": pk, "key": "background"}, "paper_section_versions": {"pk": pk, "key": "background"}, "paper_comments": {"pk": pk, "key": "background"},
        "paper_section_version": {"pk": pk, "key": "background", "number": 1},
        "initiative_step": {"pk": pk, "name": "endorse"}, "meeting_step": {"pk": pk, "name": "summon"},
        "project_step": {"pk": pk, "name": "pause"}, "item": {"pk": pk, "item": pk},
        "own_municipality": {"municipality": pk}, "handled_step": {"pk": pk, "name": "ask_reporter"},
        "handled_pair": {"pk": pk, "other": pk}, "corrective_action_step": {"pk": pk, "name": "reject"},
        "duty_step": {"pk": pk, "name": "complete"}, "lift_step": {"pk": pk, "name": "withdraw_lift"},
        "story_step": {"pk": pk, "name": "take_down"}, "follow_up_step": {"pk": pk, "name": "finish_follow_up"}, "consultation_step": {"pk": pk, "name": "call_off_hearing"},
        "handover_step": {"pk": pk, "name": "accept_handover"},
        "own_benefit_step": {"pk": pk, "name": "begin_realizing"}, "indicator_source": {"pk": pk, "key": "deviations"},
        "plan_pulse": {"pk": pk, "name": "at_bp5"}, "change_action_step": {"pk": pk, "name": "finish_change"},
        "checkpoint": {"pk": pk, "checkpoint": pk}, "decision_point": {"point": "bp9"},
        "leadership_key": {"key": "ukjent"}, "assessor": {"pk": pk, "assessor": pk}, "maturity_answer": {"pk": pk, "key": "roles"},
        "project_risk": {"pk": pk, "risk": pk}, "project_member": {"pk": pk, "row": pk},
        "log_entry": {"pk": pk, "row": pk}, "project_stakeholder": {"pk": pk, "row": pk},
        "capacity_row": {"pk": pk, "row": pk}, "absence_row": {"pk": pk, "row": pk}, "resource_step": {"pk": pk, "name": "grant_request"},
        "duty_point": {"pk": pk, "stamp": pk}, "duty_document": {"pk": pk, "form": "pdf"},
    }  # fmt: skip
    return shapes.get(needs, {"pk": pk})


def test_open_anything__not_with_a_role_that_ended(world, client):
    """A role that ended yesterday opens nothing, though the person can still log in."""
    initiative = stories.received(world.home)
    person = world.home.person(Role.SECRETARIAT)
    RoleAssignment.objects.filter(person=person).update(valid_to=timezone.localdate() - timedelta(days=1))
    client.force_login(person)
    assert client.get(reverse("governance:triage_queue")).status_code == 403
    assert client.get(reverse("governance:initiative_detail", args=[initiative.pk])).status_code == 404
    assert client.get("/").status_code == 200
