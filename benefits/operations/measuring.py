"""What is measured, and who has confirmed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from benefits import policies
from benefits.models import Benefit, Kind, Measurement
from benefits.workflow import benefit_workflow
from core.attachments import attach
from core.errors import Refused
from core.formats import short_date
from core.history import record
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from django.core.files.uploadedfile import UploadedFile

    from benefits.models import Indicator
    from core.actors import Actor

_HUNDRED = 100


def measure(
    measurement: Measurement, *, value: Decimal, measured_on: date, by: Actor, now: datetime, **more: Any
) -> Measurement:
    """Register what was measured at a point of the schedule, or put it right.

    ``more`` may hold ``comment``, ``forecast`` (where it is thought to end) and ``files``.  A value that
    is put right must be verified again.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not measure it.
    :raises ValidationError: the value or the day cannot be right; by field.
    """
    with transaction.atomic():
        rows = Measurement.objects.visible_to(by).select_for_update(of=("self",))
        row = rows.select_related("indicator__benefit__initiative__unit").filter(pk=measurement.pk).first()
        if row is None:
            raise Http404
        if not policies.may_measure(by, row):
            raise TransitionDenied
        _save(row, value, measured_on, by=by, now=now, **more)
    return row


def measure_extra(
    indicator: Indicator, *, value: Decimal, measured_on: date, by: Actor, now: datetime, **more: Any
) -> Measurement:
    """Register a measurement outside the schedule, on the same terms as ``measure``."""
    row = Measurement(indicator=indicator, kind=Kind.EXTRA, due_on=measured_on)
    if not policies.may_measure(by, row):
        raise TransitionDenied
    with transaction.atomic():
        _save(row, value, measured_on, by=by, now=now, **more)
    return row


def _save(  # noqa: PLR0913 - the fields of one row
    row: Measurement, value: Decimal, measured_on: date, *, by: Actor, now: datetime, comment: str = "",
    forecast: Decimal | None = None, files: Sequence[UploadedFile[Any]] = (),
) -> None:  # fmt: skip
    indicator = row.indicator
    if problems := problems_of(row, value, measured_on):
        raise ValidationError(problems)
    with record("measure", actor=by, of=row):
        row.value, row.measured_on, row.comment = value, measured_on, comment
        row.measured_by_id, row.verified_by, row.verified_at = by.person_id, None, None
        row.stamp(now)
        row.save()
        if forecast is not None and forecast != indicator.forecast:
            indicator.forecast = forecast
            indicator.stamp(now)
            indicator.save(update_fields=["forecast", "changed_at"])
        Benefit.objects.filter(pk=indicator.benefit_id).update(changed_at=now)
    for upload in files:
        attach(row, upload, by=by, now=now)
    benefit = indicator.benefit
    if row.is_baseline and indicator.is_main and benefit.status == Benefit.Status.PLANNED:
        benefit_workflow.perform("note_baseline", benefit, by=by, now=now, vouched=True)


def problems_of(row: Measurement, value: Decimal, measured_on: date) -> dict[str, list[str]]:
    """Return what cannot be right about a measurement, by field; empty when all can."""
    days = _days_problem(row, measured_on)
    found = {"value": _value_problem(row.indicator, value), "measured_on": days}
    return {name: [text] for name, text in found.items() if text}


def _value_problem(indicator: Indicator, value: Decimal) -> str:
    if indicator.is_percent and not 0 <= value <= _HUNDRED:
        return _("Prosent går fra 0 til 100. Sjekk tallet.")
    if value < 0 and not indicator.may_be_negative:
        return _("Verdien kan ikke være under null.")
    return ""


def _days_problem(row: Measurement, measured_on: date) -> str:
    others = list(row.indicator.measurements.exclude(pk=row.pk).exclude(value=None))
    if any(one.measured_on == measured_on for one in others):
        return _("Det er alt ført en måling %(day)s. Rett den, eller velg en annen dag.") % {
            "day": short_date(measured_on)
        }
    if row.is_baseline:
        first = min((one.measured_on for one in others if one.measured_on), default=None)
        if first is not None and measured_on > first:
            return _("Nullpunktet må komme før den første målingen, %(day)s.") % {"day": short_date(first)}
        return ""
    start = next((one.measured_on for one in others if one.is_baseline), None)
    if start is None:
        return _("Nullpunktet er ikke ført ennå. Før det først, så er det noe å måle mot.")
    if measured_on < start:
        return _("Målingen kan ikke være før nullpunktet, %(day)s.") % {"day": short_date(start)}
    return ""


def verify(measurement: Measurement, *, by: Actor, now: datetime) -> Measurement:
    """Confirm what somebody else has measured.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not verify it, or measured it.
    :raises Refused: nothing is measured there.
    """
    with transaction.atomic():
        rows = Measurement.objects.visible_to(by).select_for_update(of=("self",))
        row = rows.select_related("indicator__benefit__initiative__unit").filter(pk=measurement.pk).first()
        if row is None:
            raise Http404
        if not policies.may_verify(by, row):
            raise TransitionDenied
        if not row.is_measured:
            raise Refused(_("Det er ikke ført noen verdi å bekrefte."))
        with record("verify_measurement", actor=by, of=row):
            row.verified_by_id, row.verified_at = by.person_id, now
            row.stamp(now)
            row.save()
            Benefit.objects.filter(pk=row.indicator.benefit_id).update(changed_at=now)
    return row
