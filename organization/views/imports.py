"""Pages of the import: choose a file, see what it would do, and let it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from core.errors import Refused
from core.spreadsheets import TableError
from organization import importing, policies
from organization.forms.importing import UploadForm
from organization.views._pages import own_municipality, page, posted, require
from organization.views.file_page import example_of, status_of, told_of

if TYPE_CHECKING:
    from django.http import HttpResponse
    from django.http.response import HttpResponseBase

    from organization.http import Request
    from organization.importing import Kind, Plan
    from organization.models import Unit


@require_http_methods(["GET", "POST"])
def upload(request: Request) -> HttpResponse:
    """Check a file and show what it would do; confirmed, it is read."""
    municipality = own_municipality(request)
    if "key" in request.POST:
        return _confirm(request, municipality)
    form = UploadForm(posted(request), request.FILES or None)
    if not form.is_valid():
        return _ask(request, form, municipality, status=422 if form.is_bound else 200)
    try:
        plan, key = importing.check(form.chosen, form.table, municipality=municipality, by=request.actor)
    except TableError as problem:
        form.add_error("file", str(problem))
        return _ask(request, form, municipality, status=422)
    unused = form.table.unknown(form.chosen.columns)
    return _show(request, plan, form.chosen, key, {"file_name": form.table.name, "unused": unused})


def _ask(request: Request, form: UploadForm, municipality: Unit, *, status: int) -> HttpResponse:
    context = {"form": form, "kinds": importing.KINDS.values(), "municipality": municipality}
    return page(request, "import_upload.html", context, status=status)


def _show(request: Request, plan: Plan, kind: Kind, key: str, more: dict[str, Any]) -> HttpResponse:
    context = {**told_of(plan), "kind": kind, "key": key, **more}
    return page(request, "import_check.html", context, status=status_of(plan, moved="moved" in more))


def _confirm(request: Request, municipality: Unit) -> HttpResponse:
    try:
        plan, kind = importing.confirm(
            request.POST["key"], municipality=municipality, by=request.actor, now=timezone.now()
        )
    except importing.Moved as moved:
        return _show(request, moved.plan, moved.kind, moved.key, {"moved": True})
    except Refused as refused:
        context = {"form": UploadForm(), "kinds": importing.KINDS.values(), "municipality": municipality}
        return page(request, "import_upload.html", {**context, "reasons": refused.reasons}, status=409)
    told = ngettext("%(n)d linje er lest inn.", "%(n)d linjer er lest inn.", plan.new + plan.changed)
    counts = _("%(new)d nye, %(changed)d endret, %(same)d uendret.")
    counted = {"new": plan.new, "changed": plan.changed, "same": plan.same}
    messages.success(request, f"{told % {'n': plan.new + plan.changed}} {counts % counted}")
    return redirect("organization:person_list" if kind.slug == "people" else "organization:tree")


@require_GET
def template_file(request: Request, kind: str) -> HttpResponseBase:
    """Send an example of the file, as XLSX or, with ``?format=csv``, as CSV."""
    require(policies.may_administer(request.actor))
    if kind not in importing.KINDS:
        raise Http404
    found = importing.KINDS[kind]
    return example_of(request, found, name=f"{_('mal')}-{slugify(found.label)}")
