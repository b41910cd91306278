"""The states of a consultation: planned, open from its first day to its last, answered, and sent.

One whose days all went by while no job ran was heard by nobody, and is held anew or called off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.formats import long_date
from core.workflow import TransitionBlocked, Workflow
from organization import consultation_points, policies, telling
from organization import consultation_rules as rules
from organization.forms import consultation_steps as forms
from organization.models import Consultation, Strategy
from organization.models import ConsultationStatus as S

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor

consultation_workflow: Workflow[Consultation] = Workflow(Consultation, S)
step = consultation_workflow.transition
WRITERS, SYSTEM = _("Administrator"), _("Systemet, når dagen er kommet")


@step(
    source=[S.PLANNED], target=S.OPEN, label=_("Åpne høringen"), done=_("Høringen er åpnet"), roles=SYSTEM, internal=True,
    allow=policies.may_steer_consultation, guards=[rules.strategy_is_a_draft], notify=telling.consultation_has_opened,
)  # fmt: skip
def open_hearing(consultation: Consultation, *, by: Actor, now: datetime) -> None:
    """Keep the goals in the words that are heard."""
    if timezone.localdate(now) < consultation.opens_on:
        raise TransitionBlocked([
            _t("Høringen åpner %(day)s.") % {"day": long_date(consultation.opens_on)}
        ])  # fmt: skip
    consultation.strategy = Strategy.objects.select_for_update().get(pk=consultation.strategy_id)
    consultation_points.hear_goals(consultation, now=now)


@step(
    source=[S.OPEN, S.CLOSED], target=S.OPEN, label=_("Forleng fristen"), done=_("Fristen er forlenget"), roles=WRITERS,
    allow=policies.may_steer_consultation, form=forms.ExtendForm,
    guards=[rules.strategy_is_a_draft, rules.nothing_is_answered, rules.no_other_stands],
    notify=telling.consultation_is_extended,
)  # fmt: skip
def extend_hearing(
    consultation: Consultation, *, by: Actor, now: datetime, closes_on: date, reason: str
) -> None:
    consultation.strategy = Strategy.objects.select_for_update().get(pk=consultation.strategy_id)
    problem = (
        rules.strategy_is_a_draft(consultation)
        or rules.no_other_stands(consultation)
        or rules.extension_problem(consultation, closes_on, timezone.localdate(now))
    )
    if problem:
        raise TransitionBlocked([problem])
    consultation_points.hear_the_rest(consultation, now=now)
    consultation.closes_on = closes_on


@step(
    source=[S.OPEN], target=S.CLOSED, label=_("Avslutt høringen"), done=_("Høringen er avsluttet"), roles=SYSTEM,
    internal=True, allow=policies.may_steer_consultation, notify=telling.comments_can_be_answered,
)  # fmt: skip
def close_hearing(consultation: Consultation, *, by: Actor, now: datetime) -> None:
    if timezone.localdate(now) <= consultation.closes_on:
        raise TransitionBlocked([
            _t("Høringen er åpen til og med %(day)s.") % {"day": long_date(consultation.closes_on)}
        ])  # fmt: skip


@step(
    source=[S.PLANNED], target=S.UNHEARD, label=_("Høringen gikk ut"), done=_("Høringen gikk ut uten at den åpnet"),
    roles=SYSTEM, internal=True, allow=policies.may_steer_consultation, notify=telling.consultation_passed_unheard,
)  # fmt: skip
def pass_unheard(consultation: Consultation, *, by: Actor, now: datetime) -> None:
    """All its days went by while nothing opened it: nobody is asked to comment on what is over."""
    if timezone.localdate(now) <= consultation.closes_on:
        raise TransitionBlocked([
            _t("Høringen varer til og med %(day)s.") % {"day": long_date(consultation.closes_on)}
        ])  # fmt: skip


@step(
    source=[S.CLOSED], target=S.ANSWERED, label=_("Send svarene"), done=_("Svarene er sendt"), tone="primary", roles=WRITERS,
    allow=policies.may_steer_consultation, guards=[rules.everything_is_answered], notify=telling.comments_are_answered,
)  # fmt: skip
def send_answers(consultation: Consultation, *, by: Actor, now: datetime) -> None:
    """Those who commented see the answers from now on, and these can be given no other words."""
    for path in settings.CONSULTATION_FOLLOWERS:
        import_string(path)(consultation, now=now)


@step(
    source=[S.PLANNED, S.OPEN, S.UNHEARD], target=S.CANCELLED, label=_("Avlys høringen"), done=_("Høringen er avlyst"), tone="danger",
    roles=WRITERS, allow=policies.may_steer_consultation, form=forms.CancelForm, notify=telling.consultation_is_cancelled,
)  # fmt: skip
def call_off_hearing(consultation: Consultation, *, by: Actor, now: datetime, reason: str) -> None:
    """What was said stays, and is answered by nobody."""


consultation_workflow.seal()
