"""Projects begun and changed through the API: the same forms and operations as the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.utils.translation import gettext_lazy

from core.api.bodies import cleaned, object_of, read_id
from core.api.schema import FormBody
from core.workflow import TransitionDenied
from governance import policies as governance_policies
from governance.models import Initiative
from portfolio import operations
from portfolio.forms import KindForm, ProjectForm

if TYPE_CHECKING:
    from datetime import datetime

    from organization.actors import PersonActor
    from portfolio.models import Project

INITIATIVE = "initiative_id"
CREATE = FormBody(
    "NewProject",
    [ProjectForm],
    more={
        INITIATIVE: {
            "type": "integer", "minimum": 1, "title": gettext_lazy("Det vedtatte tiltaket prosjektet gjennomfører"),
        }
    },
)  # fmt: skip
CHANGE = FormBody("ProjectChange", [KindForm])


def create(body: Any, *, by: PersonActor, now: datetime) -> Project:
    """Begin a project from an adopted initiative.

    :raises Http404: ``by`` knows of no such initiative.
    :raises TransitionDenied: ``by`` does not take it into the portfolio.
    :raises TransitionBlocked: it is not adopted, or something is missing.
    :raises ApiProblem: something that was sent is wrong.
    """
    sent = object_of(body)
    initiative = _initiative(read_id(sent.pop(INITIATIVE, None), INITIATIVE), by)
    if not governance_policies.may_take_into_portfolio(by, initiative):
        raise TransitionDenied
    data = cleaned(lambda data: ProjectForm(data, initiative=initiative), sent)
    return operations.start_project(initiative, by=by, now=now, **data)


def change(project: Project, body: Any, *, by: PersonActor, now: datetime) -> Project:
    """Follow a project as another kind of work.

    :raises ApiProblem: something that was sent is wrong.

    Raises what ``change_kind`` raises, too.
    """
    return operations.change_kind(project, by=by, now=now, **cleaned(KindForm, body))


def _initiative(pk: int, by: PersonActor) -> Initiative:
    cards = Initiative.objects.visible_to(by).with_access(by)
    found: Initiative | None = (
        cards.select_related("unit", "municipality", "project_owner").filter(pk=pk).first()
    )
    if found is None:
        raise Http404
    return found
