"""Who is told when a status report says that something needs help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.notices import Draft
from organization.actors import people_with
from organization.roles import Permission
from portfolio.health import signs_of
from portfolio.models import Health

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor
    from portfolio.models import StatusReport


def help_is_needed(report: StatusReport, *, by: Actor) -> Iterator[Draft]:
    """Yield a notice for the owner and the portfolio manager, except for whoever published it."""
    urgent = [sign for sign in signs_of(report) if sign.value == Health.BAD]
    if not urgent:
        return
    project = report.project
    managers = people_with(Permission.MANAGE_PORTFOLIO, municipality_id=project.municipality_id)
    body = "\n".join(f"{sign.label}: {sign.text}" for sign in urgent)
    for person in (project.owner, *managers):
        if person.pk != by.person_id:
            yield Draft(
                person=person, event="status_needs_help", title=_("«%(name)s» trenger hjelp") % {"name": project.name},
                body=body, url=report.get_absolute_url(),
            )  # fmt: skip
