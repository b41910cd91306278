"""What the addresses of benefits, pilots, handovers and stories of what was gained need, made on demand for the test of every address."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

from django.utils import timezone

from benefits import basis
from benefits.operations import mapping
from benefits.sharing import operations as sharing
from organization.roles import Role
from tests.benefits import baton_stories as baton
from tests.benefits import change_stories as change
from tests.benefits import computing, pilots, pulses
from tests.benefits import stories as benefits


class Measured:
    """A part of the stage that has a place."""

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
