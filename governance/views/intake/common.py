"""What the pages of the intake share: loading a draft, and the way from section to section."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from governance import policies
from governance.intake import Section, all_sections
from governance.models import CyclePeriod, Initiative, Status

if TYPE_CHECKING:
    from django.db.models import Prefetch
    from django.http import HttpResponse

    from organization.http import Request

_ROWS = (
    "unit", "municipality__governance_rules", "submitter", "service_owner", "project_owner",
    "professional_group", "cycle_period__meeting",
)  # fmt: skip


def load_own(
    request: Request, pk: int, *related: str | Prefetch[Any], joined: tuple[str, ...] = ()
) -> Initiative:
    """Return an initiative that the person writes in, with the rows that are ``related`` and those ``joined`` to it.

    :raises Http404: the person does not see it.
    :raises PermissionDenied: the person sees it, but does not write in it.
    """
    periods = CyclePeriod.objects.filter(municipality_id=OuterRef("municipality_id"))
    visible = Initiative.objects.visible_to(request.actor).select_related(*_ROWS, *joined)
    visible = visible.annotate(has_cycle=Exists(periods))
    initiative: Initiative = get_object_or_404(visible.prefetch_related("co_editors", *related), pk=pk)
    if not policies.may_edit(request.actor, initiative):
        raise PermissionDenied
    return initiative


def load_open(request: Request, pk: int, *related: str | Prefetch[Any]) -> Initiative | HttpResponse:
    """Return a draft the person may write in now, or the way to where the case is when it is sent in."""
    initiative = load_own(request, pk, *related)
    return initiative if initiative.is_editable_by_submitter else already_sent(request, initiative)


def already_sent(request: Request, initiative: Initiative) -> HttpResponse:
    """Lead to where the case is now, and say why nothing can be written here."""
    state = str(initiative.get_status_display())
    messages.info(request, _("Saken står som «%(state)s», så den kan ikke endres her nå.") % {"state": state})
    if initiative.status in {Status.SUBMITTED, Status.AWAITING_ENDORSEMENT}:
        return redirect("governance:intake_receipt", initiative.pk)
    return redirect(initiative)


def way_of(section: Section, initiative: Initiative) -> dict[str, Any]:
    """Return where a section stands in the form, and the pages before and after it."""
    sections = all_sections()
    at = sections.index(section)
    after = sections[at + 1] if at + 1 < len(sections) else None
    return {
        "section": section,
        "number": at + 1,
        "count": len(sections),
        "previous_url": sections[at - 1].url(initiative) if at else "",
        "next_url": after.url(initiative)
        if after
        else reverse("governance:intake_review", args=[initiative.pk]),
        "next_label": after.label if after else _("Se over og send inn"),
        "hub_url": reverse("governance:intake_hub", args=[initiative.pk]),
    }
