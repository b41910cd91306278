"""Declare an initiative a pilot, say how the pilot went, and take either back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from benefits.models import Pilot
from benefits.operations.mapping import planning_whole, why_plan_is_closed
from benefits.operations.overview import editing
from benefits.policies import may_decide_pilot, may_plan_whole
from core.errors import Refused
from core.history import label_actions, record
from core.workflow import TransitionDenied
from governance import policies as governance_policies
from governance.models import Initiative

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date, datetime
    from decimal import Decimal

    from core.actors import Actor
    from governance.forms.merging import MergingForm

MOST_YEARS = 5
label_actions({
    "edit_pilot": gettext_lazy("Skrev om utprøvingen"), "remove_pilot": gettext_lazy("Tok bort utprøvingen"),
    "conclude_pilot": gettext_lazy("Avgjorde utprøvingen"), "reopen_pilot": gettext_lazy("Angret avgjørelsen"),
})  # fmt: skip


def may_write_pilot(actor: Actor, initiative: Initiative) -> bool:
    """Tell whether the actor writes of the pilot: in the form its authors, after that whoever works on the plan."""
    if initiative.is_editable_by_submitter:
        return governance_policies.may_edit(actor, initiative)
    return may_plan_whole(actor, initiative)


def why_not_written(initiative: Initiative, pilot: Pilot | None) -> str | None:
    """Return why the description of the pilot cannot be changed now, or ``None``."""
    if pilot is not None and pilot.is_concluded:
        return _("Utprøvingen er avgjort. Angre avgjørelsen først hvis den skal fortsette.")
    return None if initiative.is_editable_by_submitter else why_plan_is_closed(initiative)


def why_not_decided(initiative: Initiative, pilot: Pilot) -> str | None:
    """Return why nobody can say how the pilot went now, or ``None``.  A stopped initiative has a result to tell, too."""
    if pilot.is_concluded:
        return _("Utprøvingen er alt avgjort.")
    if not initiative.is_adopted:
        return _("Tiltaket er ikke vedtatt, så utprøvingen har ikke begynt.")
    return None


def why_not_reopened(initiative: Initiative, pilot: Pilot) -> str | None:
    """Return what hangs on the result, or ``None``."""
    if not pilot.is_concluded:
        return _("Utprøvingen er ikke avgjort ennå.")
    if initiative.is_final:
        return _("Tiltaket er avsluttet, så resultatet blir stående.")
    latest = initiative.plan_approvals.order_by("-number").first()
    if latest is not None and any(line.get("outcome") for line in latest.work or []):
        return _("Planen er godkjent med dette resultatet, så det blir stående.")
    return None


def problem_of_end(day: date, today: date) -> str:
    """Return why a pilot cannot end on ``day``, or nothing."""
    if day < today:
        return _("Dagen er alt gått. Velg i dag eller en senere dag.")
    if day.year > today.year + MOST_YEARS:
        return _("Det er mer enn fem år fram i tid. Sjekk årstallet.")
    return ""


@contextmanager
def _writing(initiative: Initiative, action: str, *, by: Actor, now: datetime) -> Iterator[Pilot | None]:
    """Lock the initiative for whoever writes of its pilot, and yield the pilot if there is one.

    :raises Http404: ``by`` cannot see the initiative.
    :raises TransitionDenied: ``by`` does not write in it.
    :raises Refused: the initiative is over, or the pilot is concluded.
    """
    if initiative.is_editable_by_submitter:
        way: Any = editing(initiative, by=by, now=now)
    else:
        way = planning_whole(initiative, action, by=by, now=now)
    with way, record(action, actor=by):
        pilot = Pilot.objects.select_for_update().filter(initiative=initiative).first()
        if pilot is not None and (reason := why_not_written(initiative, pilot)):
            raise Refused(reason)
        yield pilot


def save_pilot(
    initiative: Initiative,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    form: MergingForm | None = None,
) -> Pilot:
    """Declare the initiative a pilot, or change what is written of it.

    :param values: ``hypothesis``, ``cap``, ``ends_on`` and ``stop_criterion``.
    :param form: where they were typed, if others may have written in it too; only what it changed is saved.
    :raises Refused: the pilot is concluded, the plan is closed, or the values do not make a pilot.
    :raises StaleVersion: somebody else changed the same meanwhile.
    """
    with _writing(initiative, "edit_pilot", by=by, now=now) as standing:
        row = standing or Pilot(initiative=initiative, created_at=now)
        if form is not None:
            form.refuse_clashes(row)
        before = row.ends_on
        for name, value in values.items():
            if standing is None or form is None or name in form.changed_data:
                setattr(row, name, value)
        if row.ends_on != before and (reason := problem_of_end(row.ends_on, timezone.localdate(now))):
            raise Refused(reason)
        row.stamp(now)
        try:
            row.full_clean(exclude=["initiative"])
        except ValidationError as problem:
            raise Refused(*problem.messages) from problem
        row.save()
    return row


def remove_pilot(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    """Let the initiative be no pilot after all.  Its history stays.

    :raises Refused: the pilot is concluded, or the plan is closed.
    """
    with _writing(initiative, "remove_pilot", by=by, now=now) as pilot:
        if pilot is None:
            raise Http404
        pilot.delete()


@contextmanager
def _deciding(initiative: Initiative, action: str, *, by: Actor, now: datetime) -> Iterator[Pilot]:
    """Lock the initiative and its pilot for whoever decides it, and yield the pilot for a change.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not decide it.
    """
    with transaction.atomic():
        rows = Initiative.objects.visible_to(by).select_for_update(of=("self",)).select_related("unit")
        current = rows.filter(pk=initiative.pk).first()
        seen = Pilot.objects.visible_to(by).filter(initiative=initiative)
        pilot: Pilot | None = Pilot.objects.select_for_update().filter(pk__in=seen.values("pk")).first()
        if current is None or pilot is None:
            raise Http404
        if not may_decide_pilot(by, current):
            raise TransitionDenied
        pilot.initiative = current
        with record(action, actor=by):
            yield pilot
            pilot.stamp(now)
            pilot.full_clean(exclude=["initiative", "concluded_by"])
            pilot.save()


def conclude_pilot(
    initiative: Initiative, outcome: str, learned: str, spent: Decimal | None, *, by: Actor, now: datetime
) -> Pilot:
    """Keep how the pilot went and what was learned.

    :raises Refused: the initiative is not adopted, or the pilot is concluded.
    """
    with _deciding(initiative, "conclude_pilot", by=by, now=now) as pilot:
        if reason := why_not_decided(pilot.initiative, pilot):
            raise Refused(reason)
        pilot.outcome, pilot.learned, pilot.spent = outcome, learned, spent
        pilot.concluded_on, pilot.concluded_by_id = timezone.localdate(now), by.person_id
    return pilot


def reopen_pilot(initiative: Initiative, *, by: Actor, now: datetime) -> Pilot:
    """Take the result back.  What stood stays in the history.

    :raises Refused: something hangs on the result.
    """
    with _deciding(initiative, "reopen_pilot", by=by, now=now) as pilot:
        if reason := why_not_reopened(pilot.initiative, pilot):
            raise Refused(reason)
        pilot.outcome, pilot.learned, pilot.spent = "", "", None
        pilot.concluded_on, pilot.concluded_by_id = None, None
    return pilot
