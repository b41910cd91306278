"""Writes to the checklists of a project: the copy it begins with, and the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused, StaleVersion
from core.history import label_actions, record
from core.seeing import lock
from core.workflow import TransitionDenied
from portfolio import policies
from portfolio.checklist.standard import asked_in
from portfolio.models import Answer, Checkpoint, DecisionPoint, Project

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from core.actors import Actor

label_actions({"answer_checkpoint": gettext_lazy("Svarte i sjekklisten")})


def copy_checklist(
    project: Project, *, now: datetime, points: Collection[str] = DecisionPoint.values
) -> None:
    """Give a project what its municipality asks, in the words of now, in one statement."""
    Checkpoint.objects.bulk_create(
        Checkpoint(
            project=project, point=one.point, position=one.position, text=one.text, help=one.help, is_required=one.is_required,
            changed_at=now,
        )
        for one in asked_in(project.municipality_id) if one.point in points
    )  # fmt: skip


def ask_from(project: Project, point: DecisionPoint, *, now: datetime) -> None:
    """Let what becomes a project meet the checklists from ``point`` on, but those it has met before."""
    met = set(Checkpoint.objects.filter(project=project).values_list("point", flat=True))
    copy_checklist(project, now=now, points={one for one in DecisionPoint if one >= point} - met)


def ask_again(project: Project, point: DecisionPoint, *, now: datetime) -> None:
    """Let a project that is moved back meet a checklist at ``point``, where it passed before there were any."""
    if project.is_project and not Checkpoint.objects.filter(project=project, point=point).exists():
        copy_checklist(project, now=now, points={point})


def why_closed(project: Project) -> str | None:
    """Return why nothing can be answered, or ``None``."""
    if not project.is_project:
        return _("Bare prosjekter følger beslutningspunktene. Det som er besvart før, kan leses.")
    if project.is_running:
        return None
    return _("Prosjektet er %(status)s. Sjekklisten kan leses, men ikke endres.") % {
        "status": str(project.get_status_display()).lower()
    }


@transaction.atomic
def answer_point(
    checkpoint: Checkpoint, answer: str, *, by: Actor, now: datetime, comment: str = "", seen: str | None = None
) -> Checkpoint:  # fmt: skip
    """Write one answer into its own row.  The lock on the project keeps a move from counting meanwhile.

    :param seen: when the row was last changed, as the page showed it.
    :raises Http404: ``by`` cannot see the project, or the point is gone.
    :raises TransitionDenied: ``by`` does not answer for the project.
    :raises StaleVersion: somebody else has answered something else since ``seen``.
    :raises Refused: the project has ended, or the reason is missing.
    """
    project = lock(checkpoint.project, by)
    if not policies.may_edit(by, project):
        raise TransitionDenied
    if reason := why_closed(project):
        raise Refused(reason)
    rows = Checkpoint.objects.select_for_update(of=("self",)).filter(project=project)
    row: Checkpoint | None = rows.filter(pk=checkpoint.pk).first()
    if row is None:
        raise Http404
    if (row.answer, row.comment) == (answer, comment):
        return row
    if seen is not None and seen != row.changed_at.isoformat():
        raise StaleVersion(theirs={_("Svar"): str(row.get_answer_display()), _("Kommentar"): row.comment})
    _write(row, answer, comment, by=by, now=now)
    return row


def _write(row: Checkpoint, answer: str, comment: str, *, by: Actor, now: datetime) -> None:
    is_open = answer == Answer.OPEN
    row.answer, row.comment = answer, comment
    row.answered_by_id = None if is_open else by.person_id
    row.answered_at = None if is_open else now
    row.stamp(now)
    try:
        row.full_clean(exclude=["project", "answered_by"])
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    with record("answer_checkpoint", actor=by):
        row.save(update_fields=["answer", "comment", "answered_by", "answered_at", "changed_at"])
