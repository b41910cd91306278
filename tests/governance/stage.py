"""What the addresses of scoring and of nyttepoker need, made on demand for the test of every address."""

from __future__ import annotations

import uuid
from functools import cached_property

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.attachments import attachments_of
from governance.follow_up_files import add_files
from governance.following_up import Assignment, set_follow_up
from governance.hearings import operations as hearings
from governance.models import Decision, FollowUp, MunicipalDecision
from organization.roles import Role
from tests import stories
from tests.governance import pokers, scorings


class Scored:
    """A part of the stage that has a place, and an initiative under preparation."""

    @property
    def scored(self):
        scorings.criteria(self.place)
        return self.preparing

    @property
    def assessor(self):
        scorings.criteria(self.place)
        return {**self.preparing, "assessor": scorings.asked(self._preparing, self.place).pk}

    @property
    def criterion(self):
        return self._pk(scorings.draft(self.place).criteria.first())

    @property
    def poker(self):
        return self._pk(pokers.opened(self.place, self._preparing))

    @property
    def poker_draft(self):
        return self._pk(pokers.draft(self.place, self._preparing))


class Prepared:
    """A part of the stage that has a place."""

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

    @property
    def hearing_file(self):
        return {**self.hearing, "key": uuid.uuid4()}

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
    def followed_up_file(self):
        row, by = FollowUp.objects.get(pk=self.followed_up["pk"]), self.place.actor(Role.SECRETARIAT)
        file = SimpleUploadedFile("oppsigelse.txt", b"Sagt opp.")
        add_files(row, [file], by=by, now=timezone.now())
        return {**self.followed_up, "key": attachments_of(row)[0].key}

    @property
    def follow_up_step(self):
        return {**self.followed_up, "name": "finish_follow_up"}

    @property
    def municipal_decision(self):
        stories.decided(self.place, "recommend", financing="budget_application")
        return self._pk(MunicipalDecision.objects.get())
