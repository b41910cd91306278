"""Whom benefits tell what, after a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from benefits.models import Ownership
from core.notices import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from benefits.models import Benefit
    from core.actors import Actor


def owner_is_asked(benefit: Benefit, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Ask the service owner, once the initiative is sent in."""
    owner = benefit.service_owner
    if owner is None or owner.pk == by.person_id or benefit.initiative.is_editable_by_submitter:
        return
    yield Draft(
        person=owner, event=f"ownership_asked@{now.isoformat()}", url=benefit.get_absolute_url(),
        title=_("Vil du ta på deg gevinsten «%(title)s»?") % {"title": benefit},
        body=_("Du er foreslått som tjenesteeier. Svar ja, eller nei med en begrunnelse."),
    )  # fmt: skip


def planners_are_told(benefit: Benefit, /, *, by: Actor, now: datetime) -> Iterator[Draft]:
    """Tell those named on the initiative what the service owner answered."""
    initiative = benefit.initiative
    accepted = benefit.ownership == Ownership.ACCEPTED
    words = {"name": benefit.service_owner, "title": benefit}
    title = (
        _("%(name)s tar på seg «%(title)s»") % words if accepted else _("%(name)s sier nei til «%(title)s»") % words
    )  # fmt: skip
    told = {
        person.pk: person
        for person in (initiative.project_owner, initiative.case_handler, initiative.submitter)
        if person
    }
    for person in told.values():
        if person.pk != by.person_id:
            yield Draft(
                person=person, event=f"ownership_answered@{now.isoformat()}", title=title,
                body=benefit.ownership_note, url=benefit.get_absolute_url(),
            )  # fmt: skip
