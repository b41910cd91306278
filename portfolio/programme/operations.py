"""Make, change and end programmes, and say where a project belongs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.errors import Refused, StaleVersion
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from organization.operations import create, save
from portfolio.models import Programme, Project
from portfolio.operations import why_ended
from portfolio.programme import policies
from portfolio.programme.queries import circle_of

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from organization.operations import Edit

label_actions({
    "create_programme": gettext_lazy("Program opprettet"), "edit_programme": gettext_lazy("Programmet endret"),
    "close_programme": gettext_lazy("Programmet avsluttet"), "reopen_programme": gettext_lazy("Programmet åpnet igjen"),
    "place_project": gettext_lazy("Tilknytning endret"),
})  # fmt: skip


@transaction.atomic
def save_programme(edit: Edit[Programme], *, by: Actor, now: datetime) -> Programme:
    """Make a programme, or change what stands about one.

    :raises Http404: ``by`` does not see it.
    :raises TransitionDenied: ``by`` does not manage the portfolio there, nor lead the programme.
    :raises StaleVersion: somebody else saved it since.
    :raises Refused: it has ended.
    """
    programme = edit.row
    if programme.pk is None:
        if not policies.may_make(by, programme.municipality_id):
            raise TransitionDenied
        programme.created_at = now
        return create(programme, action="create_programme", by=by, now=now)
    current = lock(programme, by)
    if not policies.may_lead(by, current):
        raise TransitionDenied
    if not current.is_open:
        raise Refused(_("Programmet er avsluttet. Åpne det igjen før du endrer det."))
    return save(edit, action="edit_programme", by=by, now=now)


@transaction.atomic
def close_programme(programme: Programme, *, outcome: str, by: Actor, now: datetime) -> Programme:
    """End a programme in which nothing runs any more; the same said twice is once.

    :raises Refused: projects in it run, seen by ``by`` or not.
    """
    current = _to_end(programme, by)
    if not current.is_open:
        return current
    if running := Project.objects.filter(programme=current).running().count():
        words = ngettext(
            "%(n)d prosjekt i programmet er i gang eller på vent. Avslutt det, eller ta det ut av programmet.",
            "%(n)d prosjekter i programmet er i gang eller på vent. Avslutt dem, eller ta dem ut av programmet.", running,
        )  # fmt: skip
        raise Refused(words % {"n": running})
    current.closed_at, current.outcome = now, outcome
    return _write(current, "close_programme", by=by, now=now)


@transaction.atomic
def reopen_programme(programme: Programme, *, by: Actor, now: datetime) -> Programme:
    """Open a programme that was ended; what was said of its outcome stays in the history."""
    current = _to_end(programme, by)
    if current.is_open:
        return current
    current.closed_at, current.outcome = None, ""
    return _write(current, "reopen_programme", by=by, now=now)


def _to_end(programme: Programme, by: Actor) -> Programme:
    current = lock(programme, by)
    if not policies.may_close(by, current):
        raise TransitionDenied
    return current


def _write(programme: Programme, action: str, *, by: Actor, now: datetime) -> Programme:
    programme.stamp(now)
    with record(action, actor=by):
        programme.save()
    return programme


# --- Where a project belongs ---------------------------------------------------------------------
@transaction.atomic
def place_project(
    project: Project, *, programme: Programme | None, parent: Project | None, version: int, by: Actor, now: datetime
) -> Project:  # fmt: skip
    """Let a project belong to a programme, and be a part of another project, or of neither.

    :raises Http404: ``by`` does not see the project, the programme or the parent.
    :raises TransitionDenied: ``by`` does not manage the portfolio of the project.
    :raises StaleVersion: the project was changed since ``version``.
    :raises Refused: it has ended, or cannot belong there.
    """
    # Always in the same order, so that two who place each other's projects wait and neither is thrown out.
    ids = sorted({project.pk, *([parent.pk] if parent else [])})
    locked = {pk: lock(Project(pk=pk), by) for pk in ids}
    current = locked[project.pk]
    if not policies.may_place(by, current):
        raise TransitionDenied
    if current.version != version:
        raise StaleVersion(theirs=_told_of(current))
    if why := why_ended(current):
        raise Refused(why)
    _place_in_programme(current, programme, by)
    _place_below(current, locked[parent.pk] if parent else None)
    current.version += 1
    current.stamp(now)
    with record("place_project", actor=by):
        current.save()
    return current


def _told_of(project: Project) -> dict[str, str]:
    nothing = _("ingen")
    return {
        _("Program"): str(project.programme or nothing), _("Del av prosjekt"): str(project.parent or nothing),
    }  # fmt: skip


def _place_in_programme(project: Project, programme: Programme | None, by: Actor) -> None:
    if programme is not None and programme.pk != project.programme_id:
        current = lock(programme, by)
        if not Programme.objects.fit_for(project.municipality).filter(pk=current.pk).exists():
            raise Http404
        if not current.is_open:
            raise Refused(_("Programmet «%(name)s» er avsluttet. Velg et annet.") % {"name": current})
    project.programme = programme


def _place_below(project: Project, parent: Project | None) -> None:
    if parent is not None and parent.pk != project.parent_id and (why := why_not_below(project, parent)):
        raise Refused(why)
    project.parent = parent


def why_not_below(project: Project, parent: Project) -> str | None:
    """Return why the project cannot be a part of ``parent``, or ``None``: one level, at home or of the own region."""
    if parent.pk == project.pk:
        return _("Et prosjekt kan ikke være en del av seg selv.")
    if parent.municipality_id not in circle_of(project.municipality):
        return _("Velg et prosjekt i samme kommune, eller i regionen kommunen er med i.")
    if not parent.is_running:
        return _("«%(name)s» er avsluttet. Velg et prosjekt som er i gang.") % {"name": parent}
    if parent.parent_id is not None:
        return _("«%(name)s» er selv en del av et annet prosjekt. Velg det øverste.") % {"name": parent}
    if Project.objects.filter(parent=project).exists():
        return _("«%(name)s» har egne delprosjekter og kan ikke selv bli et delprosjekt.") % {"name": project}
    return None
