"""The follow-up of a decision: open, under way, done or lapsed.  That it is late is seen from its deadline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from core.workflow import Workflow
from governance import policies, telling_follow_up
from governance.following_up import touch
from governance.forms import follow_up as forms
from governance.models import FollowUp
from governance.models import FollowUpStatus as S

if TYPE_CHECKING:
    from datetime import date, datetime

    from core.actors import Actor

follow_up_workflow: Workflow[FollowUp] = Workflow(FollowUp, S)
step = follow_up_workflow.transition
RESPONSIBLE, SECRETARIAT = _("Ansvarlig eller sekretariat"), _("Sekretariat")


@step(
    source=[S.OPEN], target=S.UNDER_WAY, label=_("Begynn"), done=_("Begynt"), tone="primary", roles=RESPONSIBLE,
    allow=policies.may_carry_out,
)  # fmt: skip
def begin_follow_up(row: FollowUp, *, by: Actor, now: datetime) -> None:
    _arrive(row, now)


@step(
    source=[S.OPEN, S.UNDER_WAY], target=S.DONE, label=_("Meld som utført"), done=_("Utført"), tone="primary",
    roles=RESPONSIBLE, allow=policies.may_carry_out, form=forms.EvidenceForm, notify=telling_follow_up.it_is_done,
)  # fmt: skip
def finish_follow_up(row: FollowUp, *, by: Actor, now: datetime, remark: str, evidence_url: str) -> None:
    row.evidence, row.evidence_url = remark, evidence_url
    _close(row, by, now)


@step(
    source=[S.OPEN, S.UNDER_WAY], target=S.LAPSED, label=_("Sett som bortfalt"), done=_("Bortfalt"), tone="danger",
    roles=SECRETARIAT, allow=policies.may_oversee_follow_up, form=forms.ReasonForm, notify=telling_follow_up.it_has_lapsed,
)  # fmt: skip
def lapse_follow_up(row: FollowUp, *, by: Actor, now: datetime, reason: str) -> None:
    _close(row, by, now)


@step(
    source=[S.DONE], target=S.OPEN, label=_("Gjenåpne"), done=_("Gjenåpnet"), roles=RESPONSIBLE,
    allow=policies.may_carry_out, form=forms.ReopenForm, notify=telling_follow_up.it_is_open_again,
)  # fmt: skip
def reopen_follow_up(row: FollowUp, *, by: Actor, now: datetime, due_on: date, reason: str) -> None:
    _open(row, due_on, now)


@step(
    source=[S.LAPSED], target=S.OPEN, label=_("Ta opp igjen"), done=_("Tatt opp igjen"), roles=SECRETARIAT,
    allow=policies.may_oversee_follow_up, form=forms.ReopenForm, notify=telling_follow_up.it_is_open_again,
)  # fmt: skip
def revive_follow_up(row: FollowUp, *, by: Actor, now: datetime, due_on: date, reason: str) -> None:
    _open(row, due_on, now)


def _arrive(row: FollowUp, now: datetime) -> None:
    row.status_since = now
    touch(row, now)


def _close(row: FollowUp, by: Actor, now: datetime) -> None:
    row.closed_at, row.closed_by_id = now, by.person_id
    _arrive(row, now)


def _open(row: FollowUp, due_on: date, now: datetime) -> None:
    """What was reported before stays in the history."""
    row.due_on = due_on
    row.closed_at, row.closed_by, row.evidence, row.evidence_url = None, None, "", ""
    _arrive(row, now)


follow_up_workflow.seal()
