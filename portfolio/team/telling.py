"""Who is told that a project has got another owner or manager."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from core.notices import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from core.actors import Actor
    from organization.models import Person
    from portfolio.models import Project


def leaders_are_told(project: Project, named: Mapping[str, Person], *, by: Actor) -> Iterator[Draft]:
    """Yield a notice for each who is new, except for whoever named them."""
    titles = {
        "owner": _("Du er prosjekteier for «%(name)s»"),
        "manager": _("Du er prosjektleder for «%(name)s»"),
    }
    for role, person in named.items():
        if person.pk != by.person_id:
            yield Draft(
                person=person, event=f"named_{role}_{project.version}", title=titles[role] % {"name": project.name},
                body=_("Se hvor det står, og hvem andre som er med."), url=project.get_absolute_url(),
            )  # fmt: skip
