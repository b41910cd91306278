"""Pages of an import that a worker carries out: how far it has come, how it ended, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect

from deviations import importing, policies
from deviations.models import ImportJob
from deviations.views.catalogue.imports import to_job

if TYPE_CHECKING:
    from django.http import HttpResponse

    from organization.http import Request


@never_cache
@require_GET
def import_job(request: Request, pk: int) -> HttpResponse:
    """Show how far a job has come, or lead to what came of it."""
    job = _job_of(request, pk)
    if job.is_done:
        address = _result_of(request, job)
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    context = {"job": job, "is_silent": job.is_silent(timezone.now()), "found": job.found, "said": _said(job)}
    return render(request, "deviations/import_job.html", context)


@require_POST
def import_job_again(request: Request, pk: int) -> HttpResponse:
    """Put a job that failed back in the queue."""
    job = _job_of(request, pk)
    try:
        importing.try_again(job, now=timezone.now())
    except importing.Busy as busy:
        return to_job(request, busy)
    return redirect(job)


@require_POST
def import_job_stop(request: Request, pk: int) -> HttpResponse:
    """Take back a job that nobody has begun on."""
    importing.stop(_job_of(request, pk), now=timezone.now())
    messages.success(request, _("Den er stoppet. Ingenting er endret."))
    return redirect("deviations:import_start")


def _job_of(request: Request, pk: int) -> ImportJob:
    """Return the job, without its file.

    :raises Http404: there is none in the actor's municipalities.
    :raises PermissionDenied: there is, but the catalogue is looked after by others.
    """
    rows = ImportJob.objects.visible_to(request.actor).without_file()
    job: ImportJob = get_object_or_404(rows.select_related("municipality", "ordered_by", "brought"), pk=pk)
    if not policies.may_edit_catalogue(request.actor, job.municipality):
        raise PermissionDenied
    return job


def _result_of(request: Request, job: ImportJob) -> str:
    """Return where the result is shown, and say in a word what it is."""
    if job.is_check or job.brought is None:
        return f"{reverse('deviations:import_columns')}?kontroll={job.pk}"
    count = job.brought.count
    told = (
        ngettext(
            "Importen er angret. %(n)d sak er fjernet.", "Importen er angret. %(n)d saker er fjernet.", count
        )
        if job.is_undo
        else ngettext("%(n)d sak er lest inn.", "%(n)d saker er lest inn.", count)
    )
    messages.success(request, told % {"n": count})
    return reverse("deviations:import_report", args=[job.brought.pk])


def _said(job: ImportJob) -> dict[str, Any]:
    """Return the words for what is being done."""
    words = {
        "check": (_("Fila kontrolleres"), _("Ingenting lagres før du har sett hva som skjer.")),
        "bring": (_("Sakene leses inn"), _("Fila leses inn i sin helhet eller ikke i det hele tatt.")),
        "undo": (_("Importen angres"), _("Alle sakene fra fila fjernes, eller ingen.")),
    }
    title, lead = words[job.kind]
    return {
        "title": title,
        "lead": lead,
        "steps": 2 if job.kind == "bring" else 1,
        "step": 2 if job.is_writing else 1,
    }
