"""Write what a duty sends: the report of a breach, part by part, and the letter to those it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.errors import StaleVersion
from core.history import label_actions, record
from core.workflow import TransitionBlocked
from deviations import breach
from deviations.operations.duties import open_duty, stamp_duty, why_not_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from core.actors import Actor
    from deviations.models import Duty

label_actions(
    {
        "write_notification": _("Skrev på meldingen"),
        "send_notification": _("Førte meldingen som sendt"),
    }
)
LONGEST_REFERENCE = 200


def write_notification(
    duty: Duty, key: str, content: Mapping[str, Any], *, seen: str, by: Actor, now: datetime
) -> Duty:
    """Keep the report or the letter as it now stands.

    :param key: ``report`` or ``letter``.
    :param seen: ``Duty.seen`` of when the page was opened.
    :raises TransitionDenied: ``by`` may not write it.
    :raises TransitionBlocked: the duty is not open.
    :raises StaleVersion: somebody else has written since.
    """
    with transaction.atomic(), record("write_notification", actor=by):
        locked = open_duty(duty, by=by)
        if locked.seen != seen:
            raise StaleVersion
        _keep(locked, {**locked.details, key: dict(content)}, now)
    return locked


def send_part(duty: Duty, kind: str, *, at: datetime, reference: str, by: Actor, now: datetime) -> Duty:
    """Keep a copy of the report as it was sent, with when and by whom, and stamp what that fulfils.

    :raises TransitionDenied: ``by`` may not.
    :raises TransitionBlocked: the duty is not open, the time cannot be, or something is missing.
    """
    with transaction.atomic():
        with record("send_notification", actor=by, reason=reference):
            locked = open_duty(duty, by=by)
            if reasons := why_not_sent(locked, kind, at, now=now):
                raise TransitionBlocked(reasons)
            part = {
                "kind": kind, "at": at.isoformat(), "recorded_at": now.isoformat(), "by": by.person_id, "name": by.label,
                "reference": reference.strip()[:LONGEST_REFERENCE], "report": locked.details.get("report", {}),
            }  # fmt: skip
            parts = [*locked.details.get("parts", []), part]
            _keep(locked, {**locked.details, "parts": parts}, now)
        return _stamp(locked, kind, at=at, reference=reference, by=by, now=now)


def why_not_sent(duty: Duty, kind: str, at: datetime, *, now: datetime) -> list[str]:
    """Return why the report cannot be noted as sent: a first part may be incomplete, the last may not."""
    report = duty.details.get("report", {})
    sent = {part["kind"] for part in duty.details.get("parts", [])}
    reasons = [why_not_at(duty, at, now=now)]
    if kind == breach.FIRST and sent:
        reasons.append(_t("Den første meldingen er alt sendt. Velg tilleggsmelding eller siste melding."))
    if not report.get("what"):
        reasons.append(_t("Skriv hva som har skjedd, og lagre meldingen først."))
    elif kind == breach.FINAL and (lacking := breach.missing(breach.REPORT, report)):
        reasons.append(_t("Dette mangler i den siste meldingen: %(what)s.") % {"what": "; ".join(lacking)})
    if not sent and duty.due_at and at > duty.due_at and not report.get("delay_reason"):
        reasons.append(
            _t("Fristen er ute. Skriv i meldingen hvorfor den sendes senere (GDPR art. 33 nr. 1).")
        )
    return [reason for reason in reasons if reason]


def _keep(duty: Duty, details: dict[str, Any], now: datetime) -> None:
    duty.details = details
    duty.stamp(now)
    duty.save(update_fields=["details", "changed_at"])


def _stamp(duty: Duty, kind: str, *, at: datetime, reference: str, by: Actor, now: datetime) -> Duty:
    proof = f"{breach.PARTS[kind]}: {reference}"
    for stamp in duty.stamps.filter(code__in=breach.STAMPS_OF_PART[kind], done_at=None):
        duty = stamp_duty(stamp, proof=proof, at=at, by=by, now=now)
    return duty
