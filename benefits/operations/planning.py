"""The plan: estimates per year, indicators with their schedule, and approval as a version."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from benefits import policies
from benefits.basis import basis_for, kept
from benefits.change.versions import work_lines
from benefits.filing import file_plan
from benefits.models import Benefit, Every, Indicator, Kind, Measurement, PlanApproval, YearEstimate
from benefits.operations.overview import editing, planning
from benefits.rules import problems_of_indicator
from benefits.versions import lines_of
from benefits.workflow import benefit_workflow
from core.errors import StaleVersion
from core.history import record
from core.seeing import lock
from core.workflow import TransitionBlocked, TransitionDenied

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from benefits.arithmetic import ThreePoint
    from core.actors import Actor
    from governance.forms.merging import MergingForm
    from governance.models import Initiative

_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF_YEAR: 6, Every.YEAR: 12}
MOST_POINTS = 240
"""Twenty years of months."""
_LAST_DAY = 28


def set_profile(
    benefit: Benefit,
    years: Mapping[int, ThreePoint],
    *,
    by: Actor,
    now: datetime,
    seen: str | None = None,
) -> None:
    """Let the estimates of the benefit be ``years``, in its own measure; other years go out.

    :param seen: the ``profile_mark`` of the estimates that the writer saw, if one is held up against it.
    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` neither writes the form while it is open, nor works on its plan after that.
    :raises Refused: the plan is closed.
    :raises StaleVersion: somebody else has changed the estimates since; with what stands, by year.
    """
    with _estimating(benefit, by=by, now=now) as current:
        if seen is not None and seen != current.profile_mark:
            raise StaleVersion(theirs={str(row.year): row.in_words for row in current.estimates.all()})
        current.estimates.exclude(measure=current.measure, year__in=years).delete()
        standing = {row.year: row for row in current.estimates.all()}
        for year, three in years.items():
            row = standing.get(year) or YearEstimate(benefit=current, year=year, measure=current.measure)
            row.low, row.likely, row.high = three.low, three.likely, three.high
            row.stamp(now)
            row.save()


@contextmanager
def _estimating(benefit: Benefit, *, by: Actor, now: datetime) -> Iterator[Benefit]:
    """Lock the benefit for its estimates: for the authors while the form is open, for its planners after that."""
    if not benefit.initiative.is_editable_by_submitter:
        with planning(benefit, "edit_profile", by=by, now=now) as current:
            yield current
        return
    with editing(benefit.initiative, by=by, now=now), record("edit_profile", actor=by):
        found: Benefit | None = Benefit.objects.select_for_update().filter(pk=benefit.pk).first()
        if found is None:
            raise Http404
        yield found
        found.stamp(now)
        found.save(update_fields=["changed_at"])


def save_indicator(
    benefit: Benefit,
    values: Mapping[str, Any],
    *,
    by: Actor,
    now: datetime,
    indicator: Indicator | None = None,
    form: MergingForm | None = None,
) -> Indicator:
    """Add an indicator, or change it, and make its schedule anew.  What is measured stays.

    The first indicator of a benefit is the main one; making another one so takes it from the first.

    :param form: where ``values`` were typed, if others may have written in it too.
    :raises Http404: ``by`` cannot see the benefit.
    :raises TransitionDenied: ``by`` does not work on its plan.
    :raises Refused: the plan is closed.
    :raises ValidationError: what cannot be right, by field.
    :raises StaleVersion: somebody else changed the same meanwhile.
    """
    action = "edit_indicator" if indicator else "add_indicator"
    with planning(benefit, action, by=by, now=now) as current:
        row = _locked(current, indicator) if indicator else Indicator(benefit=current, created_at=now)
        if form is not None:
            form.refuse_clashes(row)
        others = current.indicators.exclude(pk=row.pk).filter(is_main=True)
        for name, value in values.items():
            setattr(row, name, value)
        row.is_main = row.is_main or not others.exists()
        if row.is_main:
            others.update(is_main=False, changed_at=now)
        settle(row, now)
    return row


def settle(indicator: Indicator, now: datetime) -> None:
    """Check an indicator as it is filled in, save it, and make its schedule anew.

    :raises ValidationError: what cannot be right, by field.
    """
    _check(indicator, localdate(now))
    indicator.stamp(now)
    indicator.full_clean()
    indicator.save()
    _schedule(indicator, now)


def _locked(benefit: Benefit, indicator: Indicator) -> Indicator:
    row: Indicator | None = benefit.indicators.select_for_update().filter(pk=indicator.pk).first()
    if row is None:
        raise Http404
    return row


def _check(row: Indicator, today: date) -> None:
    start = row.baseline if row.pk else None
    if problems := problems_of_indicator(vars(row), start.value if start else None, today=today):
        raise ValidationError(problems)


def _schedule(indicator: Indicator, now: datetime) -> None:
    """Let what is not measured stand on the days of the schedule."""
    measured = list(indicator.measurements.exclude(value=None))
    indicator.measurements.filter(value=None).delete()
    taken = {row.due_on for row in measured} | {row.measured_on for row in measured}
    has_baseline = any(row.is_baseline for row in measured)
    rows = [
        Measurement(indicator=indicator, kind=kind, due_on=day, changed_at=now)
        for kind, day in points_of(indicator)
        if day not in taken and not (kind == Kind.BASELINE and has_baseline)
    ]
    Measurement.objects.bulk_create(rows)


def points_of(indicator: Indicator) -> Iterator[tuple[Kind, date]]:
    """Yield every point of the schedule: the baseline, the running ones, and the final one."""
    yield Kind.BASELINE, indicator.baseline_on
    step = _MONTHS.get(Every(indicator.every))
    day, passed = indicator.first_on, 0
    while step and day < indicator.last_on:
        yield Kind.RUNNING, day
        passed += step
        day = _months_after(indicator.first_on, passed)
    yield Kind.FINAL, indicator.last_on


def _months_after(day: date, months: int) -> date:
    """Return the same day of a later month; the last days of a month become the 28th."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, min(day.day, _LAST_DAY))


def approve_plan(initiative: Initiative, *, by: Actor, now: datetime, remark: str = "") -> PlanApproval:
    """Approve every benefit that is named and not yet planned, and keep the plan as a version.

    :raises Http404: ``by`` cannot see the initiative.
    :raises TransitionDenied: ``by`` does not approve its plan.
    :raises TransitionBlocked: there is nothing to approve, or a benefit is not ready; each reason names it.
    """
    with transaction.atomic():
        current = lock(initiative, by)
        if not policies.may_approve_in(by, current):
            raise TransitionDenied
        standing = list(_of_plan(current))
        if reasons := why_not_approved(standing):
            raise TransitionBlocked(reasons)
        with record("approve_plan", actor=by, reason=remark):
            for benefit in standing:
                if benefit.status == Benefit.Status.IDENTIFIED:
                    benefit_workflow.perform("plan_benefit", benefit, by=by, now=now)
        latest = current.plan_approvals.order_by("-number").first()
        approval = PlanApproval.objects.create(
            initiative=current, number=latest.number + 1 if latest else 1, approved_by_id=cast("int", by.person_id), approved_at=now,
            remark=remark, lines=lines_of(standing), work=work_lines(current),
            basis=kept(basis_for(current.municipality_id, localdate(now))),
        )  # fmt: skip
        file_plan(approval, current, now=now)
        return approval


def _of_plan(initiative: Initiative) -> Any:
    rows = initiative.benefits.exclude(status=Benefit.Status.DROPPED).select_related(
        "service_owner", "initiative__unit"
    )
    return rows.prefetch_related("estimates", "indicators__measurements")


def why_not_approved(benefits: list[Benefit]) -> list[str]:
    """Return what stands in the way of approving a plan of these benefits, empty when nothing does."""
    if not benefits:
        return [_("Planen har ingen gevinster.")]
    step = benefit_workflow.transitions["plan_benefit"]
    return [
        f"«{benefit}»: {reason}"
        for benefit in benefits
        if benefit.status == Benefit.Status.IDENTIFIED
        for reason in step.blockers(benefit)
    ]
