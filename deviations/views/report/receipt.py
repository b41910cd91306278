"""What a receipt shows, and how a reporter adds more: with a name on the own page, or with the code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.attachments import attachments_of
from core.presentation import file_lines
from deviations import guarding, operations, photos
from deviations.models import DutyStatus
from deviations.standing import own_title, standing_of

if TYPE_CHECKING:
    from datetime import datetime

    from core.actors import Actor
    from deviations.forms.report import AdditionForm
    from deviations.models import Deviation
    from organization.http import Request


def receipt_context(case: Deviation) -> dict[str, Any]:
    """Return who has the case and why, what happens next, and the duties that began with it."""
    duties = [duty for duty in case.duties.all() if duty.status == DutyStatus.OPEN]
    return {
        "case": case,
        "title": own_title(case),
        "standing": standing_of(case),
        "routing": case.routings.last(),
        "duties": duties,
        "calls": [duty for duty in duties if duty.phone],
        "files": file_lines(attachments_of(case)),
    }


def warning_of(request: Request, *texts: str) -> dict[str, Any]:
    """Return the warning about what stands in ``texts``, empty when it may go."""
    findings = guarding.find(*texts)
    if guarding.is_confirmed(findings, request.POST):
        return {}
    return {
        "findings": findings,
        "fingerprint": guarding.fingerprint(findings),
        "needs_tick": guarding.has_identity_number(findings),
    }


def add_more(case: Deviation, form: AdditionForm, *, by: Actor, now: datetime) -> list[str]:
    """Write what the reporter adds, once though it is sent twice, and return why photos were refused."""
    text = form.cleaned_data["text"]
    said = case.messages.filter(from_reporter=True).last()
    if text and (said is None or said.text != text):
        operations.add_information(case, text, by=by, now=now)
    return photos.keep(case, form.all_photos(), by=by, now=now)
