"""What deviations put in people's inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.conditions import has_one
from core.inbox import InboxSource, Task
from deviations.models import CorrectiveAction, Deviation, Duty, DutyStatus, Lift, LiftStatus, Status
from deviations.models.action import ActionStatus
from deviations.presentation import who_has_it
from deviations.queries import in_hands
from organization.roles import Role

if TYPE_CHECKING:
    from django.db.models import QuerySet

_VERBS: dict[str, tuple[Any, Any]] = {
    Status.DRAFT: (_("Skriv ferdig"), _("Du har begynt på en melding")),
    Status.REPORTED: (_("Ta imot"), _("Ny melding til deg")),
    Status.RECEIVED: (_("Start behandling av"), _("Du har tatt imot saken")),
    Status.IN_PROGRESS: (_("Behandle"), _("Du er behandler")),
    Status.AWAITING_REPORTER: (_("Svar på spørsmål om"), _("Behandler trenger svar fra deg")),
    Status.ACTIONS_RUNNING: (_("Følg opp tiltakene i"), _("Du er behandler")),
    Status.EVALUATING: (_("Vurder effekten i"), _("Tiltakene er gjort")),
}


def _cases(actor: Any) -> QuerySet[Any]:
    rows = Deviation.objects.visible_to(actor)
    if actor.is_system:
        return rows.none()
    return rows.in_my_hands(actor).select_related("unit").order_by("due_on", "pk")


def _case_task(case: Deviation, actor: Any) -> Task:
    verb, why = _VERBS[case.status]
    return Task(
        verb=verb, title=f"{case.number} {case.headline}".strip(), why=why, due=case.due_on, url=case.get_absolute_url(),
        where=str(case.unit),
    )  # fmt: skip


def _actions(actor: Any) -> QuerySet[Any]:
    rows = CorrectiveAction.objects.visible_to(actor)
    if actor.is_system:
        return rows.none()
    return rows.in_hands_of(actor).select_related("unit").order_by("due_on", "pk")


def _action_task(action: CorrectiveAction, actor: Any) -> Task:
    verb = _("Ta stilling til tiltaket") if action.status == ActionStatus.PROPOSED else _("Gjør tiltaket")
    return Task(
        verb=verb, title=action.title, why=_("Du er ansvarlig for tiltaket"), due=action.due_on,
        url=action.get_absolute_url(), where=str(action.unit),
    )  # fmt: skip


def _duties(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Duty.objects.none()
    cases = Deviation.objects.visible_to(actor).filter(in_hands(actor))
    rows = Duty.objects.filter(deviation__in=cases).with_met()
    return rows.filter(status=DutyStatus.OPEN).select_related("deviation__unit").order_by("due_at", "pk")


def _duty_task(duty: Duty, actor: Any) -> Task:
    verb = _("Gjør ferdig meldeplikten:") if duty.is_met else _("Oppfyll meldeplikten:")
    return Task(
        verb=verb, title=f"{duty.name} ({duty.deviation.number})", due=_due_of(duty),
        why=_t("Melding til %(recipients)s") % {"recipients": ", ".join(duty.recipients)},
        url=reverse("deviations:duty_detail", args=[duty.pk]), where=str(duty.deviation.unit),
    )  # fmt: skip


def _escalated(actor: Any) -> QuerySet[Any]:
    """Return what the clock has told the actor of and still is not met, where others have the case in hand.

    The clock tells people in office.  Whoever is an employee or a leader and nothing more has what is in hand.
    """
    if actor.is_system or {grant.role for grant in actor.grants} <= {Role.EMPLOYEE, Role.LEADER}:
        return Duty.objects.none()
    own = Deviation.objects.filter(in_hands(actor), pk=OuterRef("deviation_id"))
    rows = Duty.objects.visible_to(actor).told_by_clock(actor.person_id).open().unmet().with_met()
    related = ("deviation__unit", "deviation__handler", "deviation__responsible")
    return rows.filter(~has_one(own)).select_related(*related).order_by("due_at", "pk")


def _escalated_task(duty: Duty, actor: Any) -> Task:
    who = who_has_it(duty.deviation)
    return Task(
        verb=_("Følg opp meldeplikten:"), title=f"{duty.name} ({duty.deviation.number})", due=_due_of(duty),
        why=_t("Ikke oppfylt. Saken ligger hos %(name)s") % {"name": who} if who else _("Ikke oppfylt"),
        url=reverse("deviations:duty_detail", args=[duty.pk]), where=str(duty.deviation.unit),
    )  # fmt: skip


def _due_of(duty: Duty) -> Any:
    """Return the day by which the law asks for it, as long as that is not met."""
    urgent = {
        "immediately": timezone.localdate(duty.started_at),
        "hours": duty.due_at and timezone.localdate(duty.due_at),
    }
    return None if duty.is_met else urgent.get(duty.deadline)


def _lifts(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Lift.objects.none()
    rows = Lift.objects.visible_to(actor).of_raiser(actor).awaiting_raiser().with_offer_facts()
    return rows.order_by("raised_at", "pk")


def _lift_task(lift: Any, actor: Any) -> Task:
    verb, why = _("Svar på spørsmål om"), _("Noen trenger å vite mer om problemet")
    if lift.status == LiftStatus.RAISED and lift.offer_count:
        verb, why = _("Ta stilling til tilbudet:"), _("Noen kan løse dette")
    elif lift.status == LiftStatus.BEING_SOLVED and not lift.is_asked:
        verb, why = _("Meld som løst:"), _("Tiltaket er avsluttet")
    return Task(verb=verb, title=lift.title, why=why, url=lift.get_absolute_url())


def _asked(actor: Any) -> QuerySet[Any]:
    if actor.is_system:
        return Lift.objects.none()
    rows = Lift.objects.waiting().addressed_to(actor).visible_to(actor).not_answered_by(actor)
    return rows.select_related("sector", "group").order_by("raised_at", "pk")


def _asked_task(lift: Lift, actor: Any) -> Task:
    return Task(
        verb=_("Kan du løse dette?"), title=lift.title, url=lift.get_absolute_url(),
        why=_t("Spør %(audience)s") % {"audience": str(lift.audience)}, action=_("Se"),
    )  # fmt: skip


cases_in_my_hands = InboxSource(key="deviations", rows=_cases, task=_case_task)
actions_in_my_hands = InboxSource(key="corrective_actions", rows=_actions, task=_action_task)
duties_in_my_hands = InboxSource(key="duties", rows=_duties, task=_duty_task)
duties_told_of = InboxSource(key="duties_told", rows=_escalated, task=_escalated_task)
lifts_of_mine = InboxSource(key="lifts", rows=_lifts, task=_lift_task)
lifts_for_me = InboxSource(key="lifts_asked", rows=_asked, task=_asked_task)
