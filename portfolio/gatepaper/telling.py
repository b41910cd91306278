"""Who is told about a gate paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.notices import Draft
from organization.actors import people_with
from organization.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.actors import Actor
    from organization.models import Person
    from portfolio.models import GatePaper


def somebody_decides(paper: GatePaper, *, by: Actor) -> Iterator[Draft]:
    """Yield a notice for those who can decide it, except for whoever sent it."""
    project = paper.project
    managers = people_with(Permission.MANAGE_PORTFOLIO, municipality_id=project.municipality_id)
    title = _("Avgjør %(point)s for «%(project)s»") % {"point": paper.name, "project": project.name}
    yield from _to(
        [project.owner, *managers],
        paper,
        by,
        title,
        _("Beslutningsgrunnlaget er sendt."),
        f"gate_paper@{paper.version}",
    )


def it_is_decided(paper: GatePaper, *, by: Actor) -> Iterator[Draft]:
    """Yield a notice for the project's people and the portfolio manager, except for whoever wrote it down."""
    project = paper.project
    managers = people_with(Permission.MANAGE_PORTFOLIO, municipality_id=project.municipality_id)
    words = {"point": paper.name, "project": project.name, "outcome": paper.get_status_display().lower()}
    title = _("%(point)s for «%(project)s» er avgjort: %(outcome)s") % words
    yield from _to(
        [project.owner, project.manager, *managers],
        paper,
        by,
        title,
        paper.decision_text,
        f"gate_decided@{paper.pk}",
    )


def _to(
    people: list[Person], paper: GatePaper, by: Actor, title: str, body: str, event: str
) -> Iterator[Draft]:
    told = set()
    for person in people:
        if person.pk != by.person_id and person.pk not in told:
            told.add(person.pk)
            yield Draft(person=person, event=event, title=title, body=body, url=paper.get_absolute_url())
