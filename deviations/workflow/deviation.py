"""Every state a deviation can stand in, and every step between them (domain/states).

The seal at the end makes the database refuse the rest; a trigger on the table and one on the
duties refuse to end a case that has an open duty.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.workdays import add_working_days
from core.workflow import Workflow
from deviations import guards, policies, telling
from deviations.deadlines import handling_due
from deviations.filing import file_closed
from deviations.forms import transitions as forms
from deviations.models import Deviation, Follower, Message, Status
from deviations.operations.dialogue import say, tell_reporter
from deviations.operations.reporting import register_report
from deviations.operations.routing import lay_in_hands

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.utils.functional import _StrOrPromise as StrOrPromise

    from core.actors import Actor
    from organization.models import Person

S = Status
deviation_workflow: Workflow[Deviation] = Workflow(Deviation, S)
step = deviation_workflow.transition

REPORTER, LEADER, HANDLER = _("Melder"), _("Mottakende leder"), _("Behandler")
ENDABLE = [guards.duties_are_done]
CLOSABLE = [
    guards.duties_are_done, guards.is_categorized, guards.questions_are_answered, guards.severity_is_judged,
    guards.cause_is_described,
]  # fmt: skip


# --- From the reporter to somebody's hands -----------------------------------------------------
@step(
    source=[S.DRAFT], target=S.REPORTED, label=_("Send inn"), done=_("Meldt"), tone="primary", roles=REPORTER,
    allow=policies.is_reporter, guards=[guards.has_words, guards.somebody_can_receive], notify=telling.report_has_come,
)  # fmt: skip
def submit(deviation: Deviation, *, by: Actor, now: datetime) -> None:
    register_report(deviation, by=by, now=now)
    _arrive(deviation, now, due_on=deviation.due_on)


@step(
    source=[S.REPORTED], target=S.RECEIVED, label=_("Ta imot"), done=_("Mottatt"), roles=LEADER,
    allow=policies.may_receive, form=forms.ReceiveForm, notify=telling.reporter_is_told,
)  # fmt: skip
def receive(deviation: Deviation, *, by: Actor, now: datetime, note: str = "") -> None:
    _receive(deviation, by=by, now=now)
    tell_reporter(deviation, note or _t("Saken er mottatt og blir sett på."), by=by, now=now)
    _arrive(deviation, now, due_on=handling_due(deviation, now))


@step(
    source=[S.REPORTED, S.RECEIVED], target=S.IN_PROGRESS, label=_("Start behandling"), done=_("Behandling startet"),
    tone="primary", roles=LEADER, allow=policies.may_receive, form=forms.StartForm, notify=telling.handler_is_named,
)  # fmt: skip
def start(
    deviation: Deviation,
    *,
    by: Actor,
    now: datetime,
    handler: Person,
    deadline: date | None = None,
    note: str = "",
) -> None:
    _receive(deviation, by=by, now=now)
    deviation.handler = handler
    tell_reporter(deviation, note or _t("%(name)s ser på saken.") % {"name": handler}, by=by, now=now)
    _arrive(deviation, now, due_on=deadline or handling_due(deviation, now))


# --- Asking the reporter -----------------------------------------------------------------------
@step(
    source=[S.IN_PROGRESS], target=S.AWAITING_REPORTER, label=_("Spør melder"), done=_("Spurte melder"), roles=HANDLER,
    allow=policies.may_handle, form=forms.QuestionForm, notify=telling.reporter_is_asked,
)  # fmt: skip
def ask_reporter(deviation: Deviation, *, by: Actor, now: datetime, question: str) -> None:
    deviation.answered_at = deviation.answered_at or now
    say(deviation, question, kind=Message.Kind.QUESTION, by=by, now=now)
    days = guards.rules_of(deviation).answer_days
    _arrive(deviation, now, due_on=add_working_days(timezone.localdate(now), days))


@step(
    source=[S.AWAITING_REPORTER], target=S.IN_PROGRESS, label=_("Svar"), done=_("Melder svarte"), tone="primary",
    roles=REPORTER, allow=policies.is_reporter, form=forms.AnswerForm, notify=telling.reporter_has_answered,
)  # fmt: skip
def answer(deviation: Deviation, *, by: Actor, now: datetime, answer: str) -> None:
    say(deviation, answer, kind=Message.Kind.ANSWER, by=by, now=now, from_reporter=True)
    _arrive(deviation, now, due_on=handling_due(deviation, deviation.received_at or now))


@step(
    source=[S.AWAITING_REPORTER], target=S.IN_PROGRESS, label=_("Fortsett uten svar"), done=_("Fortsatte uten svar"),
    roles=HANDLER, allow=policies.may_handle,
)  # fmt: skip
def take_back(deviation: Deviation, *, by: Actor, now: datetime) -> None:
    _arrive(deviation, now, due_on=handling_due(deviation, deviation.received_at or now))


# --- Actions and their effect ------------------------------------------------------------------
@step(
    source=[S.IN_PROGRESS], target=S.ACTIONS_RUNNING, label=_("Start tiltakene"), done=_("Tiltak satt i gang"),
    tone="primary", roles=HANDLER, allow=policies.may_handle, form=forms.NoteForm, guards=[guards.has_actions],
    notify=telling.reporter_is_told,
)  # fmt: skip
def start_actions(deviation: Deviation, *, by: Actor, now: datetime, note: str = "") -> None:
    titles = "; ".join(action.title for action in deviation.actions.all())
    tell_reporter(
        deviation, note or _t("Tiltak er satt i gang: %(titles)s.") % {"titles": titles}, by=by, now=now
    )
    _arrive(deviation, now, due_on=max(action.due_on for action in deviation.actions.all()))


@step(
    source=[S.ACTIONS_RUNNING], target=S.EVALUATING, label=_("Vurder effekten"), done=_("Effekten vurderes"),
    tone="primary", roles=HANDLER, allow=policies.may_handle, guards=[guards.actions_are_done],
)  # fmt: skip
def evaluate(deviation: Deviation, *, by: Actor, now: datetime) -> None:
    _arrive(deviation, now, due_on=timezone.localdate(now) + timedelta(days=30))


@step(
    source=[S.ACTIONS_RUNNING, S.EVALUATING], target=S.IN_PROGRESS, label=_("Tilbake til behandling"),
    done=_("Tatt tilbake til behandling"), roles=HANDLER, allow=policies.may_handle, form=forms.ReasonForm,
)  # fmt: skip
def resume(deviation: Deviation, *, by: Actor, now: datetime, reason: str) -> None:
    _arrive(deviation, now, due_on=handling_due(deviation, now))


@step(
    source=[S.EVALUATING], target=S.ACTIONS_RUNNING, label=_("Gjør mer"), done=_("Flere tiltak trengs"), roles=HANDLER,
    allow=policies.may_handle, form=forms.ReasonForm,
)  # fmt: skip
def act_more(deviation: Deviation, *, by: Actor, now: datetime, reason: str) -> None:
    _arrive(deviation, now, due_on=handling_due(deviation, now))


# --- Closing -----------------------------------------------------------------------------------
@step(
    source=[S.IN_PROGRESS], target=S.CLOSED, label=_("Lukk uten tiltak"), done=_("Lukket uten tiltak"), roles=HANDLER,
    allow=policies.may_handle, form=forms.CloseWithoutActionForm, guards=[*CLOSABLE, guards.has_no_actions],
    notify=telling.reporter_is_told,
)  # fmt: skip
def close_without_action(
    deviation: Deviation, *, by: Actor, now: datetime, no_action_reason: str, closing_note: str
) -> None:
    deviation.no_action_reason = no_action_reason
    _close(deviation, closing_note, by=by, now=now)


@step(
    source=[S.ACTIONS_RUNNING], target=S.CLOSED, label=_("Lukk avviket"), done=_("Lukket"), tone="primary",
    roles=HANDLER, allow=policies.may_handle, form=forms.CloseForm,
    guards=[*CLOSABLE, guards.actions_are_done, guards.actions_need_no_evaluation], notify=telling.reporter_is_told,
)  # fmt: skip
def close_after_immediate_action(
    deviation: Deviation, *, by: Actor, now: datetime, closing_note: str
) -> None:
    _close(deviation, closing_note, by=by, now=now)


@step(
    source=[S.EVALUATING], target=S.CLOSED, label=_("Lukk avviket"), done=_("Lukket med vurdert effekt"), tone="primary",
    roles=HANDLER, allow=policies.may_handle, form=forms.CloseWithEffectForm,
    guards=[*CLOSABLE, guards.actions_are_done], notify=telling.reporter_is_told,
)  # fmt: skip
def close_with_effect(
    deviation: Deviation, *, by: Actor, now: datetime, effect: str, effect_note: str, closing_note: str
) -> None:
    deviation.effect, deviation.effect_note = effect, effect_note
    _close(deviation, closing_note, by=by, now=now)


@step(
    source=[S.CLOSED], target=S.IN_PROGRESS, label=_("Gjenåpne"), done=_("Gjenåpnet av melder"), roles=REPORTER,
    allow=policies.is_reporter, form=forms.ReasonForm, guards=[guards.is_within_reopening],
    notify=telling.case_is_reopened,
)  # fmt: skip
def reopen_as_reporter(deviation: Deviation, *, by: Actor, now: datetime, reason: str) -> None:
    say(deviation, reason, kind=Message.Kind.ADDITION, by=by, now=now, from_reporter=True)
    _reopen(deviation, now)


@step(
    source=[S.CLOSED, S.DISMISSED], target=S.IN_PROGRESS, label=_("Gjenåpne"), done=_("Gjenåpnet av leder"), roles=LEADER,
    allow=policies.may_reopen, form=forms.ReasonForm, guards=[guards.words_are_kept], notify=telling.case_is_reopened,
)  # fmt: skip
def reopen(deviation: Deviation, *, by: Actor, now: datetime, reason: str) -> None:
    tell_reporter(deviation, _t("Saken er åpnet igjen: %(reason)s") % {"reason": reason}, by=by, now=now)
    _reopen(deviation, now)
    deviation.handler_id = deviation.handler_id or by.person_id


@step(
    source=[S.DISMISSED], target=S.IN_PROGRESS, label=_("Klag på avvisningen"), done=_("Klaget til lederen over"),
    roles=REPORTER, allow=policies.is_reporter, form=forms.ReasonForm, guards=[guards.somebody_above_can_receive],
    notify=telling.case_is_reopened,
)  # fmt: skip
def appeal(deviation: Deviation, *, by: Actor, now: datetime, reason: str) -> None:
    """Lay the case in the hands of the leader above the one who dismissed it."""
    say(deviation, reason, kind=Message.Kind.ADDITION, by=by, now=now, from_reporter=True)
    above = guards.next_receiver(deviation)
    assert above is not None
    why = _t("Melder har klaget på avvisningen")
    lay_in_hands(deviation, replace(above, why=why), by=by, now=now)
    deviation.handler = above.person
    _reopen(deviation, now)


# --- Ends without handling ---------------------------------------------------------------------
@step(
    source=[S.REPORTED, S.RECEIVED, S.IN_PROGRESS], target=S.DISMISSED, label=_("Avvis"), done=_("Avvist"),
    tone="danger", roles=LEADER, allow=policies.may_receive, form=forms.DismissForm, guards=ENDABLE,
    notify=telling.reporter_is_told,
)  # fmt: skip
def dismiss(deviation: Deviation, *, by: Actor, now: datetime, reason: str) -> None:
    tell_reporter(deviation, _t("Saken er avvist: %(reason)s") % {"reason": reason}, by=by, now=now)
    _arrive(deviation, now)


@step(
    source=[S.REPORTED, S.RECEIVED, S.IN_PROGRESS], target=S.TRANSFERRED, label=_("Overfør til annet system"),
    done=_("Overført"), roles=LEADER, allow=policies.may_receive, form=forms.TransferForm, guards=ENDABLE,
    notify=telling.reporter_is_told,
)  # fmt: skip
def transfer(deviation: Deviation, *, by: Actor, now: datetime, transferred_to: str, reason: str) -> None:
    deviation.transferred_to = transferred_to
    text = _t("Saken følges opp i %(where)s: %(reason)s") % {"where": transferred_to, "reason": reason}
    tell_reporter(deviation, text, by=by, now=now)
    _arrive(deviation, now)


@step(
    source=[S.REPORTED, S.RECEIVED, S.IN_PROGRESS, S.AWAITING_REPORTER], target=S.MERGED, label=_("Slå sammen"),
    done=_("Slått sammen"), roles=HANDLER, allow=policies.may_handle, form=forms.MergeForm, guards=ENDABLE,
    notify=telling.reporter_is_told,
)  # fmt: skip
def merge(deviation: Deviation, *, by: Actor, now: datetime, main: Deviation) -> None:
    deviation.merged_into = main
    _let_follow(main, deviation, now)
    text = _t("Saken er slått sammen med %(number)s. Du får beskjed når noe skjer der.") % {
        "number": main.number
    }
    tell_reporter(deviation, text, by=by, now=now)
    _arrive(deviation, now)


def _let_follow(main: Deviation, merged: Deviation, now: datetime) -> None:
    """Let whoever reported or followed the merged case see where the main one stands, and be told of its steps."""
    people = {row.person_id for row in merged.followers.all()}
    if merged.reporter_id is not None:
        people.add(merged.reporter_id)
    rows = [Follower(deviation=main, person_id=pk, at=now) for pk in people - {main.reporter_id}]
    Follower.objects.bulk_create(rows, ignore_conflicts=True)


def _arrive(deviation: Deviation, now: datetime, *, due_on: date | None = None) -> None:
    deviation.status_since = now
    deviation.due_on = due_on
    deviation.version += 1


def _receive(deviation: Deviation, *, by: Actor, now: datetime) -> None:
    """Note the first receipt.  A stand-in, or a leader above, who takes the case becomes its receiver."""
    deviation.received_at = deviation.received_at or now
    if by.person_id is not None:
        deviation.responsible_id = by.person_id


def _close(deviation: Deviation, closing_note: str, *, by: Actor, now: datetime) -> None:
    deviation.closing_note = closing_note
    deviation.closed_at = now
    tell_reporter(deviation, closing_note, kind=Message.Kind.CLOSING, by=by, now=now)
    file_closed(deviation, now=now)
    _arrive(deviation, now)


def _reopen(deviation: Deviation, now: datetime) -> None:
    deviation.closed_at = None
    _arrive(deviation, now, due_on=handling_due(deviation, now))


STATE_OWNERS: dict[str, StrOrPromise] = {
    S.DRAFT: REPORTER, S.REPORTED: LEADER, S.RECEIVED: LEADER, S.IN_PROGRESS: HANDLER, S.AWAITING_REPORTER: REPORTER,
    S.ACTIONS_RUNNING: _("Tiltaksansvarlig"), S.EVALUATING: HANDLER,
}  # fmt: skip
"""Whose the next step is, as the reporter is told (catalogue, *statuser*)."""

deviation_workflow.seal()
