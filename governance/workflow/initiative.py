"""Every state an initiative can stand in, and every step between them (domain/governance 4.3).

The only writer of ``Initiative.status``.  The seal at the end makes the database refuse the rest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.history import label_actions
from core.workflow import Workflow
from governance import cost_shares, filing, guards, operations, policies, telling
from governance.cycle import operations as cycle
from governance.cycle import rules
from governance.forms import transitions as forms
from governance.hearings import operations as hearings
from governance.mandates import mandate_on
from governance.models import Initiative, Status
from governance.scoring.standing import keep_late

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from core.actors import Actor
    from core.workflow import Transition
    from governance.models import CyclePeriod, Meeting
    from organization.models import Person

S = Status


class CaseWorkflow(Workflow[Initiative]):
    """The workflow of cases that meetings decide in: what touches an agenda locks the meeting first."""

    def perform(
        self, name: str, obj: Initiative, *, by: Actor, now: datetime, data: Mapping[str, Any] | None = None,
        vouched: bool = False,
    ) -> Initiative:  # fmt: skip
        chosen = (data or {}).get("meeting")
        with transaction.atomic():
            if chosen is not None or S.ON_AGENDA in self.transitions[name].source:
                operations.lock_meetings_of(obj.pk, chosen=chosen)
            return super().perform(name, obj, by=by, now=now, data=data, vouched=vouched)

    def _change(
        self, declared: Transition[Initiative], locked: Initiative, *, by: Actor, now: datetime, data: Mapping[str, Any]
    ) -> None:  # fmt: skip
        """Keep in the history what was missing, and what was done about it: the list itself is emptied."""
        words = _WORDS_OF.get(declared.name)
        if words and locked.status in declared.source:
            data = {**data, "reason": words(locked, data)}
        super()._change(declared, locked, by=by, now=now, data=data)
        if locked.number:
            _file(locked, str(data.get("reason", "")), now)


def _file(initiative: Initiative, reason: str, now: datetime) -> None:
    """Tell the archive what was decided, and that the case has come to its end."""
    if initiative.status in {S.ADOPTED, S.REJECTED}:
        filing.file_decision(initiative, reason=reason, now=now)
    if initiative.is_final:
        filing.file_closing(initiative, now=now)


def _list_of(points: Iterable[str]) -> str:
    return "\n".join(f"– {point}" for point in points)


def _words_of_return(_initiative: Initiative, data: Mapping[str, Any]) -> str:
    return gettext("Dette mangler:\n%(points)s") % {"points": _list_of(data["missing"])}


def _words_of_resubmission(initiative: Initiative, data: Mapping[str, Any]) -> str:
    points = [
        gettext("%(point)s (krysset av)") % {"point": point["text"]} if point["done"] else str(point["text"])
        for point in initiative.missing
    ]
    words = gettext("%(changes)s\n\nDette manglet:\n%(points)s") if points else "%(changes)s"
    return words % {"changes": data["changes"], "points": _list_of(points)}


_WORDS_OF = {
    "resubmit": _words_of_resubmission,
    "return_from_endorsement": _words_of_return,
    "return_for_completion": _words_of_return,
}


initiative_workflow = CaseWorkflow(Initiative, S)
step = initiative_workflow.transition

SUBMITTER, SYSTEM = _("Innmelder"), _("Systemet")
SECTOR_LEADER, SECRETARIAT = _("Sektorleder"), _("Sekretariat")
LEADING, COUNCIL = _("Sekretariatsleder"), _("Rådet, ført av leder eller sekretariat")
DIRECTOR, PROJECT = _("Kommunedirektør eller politisk nivå"), _("Prosjektet")


# --- Intake ------------------------------------------------------------------------------------
@step(
    source=[S.DRAFT], target=S.SUBMITTED, label=_("Send inn"), done=_("Sendt inn"), tone="primary", roles=SUBMITTER,
    allow=policies.may_submit, form=forms.SubmitForm,
    guards=[guards.minimum_is_filled_in, guards.preparation_is_sufficient], then="send_to_endorsement",
)  # fmt: skip
def submit(
    initiative: Initiative, *, by: Actor, now: datetime, period: CyclePeriod | None = None, late_category: str = "",
    late_reason: str = "",
) -> None:  # fmt: skip
    cycle.aim(initiative, period, category=late_category, reason=late_reason, now=now)
    operations.register_submission(initiative, now=now)
    _arrive(initiative, now)


@step(
    source=[S.SUBMITTED], target=S.AWAITING_ENDORSEMENT, label=_("Send til sektorleder"),
    done=_("Sendt til sektorleder for tilråding"), roles=SYSTEM, allow=policies.nobody,
    guards=[guards.sector_leader_is_known], notify=telling.endorsement_is_asked,
)  # fmt: skip
def send_to_endorsement(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    _arrive(initiative, now, days=_endorsement_days(initiative, now))


@step(
    source=[S.SUBMITTED], target=S.AWAITING_ENDORSEMENT, label=_("Send til sektorleder"),
    done=_("Sendt til sektorleder for tilråding"), roles=SECRETARIAT, allow=policies.may_triage,
    guards=[guards.sector_leader_is_known], notify=telling.endorsement_is_asked,
)  # fmt: skip
def pass_to_endorsement(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    _arrive(initiative, now, days=_endorsement_days(initiative, now))


@step(
    source=[S.RETURNED], target=S.SUBMITTED, label=_("Send inn på nytt"), done=_("Sendt inn på nytt"), tone="primary",
    roles=SUBMITTER, allow=policies.may_submit, form=forms.ResubmitForm,
    guards=[guards.minimum_is_filled_in, guards.preparation_is_sufficient], then="send_to_endorsement",
)  # fmt: skip
def resubmit(initiative: Initiative, *, by: Actor, now: datetime, changes: str, reason: str) -> None:
    initiative.missing = []
    filing.file_submission(initiative, now=now, again=True)
    _arrive(initiative, now)


# --- Endorsement -------------------------------------------------------------------------------
@step(
    source=[S.AWAITING_ENDORSEMENT], target=S.RECEIVED, label=_("Tilrå"), done=_("Tilrådd av sektorleder"),
    tone="primary", roles=SECTOR_LEADER, allow=policies.may_endorse, form=forms.RemarkForm,
    notify=telling.endorsement_is_given,
)  # fmt: skip
def endorse(initiative: Initiative, *, by: Actor, now: datetime, remark: str = "") -> None:
    operations.register_endorsement(initiative, endorsed=True, remark=remark, by=by, now=now)
    _arrive(initiative, now)


@step(
    source=[S.AWAITING_ENDORSEMENT], target=S.NOT_ENDORSED, label=_("Ikke tilrå"), done=_("Ikke tilrådd"),
    tone="danger", roles=SECTOR_LEADER, allow=policies.may_endorse, form=forms.ReasonForm,
    notify=telling.endorsement_is_declined,
)  # fmt: skip
def decline_endorsement(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    operations.register_endorsement(initiative, endorsed=False, remark=reason, by=by, now=now)
    _arrive(initiative, now)


@step(
    source=[S.AWAITING_ENDORSEMENT], target=S.RETURNED, label=_("Returner"), done=_("Returnert av sektorleder"),
    roles=SECTOR_LEADER, allow=policies.may_endorse, form=forms.MissingForm, notify=telling.case_is_returned,
)  # fmt: skip
def return_from_endorsement(initiative: Initiative, **answer: Any) -> None:
    _return(initiative, **answer)


@step(
    source=[S.NOT_ENDORSED], target=S.RECEIVED, label=_("Løft uten tilråding"), done=_("Løftet uten tilråding"),
    roles=SECRETARIAT, allow=policies.may_triage, form=forms.ReasonForm, guards=[guards.mandate_allows_lifting],
    notify=telling.submitter_is_told,
)  # fmt: skip
def lift(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    _arrive(initiative, now)


@step(
    source=[S.NOT_ENDORSED], target=S.DRAFT, label=_("Arbeid videre med saken"), done=_("Tatt tilbake til kladd"),
    roles=SUBMITTER, allow=policies.may_edit,
)  # fmt: skip
def rework(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    _arrive(initiative, now)


# --- Secretariat -------------------------------------------------------------------------------
@step(
    source=[S.RECEIVED, S.UNDER_PREPARATION, S.FAST_TRACK], target=S.RETURNED, label=_("Returner"),
    done=_("Returnert for komplettering"), roles=SECRETARIAT, allow=policies.may_return, form=forms.MissingForm,
    notify=telling.case_is_returned,
)  # fmt: skip
def return_for_completion(initiative: Initiative, **answer: Any) -> None:
    _return(initiative, **answer)


@step(
    source=[S.RECEIVED], target=S.UNDER_PREPARATION, label=_("Start utredning"), done=_("Utredning startet"),
    tone="primary", roles=SECRETARIAT, allow=policies.may_triage, form=forms.PreparationForm,
    notify=telling.preparation_is_started,
)  # fmt: skip
def start_preparation(
    initiative: Initiative, *, by: Actor, now: datetime, case_handler: Person, deadline: date
) -> None:
    initiative.case_handler = case_handler
    hearings.hear_those_concerned(initiative, now=now)
    _arrive(initiative, now, due_on=deadline)


@step(
    source=[S.RECEIVED, S.UNDER_PREPARATION], target=S.FAST_TRACK, label=_("Til hurtigspor"),
    done=_("Sendt til avgjørelse på fullmakt"), roles=SECRETARIAT, allow=policies.may_triage, form=forms.ReasonForm,
    guards=[guards.is_within_delegation], notify=telling.fast_track_waits,
)  # fmt: skip
def send_to_fast_track(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    _arrive(initiative, now)


@step(
    source=[S.FAST_TRACK], target=S.ADOPTED, label=_("Vedta på fullmakt"), done=_("Vedtatt på fullmakt"),
    tone="primary", roles=LEADING, allow=policies.may_decide_fast_track, form=forms.DecisionTextForm,
    guards=[guards.is_within_delegation], notify=telling.case_is_adopted,
)  # fmt: skip
def approve_fast_track(initiative: Initiative, *, by: Actor, now: datetime, text: str) -> None:
    operations.decide_on_delegation(initiative, text=text, approved=True, by=by, now=now)
    _adopt(initiative, now)


@step(
    source=[S.FAST_TRACK], target=S.REJECTED, label=_("Avslå på fullmakt"), done=_("Avslått på fullmakt"),
    tone="danger", roles=LEADING, allow=policies.may_decide_fast_track, form=forms.ReasonForm,
    notify=telling.submitter_is_told,
)  # fmt: skip
def reject_fast_track(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    operations.decide_on_delegation(initiative, text=reason, approved=False, by=by, now=now)
    _arrive(initiative, now)


@step(
    source=[S.UNDER_PREPARATION], target=S.READY_FOR_COUNCIL, label=_("Klar for rådet"), done=_("Klar for rådet"),
    tone="primary", roles=SECRETARIAT, allow=policies.may_prepare, notify=telling.submitter_is_told,
    guards=[
        guards.case_handler_is_named, guards.case_paper_is_written, guards.preparation_is_sufficient,
        guards.fixed_roles_are_heard, guards.staff_are_heard, guards.privacy_is_heard, guards.finance_is_heard,
        guards.hearings_are_answered,
    ],
)  # fmt: skip
def mark_ready(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    _arrive(initiative, now)


@step(
    source=[S.READY_FOR_COUNCIL, S.POSTPONED, S.ON_HOLD], target=S.ON_AGENDA, label=_("Sett på saksliste"),
    done=_("Satt på saksliste"), tone="primary", roles=SECRETARIAT, allow=policies.may_triage, form=forms.AgendaForm,
    guards=[guards.review_date_is_reached, rules.some_meeting_takes_it], notify=telling.submitter_is_told,
)  # fmt: skip
def put_on_agenda(
    initiative: Initiative,
    *,
    by: Actor,
    now: datetime,
    meeting: Meeting,
    late_category: str = "",
    late_reason: str = "",
) -> None:
    item = operations.add_to_agenda(
        initiative, meeting=meeting, now=now, late_category=late_category, late_reason=late_reason
    )
    if item.meeting.papers_are_out:
        keep_late(item, now=now)
    _arrive(initiative, now)


@step(
    source=[S.ON_AGENDA], target=S.READY_FOR_COUNCIL, label=_("Ta av sakslista"), done=_("Tatt av sakslista"),
    roles=SECRETARIAT, allow=policies.may_triage, form=forms.ReasonForm,
    guards=[guards.meeting_has_not_begun],
)  # fmt: skip
def take_off_agenda(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    operations.remove_from_agenda(initiative, now=now)
    _arrive(initiative, now)


@step(
    source=[S.SENT_BACK], target=S.UNDER_PREPARATION, label=_("Utred på nytt"), done=_("Utredes på nytt"),
    tone="primary", roles=SECRETARIAT, allow=policies.may_prepare, form=forms.PreparationForm,
    notify=telling.preparation_is_started,
)  # fmt: skip
def resume_preparation(
    initiative: Initiative, *, by: Actor, now: datetime, case_handler: Person, deadline: date
) -> None:
    initiative.case_handler = case_handler
    hearings.begin_hearing_round(initiative, now=now)
    _arrive(initiative, now, due_on=deadline)


@step(
    source=[S.ON_HOLD], target=S.REJECTED, label=_("Avslutt uten gjennomføring"), done=_("Avslått etter å ha stått i kø"),
    tone="danger", roles=SECRETARIAT, allow=policies.may_triage, form=forms.ReasonForm,
    guards=[guards.review_date_is_reached], notify=telling.submitter_is_told,
)  # fmt: skip
def reject_from_hold(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    _arrive(initiative, now)


@step(
    source=[S.RECEIVED], target=S.REFERRED, label=_("Henvis videre"), done=_("Henvist videre"), roles=SECRETARIAT,
    allow=policies.may_triage, form=forms.ReferralForm, notify=telling.submitter_is_told,
)  # fmt: skip
def refer(initiative: Initiative, *, by: Actor, now: datetime, referred_to: str, reason: str) -> None:
    initiative.referred_to = referred_to
    _arrive(initiative, now)


@step(
    source=[S.RECEIVED], target=S.MERGED, label=_("Slå sammen"), done=_("Slått sammen med et annet tiltak"),
    roles=SECRETARIAT, allow=policies.may_triage, form=forms.MergeForm, notify=telling.submitter_is_told,
)  # fmt: skip
def merge(initiative: Initiative, *, by: Actor, now: datetime, into: Initiative, reason: str) -> None:
    initiative.merged_into = into
    _arrive(initiative, now)


@step(
    source=[
        S.DRAFT, S.SUBMITTED, S.AWAITING_ENDORSEMENT, S.NOT_ENDORSED, S.RECEIVED, S.RETURNED, S.UNDER_PREPARATION,
        S.READY_FOR_COUNCIL, S.POSTPONED, S.SENT_BACK, S.ON_HOLD,
    ],
    target=S.WITHDRAWN, label=_("Trekk saken"), done=_("Trukket"), roles=_("Innmelder eller sekretariat"),
    allow=policies.may_withdraw, form=forms.ReasonForm, notify=telling.case_is_withdrawn,
)  # fmt: skip
def withdraw(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    _arrive(initiative, now)


@step(
    source=[S.ON_AGENDA], target=S.WITHDRAWN, label=_("Trekk saken fra sakslista"), done=_("Trukket fra sakslista"),
    roles=SECRETARIAT, allow=policies.may_triage, form=forms.ReasonForm,
    guards=[guards.meeting_has_not_begun], notify=telling.case_is_withdrawn,
)  # fmt: skip
def withdraw_from_agenda(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    operations.remove_from_agenda(initiative, now=now)
    _arrive(initiative, now)


# --- The council.  Performed by council.decide, which writes the decision in the same transaction.
def _council(name: str, target: S, label: Any, done: Any, **options: Any) -> None:
    def body(
        initiative: Initiative, *, by: Actor, now: datetime, review_on: date | None = None, **_rest: Any
    ) -> None:
        initiative.review_on = review_on
        if target in {S.PRIORITIZED, S.RECOMMENDED}:
            cost_shares.ask_for_decisions(initiative, outcome=target, now=now)
        _arrive(initiative, now)

    body.__name__ = name
    step(
        source=[S.ON_AGENDA], target=target, label=label, done=done, roles=COUNCIL, internal=True,
        allow=policies.may_record_council_decision, notify=telling.council_has_decided, **options,
    )(body)  # fmt: skip


_council("prioritize", S.PRIORITIZED, _("Prioriter"), _("Prioritert av rådet"), then="adopt_within_authority")
_council("recommend", S.RECOMMENDED, _("Innstill"), _("Innstilt av rådet"))
_council("postpone", S.POSTPONED, _("Utsett"), _("Utsatt av rådet"))
_council("send_back", S.SENT_BACK, _("Send tilbake"), _("Sendt tilbake av rådet"))
_council("hold", S.ON_HOLD, _("Sett i kø"), _("Satt i kø av rådet"))
_council("reject", S.REJECTED, _("Avslå"), _("Avslått av rådet"))


# --- After the council -------------------------------------------------------------------------
@step(
    source=[S.PRIORITIZED], target=S.ADOPTED, label=_("Vedta innenfor rådets fullmakt"),
    done=_("Vedtatt innenfor rådets fullmakt"), roles=SYSTEM, allow=policies.nobody,
    guards=[guards.is_within_council_authority], notify=telling.case_is_adopted,
)  # fmt: skip
def adopt_within_authority(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    _adopt(initiative, now)


@step(
    source=[S.PRIORITIZED, S.RECOMMENDED], target=S.ADOPTED, label=_("Vedta"), done=_("Vedtatt"), roles=DIRECTOR,
    internal=True, allow=policies.may_adopt, guards=[guards.every_municipality_has_decided],
    notify=telling.case_is_adopted,
)  # fmt: skip
def adopt(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    _adopt(initiative, now)


@step(
    source=[S.PRIORITIZED, S.RECOMMENDED], target=S.REJECTED, label=_("Avslå"), done=_("Avslått"), roles=DIRECTOR,
    internal=True, allow=policies.may_adopt, guards=[guards.every_municipality_has_refused],
    notify=telling.submitter_is_told,
)  # fmt: skip
def refuse(initiative: Initiative, *, by: Actor, now: datetime) -> None:
    _arrive(initiative, now)


@step(
    source=[S.PRIORITIZED, S.RECOMMENDED], target=S.SENT_BACK, label=_("Send tilbake for ny utredning"),
    done=_("Sendt tilbake etter rådets behandling"), roles=DIRECTOR, allow=policies.may_adopt, form=forms.ReasonForm,
    notify=telling.submitter_is_told,
)  # fmt: skip
def return_to_preparation(initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    cost_shares.cancel_pending_decisions(initiative)
    _arrive(initiative, now)


# --- Performed by the portfolio in its own operations; never offered here -----------------------
def _of_portfolio(name: str, source: list[S], target: S, done: Any, **options: Any) -> None:
    def body(initiative: Initiative, *, by: Actor, now: datetime, **_rest: Any) -> None:
        _arrive(initiative, now)

    body.__name__ = name
    step(source=source, target=target, label=done, done=done, roles=PROJECT, internal=True, allow=policies.nobody,
         **options)(body)  # fmt: skip


_of_portfolio(
    "enter_portfolio", [S.ADOPTED], S.IN_PORTFOLIO, _("Tatt inn i porteføljen"),
    guards=[guards.has_service_owner_and_benefits], notify=telling.project_is_started,
)  # fmt: skip
_of_portfolio("pause", [S.IN_PORTFOLIO], S.PAUSED, _("Satt på vent"))
_of_portfolio("resume", [S.PAUSED], S.IN_PORTFOLIO, _("Gjenopptatt"))
_of_portfolio("stop", [S.IN_PORTFOLIO, S.PAUSED], S.STOPPED, _("Stoppet"), notify=telling.submitter_is_told)
_of_portfolio("start_realizing", [S.IN_PORTFOLIO], S.REALIZING, _("Gevinstene tas ut i linjen"))
_of_portfolio("close", [S.REALIZING], S.CLOSED, _("Lukket"), notify=telling.submitter_is_told)


def _arrive(
    initiative: Initiative, now: datetime, *, days: int | None = None, due_on: date | None = None
) -> None:
    """Start the clock of the new state, with its deadline if it has one."""
    initiative.status_since = now
    initiative.version += 1
    initiative.due_on = operations.deadline(now, days) if days else due_on


def _return(
    initiative: Initiative, *, by: Actor, now: datetime, missing: list[str], deadline: date, reason: str
) -> None:
    initiative.missing = [{"text": point, "done": False} for point in missing]
    hearings.begin_hearing_round(initiative, now=now)
    _arrive(initiative, now, due_on=deadline)


def _endorsement_days(initiative: Initiative, now: datetime) -> int:
    return mandate_on(initiative.municipality, timezone.localdate(now)).endorsement_days


def _adopt(initiative: Initiative, now: datetime) -> None:
    operations.publish_papers(initiative, now=now)
    _arrive(initiative, now)


label_actions({
    "create": _("Kladd opprettet"),
    "edit": _("Skjemaet endret"),
    "add_co_editor": _("Medforfatter lagt til"),
    "remove_co_editor": _("Medforfatter fjernet"),
    "attach": _("Vedlegg lagt til"),
    "remove_attachment": _("Vedlegg fjernet"),
    "ask_hearing": _("Sendt på høring"),
    "answer_hearing": _("Høring besvart"),
    "remove_answer_file": _("Vedlegg til høringssvar fjernet"),
    "name_stand_in": _("Stedfortreder i høringen navngitt"),
    "take_back_stand_in": _("Stedfortreder i høringen tatt tilbake"),
    "stand_in_left": _("Stedfortreder i høringen har ikke tilgang lenger"),
    "note_deadline": _("Notert at høringsfristen gikk ut uten svar"),
    "write_case_paper": _("Saksframlegg endret"),
    "take_back_section": _("Tidligere versjon hentet tilbake i saksframlegget"),
    "comment_paper": _("Kommentar til saksframlegget"),
    "change_comment": _("Kommentar til saksframlegget endret"),
    "settle_comment": _("Kommentar til saksframlegget løst"),
    "reopen_comment": _("Kommentar til saksframlegget åpnet igjen"),
    "share_cost": _("Fordeling av kostnaden endret"),
    "set_archive_reference": _("Saksnummer i arkivet ført"),
    "publish_papers": _("Papirene publisert"),
    "decide_for_municipality": _("Kommunens avgjørelse ført"),
    "edit_benefits": _("Gevinster endret"),
})  # fmt: skip

initiative_workflow.seal()
