"""Name other leaders of a project, and write who takes part."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import notices
from core.errors import Refused, StaleVersion
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from organization.forms import people_of
from portfolio import policies
from portfolio.operations import why_ended
from portfolio.team.telling import leaders_are_told

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from core.actors import Actor
    from organization.models import Person
    from portfolio.models import Project

ADD, EDIT, REMOVE = "add_member", "edit_member", "remove_member"
label_actions({
    "change_leaders": gettext_lazy("Prosjekteier eller prosjektleder byttet"),
    ADD: gettext_lazy("Deltaker lagt til"), EDIT: gettext_lazy("Deltaker endret"), REMOVE: gettext_lazy("Deltaker fjernet"),
})  # fmt: skip


@transaction.atomic
def change_leaders(  # noqa: PLR0913 - two people and why, keyword-only
    project: Project, *, owner: Person, manager: Person, reason: str, version: int, by: Actor, now: datetime
) -> Project:
    """Name the owner and the manager of a project, and tell those who are new.

    :raises Http404: ``by`` cannot see the project.
    :raises TransitionDenied: ``by`` neither owns it nor manages its portfolio.
    :raises StaleVersion: it was changed since ``version``; with who leads it now.
    :raises Refused: the project has ended, or somebody new has no role where it belongs.
    """
    current = lock(project, by)
    if not policies.may_move(by, current):
        raise TransitionDenied
    if why := why_ended(current):
        raise Refused(why)
    if current.version != version:
        raise StaleVersion(
            theirs={_("Prosjekteier"): current.owner.name, _("Prosjektleder"): current.manager.name}
        )
    new = {"owner": owner, "manager": manager}
    named = {role: person for role, person in new.items() if getattr(current, f"{role}_id") != person.pk}
    if not named:
        return current
    _refuse_outsiders(current, named.values())
    for role, person in named.items():
        setattr(current, role, person)
    current.version += 1
    current.stamp(now)
    with record("change_leaders", actor=by, reason=reason):
        current.save()
    notices.post(leaders_are_told(current, named, by=by), about=current, now=now)
    return current


def _refuse_outsiders(project: Project, people: Iterable[Person]) -> None:
    known = people_of(project.initiative.participant_ids)
    for person in people:
        if not known.filter(pk=person.pk).exists():
            raise Refused(_("%(name)s har ingen rolle i kommunen i dag.") % {"name": person.name})
