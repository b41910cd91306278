"""Write the plan of a project: its parts, moved and reached milestones, and approved deliverables."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import Refused, StaleVersion
from core.formats import long_date
from core.history import label_actions, record
from core.seeing import lock, sees
from core.workflow import TransitionDenied
from portfolio import policies
from portfolio.models import Deliverable, Dependency, Milestone, Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime

    from core.actors import Actor
    from governance.forms.merging import MergingForm

    Part = Milestone | Deliverable
P = TypeVar("P", Milestone, Deliverable)
R = TypeVar("R", Milestone, Deliverable, Dependency)

_SAME = timedelta(minutes=1)
"""Somebody who sends the same form twice means one."""
_NAMED = 3
label_actions({
    "add_to_plan": gettext_lazy("Lagt inn i planen"), "edit_plan": gettext_lazy("Endret i planen"), "remove_from_plan": gettext_lazy("Tok noe ut av planen"),
    "move_milestone": gettext_lazy("Flyttet milepælen"), "reach_milestone": gettext_lazy("Milepælen er nådd"),
    "reopen_milestone": gettext_lazy("Milepælen er ikke nådd likevel"),
    "approve_deliverable": gettext_lazy("Godkjente leveransen"),
    "withdraw_approval": gettext_lazy("Trakk godkjenningen tilbake"),
    "set_project_period": gettext_lazy("Endret oppstart eller slutt"),
})  # fmt: skip


def why_closed(project: Project) -> str | None:
    """Return why the plan cannot be changed any more, or ``None``."""
    if project.is_running:
        return None
    return _("Prosjektet er %(status)s. Planen kan leses, men ikke endres.") % {
        "status": str(project.get_status_display()).lower()
    }


def stamp_of(row: R | Project) -> str:
    """Return what a page begins from: when the row was last changed."""
    return row.changed_at.astimezone(UTC).isoformat()


# --- Parts of the plan -------------------------------------------------------------------------------
def save_part(
    part: P, values: Mapping[str, Any], *, by: Actor, now: datetime, form: MergingForm | None = None
) -> P:
    """Add a milestone or a deliverable to its project, or write what was changed; the same sent twice is one.

    A new milestone is expected when it is planned; after that it is moved (``move_milestone``).

    :param form: refuses what somebody else changed meanwhile.
    :raises Http404: ``by`` cannot see the project, or the row is gone.
    :raises TransitionDenied: ``by`` does not work on the project.
    :raises StaleVersion: somebody else changed the same to something else.
    :raises Refused: the project has ended, or what is written cannot be right.
    """
    with _at_work(part.project, by=by) as project:
        if part.pk is None:
            return _add(part, project, values, by=by, now=now)
        row = _locked(part, project)
        if isinstance(row, Deliverable):
            _refuse_approved(row)
        elif "planned_on" in values:
            raise Refused(_("Planlagt dato står fast. Flytt milepælen i stedet, med en grunn."))
        if form is not None:
            form.refuse_clashes(row)
        _write(row, values, by=by, now=now)
        return row


def _add(part: P, project: Project, values: Mapping[str, Any], *, by: Actor, now: datetime) -> P:
    rows: Any = type(part)._default_manager.filter(project=project)
    same: P | None = rows.filter(created_at__gt=now - _SAME, **values).first()
    if same is not None:
        return same
    row = type(part)(project=project, created_at=now)
    if isinstance(row, Milestone):
        row.expected_on = values["planned_on"]
    _write(row, values, by=by, now=now)
    return row


def remove_part(part: R, *, stamp: str, by: Actor, now: datetime) -> None:
    """Take a row out of the plan; its history stays.

    :raises StaleVersion: somebody else changed it meanwhile.
    :raises Refused: the project has ended, it is approved, or other projects wait for it.
    """
    with _at_work(part.project, by=by) as project:
        row = _locked(part, project)
        if stamp != stamp_of(row):
            raise StaleVersion
        if isinstance(row, Deliverable):
            _refuse_approved(row)
        elif isinstance(row, Milestone):
            _refuse_awaited(row, by)
        row.stamp(now)
        with record("remove_from_plan", actor=by):
            row.delete()


def _refuse_approved(row: Deliverable) -> None:
    if row.is_approved:
        raise Refused(_("Leveransen er godkjent. Trekk godkjenningen tilbake før du endrer den."))


def _refuse_awaited(row: Milestone, by: Actor) -> None:
    waiting = [one.project for one in Dependency.objects.filter(milestone=row).select_related("project")]
    if not waiting:
        return
    names = [f"«{project.name}»" for project in waiting if sees(by, project)][:_NAMED]
    if len(names) < len(waiting):
        names.append(_("andre prosjekter"))
    told = _("%(names)s venter på milepælen. Avhengigheten må tas bort der før milepælen kan slettes.")
    raise Refused(told % {"names": ", ".join(names)})


# --- Milestones ----------------------------------------------------------------------------------------
def move_milestone(
    milestone: Milestone, *, to: date, reason: str, stamp: str, by: Actor, now: datetime
) -> Milestone:
    """Expect a milestone on another day; the plan stands, and the history keeps why.

    :raises TransitionDenied: ``by`` neither works on the project nor is responsible for the milestone.
    :raises StaleVersion: somebody else changed it since ``stamp``.
    :raises Refused: it is reached, it stands there already, there is no reason, or the project has ended.
    """
    with _standing(milestone, policies.may_follow, stamp=stamp, by=by) as row:
        if row.reached_on is not None:
            raise Refused(_("Milepælen er nådd, og kan ikke flyttes."))
        if to == row.expected_on:
            raise Refused(_("Milepælen står alt på %(day)s. Velg en annen dag.") % {"day": long_date(to)})
        require_reason(reason, _("Skriv hvorfor milepælen flyttes."))
        row.expected_on = to
        return _moved(row, "move_milestone", by=by, now=now, reason=reason)


def reach_milestone(milestone: Milestone, *, on: date, stamp: str, by: Actor, now: datetime) -> Milestone:
    """Say on what day a milestone was reached.

    :raises Refused: the day has not come, or it is reached already.
    """
    with _standing(milestone, policies.may_follow, stamp=stamp, by=by) as row:
        if row.reached_on is not None:
            raise Refused(_("Milepælen er alt merket som nådd."))
        if on > timezone.localdate(now):
            raise Refused(_("Dagen kan ikke være fram i tid. Flytt milepælen om den er ventet senere."))
        row.reached_on = on
        return _moved(row, "reach_milestone", by=by, now=now)


def reopen_milestone(milestone: Milestone, *, reason: str, stamp: str, by: Actor, now: datetime) -> Milestone:
    """Take back that a milestone was reached.

    :raises Refused: it is not reached, or there is no reason.
    """
    with _standing(milestone, policies.may_follow, stamp=stamp, by=by) as row:
        if row.reached_on is None:
            raise Refused(_("Milepælen er ikke merket som nådd."))
        require_reason(reason, _("Skriv hvorfor milepælen ikke er nådd likevel."))
        row.reached_on = None
        return _moved(row, "reopen_milestone", by=by, now=now, reason=reason)


# --- Deliverables --------------------------------------------------------------------------------------
def approve_deliverable(deliverable: Deliverable, *, stamp: str, by: Actor, now: datetime) -> Deliverable:
    """Say that a deliverable is good enough.

    :raises TransitionDenied: ``by`` is neither named to approve it, nor owns the project or manages the portfolio.
    :raises StaleVersion: somebody else changed it since ``stamp``.
    :raises Refused: it is approved already, or the project has ended.
    """
    with _standing(deliverable, policies.may_approve, stamp=stamp, by=by) as row:
        if row.is_approved:
            raise Refused(_("Leveransen er alt godkjent."))
        row.approved_on, row.approved_by_id = timezone.localdate(now), by.person_id
        return _moved(row, "approve_deliverable", by=by, now=now)


def withdraw_approval(
    deliverable: Deliverable, *, reason: str, stamp: str, by: Actor, now: datetime
) -> Deliverable:
    """Take an approval back; the history keeps it, and why it was taken back.

    :raises Refused: it is not approved, or there is no reason.
    """
    with _standing(deliverable, policies.may_approve, stamp=stamp, by=by) as row:
        if not row.is_approved:
            raise Refused(_("Leveransen er ikke godkjent."))
        require_reason(reason, _("Skriv hvorfor godkjenningen trekkes tilbake."))
        row.approved_on = row.approved_by = None
        return _moved(row, "withdraw_approval", by=by, now=now, reason=reason)


# --- The period of the project ---------------------------------------------------------------------------
def set_period(  # noqa: PLR0913 - the fields of one form, keyword-only
    project: Project, *, starts_on: date | None, ends_on: date | None, reason: str, stamp: str, by: Actor, now: datetime
) -> Project:  # fmt: skip
    """Plan when the project begins and ends; to move an end that was set needs a reason, which the history keeps.

    :raises StaleVersion: somebody else changed the project since ``stamp``.
    :raises Refused: it ends before it begins, there is no reason, or it has ended.
    """
    with _at_work(project, by=by) as row:
        if stamp != stamp_of(row):
            raise StaleVersion
        if starts_on and ends_on and ends_on < starts_on:
            raise Refused(_("Prosjektet kan ikke slutte før det begynner."))
        if row.ends_on is not None and ends_on != row.ends_on:
            require_reason(reason, _("Skriv hvorfor slutten flyttes."))
        row.starts_on, row.ends_on = starts_on, ends_on
        row.version += 1
        row.stamp(now)
        with record("set_project_period", actor=by, reason=reason):
            row.save()
        return row


# --- Under them all ----------------------------------------------------------------------------------------
@contextmanager
def _at_work(project: Project, *, by: Actor) -> Iterator[Project]:
    """Lock the project for somebody who works on it."""
    with transaction.atomic():
        current = lock(Project(pk=project.pk), by)
        if not policies.may_edit(by, current):
            raise TransitionDenied
        if reason := why_closed(current):
            raise Refused(reason)
        yield current


@contextmanager
def _standing(part: P, may: Callable[[Actor, P], bool], *, stamp: str, by: Actor) -> Iterator[P]:
    """Lock a part of the plan for somebody who ``may``, if it stands as it did when the page was made."""
    with transaction.atomic():
        project = lock(Project(pk=part.project_id), by)
        row = _locked(part, project)
        if not may(by, row):
            raise TransitionDenied
        if reason := why_closed(project):
            raise Refused(reason)
        if stamp != stamp_of(row):
            raise StaleVersion
        yield row


def _locked(row: R, project: Project) -> R:
    rows: Any = type(row)._default_manager.select_for_update(of=("self",))
    found: R | None = rows.filter(pk=row.pk, project=project).first()
    if found is None:
        raise Http404
    found.project = project
    return found


def require_reason(reason: str, demand: str) -> None:
    """:raises Refused: there is no reason."""
    if not reason.strip():
        raise Refused(demand)


def _moved(row: P, action: str, *, by: Actor, now: datetime, reason: str = "") -> P:
    row.stamp(now)
    with record(action, actor=by, reason=reason):
        row.save()
    return row


def _write(row: Part, values: Mapping[str, Any], *, by: Actor, now: datetime) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.stamp(now)
    try:
        row.full_clean(exclude=["project", "responsible", "quality_owner", "approver", "approved_by"])
    except ValidationError as problem:
        raise Refused(*problem.messages) from problem
    with record("edit_plan" if row.pk else "add_to_plan", actor=by):
        row.save()
