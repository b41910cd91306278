"""Look over the whole form, send it in, and the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from core.workflow import TransitionBlocked
from governance import policies
from governance.forms.transitions import ResubmitForm, SubmitForm, TransitionForm
from governance.guards import rules_of
from governance.intake import all_sections, joined_rows, readiness_of, related_rows
from governance.models import Initiative, Status
from governance.presentation import steps_of, who_has_it
from governance.shielding import repeated_words
from governance.views.intake.common import load_own
from governance.workflow import initiative_workflow
from organization.actors import nearest_in_roles
from organization.roles import Role

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request
    from organization.models import Person


@never_cache
@require_http_methods(["GET", "POST"])
def review(request: Request, pk: int) -> HttpResponse:
    initiative = load_own(request, pk, *related_rows(told=True), joined=joined_rows())
    if not initiative.is_editable_by_submitter:
        # Sent in already, perhaps by a second press of the same button.
        return redirect("governance:intake_receipt", pk)
    form = _form(request, initiative)
    if request.method == "GET":
        return _page(request, initiative, form)
    if request.POST.get("version") != str(initiative.version):
        return _page(request, initiative, form, status=409, has_changed=True)
    if not form.is_valid():
        return _page(request, initiative, form, status=422)
    return _send(request, initiative, form)


def _form(request: Request, initiative: Initiative) -> TransitionForm:
    """Return what the step asks for: which meeting, or what was changed when the case has been returned."""
    form = ResubmitForm if initiative.status == Status.RETURNED else SubmitForm
    return form(request.POST or None, obj=initiative, actor=request.actor)


def _send(request: Request, initiative: Initiative, form: TransitionForm) -> HttpResponse:
    name = "resubmit" if initiative.status == Status.RETURNED else "submit"
    now, data = timezone.now(), form.cleaned_data
    try:
        initiative_workflow.perform(name, initiative, by=request.actor, now=now, data=data)
    except TransitionBlocked as blocked:
        initiative.refresh_from_db(fields=["status"])
        if not initiative.is_editable_by_submitter:
            return redirect("governance:intake_receipt", initiative.pk)
        return _page(request, initiative, form, status=409, reasons=blocked.reasons)
    return redirect("governance:intake_receipt", initiative.pk)


def _page(
    request: Request, initiative: Initiative, form: TransitionForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    actor = request.actor
    context = {
        "initiative": initiative,
        "form": form,
        "repeated": repeated_words(initiative),
        "sections": [
            {"section": s, "url": s.url(initiative), "rows": s.rows_of(initiative, actor)}
            for s in all_sections()
        ],
        "readiness": readiness_of(initiative, rules_of(initiative)),
        "may_submit": policies.may_submit(actor, initiative),
        "is_submitter": policies.is_submitter(actor, initiative),
        "leaders": _leaders_of(initiative),
        "hub_url": reverse("governance:intake_hub", args=[initiative.pk]),
        "was_sent": "reasons" in context,
        **context,
    }
    return render(request, "governance/intake_review.html", context, status=status)


def _leaders_of(initiative: Initiative) -> list[Person]:
    return nearest_in_roles(
        [Role.SECTOR_LEADER], municipality_id=initiative.municipality_id, unit_path=initiative.unit.path
    )


@never_cache
@require_GET
def receipt(request: Request, pk: int) -> HttpResponse:
    """Tell the number, who has the case now, until when, and what comes next."""
    initiative = load_own(request, pk)
    if initiative.is_editable_by_submitter:
        return redirect("governance:intake_hub", pk)
    waits_for_leader = initiative.status == Status.AWAITING_ENDORSEMENT
    context = {
        "initiative": initiative,
        "steps": steps_of(initiative),
        "leaders": _leaders_of(initiative) if waits_for_leader else [],
        "holder": who_has_it(initiative),
        "waits_for_leader": waits_for_leader,
        "has_no_leader": initiative.status == Status.SUBMITTED,
        "rules": rules_of(initiative),
        "next": _what_comes_next(initiative),
    }
    return render(request, "governance/intake_receipt.html", context)


def _what_comes_next(initiative: Initiative) -> list[str]:
    """Return what the submitter can expect, in the order it happens."""
    leader = _("Sektorlederen leser saken og gir sin tilråding. Du får beskjed når det er gjort.")
    secretariat = _(
        "Sekretariatet tar imot saken, og kan be deg om mer. Da får du en liste over hva som mangler."
    )
    council = _("Små saker avgjøres av sekretariatet. De andre behandles i digitaliseringsrådet.")
    decision = _("Vedtaket og begrunnelsen står på saken, og du får beskjed.")
    before = {Status.SUBMITTED, Status.AWAITING_ENDORSEMENT}
    return [*([leader] if initiative.status in before else []), secretariat, council, decision]
