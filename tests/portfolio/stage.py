"""What the addresses of projects, people and programmes need, made on demand for the test of every address."""

from __future__ import annotations

from functools import cached_property

from django.utils import timezone

from governance.models import Matter
from organization.roles import Role
from portfolio.checklist.catalogue import begin_with_standard
from portfolio.models import ChecklistPoint, ProjectRisk
from portfolio.money import operations as money
from portfolio.risk.operations import save_risk
from tests import stories
from tests.portfolio import gate_papers, maturities, people, plans, programmes, reports, rows, statuses


class Run:
    """A part of the stage that has a place."""

    @property
    def maturity(self):
        return self._pk(maturities.draft(self.place))

    @property
    def maturity_answer(self):
        return {**self.maturity, "key": "roles"}

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
