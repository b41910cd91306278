"""A matter that another app has laid before the council: the secretariat places it on an agenda, or takes it off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from core.workflow import TransitionBlocked
from governance import policies
from governance.council import matters
from governance.forms.meeting import MatterForm, TakeOffForm
from governance.matters import kind_of
from governance.models import AgendaItem, Matter
from governance.views.council.common import CONFLICT, INVALID

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@require_http_methods(["GET", "POST"])
def matter_detail(request: Request, pk: int) -> HttpResponse:
    """Show a matter and where it stands; who arranges the meetings chooses one for it, or takes it off again."""
    matter: Matter = get_object_or_404(Matter.objects.visible_to(request.actor), pk=pk)
    may_arrange = policies.may_arrange_in(request.actor, matter.municipality_id)
    if request.method == "POST" and not may_arrange:
        raise PermissionDenied
    item = _latest_item(matter)
    form = _form(request, matter, item) if may_arrange else None
    reasons: tuple[Any, ...] = ()
    if request.method == "POST":
        if form is None:
            reasons = (_("Saken kan ikke settes på en saksliste nå. Se hvor den står under."),)
        elif form.is_valid():
            try:
                messages.success(request, _take(request, matter, form))
                return redirect(matter)
            except TransitionBlocked as blocked:
                reasons = blocked.reasons
    kind = kind_of(matter)
    context = {
        "matter": matter, "kind": kind, "paper_url": kind.url(matter.subject_id), "item": item, "form": form,
        "places": isinstance(form, MatterForm), "reasons": reasons,
    }  # fmt: skip
    return render(request, "governance/matter_detail.html", context, status=_status(form, reasons))


def _latest_item(matter: Matter) -> AgendaItem | None:
    rows = AgendaItem.objects.on_agenda().filter(matter=matter).select_related("meeting", "decision")
    return rows.order_by("-pk").first()


def _form(request: Request, matter: Matter, item: AgendaItem | None) -> MatterForm | TakeOffForm | None:
    data = request.POST if request.method == "POST" else None
    if matter.closed_at is not None:
        return None
    if item is None or hasattr(item, "decision"):
        return MatterForm(data, municipality_id=matter.municipality_id)
    return TakeOffForm(data) if item.meeting.takes_cases else None


def _take(request: Request, matter: Matter, form: MatterForm | TakeOffForm) -> str:
    how: dict[str, Any] = {"by": request.actor, "now": timezone.now()}
    if isinstance(form, MatterForm):
        item = matters.place(matter, meeting=form.cleaned_data["meeting"], **how)
        return _("Saken er satt på sakslista for møte %(number)s.") % {"number": item.meeting.number}
    matters.take_off(matter, reason=form.cleaned_data["reason"], **how)
    return _("Saken er tatt av sakslista.")


def _status(form: Any, reasons: Any) -> int:
    if reasons:
        return CONFLICT
    return INVALID if form is not None and form.is_bound and form.errors else 200
