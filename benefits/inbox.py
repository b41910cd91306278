"""What benefits put in people's inbox: an answer to give, measurements to make, and pilots to decide."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from benefits.models import Benefit, Measurement, Pilot, PulseRound
from core.inbox import InboxSource, Task

if TYPE_CHECKING:
    from django.db.models import QuerySet

AHEAD = timedelta(days=7)


def _asked(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Benefit.objects.none()
    rows = Benefit.objects.visible_to(actor).asking(actor)
    return rows.select_related("initiative__unit").order_by("changed_at", "pk")


def _asked_task(benefit: Benefit, actor: Any) -> Task:
    return Task(
        verb=_("Svar på om du tar på deg"), title=benefit.title, why=_("Du er foreslått som tjenesteeier"),
        url=benefit.get_absolute_url(), where=str(benefit.initiative.unit), action=_("Svar"),
    )  # fmt: skip


def _due(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Measurement.objects.none()
    rows = Measurement.objects.called_for(timezone.localdate() + AHEAD).in_hands_of(actor)
    return (
        rows.visible_to(actor).select_related("indicator__benefit__initiative__unit").order_by("due_on", "pk")
    )


def _due_task(row: Measurement, actor: Any) -> Task:
    benefit = row.indicator.benefit
    return Task(
        verb=_("Mål nullpunktet for") if row.is_baseline else _("Mål"), title=row.indicator.name,
        why=_t("Gevinsten «%(title)s»") % {"title": benefit}, due=row.due_on, url=row.get_absolute_url(),
        where=str(benefit.initiative.unit), action=_("Før målingen"),
    )  # fmt: skip


def _pulses(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return PulseRound.objects.none()
    rows = PulseRound.objects.open_on(timezone.localdate()).asking(actor).unanswered_by(actor.person_id)
    return rows.select_related("initiative__unit").order_by("closes_on", "pk")


def _pulse_task(row: PulseRound, actor: Any) -> Task:
    return Task(
        verb=_("Svar på fem spørsmål om"), title=row.initiative.card_title, why=_("Du blir berørt av endringen. Svaret er uten navn"),
        due=row.closes_on, url=row.get_absolute_url(), where=str(row.initiative.unit), action=_("Svar"),
    )  # fmt: skip


def _pilots(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Pilot.objects.none()
    rows = Pilot.objects.visible_to(actor).led_by(actor).to_be_decided_by(timezone.localdate())
    return rows.select_related("initiative__unit").order_by("ends_on", "pk")


def _pilot_task(pilot: Pilot, actor: Any) -> Task:
    return Task(
        verb=_("Avgjør utprøvingen av"), title=str(pilot), why=_("Du leder den, og sluttdagen er kommet"), due=pilot.ends_on,
        url=pilot.get_absolute_url(), where=str(pilot.initiative.unit), action=_("Avgjør"),
    )  # fmt: skip


ownership_to_answer = InboxSource(key="ownership", rows=_asked, task=_asked_task)
measurements_to_make = InboxSource(key="measurements", rows=_due, task=_due_task)
pulses_to_answer = InboxSource(key="pulse", rows=_pulses, task=_pulse_task)
pilots_to_decide = InboxSource(key="pilots", rows=_pilots, task=_pilot_task)
