"""Make a summoned meeting of six cases in a municipality of the demo, committed, in the database of the environment.

Run as ``python -m tests.scenes.council_meeting``; prints its address.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
WHERE = "fjellheim"
TITLES = (
    "Digital vaktplan i nord", "Chat for innbyggere i nord", "Ny sensor i basseng i nord", "Felles kart i nord",
    "Signering på nett i nord", "Skanning av arkiv i nord",
)  # fmt: skip
_NAMES = {
    "employee": "ansatt", "service_owner": "tjenesteeier", "sector_leader": "sektorleder", "secretariat": "sekretariat",
    "coordinator": "koordinator",
}  # fmt: skip


@dataclass(frozen=True)
class DemoPlace:
    """A municipality of the demo with its people, named by role as in ``tests.world``."""

    code: str

    def person(self, role: str) -> Any:
        from organization.models import Person

        return Person.objects.get(username=f"{_NAMES[str(role)]}.{self.code}")

    def actor(self, role: str) -> Any:
        from organization.actors import person_actor

        return person_actor(self.person(role))

    @cached_property
    def unit(self) -> Any:
        from organization.models import RoleAssignment

        return RoleAssignment.objects.get(person=self.person("employee"), role="employee").unit

    @property
    def municipality(self) -> Any:
        return self.unit.municipality

    @cached_property
    def goal(self) -> Any:
        from organization.models import Goal

        return Goal.objects.filter(strategy__municipality=self.municipality).earliest("pk")


def main() -> None:
    import django

    django.setup()
    from django.utils import timezone

    from governance.workflow import meeting_workflow
    from organization.roles import Role
    from tests import stories

    place: Any = DemoPlace(WHERE)
    meeting = stories.meeting(place)
    for title in TITLES:
        stories.on_agenda(place, meeting, title=title)
    by = place.actor(Role.SECRETARIAT)
    meeting = meeting_workflow.perform("summon", meeting, by=by, now=timezone.now())
    sys.stdout.write(meeting.get_absolute_url())


if __name__ == "__main__":
    main()
