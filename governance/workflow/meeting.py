"""The states of a council meeting, from planning to approved minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.history import label_actions
from core.workflow import Workflow
from governance import agenda, council, filing, policies, telling_meeting
from governance.forms import meeting as forms
from governance.models import Meeting
from governance.models.meeting import MeetingStatus as S
from governance.scoring.standing import keep_standings

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor

meeting_workflow: Workflow[Meeting] = Workflow(Meeting, S)
step = meeting_workflow.transition

SECRETARIAT, APPROVER = (
    _("Sekretariat"),
    _("Møtets leder, leder eller nestleder som var der, eller neste møtes leder"),
)
LEADS = _("Rådets leder eller sekretariat")


@step(
    source=[S.PLANNED], target=S.SUMMONED, label=_("Send innkalling og papirer"), done=_("Innkalling og papirer sendt"),
    tone="primary", roles=SECRETARIAT, allow=policies.may_arrange_meeting,
    guards=[council.agenda_has_cases, council.seats_are_filled], notify=telling_meeting.papers_are_out,
)  # fmt: skip
def summon(meeting: Meeting, *, by: Actor, now: datetime) -> None:
    council.refresh_seats(meeting, now=now)
    agenda.report_fast_track(meeting, now=now)
    council.freeze_recommendations(meeting, now=now)
    keep_standings(meeting, now=now)
    meeting.summoned_at, meeting.tells_standing = now, True
    filing.file_summons(meeting, now=now)
    _arrive(meeting, now)


@step(
    source=[S.SUMMONED], target=S.IN_SESSION, label=_("Åpne møtet"), done=_("Møtet åpnet"), tone="primary", roles=LEADS,
    allow=policies.may_lead_meeting, guards=[council.meeting_is_quorate],
)  # fmt: skip
def open_session(meeting: Meeting, *, by: Actor, now: datetime) -> None:
    council.seat_for_opening(meeting, now=now)
    meeting.opened_at, meeting.opening_roll = now, council.roll_of(meeting)
    _arrive(meeting, now)


@step(
    source=[S.IN_SESSION], target=S.CONCLUDED, label=_("Avslutt møtet"), done=_("Møtet avsluttet"), tone="primary",
    roles=LEADS, allow=policies.may_lead_meeting, guards=[council.every_case_is_decided],
)  # fmt: skip
def conclude(meeting: Meeting, *, by: Actor, now: datetime) -> None:
    meeting.concluded_at = now
    _arrive(meeting, now)


@step(
    source=[S.CONCLUDED], target=S.MINUTES_APPROVED, label=_("Godkjenn protokollen"), done=_("Protokollen godkjent"),
    tone="primary", roles=APPROVER, allow=policies.may_approve_minutes,
    notify=telling_meeting.minutes_are_approved,
)  # fmt: skip
def approve_minutes(meeting: Meeting, *, by: Actor, now: datetime) -> None:
    meeting.approved_at, meeting.approved_by_id = now, by.person_id
    filing.file_minutes(meeting, now=now)
    _arrive(meeting, now)


@step(
    source=[S.PLANNED, S.SUMMONED], target=S.CANCELLED, label=_("Avlys møtet"), done=_("Møtet avlyst"), tone="danger",
    roles=SECRETARIAT, allow=policies.may_arrange_meeting, form=forms.CancelForm,
    notify=telling_meeting.meeting_is_cancelled,
)  # fmt: skip
def cancel(meeting: Meeting, *, by: Actor, now: datetime, reason: str) -> None:
    council.release_cases(meeting, reason=reason, by=by, now=now)
    _arrive(meeting, now)


def _arrive(meeting: Meeting, now: datetime) -> None:
    meeting.status_since = now
    meeting.version += 1


label_actions({
    "create_meeting": _("Møtet satt opp"),
    "edit_meeting": _("Møtet endret"),
    "edit_agenda": _("Sakslista endret"),
    "register_attendance": _("Frammøte ført"),
    "write_item": _("Protokolltekst endret"),
    "decide_case": _("Vedtak ført"),
    "add_addendum": _("Tilføyelse til protokollen"),
})  # fmt: skip

meeting_workflow.seal()
