"""What the addresses of deviations, their duties and their catalogue need, made on demand for the test of every address."""

from __future__ import annotations

from functools import cached_property

from django.utils import timezone

from deviations.models import DeviationImport, ImportJob, RoutingRule
from deviations.operations import write_notification
from organization.roles import Role
from tests.deviations import stories as deviations


class Handled:
    """A part of the stage that has a place."""

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
