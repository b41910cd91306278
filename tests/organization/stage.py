"""What the routes of consultations need, for the stage of the route test."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from django.utils import timezone

from organization.models import Goal, ProfessionalGroup, RoleAssignment, Service, Strategy
from organization.roles import Role
from tests.organization import consulted

if TYPE_CHECKING:
    from tests.world import Place


class Heard:
    """Makes consultations of a municipality, on demand."""

    place: Place

    @cached_property
    def _consultation(self):
        return consulted.opened(self.place)

    @property
    def consultation(self):
        return {"pk": self._consultation.pk}

    @property
    def consultation_step(self):
        return {**self.consultation, "name": "call_off_hearing"}

    @property
    def consultation_point(self):
        return {"pk": consulted.point(self._consultation).pk}

    @property
    def consultation_comment(self):
        return {"pk": consulted.closed(self.place).pk}


class Placed:
    """A part of the stage that has a place."""

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
    def import_kind(self):
        return {"kind": "units"}
