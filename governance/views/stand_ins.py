"""The pages of who answers a hearing in somebody's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from governance import guards, policies
from governance.forms.hearings import StandInForm
from governance.hearings import stand_ins
from governance.hearings.duties import answer_due
from governance.presentation import shown_title
from governance.views.hearings import hearing_of
from governance.views.loading import sent

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from governance.models import Hearing
    from organization.http import Request


@require_http_methods(["GET", "POST"])
def hearing_stand_in(request: Request, pk: int) -> HttpResponseBase:
    """Name who answers in the place of who is asked."""
    hearing = _own(request, pk)
    initiative = hearing.initiative
    form = StandInForm(sent(request), hearing=hearing)
    reason = guards.hearing_is_open(initiative) or guards.stand_in_may_be_named(hearing, request.actor)
    if request.method == "POST" and form.is_valid() and not reason:
        stand_ins.name_stand_in(hearing, **form.cleaned_data, by=request.actor, now=timezone.now())
        text = _("%(name)s er stedfortreder og har fått beskjed.")
        messages.success(request, text % {"name": form.cleaned_data["person"]})
        return redirect(_back_to(request, hearing))
    status = 409 if reason and request.method == "POST" else 422 if form.errors else 200
    context = {
        "hearing": hearing, "initiative": initiative, "title": shown_title(initiative), "form": form,
        "reasons": [reason] if reason else [], "back_url": _back_to(request, hearing), "due": answer_due(hearing),
    }  # fmt: skip
    return render(request, "governance/hearing_stand_in.html", context, status=status)


@require_POST
def hearing_stand_in_take_back(request: Request, pk: int) -> HttpResponseBase:
    """Let the question go back to who was asked."""
    hearing = _own(request, pk)
    stand_ins.take_back_stand_in(hearing, by=request.actor, now=timezone.now())
    messages.success(request, _("%(name)s er spurt igjen.") % {"name": hearing.person})
    return redirect(_back_to(request, hearing))


def _own(request: Request, pk: int) -> Hearing:
    """Return the hearing if the actor may say who answers it.

    :raises Http404: there is none, or it is somebody else's.
    """
    hearing = hearing_of(request, pk)
    if not policies.may_name_stand_in(request.actor, hearing):
        raise Http404
    return hearing


def _back_to(request: Request, hearing: Hearing) -> str:
    """Return the page the actor came from: the own answer, or whom the secretariat asks."""
    if request.actor.person_id == hearing.person_id:
        return hearing.get_absolute_url()
    return reverse("governance:initiative_hearings_ask", args=[hearing.initiative_id])
