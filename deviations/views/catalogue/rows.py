"""One row of the catalogue: add it, edit it, take it out of use, order it, and read its history."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refused, StaleVersion
from deviations import wording
from deviations.catalogue_ties import why_needed
from deviations.operations import catalogue
from deviations.views.catalogue.common import own_municipality, part_of, row_of
from deviations.views.loading import sent
from deviations.views.steps import CONFLICT, OK, UNPROCESSABLE

if TYPE_CHECKING:
    from django.http import HttpResponse

    from deviations.forms.catalogue.base import RowForm
    from deviations.views.catalogue.common import Part
    from organization.http import Request

_VERSION = re.compile(r"[0-9]{1,9}")


@require_http_methods(["GET", "POST"])
def catalogue_add(request: Request, part: str) -> HttpResponse:
    """Let the administrator add a row."""
    found = part_of(part)
    municipality = own_municipality(request)
    form = found.form(
        sent(request),
        municipality=municipality,
        labels=wording.labels_of(municipality),
        initial=_begun(request),
    )
    if form.is_bound and form.is_valid() and _added(request, form):
        return redirect(list_url(found))
    return _page(request, found, form, {"heading": found.new})


@require_http_methods(["GET", "POST"])
def catalogue_edit(request: Request, part: str, pk: int) -> HttpResponse:
    """Let the administrator edit a row; who saved meanwhile is shown beside what was typed."""
    found = part_of(part)
    row = row_of(request, found.model, pk)
    labels = wording.labels_of(row.municipality)
    form = found.form(sent(request), instance=row, municipality=row.municipality, labels=labels)
    differing: list[Any] = []
    stale = False
    if form.is_bound and form.is_valid():
        try:
            _write(request, found, form)
            return redirect(list_url(found))
        except StaleVersion:
            stale = True
            stands = found.model.objects.get(pk=pk)
            differing = form.differing(stands)
            form.take_version(request.POST, stands.version)
    words = {
        "heading": str(found.model.objects.get(pk=pk)),
        "row": row,
        "is_stale": stale,
        "differing": differing,
    }
    return _page(request, found, form, {**words, "needed": why_needed(row) if row.is_active else []})


@require_POST
def catalogue_use(request: Request, part: str, pk: int) -> HttpResponse:
    """Take a row out of use, or into use again."""
    found = part_of(part)
    row = row_of(request, found.model, pk)
    deed = catalogue.retire if row.is_active else catalogue.bring_back
    if request.POST.get("i_bruk") != ("nei" if row.is_active else "ja"):
        raise Refused(_("Noen andre har alt gjort dette. Last siden på nytt."))
    try:
        deed(row, version=_number(request.POST.get("version", "")), by=request.actor, now=timezone.now())
    except StaleVersion:
        raise Refused(_("Noen andre har endret raden. Se på den på nytt før du gjør dette.")) from None
    told = (
        _("«%(row)s» er tatt ut av bruk. Gamle saker beholder den.")
        if row.is_active
        else _("«%(row)s» er i bruk igjen.")
    )
    messages.success(request, told % {"row": row})
    return redirect(list_url(found))


@require_POST
def catalogue_move(request: Request, part: str, pk: int) -> HttpResponse:
    """Let a row change places with the one above or below it."""
    found = part_of(part)
    row = row_of(request, found.model, pk)
    if request.POST.get("retning") not in {"opp", "ned"}:
        raise Http404
    catalogue.move_row(
        row, group=found.group, up=request.POST["retning"] == "opp", by=request.actor, now=timezone.now()
    )
    return redirect(f"{list_url(found)}#rad-{row.pk}")


@require_GET
def catalogue_history(request: Request, part: str, pk: int) -> HttpResponse:
    """Show every version of a row, or one of them beside what stands now."""
    found = part_of(part)
    row = row_of(request, found.model, pk)
    labels = wording.labels_of(row.municipality)
    versions = wording.versions_of(row, labels)
    chosen = next((one for one in versions if str(one.event_id) == request.GET.get("mot", "")), None)
    then: list[Any] = []
    if chosen is not None:
        event = row.pgh_event_model.objects.get(pgh_id=chosen.event_id)
        then = wording.changes_between(row, event, row, labels)
    context = {
        "part": found,
        "row": row,
        "versions": versions,
        "chosen": chosen,
        "then": then,
        "list_url": list_url(found),
    }
    return render(request, "deviations/catalogue_history.html", context)


def list_url(part: Part) -> str:
    return (
        reverse("deviations:catalogue_list")
        if part.slug == "typer"
        else reverse("deviations:catalogue_part", args=[part.slug])
    )


def _number(text: str) -> int:
    """Return the version that was sent; nonsense is a version that nobody has."""
    return int(text) if _VERSION.fullmatch(text) else -1


def _begun(request: Request) -> dict[str, Any]:
    """Return what the button that was pressed says of the row to be."""
    return {name: request.GET[name] for name in ("category", "set", "group") if request.GET.get(name)}


def _added(request: Request, form: RowForm) -> bool:
    row = form.instance
    try:
        catalogue.add_row(row, by=request.actor, now=timezone.now())
    except Refused as refused:
        form.add_error(None, [str(reason) for reason in refused.reasons])
        return False
    messages.success(request, _("«%(row)s» er lagt til.") % {"row": row})
    return True


def _write(request: Request, part: Part, form: RowForm) -> None:
    row = part.model.objects.get(pk=form.instance.pk)
    version = form.cleaned_data["version"]
    catalogue.edit_row(
        row, form.values, version=-1 if version is None else version, by=request.actor, now=timezone.now()
    )
    messages.success(request, _("«%(row)s» er lagret.") % {"row": form.instance})


def _page(request: Request, part: Part, form: RowForm, words: dict[str, Any]) -> HttpResponse:
    status = CONFLICT if words.get("is_stale") else UNPROCESSABLE if form.errors else OK
    context = {"part": part, "form": form, "list_url": list_url(part), **words}
    return render(request, "deviations/catalogue_row.html", context, status=status)
