"""What is measured, and who has confirmed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from benefits import policies
from benefits.models import Benefit, Indicator, Kind, Measurement
from benefits.rules import problems_of_measurement
from benefits.workflow import benefit_workflow
from core.attachments import attach
from core.errors import Refused
from core.history import record
from core.workflow import TransitionDenied

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from decimal import Decimal

    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import Field

    from core.actors import Actor


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
        row = hold_to_measure(measurement, by=by)
        _write(row, value, measured_on, by=by, now=now, **more)
    return row


def hold_to_measure(measurement: Measurement, *, by: Actor) -> Measurement:
    """Return the measurement as it stands, and let nobody else write it until the transaction ends.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not measure it.
    """
    _hold(indicators__measurements=measurement.pk)
    row = _visible(measurement, by)
    if not policies.may_measure(by, row):
        raise TransitionDenied
    return row


def day_is_scheduled() -> ValidationError:
    """Return the refusal of a second measurement on a day of the schedule."""
    return ValidationError(
        {"measured_on": [_("Dagen er en måledag i planen. Før eller rett den målingen i stedet.")]}
    )


def measure_extra(
    indicator: Indicator, *, value: Decimal, measured_on: date, by: Actor, now: datetime, **more: Any
) -> Measurement:
    """Register a measurement outside the schedule, on the same terms as ``measure``."""
    with transaction.atomic():
        _hold(indicators=indicator.pk)
        seen = Indicator.objects.visible_to(by).select_related("benefit__initiative__unit")
        current = seen.filter(pk=indicator.pk).first()
        if current is None:
            raise Http404
        row = Measurement(indicator=current, kind=Kind.EXTRA, due_on=measured_on)
        if not policies.may_measure(by, row):
            raise TransitionDenied
        if current.measurements.filter(due_on=measured_on).exists():
            raise day_is_scheduled()
        _write(row, value, measured_on, by=by, now=now, **more)
    return row


def _hold(**which: int) -> None:
    """Let nobody else measure the benefit, or change its plan, until this is done."""
    Benefit.objects.select_for_update(of=("self",)).filter(**which).first()


def _visible(measurement: Measurement, by: Actor) -> Measurement:
    rows = Measurement.objects.visible_to(by).select_for_update(of=("self",))
    row: Measurement | None = (
        rows.select_related("indicator__benefit__initiative__unit").filter(pk=measurement.pk).first()
    )
    if row is None:
        raise Http404
    return row


def _write(
    row: Measurement, value: Decimal, measured_on: date, *, by: Actor, now: datetime,
    files: Sequence[UploadedFile[Any]] = (), **more: Any,
) -> None:  # fmt: skip
    others = list(row.indicator.measurements.exclude(pk=row.pk))
    write_value(row, value, measured_on, others=others, by=by, now=now, **more)
    for upload in files:
        attach(row, upload, by=by, now=now)


def write_value(  # noqa: PLR0913 - the fields of one row
    row: Measurement, value: Decimal, measured_on: date, *, others: Iterable[Measurement], by: Actor, now: datetime,
    comment: str = "", forecast: Decimal | None = None,
) -> None:  # fmt: skip
    """Write what was measured at a point.  The caller holds the benefit, and has asked whether ``by`` measures it.

    :param others: the other points of the indicator.
    :raises ValidationError: the value or the day cannot be right; by field.  Nothing is changed then, nor in ``row``.
    """
    indicator = row.indicator
    if hasattr(indicator, "computation"):
        raise ValidationError(
            {"value": [_("Tallet regnes ut av kilden, og føres ikke for hånd. Regn det ut på nytt.")]}
        )
    if problems := problems_of_measurement(row, value, measured_on, others=others, today=localdate(now)):
        raise ValidationError(problems)
    for name, given in (("value", value), ("comment", comment)):
        _check(row, name, given)
    row.value, row.measured_on, row.comment = value, measured_on, comment
    with record("measure", actor=by, of=row):
        row.measured_by_id, row.verified_by, row.verified_at = by.person_id, None, None
        row.stamp(now)
        row.save()
        if forecast is not None and forecast != indicator.forecast:
            indicator.forecast = forecast
            indicator.stamp(now)
            indicator.save(update_fields=["forecast", "changed_at"])
        if indicator.benefit.changed_at != now:
            Benefit.objects.filter(pk=indicator.benefit_id).update(changed_at=now)
            indicator.benefit.changed_at = now
    benefit = indicator.benefit
    if row.is_baseline and indicator.is_main and benefit.status == Benefit.Status.PLANNED:
        benefit_workflow.perform("note_baseline", benefit, by=by, now=now, vouched=True)


def _check(row: Measurement, name: str, given: Any) -> None:
    field = cast("Field[Any, Any]", Measurement._meta.get_field(name))
    try:
        field.clean(given, row)
    except ValidationError as wrong:
        raise ValidationError({name: wrong.error_list}) from wrong


def verify(measurement: Measurement, *, by: Actor, now: datetime) -> Measurement:
    """Confirm what somebody else has measured.

    :raises Http404: ``by`` cannot see it.
    :raises TransitionDenied: ``by`` does not verify it, or measured it.
    :raises Refused: nothing is measured there.
    """
    with transaction.atomic():
        _hold(indicators__measurements=measurement.pk)
        row = _visible(measurement, by)
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
