"""A request for people: asked by the project, answered by whoever answers for the role.

What is granted may be changed and ended early, with a reason.  A grant locks its role, so that two at once both
reckon with the other; going over what the role has needs a reason, which is kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.history import label_actions
from core.workflow import TransitionBlocked, Workflow
from portfolio.capacity import policies, telling
from portfolio.capacity.guards import grant_has_not_begun, project_runs, role_is_in_use
from portfolio.capacity.load import Span
from portfolio.capacity.request_forms import AnswerForm, ChangeForm, EndForm, GrantForm, RequestForm
from portfolio.capacity.settling import settle
from portfolio.models import RequestStatus, ResourceRequest

if TYPE_CHECKING:
    from datetime import date, datetime
    from decimal import Decimal

    from core.actors import Actor
    from organization.models import Person

resource_workflow: Workflow[ResourceRequest] = Workflow(ResourceRequest, RequestStatus)
S = RequestStatus
ASKERS = _("Prosjektleder, prosjekteier eller porteføljeforvalter")
ANSWERERS = _("Ressurseier, stedfortreder eller porteføljeforvalter")
BOTH = _("Den som spurte, eller den som svarte")


@resource_workflow.transition(
    source=[S.REQUESTED], target=S.GRANTED, label=_("Tildel"), done=_("Tildelt"), tone="primary", roles=ANSWERERS,
    allow=policies.may_answer, form=GrantForm, guards=[project_runs, role_is_in_use], notify=telling.asker_is_told,
)  # fmt: skip
def grant_request(  # noqa: PLR0913 - the fields of one answer, keyword-only
    request: ResourceRequest, *, by: Actor, now: datetime, granted: Decimal, granted_from: date, granted_to: date,
    person: Person | None = None, over_reason: str = "", remark: str = "",
) -> None:  # fmt: skip
    _give(request, Span(granted, granted_from, granted_to), person, over_reason)
    _answer(request, remark, by=by, now=now)


@resource_workflow.transition(
    source=[S.REQUESTED], target=S.REFUSED, label=_("Avslå"), done=_("Avslått"), tone="danger", roles=ANSWERERS,
    allow=policies.may_answer, form=AnswerForm, notify=telling.asker_is_told,
)  # fmt: skip
def refuse_request(request: ResourceRequest, *, by: Actor, now: datetime, reason: str) -> None:
    _answer(request, reason, by=by, now=now)


@resource_workflow.transition(
    source=[S.REQUESTED], target=S.REQUESTED, label=_("Endre forespørselen"), done=_("Forespørselen er endret"), roles=ASKERS,
    allow=policies.may_ask, form=RequestForm, guards=[project_runs],
)  # fmt: skip
def change_request(  # noqa: PLR0913 - the fields of one request, keyword-only
    request: ResourceRequest, *, by: Actor, now: datetime, work_years: Decimal, from_on: date, to_on: date, purpose: str
) -> None:  # fmt: skip
    request.work_years, request.from_on, request.to_on, request.purpose = work_years, from_on, to_on, purpose


@resource_workflow.transition(
    source=[S.GRANTED], target=S.GRANTED, label=_("Endre tildelingen"), done=_("Tildelingen er endret"), roles=ANSWERERS,
    allow=policies.may_answer, form=ChangeForm, guards=[project_runs], notify=telling.asker_is_told,
)  # fmt: skip
def change_grant(  # noqa: PLR0913 - the fields of one answer, keyword-only
    request: ResourceRequest, *, by: Actor, now: datetime, granted: Decimal, granted_from: date, granted_to: date, reason: str,
    seen: str, person: Person | None = None, over_reason: str = "",
) -> None:  # fmt: skip
    _refuse_stale(request, seen)
    _give(request, Span(granted, granted_from, granted_to), person, over_reason)
    _answer(request, reason, by=by, now=now)


@resource_workflow.transition(
    source=[S.GRANTED], target=S.GRANTED, label=_("Avslutt tidligere"), done=_("Tildelingen slutter tidligere"), roles=BOTH,
    allow=policies.may_end, form=EndForm, guards=[project_runs], notify=telling.both_sides_are_told,
)  # fmt: skip
def end_grant(request: ResourceRequest, *, by: Actor, now: datetime, last_day: date, reason: str) -> None:
    assert request.granted_from is not None
    assert request.granted_to is not None
    if not request.granted_from <= last_day < request.granted_to:
        raise TransitionBlocked([_t("Velg en dag som er i perioden, og før den siste.")])
    request.granted_to = last_day
    _answer(request, reason, by=by, now=now)


@resource_workflow.transition(
    source=[S.GRANTED], target=S.REFUSED, label=_("Trekk tildelingen tilbake"), done=_("Tildelingen er trukket tilbake"),
    tone="danger", roles=ANSWERERS, allow=policies.may_answer, form=AnswerForm, guards=[grant_has_not_begun], notify=telling.asker_is_told,
)  # fmt: skip
def revoke_grant(request: ResourceRequest, *, by: Actor, now: datetime, reason: str) -> None:
    _give_nothing(request)
    _answer(request, reason, by=by, now=now)


@resource_workflow.transition(
    source=[S.REQUESTED, S.GRANTED], target=S.WITHDRAWN, label=_("Trekk forespørselen"), done=_("Forespørselen er trukket"),
    roles=ASKERS, allow=policies.may_ask, guards=[grant_has_not_begun], notify=telling.owner_is_told,
)  # fmt: skip
def withdraw_request(request: ResourceRequest, *, by: Actor, now: datetime) -> None:
    _give_nothing(request)


def _give(request: ResourceRequest, span: Span, person: Person | None, over_reason: str) -> None:
    request.over_reason = settle(request, span, over_reason)
    request.granted, request.granted_from, request.granted_to = span.work_years, span.from_on, span.to_on
    request.person = person


def _give_nothing(request: ResourceRequest) -> None:
    request.granted = request.granted_from = request.granted_to = request.person = None
    request.over_reason = ""


def _answer(request: ResourceRequest, words: str, *, by: Actor, now: datetime) -> None:
    request.answer, request.answered_at = words, now
    request.answered_by_id = by.person_id


def _refuse_stale(request: ResourceRequest, seen: str) -> None:
    if seen != request.changed_at.isoformat():
        raise TransitionBlocked(
            [
                _t(
                    "Noen andre har endret tildelingen siden du åpnet siden. Se hva som står nå, og lagre igjen."
                )
            ]
        )


label_actions({"ask_for_people": _("Spurte om ressurser")})

resource_workflow.seal()
